"""`textmine codebook`: look after codebooks."""

import typer

codebook_app = typer.Typer(help="Check codebooks.", no_args_is_help=True)


@codebook_app.callback()
def root() -> None:
    """Look after codebooks."""


@codebook_app.command("check")
def check(
    codebook: str = typer.Argument(help="A YAML file, or the name of a shipped codebook."),
) -> None:
    """Check a codebook and say what it holds.

    Example: textmine codebook check min-kodbok.yaml
    """
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
