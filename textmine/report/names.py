"""What columns are called in Swedish, and how wide they are."""

from textmine.tables import NOVELTY, REASON, REVIEW

_TITLES = {
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


def column_title(key: str) -> str:
    """What a column is called; a column of the user's own keeps its name."""
    return _TITLES.get(key, key)


def column_width(key: str) -> int:
    """Width of a column in characters."""
    return _WIDTHS.get(key, 11)
