"""`textmine compare`: two surveys side by side."""

from pathlib import Path

import typer

from textmine.cli.light import spare_torch


def compare(
    earlier: Path = typer.Argument(help="Results of 'textmine code' of the earlier survey."),
    later: Path = typer.Argument(help="Results of the later survey."),
    out: Path = typer.Option(..., "--out", help="Folder for the comparison."),
    draw_bridge: int = typer.Option(
        0,
        "--draw-bridge",
        min=0,
        metavar="N",
        help="Also write bridge.xlsx: N statements of the earlier survey, to be coded by hand by "
        "the later codebook.",
    ),
    bridge: Path | None = typer.Option(
        None, "--bridge", help="A bridge.xlsx that somebody has filled in; mends a broken series."
    ),
    seed: int = typer.Option(0, "--seed", min=0, help="Seed of the random draws."),
) -> None:
    """Compare two surveys: what changed, what is new, what is gone, and for whom.

    Writes compare.html, compare.xlsx and compare_figures/. Changes have 95 % intervals that
    account for errors of coding. Exit code 1 where the series is broken: other questions, codebook
    or model.

    Example: textmine compare resultat-2020 resultat-2021 --out jamforelse
    """
    spare_torch()
    from textmine.comparing.bridge_sheet import FILE
    from textmine.comparing.build import PAGE, WORKBOOK, compare_folders

    done = compare_folders(earlier, later, out, draw_bridge=draw_bridge, bridge=bridge, seed=seed)
    comparison = done.comparison
    cells = [cell for cell in comparison.changes.cells if cell.filled]
    marked = sum(cell.marked for cell in cells)
    typer.echo(
        f"{comparison.names[0]} → {comparison.names[1]}: {marked:,} of {len(cells):,} cells "
        "changed more than errors of coding can explain."
    )
    if comparison.mended is not None:
        typer.echo(
            f"The series is mended by a {comparison.mended.how}: the sum of changes goes from "
            f"{comparison.mended.before:.0f} to {comparison.mended.after:.0f} respondents."
        )
    typer.echo(f"Page: {out / PAGE}; workbook: {out / WORKBOOK}")
    if done.sampled:
        typer.echo(
            f"Bridge: {out / FILE}, {done.sampled} statements to code; then run again with "
            f"--bridge {out / FILE}"
        )
