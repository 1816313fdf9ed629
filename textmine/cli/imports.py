"""`textmine import`: a survey tool's wide export, or a coded project, into answers."""

import warnings
from pathlib import Path

import typer

from textmine.errors import Attention, TextmineError

_PROJECT = ".qdpx"


def import_export(
    export: Path = typer.Argument(
        help="A survey tool's export (one row a respondent, one column a question), or a REFI-QDA "
        "project (.qdpx)."
    ),
    survey: Path | None = typer.Option(
        None, "--survey", help="YAML that says which column of a survey's export is what."
    ),
    out: Path = typer.Option(
        ..., "--out", help="What to write: .parquet of a survey's export, .jsonl of a project."
    ),
    codebook: str | None = typer.Option(
        None,
        "--codebook",
        help="Codes to keep of a project, found by their GUIDs or names; otherwise its own, which "
        "'textmine codebook import' gives as YAML.",
    ),
) -> None:
    """Turn a wide survey export into an answers table, or a coded project into coded answers.

    \b
    Example: textmine import export.xlsx --survey survey.yaml --out svar.parquet
    Example: textmine import projekt.qdpx --out kodade.jsonl

    \b
    survey.yaml names the columns of the export:
      respondent: Kommun
      year: 2021
      questions:
        - {column: F1_fritext, area: suicidprevention, question: Vad har ni gjort?}
        - {column: F2_fritext, area: barn-unga}
      keep: [Enkätversion]          # further columns to carry through, if any

    A project's answers are written with their coded statements, as 'textmine train' and
    'textmine evaluate' read them; what has no place there is listed.
    """  # noqa: D301 (the help needs the backspace itself)
    if export.suffix.lower() == _PROJECT:
        if survey is not None:
            raise TextmineError("--survey is for a survey tool's export; leave it out here.")
        _import_project(export, out, codebook)
        return
    if survey is None:
        raise TextmineError(
            f"{export}: say with --survey survey.yaml which column is what (see --help); only "
            f"projects ({_PROJECT}) need none."
        )
    if codebook is not None:
        raise TextmineError("--codebook is for a project (.qdpx); leave it out here.")
    _import_survey(export, survey, out)


def _import_survey(export: Path, survey: Path, out: Path) -> None:
    from textmine.files import staged_file
    from textmine.read.wide import Survey, read_wide

    if out.suffix != ".parquet":
        raise TextmineError(f"--out {out}: the table is written as .parquet; name it so.")
    answers = read_wide(export, Survey.load(survey))
    with staged_file(out) as path:
        answers.to_parquet(path, index=False)
    typer.echo(
        f"{len(answers):,} answers of {answers['respondent'].nunique():,} respondents: {out}"
    )


def _import_project(export: Path, out: Path, codebook: str | None) -> None:
    from textmine.codebook import Codebook
    from textmine.exchange.imported import bring_in
    from textmine.exchange.qdpx_in import read_qdpx

    if out.suffix != ".jsonl":
        raise TextmineError(f"--out {out}: coded answers are written as .jsonl; name it so.")
    book = Codebook.load(codebook) if codebook else None
    done = bring_in(read_qdpx(export), str(export), book)
    done.save(out)
    typer.echo(f"{len(done.answers):,} answers with {done.n_statements:,} statements: {out}")
    typer.echo(f"Codes of {done.codebook.name}: {', '.join(done.codebook.dimensions)}")
    if lines := done.left_out.lines():
        warnings.warn(f"left out: {'; '.join(lines)}.", Attention, stacklevel=1)
