"""`textmine cluster`: from a file of notes to groups that a researcher can tune."""

from pathlib import Path

import typer

from textmine.cli.light import spare_torch
from textmine.cli.options import COLUMN, column_mapping


def cluster(
    notes: Path = typer.Argument(help="xlsx, csv, tsv, jsonl, parquet or sav."),
    out: Path = typer.Option(..., "--out", help="Folder for the results."),
    clusters: str = typer.Option("auto", "--clusters", help="How many groups, or 'auto'."),
    guide: Path | None = typer.Option(
        None, "--guide", help="guide.yaml: groups that you already have in mind."
    ),
    seed: int = typer.Option(0, "--seed", min=0, help="For everything drawn by lot."),
    replay: Path | None = typer.Option(
        None, "--replay", help="operations.jsonl of an earlier run: do the same again."
    ),
    column: list[str] | None = COLUMN,
    sheet: str | None = typer.Option(None, "--sheet", help="Sheet, if several hold notes."),
) -> None:
    """Group notes by what they are about.

    Writes clusters.xlsx, map.html, map.png and map.svg for people, notes.parquet, clusters.json
    and operations.jsonl for programs.

    Example: textmine cluster lappar.xlsx --out grupper --clusters 12
    """
    spare_torch()
    from textmine.clusters import MAP, WORKBOOK, Clusters
    from textmine.read.notes import read_notes

    table = read_notes(notes, columns=column_mapping(column), sheet=sheet)
    typer.echo(f"{len(table):,} notes read from {notes}.")
    found = Clusters.fit(table, clusters, guide, seed, progress=True)
    if replay is not None:
        found.replay(replay)
    found.save(out)
    without = int(found.table()["cluster"].isna().sum())
    typer.echo(
        f"{len(found.state.groups)} groups; {without} notes ({without / len(table):.0%}) in none."
    )
    typer.echo(f"Workbook: {out / WORKBOOK}; map: {out / MAP}")
