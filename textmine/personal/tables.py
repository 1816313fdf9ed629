"""Masking the columns of a table: answers, and what a survey carries along with them."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import pandas as pd

from textmine.personal.find import find_personal
from textmine.personal.kinds import ADDRESS, EMAIL, IDENTITY_NUMBER, KINDS, NAME, PHONE, Personal
from textmine.personal.mask import mask
from textmine.read.respondents import find_place
from textmine.tables import ANSWER_COLUMNS, RESPONDENT_CODE

# Columns that the toolkit knows, and that hold what a survey asks, not what people say.
_KEPT = {*ANSWER_COLUMNS, RESPONDENT_CODE, "statement_id"} - {"text"}
# Columns whose very name says that they hold persons or the ways to reach them.
_TELLING = {
    IDENTITY_NUMBER: r"(?:person|samordnings)(?:nummer|nr)|pnr|p\.?nr",
    PHONE: r"(?:mobil|direkt)?(?:tele?fon|tel|tfn)(?:\.|nr|nummer)?|mobil(?:nr|nummer)?|phone",
    EMAIL: r"(?:e-?)?(?:post|mail|mejl)(?:adress)?|email",
    ADDRESS: r"(?:gatu|post|besöks|hem)?adress",
    NAME: r"(?:för|efter|person)?namn|för- (?:och|&) efternamn|ditt namn|name"
    r"|namn på .*(?:lämnare|person|handläggare|svarande|ansvarig|fyllt).*"
    r"|(?:uppgifts|svars)lämnare|(?:kontakt|referens)(?:person(?:er)?|uppgift(?:er)?)?"
    r"|handläggare|ifylld av|besvarad av|underskrift|svarande",
}

_Counts = Counter[str]


def mask_table(table: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Mask personal data in some columns of a table.

    Returns
    -------
    DataFrame, dict
        A copy of the table, and how many finds of each kind its cells held. Identical texts are
        searched once; what is no text is left as it is.
    """
    masked, counts = table.copy(), Counter[str]()
    for column in columns:
        masked[column] = _mask_column(table[column], find_personal, counts)
    return masked, _by_kind(counts)


def mask_answers(
    answers: pd.DataFrame, context_columns: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Mask personal data in all of an answers table.

    `text` and the columns that a survey carries along are searched; a column whose name says that
    it holds persons ('Kontaktperson', 'E-post') is masked whole. Respondents who are persons
    become 'Respondent 1', 'Respondent 2' …, so that they can still be counted. Ids, the columns
    that the toolkit knows, and those that the codebook depends on are kept.

    Parameters
    ----------
    answers
        An answers table.
    context_columns
        Columns that the codebook depends on.

    Returns
    -------
    DataFrame, dict
        A masked copy, and how many finds of each kind its cells held.
    """
    masked, counts = answers.copy(), Counter[str]()
    kept = {*_KEPT, *context_columns}
    for column in answers.columns:
        if column in kept:
            continue
        kind = _told_by(str(column))
        if kind is not None:
            texts = answers[column].astype("string")
            masked[column] = _mask_column(texts, _whole(kind), counts)
        elif _holds_text(answers[column]):
            masked[column] = _mask_column(answers[column], find_personal, counts)
    if "respondent" in answers.columns and "respondent" not in context_columns:
        masked["respondent"] = _number_persons(answers, counts)
    return masked, _by_kind(counts)


def _by_kind(counts: _Counts) -> dict[str, int]:
    return {kind: counts[kind] for kind in KINDS}


def _told_by(column: str) -> str | None:
    """Give the kind of personal data that a column's name promises."""
    name = re.sub(r"[\s_:?*]+", " ", column).strip().casefold()
    return next((kind for kind, words in _TELLING.items() if re.fullmatch(words, name)), None)


def _holds_text(column: pd.Series) -> bool:
    return not (
        pd.api.types.is_numeric_dtype(column)
        or pd.api.types.is_bool_dtype(column)
        or pd.api.types.is_datetime64_any_dtype(column)
    )


def _whole(kind: str) -> Callable[[str], list[Personal]]:
    """Make a finder that takes all of a cell, line by line."""
    return lambda text: [
        Personal(match.start(), match.end(), kind) for match in re.finditer(r"\S(?:.*\S)?", text)
    ]


def _mask_column(
    column: pd.Series, find: Callable[[str], list[Personal]], counts: _Counts
) -> pd.Series:
    masks: dict[Hashable, Any] = {}
    times = Counter(value for value in column if isinstance(value, str))
    for text, number in times.items():
        found = find(text)
        if found:
            masks[text] = mask(text, found)
            for one in found:
                counts[one.kind] += number
    if not masks:
        return column
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    return column.map(
        lambda value: masks.get(value, value) if isinstance(value, str) else value
    ).astype(column.dtype)


def _number_persons(answers: pd.DataFrame, counts: _Counts) -> pd.Series:
    """Put 'Respondent 1' … for persons; regions and the like keep their names."""
    column = answers["respondent"]
    names = column.dropna().astype(str)
    if RESPONDENT_CODE in answers.columns:
        names = names[answers.loc[names.index, RESPONDENT_CODE].isna()]
    taken = set(column.dropna().astype(str))
    numbers = (f"Respondent {number}" for number in range(1, len(answers) * 2 + 2))
    aliases: dict[str, str] = {}
    for name, times in Counter(names).items():
        found = [] if find_place(name) else find_personal(name)
        if found:
            aliases[name] = next(alias for alias in numbers if alias not in taken)
            for one in found:
                counts[one.kind] += times
    if not aliases:
        return column
    return column.map(lambda name: aliases.get(str(name), name) if pd.notna(name) else name)
