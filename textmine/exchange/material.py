"""What is given away of a coded survey: masked answers, their statements, and who decided what."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from textmine.codebook import Codebook
from textmine.personal.mask import mask
from textmine.report.names import is_reviewed
from textmine.results import Results
from textmine.review import LOG_FILE
from textmine.review.log import Log
from textmine.review.standing import BY_MACHINE, Standing
from textmine.review.survey import APPLIED, Survey
from textmine.tables import COMMENT, SOURCE

UNNAMED = "Granskare"  # who decided, where the log that says it is not at hand


@dataclass(frozen=True)
class Decided:
    """Who decided a statement, and when (UTC, '' if not known)."""

    coder: str
    at: str = ""


@dataclass(frozen=True)
class Material:
    """Coded answers, ready to be given away.

    Attributes
    ----------
    name
        What the answers are called: the name of their file.
    codebook
        By which they were coded.
    answers, statements
        Tables as in a folder of results, with personal data masked.
    model
        What the machine is called as a coder.
    people
        Who decided, by statement id; statements that the machine decided are not in it.
    """

    name: str
    codebook: Codebook
    answers: pd.DataFrame
    statements: pd.DataFrame
    model: str
    people: Mapping[str, Decided] = field(default_factory=dict)

    @staticmethod
    def load(folder: Path, log: str | None = None) -> "Material":
        """Read a folder that `textmine code` wrote, reviewed or not.

        Parameters
        ----------
        log
            URL of the review log, if it is not in the folder.

        Raises
        ------
        TextmineError
            If the folder holds no results.
        """
        results = Results.load(folder)
        run = results.run
        return Material(
            Path((run.get("input") or {}).get("name") or folder.resolve().name).stem,
            results.codebook,
            results.answers,
            _masked_comments(results.statements),
            f"textmine {run['versions']['textmine']} · {run['model']['name']}",
            _people(folder, results.statements, log),
        )


def _masked_comments(statements: pd.DataFrame) -> pd.DataFrame:
    """Mask personal data in what coders wrote, as it is in the answers."""
    if COMMENT not in statements:
        return statements
    comments = statements[COMMENT]
    masked = [mask(one) if isinstance(one, str) else one for one in comments]
    return statements.assign(**{COMMENT: pd.Series(masked, statements.index, dtype=comments.dtype)})


def _people(folder: Path, statements: pd.DataFrame, log: str | None) -> dict[str, Decided]:
    """Find who made the decisions that stand in the results."""
    if not is_reviewed(map(str, statements)):
        return {}
    by_people = statements.loc[statements[SOURCE] != BY_MACHINE, "statement_id"]
    people = dict.fromkeys(by_people.astype(str), Decided(UNNAMED))
    if log is None and not (folder / LOG_FILE).is_file():
        return people
    store = Log(log) if log else Log.of_folder(folder)
    try:
        events = store.since(0)
    finally:
        store.close()
    survey = Survey.load(folder)
    applied = int((survey.run.get(APPLIED) or {}).get("log", 0))
    standing = Standing(survey)
    standing.take(event for event in events if event.id <= applied)
    for item in standing.all_items():
        if (decision := standing.decision(item)) is not None:
            decided = Decided(decision.coder, _utc(decision.at))
            people |= {name: decided for name in item.statement_ids if name in people}
    return people


def _utc(at: str) -> str:
    """Write a time as XML does, to the second."""
    try:
        time = datetime.datetime.fromisoformat(at)
    except ValueError:
        return ""
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
