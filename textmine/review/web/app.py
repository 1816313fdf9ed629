"""The application: its pages, its door, and its guard."""

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.responses import RedirectResponse

from textmine.review.web import pages, work
from textmine.review.web.forms import text
from textmine.review.web.page import HERE, Form, Genuine, Page, Shows, page_of
from textmine.review.web.room import Room
from textmine.review.web.security import Guard, Keeper

_LONGEST_NAME = 60

door = APIRouter()


def create_app(room: Room, keeper: Keeper) -> Guard:
    """Put the application together, with its guard before it."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.page = Page(room, keeper)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    for router in (door, work.router, pages.router):
        app.include_router(router)
    app.add_exception_handler(HTTPException, _refuse)
    return Guard(app, keeper)


def _refuse(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {403: "Öppna sidan på nytt med länken från textmine."}
    said = known.get(status, "Sidan finns inte.")
    return page_of(request).html(request, "error.html", status, title="Det gick inte", text=said)


@door.get("/login")
def show_door(request: Request, page: Shows) -> Response:
    """Ask coders who they are."""
    if page.keeper.session(request) is not None:
        return _form(request, page, None)
    answer = RedirectResponse("/login", 303)
    page.keeper.open(answer, known=False, secure=request.url.scheme == "https")
    return answer


@door.post("/login")
def enter(request: Request, form: Form, session: Genuine, page: Shows) -> Response:
    """Let a coder in, with the password if one is asked for."""
    keeper = page.keeper
    newcomer = keeper.password is not None and not session.known
    if newcomer:
        if keeper.too_many_tries():
            return _form(request, page, "För många försök. Vänta en minut.", 429)
        if not keeper.right_password(text(form, "password")):
            return _form(request, page, "Fel lösenord.", 403)
    name = " ".join(text(form, "name").split())[:_LONGEST_NAME]
    if not name:
        return _form(request, page, "Skriv ditt namn.", 422)
    answer = RedirectResponse("/", 303)
    if newcomer:  # with a cookie that nobody had before
        session = keeper.open(answer, known=True, secure=request.url.scheme == "https")
    session.coder = name
    return answer


def _form(request: Request, page: Page, error: str | None, status: int = 200) -> Response:
    needed = page.keeper.password is not None
    names = [] if needed else sorted(page.room.desk.standing.by_coder)  # not for strangers
    return page.html(request, "login.html", status, names=names, needs_password=needed, error=error)
