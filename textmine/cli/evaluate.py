"""`textmine evaluate`: how well a model does on answers that people have coded."""

from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.cli.options import COLUMN, column_mapping


def evaluate(
    coded: Path = typer.Argument(help="Coded answers (JSONL), or a table, one statement a row."),
    model: str = typer.Option("psykisk-halsa", "--model", help="A model's name or folder."),
    out: Path = typer.Option(
        ..., "--out", help="Folder for evaluation.json, kontroll.xlsx and more."
    ),
    error_budget: float = typer.Option(
        0.10, "--error-budget", min=0.0, max=1.0, help="Highest share wrong without review."
    ),
    column: list[str] | None = COLUMN,
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet, if several hold statements."),
) -> None:
    """Compare a model's codes with people's, and list codes that are worth a second look.

    A column such as role_coder2 holds what a second person coded: then people are compared with
    each other, too.

    Example: textmine evaluate kodade.xlsx --model min-modell --out utvardering
    """
    spare_torch()
    from textmine import evaluation
    from textmine.coding.coded import read_coded
    from textmine.coding.coder import Coder
    from textmine.report.check_workbook import CHECK

    coder = Coder.load(model).set_params(error_budget=error_budget)
    statements = read_coded(
        coded, coder.require_codebook(), columns=column_mapping(column), sheet=sheet
    )
    typer.echo(f"{len(statements):,} coded statements read from {coded}; coding with {model}.")
    result = evaluation.evaluate(statements, coder, progress=True)
    if (segmentation := evaluation.evaluate_splitting(statements)) is not None:
        result["segmentation"] = segmentation
    check = evaluation.check(statements, coder)
    path = evaluation.write_evaluation(
        {"model": model, **result}, out, coder.require_codebook(), check=(statements, check)
    )
    for name, figures in result["dimensions"].items():
        if not figures["n"]:
            typer.echo(f"{name}: no hand codes")
            continue
        value, low, high = figures["accuracy"]
        kappa = figures["kappa"][0]
        typer.echo(
            f"{name}: {value:.1%} right ({low:.1%} to {high:.1%}), kappa {kappa:.2f}, "
            f"calibration error {figures['ece']:.3f}, n = {figures['n']:,}"
        )
        if "coders" in figures and figures["coders"]["n"]:
            people = figures["coders"]["coder_coder"]["kappa"][0]
            typer.echo(f"  two people: kappa {people:.2f}")
    if segmentation is not None:
        typer.echo(
            f"splitting: {segmentation['exact_f1']:.2f} of statements, "
            f"{segmentation['boundary_f1']:.2f} of borders (F1)"
        )
    typer.echo(f"for review: {result['review_share']:.0%}")
    typer.echo(f"codes that the model contradicts with confidence: {len(check.contradictions):,}")
    typer.echo(f"Evaluation: {path}, {CHECK}")
