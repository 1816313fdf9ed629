"""What columns are called in Swedish, and how wide they are."""

from collections.abc import Iterable, Sequence

from textmine.codebook import Codebook, folded
from textmine.tables import COMMENT, NOVELTY, REASON, REVIEW, SOURCE

TITLES = {
    "statement_id": "Utsagans id",
    "answer_id": "Svarets id",
    "respondent": "Respondent",
    "actor": "Aktör",
    "area": "Område",
    "question": "Fråga",
    "year": "År",
    "respondent_code": "SCB-kod",
    "respondent_written": "Respondent som skrivet",
    "text": "Utsaga",
    "answer_text": "Hela svaret",
    "start": "Början",
    "end": "Slut",
    REVIEW: "Granska",
    REASON: "Skäl",
    NOVELTY: "Ovanlighet",
}
# Titles by which a workbook is read back, beside those of the codes: no other column has them.
DONE_TITLE, COMMENT_TITLE = "Klar", "Kommentar"
READ_BACK = (TITLES["statement_id"], TITLES["text"], DONE_TITLE, COMMENT_TITLE)
_WIDTHS = {
    "statement_id": 15,
    "answer_id": 13,
    "respondent": 24,
    "area": 22,
    "question": 26,
    "text": 60,
    "answer_text": 40,
    REASON: 44,
}
ACTORS = {"region": "Region", "kommun": "Kommun", "lan": "Län"}
SOURCES = {"machine": "Maskin", "human": "Människa", "agreed": "Bekräftad"}


def column_title(key: str) -> str:
    """What a column is called; a column of the user's own keeps its name."""
    return TITLES.get(key, key)


def column_width(key: str) -> int:
    """Width of a column in characters."""
    return _WIDTHS.get(key, 11)


def is_reviewed(columns: Iterable[str]) -> bool:
    """Tell whether a table of statements has been through a review."""
    return {SOURCE, COMMENT} <= set(columns)


def code_titles(codebook: Codebook) -> dict[str, str]:
    """What the columns of codes are called: each dimension's name, or a name with a number."""
    names = [dimension.name for dimension in codebook.dimensions.values()]
    return dict(zip(codebook.dimensions, distinct(names, READ_BACK), strict=True))


def distinct(titles: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Number titles that stand more than once or are taken: `Klar` becomes `Klar 2`."""
    seen, out = {folded(title) for title in taken}, []
    for title in titles:
        candidate, number = title, 1
        while folded(candidate) in seen:
            number += 1
            candidate = f"{title} {number}"
        seen.add(folded(candidate))
        out.append(candidate)
    return out
