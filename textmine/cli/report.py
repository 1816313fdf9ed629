"""`textmine report`: the tables, figures and texts that go in front of the ministry."""

from enum import StrEnum
from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.errors import TextmineError


class Format(StrEnum):
    """What a report may be written as."""

    html = "html"
    xlsx = "xlsx"
    docx = "docx"


def report(
    folder: Path = typer.Argument(help="A folder that 'textmine code' wrote."),
    formats: str = typer.Option(
        "html,xlsx,docx", "--format", help="html, xlsx, docx, with commas between."
    ),
    evaluation: Path | None = typer.Option(
        None,
        "--evaluation",
        help="A folder that 'textmine evaluate' wrote, for the agreement with hand coding.",
    ),
    smallest: int | None = typer.Option(
        None, "--smallest", min=2, help="Hide counts of fewer respondents than this."
    ),
) -> None:
    """Write a report in Swedish: counts of actors, effects, flow diagrams, what is missing.

    Writes report.html (one page, opens offline), report.xlsx, report.docx and the folder figures
    into DIR.

    Example: textmine report resultat --format html,docx
    """
    chosen = [part.strip().lower() for part in formats.split(",") if part.strip()]
    wrong = [part for part in chosen if part not in {*Format}]
    if wrong or not chosen:
        raise TextmineError(
            f"--format {formats}: '{wrong[0] if wrong else ''}' is none of "
            f"{', '.join(Format)}; write for instance --format html,docx."
        )
    spare_torch()
    from textmine.publish import publish, read_report

    found = read_report(folder, evaluation=evaluation, smallest=smallest)
    typer.echo(
        f"{len(found.areas)} areas, {sum(area.statements for area in found.areas):,} statements."
    )
    for path in publish(found, folder, chosen):
        typer.echo(f"Written: {path}")
