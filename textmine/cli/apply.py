"""`textmine apply`: people's decisions into the results."""

import getpass
from enum import StrEnum
from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.cli.review import LOG_URL


class Prefer(StrEnum):
    """Whose codes go before where a workbook and the log differ."""

    sheet = "sheet"
    log = "log"


def apply(
    folder: Path = typer.Argument(help="A folder that 'textmine code' wrote."),
    edited: Path | None = typer.Option(
        None, "--from", help="A coding.xlsx of this folder that somebody has edited."
    ),
    coder: str | None = typer.Option(
        None, "--coder", help="Who edited it, for the log; else the name you are logged in by."
    ),
    prefer: Prefer | None = typer.Option(
        None,
        "--prefer",
        help="Where others have decided otherwise since: 'sheet' or 'log' goes before; else "
        "nothing is applied.",
    ),
    log: str | None = typer.Option(
        None, "--log", envvar=LOG_URL, help="URL of the database with the decisions, if not in DIR."
    ),
) -> None:
    """Put decisions in the place of the machine's codes, and count again.

    Writes the files of DIR anew, with a column 'source' (machine, human, agreed), and
    counts.parquet: counts with intervals that account for the machine's error.

    Example: textmine apply resultat --from resultat/coding.xlsx
    """
    spare_torch()
    from textmine.pipeline import WORKBOOK
    from textmine.review.apply import COUNTS, apply_review
    from textmine.review.survey import APPLIED

    done = apply_review(
        folder,
        edited=edited,
        coder=coder or getpass.getuser(),
        prefer=prefer.value if prefer else None,
        log=log,
    )
    if edited is not None:
        typer.echo(f"{done.taken_in:,} statements decided or commented in {edited}.")
    if done.kept is not None:
        typer.echo(f"The edited workbook is kept as {done.kept}.")
    review = done.run[APPLIED]
    sources = review["sources"]
    typer.echo(
        f"{done.run['statements']:,} statements: {sources.get('human', 0):,} coded by people, "
        f"{sources.get('agreed', 0):,} confirmed by people, {sources.get('machine', 0):,} by the "
        f"machine alone; {done.run['review']:,} still to review."
    )
    for name, audit in review["audit"].items():
        error, low, high = audit["error"]
        typer.echo(
            f"{name}: {error:.1%} of the machine's own codes wrong in the quality sample "
            f"({low:.1%} to {high:.1%}, n = {audit['n']:,})"
        )
    typer.echo(f"Workbook: {folder / WORKBOOK}; counts with intervals: {folder / COUNTS}")
