"""Notes tables: short texts to be grouped, with ids and whatever else the file says of them."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from textmine.errors import TextmineError, did_you_mean
from textmine.read.answers import as_text, plain_column
from textmine.read.columns import rename, tidy
from textmine.read.files import read_table
from textmine.tables import NOTE_ID, require_text

_IDS = (NOTE_ID, "note id", "anteckningsid", "anteckning id", "lappid", "id", "nr")


def read_notes(
    path: str | Path, *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> pd.DataFrame:
    """Read notes, one a row.

    Parameters
    ----------
    path
        An .xlsx, .csv, .tsv, .jsonl, .parquet or .sav file.
    columns
        Which column is which where the names do not say: `{"text": "Lapp", "note_id": "Nr"}`.
    sheet
        The sheet of a workbook; needed only when several hold a text column.

    Returns
    -------
    DataFrame
        `note_id` (made if the file has none), `text`, and the file's further columns. `text` is
        never null and never changed.

    Raises
    ------
    TextmineError
        If the file cannot be read, holds no text column, or repeats an id.
    """
    path = Path(path)
    mapping = dict(columns or {})
    chosen = mapping.pop(NOTE_ID, None)
    table = rename(read_table(path, mapping=mapping, sheet=sheet), mapping, str(path))
    names = {tidy(name): name for name in reversed(table.columns.astype(str).tolist())}
    if chosen and tidy(chosen) not in names:
        raise TextmineError(
            f"{path}: no column '{chosen}' (asked for by --column {NOTE_ID}=…); "
            f"{did_you_mean(chosen, names.values())}."
        )
    wanted = (chosen,) if chosen else (*_IDS, "answer_id")
    found = next((names[tidy(name)] for name in wanted if tidy(name) in names), None)
    if found is None or found == "text":
        ids = [f"n{number:05d}" for number in range(1, len(table) + 1)]
    else:
        ids = [as_text(value).strip() for value in table[found]]
        _check(ids, found, str(path))
    notes = pd.DataFrame({NOTE_ID: pd.Series(ids, dtype="string")})
    notes["text"] = pd.Series([as_text(value) for value in table["text"]], dtype="string")
    for name in table.columns.drop(["text", *([found] if found else [])]):
        if name not in notes:
            values = table[name].reset_index(drop=True)
            notes[name] = plain_column(values) if values.dtype == object else values
    return notes


def _check(ids: list[str], column: str, source: str) -> None:
    """Refuse blank and repeated ids."""
    first: dict[str, int] = {}
    for row, note_id in enumerate(ids, start=1):
        if not note_id:
            raise TextmineError(
                f"{source}: data row {row} has no id in the column '{column}'. Fill it in, or "
                "take the column away and ids are made."
            )
        if note_id in first:
            raise TextmineError(
                f"{source}: the id '{note_id}' stands in data rows {first[note_id]} and {row} of "
                f"the column '{column}'. Make ids unique, or take the column away."
            )
        first[note_id] = row


def with_ids(notes: pd.DataFrame) -> pd.DataFrame:
    """Give a table of notes its ids, unless it has them."""
    require_text(notes, "notes")
    notes = notes.reset_index(drop=True)
    if NOTE_ID in notes:
        notes[NOTE_ID] = notes[NOTE_ID].astype("string")
        repeated = notes.loc[notes[NOTE_ID].duplicated(), NOTE_ID]
        if len(repeated):
            raise TextmineError(f"note_id '{repeated.iloc[0]}' stands twice; make ids unique.")
        return notes
    numbers = [f"n{number:05d}" for number in range(1, len(notes) + 1)]
    notes.insert(0, NOTE_ID, pd.Series(numbers, dtype="string"))
    return notes
