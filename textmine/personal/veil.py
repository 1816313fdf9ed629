"""What may be shown of a survey: answers and statements with personal data masked."""

from functools import cache
from pathlib import Path

import pandas as pd

from textmine.hashing import file_hash, text_hash
from textmine.personal.mask import mask, tidy
from textmine.personal.tables import mask_answers
from textmine.tables import NOTE_ID


class Veil:
    """Masks over a table of answers, and over the statements in them.

    Masks keep the length of what they cover, so offsets hold in both.

    Parameters
    ----------
    answers
        With `answer_id` and `text`.
    context_columns
        Of the codebook: they are left as they are.

    Attributes
    ----------
    answers
        The table masked; `answers.parquet` alone keeps the original.
    found
        How many of each kind were masked, in all cells.
    """

    def __init__(self, answers: pd.DataFrame, context_columns: list[str]) -> None:
        self.answers, self.found = mask_answers(answers, context_columns)
        self._rows = {name: row for row, name in enumerate(answers["answer_id"])}
        self._texts = ["" if pd.isna(t) else str(t) for t in self.answers["text"]]
        self._changed = [
            column
            for column in answers
            if column != "text" and not self.answers[column].equals(answers[column])
        ]

    def over(self, statements: pd.DataFrame) -> pd.DataFrame:
        """Mask statements: their texts, and the columns that they carry from the answers."""
        rows = [self._rows[name] for name in statements["answer_id"]]
        spans = zip(rows, statements["start"], statements["end"], strict=True)
        texts = [self._texts[row][start:end] for row, start, end in spans]
        out = statements.assign(
            text=pd.Series(texts, statements.index, dtype=statements["text"].dtype)
        )
        for column in self._changed:
            if column in out:
                out[column] = self.answers[column].iloc[rows].set_axis(out.index)
        return out


def mask_notes(notes: pd.DataFrame) -> pd.DataFrame:
    """Mask a table of notes, in all columns but `note_id`: 'Ring [namn]'."""
    masked, _ = mask_answers(notes, [NOTE_ID])
    return masked.assign(text=masked["text"].map(tidy).astype(notes["text"].dtype))


def shown_text(text: str) -> str:
    """Mask a text for print."""
    return tidy(mask(text))


@cache
def masks_identity() -> str:
    """Hash of what finds personal data: another version may mask otherwise."""
    here = Path(__file__).parent
    return text_hash(*(file_hash(path) for path in sorted(here.iterdir()) if path.is_file()))
