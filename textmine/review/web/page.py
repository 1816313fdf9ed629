"""Pages, rendered with what every one of them needs."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse

from textmine.review.web.forms import read_form, text
from textmine.review.web.room import Room
from textmine.review.web.security import Keeper, Session, forged

HERE = Path(__file__).parent


class Page:
    """Renders templates with what every page needs."""

    def __init__(self, room: Room, keeper: Keeper) -> None:
        self.room, self.keeper = room, keeper
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}

    def html(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """Answer with a page."""
        session = self.keeper.session(request)
        shared = {
            "page": template.removesuffix(".html"),
            "coder": session.coder if session else "",
            "csrf": session.csrf if session else "",
            "survey": self.room.survey.folder.resolve().name,
            "version": version("textmine"),
            "message": None,
        }
        rendered = self._templates.get_template(template).render(shared | context)
        return HTMLResponse(rendered, status)


Form = Annotated[FormData, Depends(read_form)]


def page_of(request: Request) -> Page:
    """The page that an application shows."""
    page: Page = request.app.state.page
    return page


# The next ones are `async` though they wait for nothing: others are each handed to a thread.


async def shown(request: Request) -> Page:
    """The page, for a route."""
    return page_of(request)


async def coder_of(request: Request) -> str:
    """Who asks; nobody comes here without a name."""
    session = page_of(request).keeper.session(request)
    if session is None or not session.coder:
        raise HTTPException(403)
    return session.coder


async def genuine(request: Request, form: Form) -> Session:
    """The session of a change that a page of ours asked for."""
    session = page_of(request).keeper.session(request)
    token = request.headers.get("x-csrf-token") or text(form, "csrf")
    if session is None or forged(request, session, token):
        raise HTTPException(403)
    return session


Shows = Annotated[Page, Depends(shown)]
Coder = Annotated[str, Depends(coder_of)]
Genuine = Annotated[Session, Depends(genuine)]
CHANGE = [Depends(genuine)]  # of every route that changes something
