"""How much each statement matters for the counts: what its review is expected to change in them.

The error budget limits the share of wrong statements. Counts of respondents ask for something else:
a doubtful statement beside three certain ones of the same kind changes nothing, and a rather
certain one that forty respondents share may change forty.
"""

from collections import Counter
from collections.abc import Mapping

from textmine.codebook import Codebook
from textmine.report.findings.logic import Logic
from textmine.report.summary import Layout
from textmine.review.standing import Key
from textmine.review.survey import Item, Proposal, Survey

Cell = tuple[str, str]  # row code, group of column codes
_ALL = ""  # the only group where nothing is crossed


def effects_on_counts(survey: Survey) -> dict[Key, float]:
    """Expect how many respondents enter or leave any cell if a statement is reviewed.

    Parameters
    ----------
    survey
        As the machine coded it; all other statements are taken as it says.

    Returns
    -------
    dict
        By statement: the sum over the cells (context × row × column; activities and outputs of a
        logic model count as one) of the respondents that are expected to enter it or to leave it.
    """
    book = survey.codebook
    layout = Layout.of(book)
    merged = _merged(book)
    items = [item for several in survey.items.values() for item in several]
    likely = [_cells(item, layout, merged, likely=True) for item in items]
    given = [_cells(item, layout, merged, likely=False) for item in items]
    who = {key: _who(survey, key, layout) for key in survey.items}
    held = Counter(
        (person, cell)
        for item, cells in zip(items, given, strict=True)
        for cell in cells
        for person in who[item.passage]
    )
    out = {}
    for item, now, possible in zip(items, given, likely, strict=True):
        people = who[item.passage]
        effect = 0.0
        for cell in now:
            sole = sum(held[person, cell] == 1 for person in people)
            effect += sole * (1.0 - min(1.0, possible.get(cell, 0.0)))
        for cell, probability in possible.items():
            if cell not in now:
                effect += probability * sum(held[person, cell] == 0 for person in people)
        out[item.passage, item.start] = effect
    return out


def _merged(book: Codebook) -> dict[str, str]:
    """Which codes of the crossed dimension count as one."""
    logic = Logic.of(book)
    return dict.fromkeys(logic.initiative, logic.initiative[0]) if logic else {}


def _who(survey: Survey, passage: str, layout: Layout) -> set[tuple[str, str]]:
    """Respondents of a passage, once in each context."""
    context = survey.passages[passage].contexts.get(layout.context or "") or ""
    return {(context, survey.respondent(row)) for row in survey.passages[passage].answers}


def _cells(
    item: Item, layout: Layout, merged: Mapping[str, str], *, likely: bool
) -> dict[Cell, float]:
    """Cells that a statement is in, or may be in by its codes and runners-up, and how likely."""
    rows = _codes(item.proposals[layout.rows], likely=likely)
    columns = {_ALL: 1.0}
    if layout.columns:
        columns = _codes(item.proposals[layout.columns], likely=likely)
    out: dict[Cell, float] = {}
    for row, p in rows.items():
        for column, q in columns.items():
            cell = row, merged.get(column, column)
            out[cell] = out.get(cell, 0.0) + p * q
    return out


def _codes(proposal: Proposal, *, likely: bool) -> dict[str, float]:
    code, prob, second, second_prob = proposal
    given = code if isinstance(code, list) else [code] if code else []
    out = dict.fromkeys(given, 1.0 if prob is None else float(prob))
    if likely and second and second not in out:
        out[second] = float(second_prob or 0.0)
    return out
