"""Which column of a table is which: Swedish and English names, and the user's own mapping."""

import unicodedata
from collections.abc import Mapping, Sequence

import pandas as pd

from textmine.errors import TextmineError, did_you_mean
from textmine.tables import ANSWER_COLUMNS

ALIASES: dict[str, tuple[str, ...]] = {
    "answer_id": ("svarsid", "svars-id", "svar id", "löpnummer", "answerid", "answer id"),
    "respondent": (
        "respondent",
        "respondentnamn",
        "organisation",
        "organization",
        "uppgiftslämnare",
        "svarande",
        "kommun/region",
        "region/kommun",
        "huvudman",
    ),
    "actor": ("aktör", "aktor", "aktörstyp", "typ av aktör", "actor type", "organisationstyp"),
    "area": ("område", "omrade", "insatsområde", "delområde", "area of agreement"),
    "question": ("fråga", "fraga", "frågetext", "question text", "enkätfråga"),
    "year": ("år", "ar", "enkätår", "survey year"),
    "text": (
        "svar",
        "svarstext",
        "fritext",
        "fritextsvar",
        "svar (fritext)",
        "öppet svar",
        "kommentar",
        "utsaga",
        "yttrande",
        "anteckning",
        "lapp",
        "note",
        "answer",
        "response",
        "free text",
        "comment",
        "verbatim",
    ),
}


def tidy(name: object) -> str:
    r"""Fold case and blanks of a column name, so that ' Svar\n(fritext)' is 'svar (fritext)'."""
    # Files from a Mac may write å as a and a ring.
    composed = unicodedata.normalize("NFC", str(name))
    return " ".join(composed.casefold().split()).strip(" :*")


def recognise(names: Sequence[object], mapping: Mapping[str, str] | None = None) -> dict[str, int]:
    """Find the answer columns among header cells.

    Parameters
    ----------
    names
        The header, left to right.
    mapping
        The user's own choice, `{"text": "Beskriv insatsen"}`; it wins over aliases.

    Returns
    -------
    dict
        Position of each answer column that was found. An exact name wins over an alias, and the
        leftmost over the rest.
    """
    folded = [tidy(name) for name in names]
    found: dict[str, int] = {}
    for column in ANSWER_COLUMNS:
        chosen = (mapping or {}).get(column)
        wanted = (chosen,) if chosen else (column, *ALIASES[column])
        for name in wanted:
            if tidy(name) in folded and folded.index(tidy(name)) not in found.values():
                found[column] = folded.index(tidy(name))
                break
    return found


def rename(table: pd.DataFrame, mapping: Mapping[str, str] | None, source: str) -> pd.DataFrame:
    """Give the recognised columns their standard names; keep the others as they are.

    Raises
    ------
    TextmineError
        If a mapped column does not exist, or no column holds the text.
    """
    names = [str(name) for name in table.columns]
    for column, chosen in (mapping or {}).items():
        if column not in ANSWER_COLUMNS:
            raise TextmineError(
                f"--column {column}=…: no such column; {did_you_mean(column, ANSWER_COLUMNS)}."
            )
        if tidy(chosen) not in map(tidy, names):
            raise TextmineError(
                f"{source}: no column '{chosen}' (asked for by --column {column}=…); "
                f"{did_you_mean(chosen, names)}."
            )
    found = recognise(names, mapping)
    if "text" not in found:
        raise TextmineError(
            f"{source}: no column holds the answers. Name it 'text' or 'svar', or say which it is "
            f"with --column text=NAME. Columns found: {', '.join(names) or '(none)'}."
        )
    standard = {position: column for column, position in found.items()}
    # A column that happens to carry a standard name but was mapped away keeps its data.
    new = [
        standard.get(i, f"{name} (ursprunglig)" if name in found else name)
        for i, name in enumerate(names)
    ]
    return table.set_axis(_distinct(new), axis=1)


def _distinct(names: Sequence[str]) -> list[str]:
    """Tell repeated names apart by a number: `Kommentar`, `Kommentar 2`."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out
