"""`textmine train`: a model of your own from coded statements."""

from pathlib import Path

import typer

from textmine.cli.options import COLUMN, column_mapping


def train(
    coded: Path = typer.Argument(help="Coded answers (JSONL), or a table, one statement a row."),
    codebook: str = typer.Option(..., "--codebook", help="A YAML file, or a shipped codebook."),
    out: Path = typer.Option(..., "--out", help="Folder for the model."),
    text_column: str | None = typer.Option(
        None, "--text-column", help="The column that holds the statements."
    ),
    column: list[str] | None = COLUMN,
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet, if several hold statements."),
    encoder: str = typer.Option(
        "e5-small", "--encoder", help="A shipped encoder, or a sentence-transformers model."
    ),
    tune: str = typer.Option(
        "head",
        "--tune",
        help="What learns: 'head' (seconds), or 'encoder' too (better; two minutes for a hundred "
        "statements, an hour for ten thousand).",
    ),
) -> None:
    """Train a coder on statements that people have coded.

    Example: textmine train kodade.xlsx --codebook min-kodbok.yaml --out min-modell
    """
    from textmine.codebook import Codebook
    from textmine.coding.coded import read_coded
    from textmine.coding.coder import Coder

    mapping = column_mapping(column)
    if text_column:
        mapping["text"] = text_column
    book = Codebook.load(codebook)
    statements = read_coded(coded, book, columns=mapping, sheet=sheet)
    typer.echo(f"{len(statements):,} coded statements read from {coded}; training.")
    coder = Coder(book, encoder=encoder, tune=tune).fit(statements, progress=True)
    coder.save(out)
    for name, model in coder.learnt_.dimensions.items():
        n = len(model.evidence.right)
        right = f"{model.evidence.right.mean():.1%} right" if n else "no examples"
        typer.echo(f"{name}: {right} on {n:,} held-out statements")
        if model.evidence.threshold(coder.error_budget) > 1:
            typer.echo(
                f"  too few or too uncertain to code {name} alone at {coder.error_budget:.0%} "
                "error: everything will be left for review"
            )
    typer.echo(f"Model: {out}")
