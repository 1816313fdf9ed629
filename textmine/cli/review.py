"""`textmine review`: a page on which people decide what the machine doubts."""

import os
from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.errors import TextmineError

PASSWORD = "TEXTMINE_PASSWORD"
LOG_URL = "TEXTMINE_REVIEW_LOG"


def review(
    folder: Path = typer.Argument(help="A folder that 'textmine code' wrote."),
    port: int = typer.Option(8765, "--port", min=0, max=65_535, help="Or the next free one."),
    coder: str = typer.Option("", "--coder", help="Your name, for the log; else the page asks."),
    host: str = typer.Option(
        "127.0.0.1",
        "--host",
        help="Address to listen on. Any but this machine's own asks coders for a password.",
    ),
    log: str | None = typer.Option(
        None,
        "--log",
        envvar=LOG_URL,
        help="URL of a database for the decisions (postgresql+psycopg://…); else a file in DIR.",
    ),
    certificate: Path | None = typer.Option(None, "--tls-certificate", help="PEM file."),
    key: Path | None = typer.Option(None, "--tls-key", help="PEM file."),
    *,
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open a browser."),
    learn: bool = typer.Option(True, "--learn/--no-learn", help="Let the model learn along."),
) -> None:
    """Review coded statements on a page in your browser.

    Decisions are kept in DIR/review.sqlite, and go into the results with 'textmine apply DIR'.
    With --host, coders on other machines are asked for the password in the variable
    TEXTMINE_PASSWORD, or the one that is asked for here.

    Example: textmine review resultat --coder "Åsa Berg"
    """
    spare_torch()
    from textmine.review.web.serve import LOOPBACK, serve

    password = None
    if host not in (LOOPBACK, "localhost", "::1"):
        password = os.environ.get(PASSWORD) or typer.prompt(
            "Password for coders", hide_input=True, confirmation_prompt=True
        )
        if len(password) < _SHORTEST:
            raise TextmineError(f"The password needs at least {_SHORTEST} characters.")
        if certificate is None:  # said at once, not when all is over
            typer.echo(
                "Attention: without --tls-certificate the answers and the password go over the "
                "network unencrypted; do so only where you trust everybody on it.",
                err=True,
            )
    if (certificate is None) != (key is None):
        raise TextmineError("--tls-certificate and --tls-key belong together; give both.")
    serve(
        folder,
        host=host,
        port=port,
        coder=coder,
        password=password,
        log=log,
        certificate=(certificate, key) if certificate and key else None,
        open_browser=browser,
        learn=learn,
        say=typer.echo,
    )


_SHORTEST = 10
