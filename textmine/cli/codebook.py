"""`textmine codebook`: look after codebooks."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from textmine.cli.light import spare_torch
from textmine.cli.options import COLUMN, column_mapping
from textmine.errors import TextmineError

if TYPE_CHECKING:
    import pandas as pd

    from textmine.codebook import Codebook
    from textmine.coding.contradictions import Check

_SHOWN = 5  # lines of each kind
_LONGEST = 80  # characters of an example

codebook_app = typer.Typer(help="Check codebooks, export and import them.", no_args_is_help=True)


@codebook_app.callback()
def root() -> None:
    """Look after codebooks."""


@codebook_app.command("check")
def check(
    codebook: str = typer.Argument(help="A YAML file, or the name of a shipped codebook."),
    coded: Path | None = typer.Option(
        None, "--coded", help="Statements coded by it: are its codes used, and can they be told?"
    ),
    model: str | None = typer.Option(
        None,
        "--model",
        help="A model that did not learn from these statements; otherwise they are coded by heads "
        "that learn from the other answers among them.",
    ),
    column: list[str] | None = COLUMN,
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet, if several hold statements."),
) -> None:
    """Check a codebook and say what it holds, and how its codes do in use.

    Example: textmine codebook check min-kodbok.yaml --coded kodade.xlsx
    """
    if model is not None and coded is None:
        raise TextmineError("--model needs --coded: statements to hold against the model.")
    from textmine.codebook import Codebook

    book = Codebook.load(codebook)
    typer.echo(f"{book.name}, version {book.version}: dimensions:")
    for name, dimension in book.dimensions.items():
        notes = [f"{len(dimension.codes)} codes"]
        if dimension.by:
            notes.append(f"by {dimension.by}")
        if dimension.when:
            notes.append(f"where {' and '.join(dimension.when)} allows")
        if dimension.multiple:
            notes.append("several per statement")
        typer.echo(f"  {name} ({dimension.name}): {', '.join(notes)}")
    bare = [
        f"{name}/{code}"
        for name, dimension in book.dimensions.items()
        for code, body in dimension.codes.items()
        if not body.definition
    ]
    if bare:
        typer.echo(f"  without a definition: {', '.join(bare)}")
    if coded is not None:
        spare_torch()
        _check_use(book, coded, model, column_mapping(column), sheet)


@codebook_app.command("export")
def export(
    codebook: str = typer.Argument(help="A YAML file, or the name of a shipped codebook."),
    to: Path = typer.Option(..., "--to", help="The file to write: .qdc, .yaml or .xlsx."),
) -> None:
    """Write a codebook for other programs, or a shipped one as YAML to begin from.

    \b
    .qdc   for NVivo, MAXQDA, ATLAS.ti and others (REFI-QDA); nothing is lost on the way back
    .xlsx  names and definitions, as MAXQDA imports codes
    .yaml  as textmine reads it

    Example: textmine codebook export psykisk-halsa-2020 --to kodbok.qdc
    """  # noqa: D301 (the help needs the backspace itself)
    from textmine.codebook import Codebook
    from textmine.exchange.qdc import write_code_sheet, write_qdc

    writers = {
        ".qdc": write_qdc,
        ".xlsx": write_code_sheet,
        ".yaml": Codebook.save,
        ".yml": Codebook.save,
    }
    kind = to.suffix.lower()
    if kind not in writers:
        raise TextmineError(f"--to {to}: the name must end on {', '.join(writers)}.")
    book = Codebook.load(codebook)
    writers[kind](book, to)
    typer.echo(f"{_size(book)}: {to}")


@codebook_app.command("import")
def import_codebook(
    file: Path = typer.Argument(help="A codebook (.qdc) or project (.qdpx) of another program."),
    out: Path = typer.Option(..., "--out", help="The codebook to write (.yaml)."),
) -> None:
    """Turn a REFI-QDA codebook into YAML.

    A heading with codes below it becomes a dimension. In one that textmine did not write a
    statement may have several codes ('multiple: true'); of a project only where one has.

    Example: textmine codebook import kodbok.qdc --out kodbok.yaml
    """
    if out.suffix.lower() not in (".yaml", ".yml"):
        raise TextmineError(f"--out {out}: a codebook is written as .yaml; name it so.")
    from textmine.codebook import Codebook
    from textmine.exchange.imported import bring_in
    from textmine.exchange.qdc import read_qdc
    from textmine.exchange.qdpx_in import read_qdpx

    if file.suffix.lower() == ".qdpx":
        book = bring_in(read_qdpx(file), str(file)).codebook
    else:
        book = read_qdc(file)
    book.save(out)
    Codebook.load(out)  # as whoever uses it will
    typer.echo(f"{_size(book)}: {out}")
    open_ended = [name for name, dimension in book.dimensions.items() if dimension.multiple]
    if open_ended:
        typer.echo(f"Several codes per statement: {', '.join(open_ended)}.")


def _size(book: "Codebook") -> str:
    codes = sum(len(dimension.codes) for dimension in book.dimensions.values())
    return f"{book.name}, version {book.version}: {len(book.dimensions)} dimensions, {codes} codes"


def _check_use(
    book: "Codebook", coded: Path, model: str | None, columns: dict[str, str], sheet: str | None
) -> None:
    """Hold coded statements against a model, or against heads that learnt from the others."""
    from textmine.coding.coded import read_coded
    from textmine.coding.coder import Coder
    from textmine.coding.contradictions import check_codes
    from textmine.coding.held_out import held_out_probabilities

    statements = read_coded(coded, book, columns=columns, sheet=sheet)
    typer.echo(f"{len(statements):,} coded statements read from {coded}.")
    if model is None:
        probabilities = held_out_probabilities(statements, book, progress=True)
    else:
        coder = Coder.load(model)
        _same_codes(book, coder.require_codebook(), model)
        features = coder.see(statements, progress=True)
        probabilities = {
            name: coder.probabilities(statements, name, features=features)
            for name in book.dimensions
        }
    _show(check_codes(statements, probabilities, book), statements)


def _same_codes(book: "Codebook", other: "Codebook", model: str) -> None:
    """Refuse a model of another codebook."""
    mine, its = (
        {name: set(dimension.codes) for name, dimension in one.dimensions.items()}
        for one in (book, other)
    )
    different = [name for name in mine if mine[name] != its.get(name)]
    if different:
        raise TextmineError(
            f"The model {model} was trained by {other.name}, which differs from {book.name} in "
            f"{', '.join(different)}; leave --model out, or give a model of this codebook."
        )


def _show(check: "Check", statements: "pd.DataFrame") -> None:
    """Print the short version: the worst of each kind."""
    from textmine.personal.veil import shown_text

    def example(row: Any) -> str:
        text = " ".join(shown_text(str(statements.at[row, "text"])).split())
        return f"“{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}”"

    kinds = {
        "codes that are contradicted with confidence": [
            f"{one['dimension']}: {_plain(one['given'])} → {_plain(one['suggested'])} "
            f"({one['prob']:.0%}): {example(one['row'])}"
            for one in check.contradictions.to_dict("records")
        ],
        "codes that are mixed up": [
            f"{one['dimension']}: {one['one']} and {one['other']}, {one['n']} times "
            f"({one['share']:.0%} of their statements), such as {example(one['examples'][0])}"
            for one in check.confusions.to_dict("records")
        ],
        "codes hardly used": [
            f"{one['dimension']}/{one['code']}: {one['n']} of {one['of']:,}"
            for one in check.rare.to_dict("records")
        ],
        "codes with no clear border": [
            f"{one['dimension']}/{one['code']}: found {one['recall']:.0%}, "
            f"right {one['precision']:.0%}"
            + (f", such as {example(one['examples'][0])}" if one["examples"] else "")
            for one in check.unclear.to_dict("records")
        ],
    }
    for title, lines in kinds.items():
        typer.echo(f"  {title}: {len(lines) or 'none'}")
        for line in lines[:_SHOWN]:
            typer.echo(f"    {line}")
        if len(lines) > _SHOWN:
            typer.echo("    …")


def _plain(codes: Any) -> str:
    """Show a code, or several."""
    return str(codes) if isinstance(codes, str) else ", ".join(codes) or "none"
