"""The command line: the list of commands, and errors as one clear line."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import typer

from textmine.cli.apply import apply
from textmine.cli.cluster import cluster
from textmine.cli.code import code
from textmine.cli.codebook import codebook_app
from textmine.cli.compare import compare
from textmine.cli.evaluate import evaluate
from textmine.cli.export import export
from textmine.cli.imports import import_export
from textmine.cli.models import models
from textmine.cli.report import report
from textmine.cli.review import review
from textmine.cli.train import train
from textmine.errors import Attention, TextmineError

DONE, ATTENTION, WRONG = 0, 1, 2
_INTERRUPTED = 130  # what typer makes of Ctrl-C

app = typer.Typer(
    name="textmine",
    help="Text mining for Swedish free-text survey answers, wholly on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("code")(code)
app.command("train")(train)
app.command("evaluate")(evaluate)
app.command("cluster")(cluster)
app.command("review")(review)
app.command("apply")(apply)
app.command("report")(report)
app.command("export")(export)
app.command("compare")(compare)
app.command("models")(models)
app.command("import")(import_export)
app.add_typer(codebook_app, name="codebook")


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"textmine {version('textmine')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    show: bool = typer.Option(
        False,
        "--version",
        help="Say which version this is.",
        is_eager=True,
        callback=lambda wanted: _show_version(wanted=wanted),
    ),
) -> None:
    """Text mining for Swedish free-text survey answers, wholly on your own machine."""


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 done but something needs attention, 2 wrong input."""
    status: int | None = DONE
    notes: list[str] = []
    os.environ["HF_HUB_OFFLINE"] = "1"  # no answer leaves this machine, and nothing is fetched
    try:
        with _collected() as notes:
            status = app(standalone_mode=False)
    except TextmineError as error:
        _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        status = _INTERRUPTED
    except MemoryError:
        _fail("Out of memory. Nothing was written; close other programs or give fewer answers.")
    except Exception as error:  # noqa: BLE001
        _usage_or_raise(error)
    if status == _INTERRUPTED:
        _fail("Interrupted. Nothing was written.")
    for note in notes:
        typer.echo(f"Attention: {note}", err=True)
    if notes:
        count = "1 thing needs" if len(notes) == 1 else f"{len(notes)} things need"
        typer.echo(f"Done, but {count} attention (see above).", err=True)
        sys.exit(ATTENTION)
    sys.exit(status or DONE)


def _usage_or_raise(error: Exception) -> None:
    """Print what is wrong with the options; let everything else through as the bug it is."""
    show = getattr(error, "format_message", None)
    if show is None:
        raise error
    _fail(str(show()))


def _fail(message: str) -> None:
    typer.echo(f"Error: {message}", err=True)
    sys.exit(WRONG)


@contextmanager
def _collected() -> Iterator[list[str]]:
    """Collect what needs attention; other warnings are for developers and stay away."""
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", Attention)
        yield notes
    notes += list(dict.fromkeys(str(warning.message) for warning in caught))
