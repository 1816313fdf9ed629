"""The table of statements as it stands after review."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from textmine.review.events import Decision
from textmine.review.queues import key_of
from textmine.review.standing import BY_MACHINE, Key, Standing
from textmine.review.survey import Item
from textmine.tables import (
    COMMENT,
    NOVELTY,
    REASON,
    REVIEW,
    SOURCE,
    STATEMENT_COLUMNS,
    dimension_columns,
)

FLAGGED, AUDITED = "flagged", "audited"  # columns that estimates need beside the results


def reviewed_statements(standing: Standing) -> pd.DataFrame:
    """Put people's codes and borders in the place of the machine's.

    Returns
    -------
    DataFrame
        As `statements.parquet`, with `source` (`machine`: nobody looked; `agreed`: a person kept
        the machine's codes; `human`: a person gave others, or drew the borders) and `comment`.
        Where people decided there is no probability and nothing to review.
    """
    survey = standing.survey
    untouched = ~survey.statements["answer_id"].isin(_answers_of(standing, standing.states))
    machine = survey.statements[untouched].assign(**{SOURCE: BY_MACHINE, COMMENT: None})
    rows = _rows(standing, _plain_row)
    if not rows:
        return machine.reset_index(drop=True)
    places = {answer: at for at, answer in enumerate(survey.answers["answer_id"])}
    table = pd.concat([machine, _typed(rows, machine)], ignore_index=True)
    order = pd.DataFrame({"answer": table["answer_id"].map(places), "start": table["start"]})
    return table.loc[order.sort_values(["answer", "start"], kind="stable").index].reset_index(
        drop=True
    )


def estimation_table(standing: Standing, audited: set[Key]) -> pd.DataFrame:
    """Give the same table with what the machine had said: the form that `estimate_counts` takes."""
    survey = standing.survey
    table = reviewed_statements(standing)
    said: dict[tuple[str, int], Item] = {}
    for passage in standing.states:
        for item in standing.items(passage):
            for row in survey.passages[passage].answers:
                said[survey.shown(row, "answer_id"), item.start] = item
    keys = list(zip(table["answer_id"].astype(str), table["start"], strict=True))
    items = [said.get(key) for key in keys]
    for name in survey.codebook.dimensions:
        code, prob, _, _ = dimension_columns(name)
        codes, probabilities = table[code].tolist(), table[prob].tolist()
        for row, known in enumerate(items):
            if known is not None:
                told = [None, None] if known.redrawn else known.proposals[name][:2]
                codes[row], probabilities[row] = told
        table[f"{name}_machine"] = pd.Series(codes, dtype=object, index=table.index)
        table[f"{name}_machine_prob"] = pd.Series(probabilities, dtype="float64", index=table.index)
    passages = {
        survey.shown(row, "answer_id"): key
        for key, passage in survey.passages.items()
        for row in passage.answers
    }
    table["passage"] = table["answer_id"].map(passages)
    flagged = table[REVIEW].tolist()
    table[FLAGGED] = [
        bool(flag) if item is None else item.flagged
        for flag, item in zip(flagged, items, strict=True)
    ]
    table[AUDITED] = [item is not None and key_of(item) in audited for item in items]
    return table


def _answers_of(standing: Standing, passages: Any) -> set[str]:
    """Ids of the answers that some passages stand for."""
    survey = standing.survey
    rows = (row for key in passages for row in survey.passages[key].answers)
    return {survey.shown(row, "answer_id") for row in rows}


def _rows(
    standing: Standing, make: Callable[[Standing, Item, Decision | None], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Make the rows of all answers that people have done anything about."""
    survey = standing.survey
    carried = [
        str(c) for c in survey.statements if c in survey.answers and c not in STATEMENT_COLUMNS
    ]
    out = []
    for passage in standing.states:
        items = standing.items(passage)
        for at, row in enumerate(survey.passages[passage].answers):
            answer = {column: survey.veil.answers[column].iat[row] for column in carried}
            for item in items:
                made = make(standing, item, standing.decision(item))
                out.append({**answer, "statement_id": item.statement_ids[at], **made})
    return out


def _plain_row(standing: Standing, item: Item, decision: Decision | None) -> dict[str, Any]:
    """A statement's own columns."""
    state = standing.state(item.passage)
    text = standing.survey.passages[item.passage].text
    row: dict[str, Any] = {"start": item.start, "end": item.end, "text": text[slice(*item.span)]}
    for name, proposal in item.proposals.items():
        columns = dimension_columns(name)
        given = [decision.codes[name], None, None, None] if decision else proposal
        row |= dict(zip(columns, given, strict=True))
    disputed = standing.disputed(item)
    row[REVIEW] = decision is None and (item.flagged or disputed)
    row[REASON] = "Kodare är oense" if disputed else (item.reason if row[REVIEW] else None)
    row[NOVELTY] = item.novelty
    row[SOURCE] = standing.source(item)
    row[COMMENT] = state.comments.get(item.span) or None
    return row


def _typed(rows: list[dict[str, Any]], like: pd.DataFrame) -> pd.DataFrame:
    """Make a table of the same columns and kinds as another."""
    columns = {}
    for column in like:
        values = [row.get(str(column)) for row in rows]
        columns[column] = pd.Series(values, dtype=like[column].dtype)
    return pd.DataFrame(columns)
