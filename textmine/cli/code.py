"""`textmine code`: from a file of answers to a coded workbook."""

from enum import StrEnum
from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.cli.options import COLUMN, column_mapping
from textmine.errors import TextmineError


class Unit(StrEnum):
    """What a row of the file is."""

    answer = "answer"
    statement = "statement"


class EngineName(StrEnum):
    """Where answers are coded."""

    local = "local"
    dask = "dask"


def code(
    answers: Path = typer.Argument(help="xlsx, csv, tsv, jsonl, parquet or sav."),
    out: Path = typer.Option(..., "--out", help="Folder for the results."),
    model: str = typer.Option("psykisk-halsa", "--model", help="A model's name or folder."),
    unit: Unit = typer.Option(
        Unit.answer, "--unit", help="'statement' if each row is one statement already."
    ),
    error_budget: float = typer.Option(
        0.10, "--error-budget", min=0.0, max=1.0, help="Highest share wrong without review."
    ),
    column: list[str] | None = COLUMN,
    engine: EngineName = typer.Option(
        EngineName.local, "--engine", help="'dask': the workers of a Dask cluster do the work."
    ),
    scheduler: str | None = typer.Option(
        None,
        "--scheduler",
        help="Address of a cluster, which gets the answers; else a local one.",
    ),
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet, if several hold answers."),
) -> None:
    """Split answers into statements and code them.

    Writes coding.xlsx for people, statements.parquet and answers.parquet for programs, and
    run.json.

    Example: textmine code svar-2021.xlsx --out resultat
    """
    spare_torch()
    from textmine.coding.coder import Coder
    from textmine.engine import THREADS, Dask
    from textmine.hashing import file_hash
    from textmine.pipeline import WORKBOOK, code_answers
    from textmine.read.answers import read_answers
    from textmine.review import LOG_FILE

    if scheduler and engine is not EngineName.dask:
        raise TextmineError("--scheduler belongs to --engine dask; add that, or leave it out.")
    table = read_answers(answers, columns=column_mapping(column), sheet=sheet)
    coder = Coder.load(model).set_params(error_budget=error_budget)
    typer.echo(f"{len(table):,} answers read from {answers}; coding with {model}.")
    result = code_answers(
        table,
        coder,
        out,
        unit=unit.value,
        engine=THREADS if engine is EngineName.local else Dask(model, scheduler),
        provenance={
            "input": {"name": answers.name, "sha256": file_hash(answers)},
            "model": {
                "name": model,
                "identity": coder.learnt_.identity,
                **coder.learnt_.provenance,
            },
        },
        progress=True,
    )
    run = result.run
    typer.echo(
        f"{run['statements']:,} statements; {run['review']:,} ({run['review_share']:.0%}) for "
        f"people to review, about {run['review_hours']:.1f} hours at {run['review_pace']} an hour."
    )
    if not result.fresh:
        typer.echo("The folder held these very results already; nothing had to be done.")
    typer.echo(f"Workbook: {out / WORKBOOK}")
    if result.fresh and (out / LOG_FILE).is_file():
        typer.echo(f"Decisions of a review are kept; bring them in with: textmine apply {out}")
