"""What people have decided, as statements to learn from."""

from pathlib import Path

import pandas as pd

from textmine.errors import TextmineError
from textmine.review import LOG_FILE
from textmine.review.desk import Desk
from textmine.review.log import Log
from textmine.review.results import reviewed_statements
from textmine.review.standing import BY_MACHINE, Standing
from textmine.review.survey import Survey
from textmine.tables import SOURCE


def read_decided(folder: Path, log: str | None = None) -> pd.DataFrame:
    """Read the statements of a results folder that people have decided.

    Parameters
    ----------
    folder
        Written by `textmine code` and reviewed since.
    log
        URL of the review log, if it is not in the folder.

    Returns
    -------
    DataFrame
        A statements table as `Coder.fit` takes it, with `answer_text` and `source`; of identical
        answers, decided once, the first.

    Raises
    ------
    TextmineError
        If nobody has decided anything.
    """
    if log is None and not (folder / LOG_FILE).is_file():
        raise TextmineError(
            f"{folder} has not been reviewed (no {LOG_FILE}): review it with "
            f"'textmine review {folder}' first."
        )
    store = Log(log) if log else Log.of_folder(folder)
    try:
        decided = decided_statements(Desk(Survey.load(folder), store).standing)
    finally:
        store.close()
    if decided.empty:
        raise TextmineError(f"Nobody has decided anything in {folder} yet; nothing to learn from.")
    return decided


def decided_statements(standing: Standing) -> pd.DataFrame:
    """Give the decided statements, with their answers, as they were written: nothing is masked."""
    survey = standing.survey
    first = {survey.answers["answer_id"].iat[p.answers[0]] for p in survey.passages.values()}
    table = reviewed_statements(standing)
    texts = dict(zip(survey.answers["answer_id"], survey.answers["text"], strict=True))
    decided = table[(table[SOURCE] != BY_MACHINE) & table["answer_id"].isin(first)]
    decided = decided.assign(answer_text=decided["answer_id"].map(texts)).reset_index(drop=True)
    places = zip(decided["answer_text"], decided["start"], decided["end"], strict=True)
    return decided.assign(text=[str(text)[start:end] for text, start, end in places])
