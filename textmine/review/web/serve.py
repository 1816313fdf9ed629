"""Starting the page: a port, a link, a browser, and an orderly end."""

import errno
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from textmine.errors import TextmineError
from textmine.review.learning import Learner
from textmine.review.log import Log
from textmine.review.survey import Survey
from textmine.review.web.app import create_app
from textmine.review.web.room import Room
from textmine.review.web.security import Keeper

LOOPBACK = "127.0.0.1"
_TAKEN = (errno.EADDRINUSE, errno.EACCES)


def serve(
    folder: Path,
    *,
    host: str = LOOPBACK,
    port: int = 8765,
    coder: str = "",
    password: str | None = None,
    log: str | None = None,
    certificate: tuple[Path, Path] | None = None,
    open_browser: bool = True,
    learn: bool = True,
    say: Callable[[str], None] = print,
) -> None:
    """Show a results folder to coders until Ctrl-C.

    Parameters
    ----------
    host
        Address to listen on; any but the loopback address asks for a `password`.
    port
        If it is taken, the next free one.
    coder
        Name of whoever works here; else the page asks.
    log
        URL of the review log, if it is not to be in the folder.
    certificate
        Files of a TLS certificate and its key.
    learn
        Whether the model learns along.
    say
        Called with the address, for people.

    Raises
    ------
    TextmineError
        If the folder holds no results, the log cannot be opened, or no port is free.
    """
    survey = Survey.load(folder)
    store = Log(log) if log else Log.of_folder(folder)
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    keeper = Keeper(port, password, coder)
    room = Room(survey, store)
    if learn:
        room.learner = Learner(survey, store.url, room.learnt)
        room.learner.start(room.desk.standing)
    scheme = "https" if certificate else "http"
    names = {LOOPBACK: "localhost", "0.0.0.0": socket.gethostname(), "::": socket.gethostname()}
    name = names.get(host, f"[{host}]" if ":" in host else host)
    link = f"{scheme}://{name}:{port}/"
    if password is None:
        link += f"?token={keeper.token}"
    say(f"{sum(map(len, survey.items.values())):,} statements in {folder}.")
    say(f"Review page: {link}")
    say("Ctrl-C ends it; what the page confirmed is saved.")
    config = uvicorn.Config(
        create_app(room, keeper),
        access_log=False,
        log_level="warning",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate[0] if certificate else None,
        ssl_keyfile=certificate[1] if certificate else None,
    )
    if open_browser:
        webbrowser.open(link)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        if room.learner is not None:
            room.learner.stop()
        store.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take a port: the one asked for, or a free one after it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port] if port == 0 else range(port, min(port + 20, 65_536)):
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
            listening.listen()  # from now on browsers wait for the page, rather than fail
        except OSError as error:
            listening.close()
            if error.errno not in _TAKEN:
                raise TextmineError(
                    f"Cannot listen on {host}:{candidate} ({error.strerror}); choose another "
                    "--host or --port."
                ) from error
            continue
        return listening
    raise TextmineError(f"Ports {port} to {port + 19} are all taken; choose another with --port.")
