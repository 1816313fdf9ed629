"""`textmine train`: a model of your own from coded statements."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from textmine.cli.light import spare_torch
from textmine.cli.options import COLUMN, column_mapping
from textmine.errors import TextmineError
from textmine.shipped import ENCODER

if TYPE_CHECKING:
    import pandas as pd

    from textmine.coding.coder import Coder


def train(
    coded: Path | None = typer.Argument(
        None, help="Coded answers (JSONL), or a table, one statement a row."
    ),
    codebook: str | None = typer.Option(
        None, "--codebook", help="A YAML file, or a shipped codebook."
    ),
    out: Path = typer.Option(..., "--out", help="Folder for the model."),
    add: list[Path] | None = typer.Option(
        None,
        "--add",
        help="A folder of results that people have reviewed: learn from their decisions, too. "
        "Without coded answers, the model that coded the folder learns them (may recur).",
    ),
    text_column: str | None = typer.Option(
        None, "--text-column", help="The column that holds the statements."
    ),
    column: list[str] | None = COLUMN,
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet, if several hold statements."),
    encoder: str = typer.Option(
        ENCODER, "--encoder", help="A shipped encoder, or a sentence-transformers model."
    ),
    tune: str = typer.Option(
        "head",
        "--tune",
        help="What learns: 'head' (seconds), or 'encoder' too (better; two minutes for a hundred "
        "statements, an hour for ten thousand).",
    ),
) -> None:
    """Train a coder on statements that people have coded, or teach one what people decided.

    Example: textmine train kodade.xlsx --codebook min-kodbok.yaml --out min-modell

    Example: textmine train --add resultat-2021 --out min-modell
    """
    if coded is None:
        if not add:
            raise TextmineError("Nothing to learn from: give coded answers, or --add a folder.")
        if codebook is not None:
            raise TextmineError(
                "Without coded answers the codebook is that of the model that coded the folder; "
                "leave --codebook out."
            )
        if (encoder, tune) != (ENCODER, "head"):
            raise TextmineError(
                "Decisions alone move the heads of a model, not its encoder: leave --encoder and "
                "--tune out, or give coded answers to train on."
            )
        _adapt(add, out)
        return
    if codebook is None:
        raise TextmineError("Coded answers need their --codebook.")
    from textmine.codebook import Codebook
    from textmine.coding.coded import read_coded
    from textmine.coding.coder import Coder

    mapping = column_mapping(column)
    if text_column:
        mapping["text"] = text_column
    book = Codebook.load(codebook)
    statements = read_coded(coded, book, columns=mapping, sheet=sheet)
    typer.echo(f"{len(statements):,} coded statements read from {coded}; training.")
    if add:
        statements = _together(statements, _decided(add), add)
    coder = Coder(book, encoder=encoder, tune=tune).fit(statements, progress=True)
    coder.save(out)
    _report(coder)
    typer.echo(f"Model: {out}")


def _adapt(folders: list[Path], out: Path) -> None:
    """Teach the model that coded some folders what people decided there."""
    spare_torch()
    from textmine.coding.coder import Coder
    from textmine.coding.gains import describe_gain

    models = {folder: _model_of(folder) for folder in folders}
    if len(set(models.values())) > 1:
        found = ", ".join(f"{folder} by {model}" for folder, model in models.items())
        raise TextmineError(
            f"The folders were coded by different models ({found}); add those of one at a time, or "
            "train on coded answers and --add all."
        )
    model = models[folders[0]]
    coder = Coder.load(model)
    statements = _decided(folders)
    typer.echo(f"{len(statements):,} decided statements; {model} learns them.")
    adapted = coder.adapt(statements)
    adapted.save(out)
    for name, gain in adapted.learnt_.provenance["adapted"][-1]["dimensions"].items():
        typer.echo(f"{name}: {describe_gain(gain)}")
    typer.echo(f"Model: {out}")


def _model_of(folder: Path) -> str:
    """Look up which model coded a folder."""
    import json

    path = folder / "run.json"
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["model"]["name"])
    except FileNotFoundError as error:
        raise TextmineError(
            f"{folder} holds no results of textmine code (no run.json); give such a folder."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextmineError(
            f"{path} does not say which model coded the folder ({type(error).__name__}); code the "
            "answers anew, or train on coded answers and --add the folder."
        ) from error


def _decided(folders: list[Path]) -> "pd.DataFrame":
    """Read what people decided in all folders; answers of two folders are never one."""
    import pandas as pd

    from textmine.review.training import read_decided

    tables = []
    for number, folder in enumerate(folders, start=1):
        table = read_decided(folder)
        if "answer_id" in table and len(folders) > 1:
            table = table.assign(answer_id=f"{number}/" + table["answer_id"].astype("string"))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _together(
    coded: "pd.DataFrame", decided: "pd.DataFrame", folders: list[Path]
) -> "pd.DataFrame":
    """Put coded statements and decided ones in one table."""
    import pandas as pd

    typer.echo(
        f"{len(decided):,} decided statements from {', '.join(str(folder) for folder in folders)}."
    )
    # Where statements stand in their answers is of use only if it is known of all.
    places = {"answer_text", "start", "end"}
    unknown = places - (places & set(coded) & set(decided))
    parts = []
    for name, table in (("coded", coded), ("decided", decided)):
        ids = table["answer_id"] if "answer_id" in table else pd.Series(range(len(table)))
        named = f"{name}/" + ids.astype("string").set_axis(table.index)
        parts.append(table.assign(answer_id=named).drop(columns=list(unknown), errors="ignore"))
    return pd.concat(parts, ignore_index=True)


def _report(coder: "Coder") -> None:
    """Say how well a model does on statements held out."""
    for name, model in coder.learnt_.dimensions.items():
        n = len(model.evidence.right)
        right = f"{model.evidence.right.mean():.1%} right" if n else "no examples"
        typer.echo(f"{name}: {right} on {n:,} held-out statements")
        if model.evidence.threshold(coder.error_budget) > 1:
            typer.echo(
                f"  too few or too uncertain to code {name} alone at {coder.error_budget:.0%} "
                "error: everything will be left for review"
            )
