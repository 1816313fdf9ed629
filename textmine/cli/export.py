"""`textmine export`: results for other programs."""

from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.cli.review import LOG_URL
from textmine.errors import TextmineError

_FORMATS = (".qdpx", ".qdc", ".xlsx", ".csv", ".sav")


def export(
    folder: Path = typer.Argument(help="A folder that 'textmine code' wrote."),
    to: Path = typer.Option(
        ..., "--to", help="The file to write: .qdpx, .qdc, .xlsx, .csv or .sav."
    ),
    sources: str = typer.Option(
        "respondent",
        "--sources",
        help="What makes up one document of a .qdpx: all answers of a 'respondent', all to a "
        "'question', or one 'answer'.",
    ),
    log: str | None = typer.Option(
        None, "--log", envvar=LOG_URL, help="URL of the database with the decisions, if not in DIR."
    ),
) -> None:
    """Give coded answers to other programs; personal data are masked.

    \b
    .qdpx  a project for NVivo, MAXQDA, ATLAS.ti, QualCoder (REFI-QDA): texts with coded
           selections, respondents as cases, the model and each coder as users
    .qdc   the codebook alone (REFI-QDA)
    .xlsx  one statement a row; .csv the same, as Swedish Excel opens it
    .sav   the same for SPSS, with labels

    Example: textmine export resultat --to resultat.qdpx
    """  # noqa: D301 (the help needs the backspace itself)
    kind = to.suffix.lower()
    if kind not in _FORMATS:
        raise TextmineError(f"--to {to}: the name must end on {', '.join(_FORMATS)}.")
    spare_torch()
    from textmine.exchange.documents import Sources

    if sources not in {*Sources}:
        raise TextmineError(f"--sources {sources}: allowed: {', '.join(Sources)}.")
    if kind == ".qdc":
        from textmine.exchange.qdc import write_qdc
        from textmine.results import Results

        book = Results.load(folder).codebook
        write_qdc(book, to)
        typer.echo(f"Codebook {book.name}, version {book.version}: {to}")
        return
    from textmine.exchange.flat import write_csv, write_xlsx
    from textmine.exchange.material import Material
    from textmine.exchange.qdpx_out import write_qdpx
    from textmine.exchange.spss import write_sav

    material = Material.load(folder, log)
    if kind == ".qdpx":
        write_qdpx(material, to, Sources(sources))
    else:
        {".xlsx": write_xlsx, ".csv": write_csv, ".sav": write_sav}[kind](material, to)
    typer.echo(f"{len(material.statements):,} statements, personal data masked: {to}")
