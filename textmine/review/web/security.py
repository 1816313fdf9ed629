"""Who may see the page: a token in the link on this machine, a password from others.

Answers may hold personal data, so nothing is shown to a browser without a session, every change
carries the session's own token (against forged requests), and pages may load nothing from
elsewhere and be shown in no other page's frame.
"""

import hmac
import secrets
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OPEN_PATHS = ("/static/", "/login")
_MOST_SESSIONS = 1000
_TRIES, _WITHIN = 10, 60.0  # wrong passwords, in so many seconds


@dataclass
class Session:
    """One browser."""

    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    known: bool = False  # showed the token or the password
    coder: str = ""


@dataclass
class Keeper:
    """Knows the sessions, and what opens the door.

    Attributes
    ----------
    port
        Names the cookie: several reviews on one machine must not share it.
    password
        Asked of everybody if the page is open to other machines; else the token in the link is.
    coder
        The name of whoever comes, if it was given at the start.
    """

    port: int
    password: str | None = None
    coder: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    sessions: dict[str, Session] = field(default_factory=dict)
    _failures: list[float] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"textmine-{self.port}"

    def session(self, request: Request) -> Session | None:
        """The session of a request, if it has one."""
        return self.sessions.get(request.cookies.get(self.cookie, ""))

    def open(self, response: Response, *, known: bool, secure: bool) -> Session:
        """Begin a session, and give the browser its cookie."""
        while len(self.sessions) >= _MOST_SESSIONS:  # strangers first
            stranger = next((k for k, s in self.sessions.items() if not s.known), None)
            self.sessions.pop(stranger or next(iter(self.sessions)))
        key = secrets.token_urlsafe(32)
        session = self.sessions[key] = Session(known=known, coder=self.coder if known else "")
        response.set_cookie(self.cookie, key, httponly=True, samesite="strict", secure=secure)
        return session

    def right_token(self, token: str) -> bool:
        """Tell whether a link's token opens the page; where there is a password it does not."""
        return self.password is None and hmac.compare_digest(token.encode(), self.token.encode())

    def right_password(self, password: str) -> bool:
        """Tell whether a password is right; note if it is not."""
        right = hmac.compare_digest(password.encode(), (self.password or "").encode())
        if not right:
            self._failures.append(time.monotonic())
        return right

    def too_many_tries(self) -> bool:
        """Tell whether somebody is guessing."""
        since = time.monotonic() - _WITHIN
        self._failures = [at for at in self._failures if at > since]
        return len(self._failures) >= _TRIES

    def host_allowed(self, host: str) -> bool:
        """Tell whether a request is addressed to this page: no other name may lead to loopback."""
        if self.password is not None:
            return True
        return urlsplit(f"//{host}").hostname in _LOOPBACK


def forged(request: Request, session: Session, token: str) -> bool:
    """Tell whether a change was not asked for by a page of ours."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return True
    return not hmac.compare_digest(token.encode(), session.csrf.encode())


class Guard:
    """Stands before the app: checks host and session, adds headers, keeps texts out of logs."""

    def __init__(self, app: App, keeper: Keeper) -> None:
        self.app, self.keeper = app, keeper

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith("/static/"):  # asked for again, sent if changed
                    headers.setdefault("Cache-Control", "no-cache")
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            refusal = self._refusal(Request(scope, receive))
            await (refusal or self.app)(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001
            _note(error)
            if not begun:
                answer = PlainTextResponse("Något gick fel. Inget är förlorat.", 500)
                await answer(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> Response | None:
        """Answer whoever has no business here; None lets them in."""
        path = request.url.path
        if not self.keeper.host_allowed(request.headers.get("host", "")):
            return PlainTextResponse("Fel adress.", 421)
        if path.startswith("/static/"):
            return None
        if (token := request.query_params.get("token")) is not None and request.method == "GET":
            return self._by_token(request, token)
        session = self.keeper.session(request)
        if session is not None and session.known and session.coder:
            return None
        if path.startswith(_OPEN_PATHS) and (
            self.keeper.password is not None or (session is not None and session.known)
        ):
            return None
        visitor = self.keeper.password is not None or (session is not None and session.known)
        if visitor and request.method == "GET":  # a change stays in its form, to be sent again
            return _redirect(request, "/login")
        text = "Öppna sidan med länken som textmine skrev ut när granskningen startade."
        return PlainTextResponse(text, 403)

    def _by_token(self, request: Request, token: str) -> Response:
        """Open a session to whoever has the token, and take it out of the address."""
        if not self.keeper.right_token(token):
            return PlainTextResponse("Länken gäller inte längre.", 403)
        rest = [(k, v) for k, v in parse_qsl(request.url.query) if k != "token"]
        answer = _redirect(request, request.url.path + (f"?{urlencode(rest)}" if rest else ""))
        self.keeper.open(answer, known=True, secure=request.url.scheme == "https")
        return answer


def _redirect(request: Request, where: str) -> Response:
    """Send a browser elsewhere; of htmx's requests, the whole page."""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)


def _note(error: Exception) -> None:
    """Say what went wrong and where, without what the message may quote."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    sys.stderr.write(f"textmine review: {type(error).__name__} in {last.filename}:{last.lineno}\n")
