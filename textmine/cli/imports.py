"""`textmine import`: a survey tool's wide export into an answers table."""

from pathlib import Path

import typer


def import_export(
    export: Path = typer.Argument(help="The export: one row a respondent, one column a question."),
    survey: Path = typer.Option(..., "--survey", help="YAML that says which column is what."),
    out: Path = typer.Option(..., "--out", help="The answers table to write (.parquet)."),
) -> None:
    r"""Turn a wide survey export into an answers table.

    Example: textmine import export.xlsx --survey survey.yaml --out svar.parquet

    \b
    survey.yaml names the columns of the export:
      respondent: Kommun
      year: 2021
      questions:
        - {column: F1_fritext, area: suicidprevention, question: Vad har ni gjort?}
        - {column: F2_fritext, area: barn-unga}
      keep: [Enkätversion]          # further columns to carry through, if any
    """
    from textmine.errors import TextmineError
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
