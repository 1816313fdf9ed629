"""The tables that flow through the toolkit: their column names stand here and nowhere else."""

import pandas as pd

from textmine.errors import TextmineError

ANSWER_COLUMNS = ("answer_id", "respondent", "actor", "area", "question", "year", "text")
STATEMENT_COLUMNS = ("statement_id", "start", "end", "text")
# What the toolkit adds to an answers table.
RESPONDENT_CODE = "respondent_code"
RESPONDENT_WRITTEN = "respondent_written"
N_STATEMENTS = "n_statements"
# What coding adds beside the columns of each dimension.
REVIEW, REASON, NOVELTY = "review", "review_reason", "novelty"
# What review adds.
SOURCE, COMMENT = "source", "comment"
# A notes table, and what clustering adds to it.
NOTE_ID = "note_id"
CLUSTER, CLUSTER_PROB, CLUSTER_REASON = "cluster", "cluster_prob", "cluster_reason"


def dimension_columns(name: str) -> tuple[str, str, str, str]:
    """Columns that hold a dimension's code, its probability, and the runner-up with its own."""
    return name, f"{name}_prob", f"{name}_second", f"{name}_second_prob"


def require_text(table: pd.DataFrame, what: str) -> None:
    """Refuse a table without a `text` column."""
    if "text" not in table.columns:
        raise TextmineError(
            f"The {what} table has no column 'text' (its columns: {', '.join(table.columns)})."
        )


def make_statement_ids(statements: pd.DataFrame) -> pd.Series:
    """Name each statement after its answer and its place there: `a17-3`."""
    place = statements.groupby("answer_id", sort=False, dropna=False).cumcount() + 1
    return statements["answer_id"].astype("string") + "-" + place.astype("string")
