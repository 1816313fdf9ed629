"""The hand-coded corpus: every answer keeps the manual's rules."""

import collections
import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from textmine.codebook import Codebook

ROOT = Path(__file__).parents[2]
REPORT = ROOT.parent / "shared" / "report-statements" / "statements.jsonl"
ANSWERS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "corpora" / "answers-2020.jsonl").read_text(encoding="utf-8").splitlines()
]
BOOK = Codebook.load("psykisk-halsa-2020")
PERSONNUMMER = re.compile(r"(?<!\d)((?:18|19|20)?\d{6})\s?[-+–]?\s?(\d{4})(?!\d)")
WORD = re.compile(r"\w+")


def statements() -> list[tuple[str, str, dict[str, Any]]]:
    return [(a["answer_id"], a["area"], s) for a in ANSWERS for s in a["statements"]]


def test_offsets_are_exact_ordered_and_disjoint() -> None:
    for answer in ANSWERS:
        position = 0
        assert answer["statements"], answer["answer_id"]
        for s in answer["statements"]:
            assert position <= s["start"] < s["end"] <= len(answer["text"]), answer["answer_id"]
            assert answer["text"][s["start"] : s["end"]] == s["text"], answer["answer_id"]
            assert s["text"] == s["text"].strip(), answer["answer_id"]
            position = s["end"]


def test_answers_are_complete() -> None:
    keys = {
        *("answer_id", "part", "respondent", "actor", "area", "question", "year", "text"),
        *("hand", "statements"),
    }
    for answer in ANSWERS:
        assert set(answer) == keys
        assert answer["actor"] in {"region", "kommun", "lan"}
        assert answer["part"] in {"train", "test"}
        assert answer["respondent"]
        assert answer["question"]
    ids = [a["answer_id"] for a in ANSWERS]
    assert len(set(ids)) == len(ids)


def test_codes_are_allowed_by_the_codebook() -> None:
    category = BOOK.dimensions["category"]
    roles, flags = BOOK.dimensions["role"].codes, BOOK.dimensions["flags"].codes
    for answer_id, area, s in statements():
        assert set(s) == {
            *("start", "end", "text", "category", "role", "role_alt", "level", "flags")
        }
        assert area in BOOK.columns["area"], answer_id
        assert s["role"] in roles, answer_id
        assert s["role_alt"] is None or s["role_alt"] in roles, answer_id
        assert s["role_alt"] != s["role"], answer_id
        assert s["category"] is None or s["category"] in category.allowed(area), answer_id
        assert set(s["flags"]) <= set(flags), answer_id
        assert s["flags"] == sorted(set(s["flags"])), answer_id


def test_level_stands_exactly_with_effekt() -> None:
    for answer_id, _, s in statements():
        assert (s["level"] is not None) == (s["role"] == "effekt"), answer_id
        assert s["level"] is None or s["level"] in BOOK.dimensions["level"].codes, answer_id


def test_category_is_missing_exactly_with_ovrigt() -> None:
    for answer_id, _, s in statements():
        assert (s["category"] is None) == (s["role"] == "ovrigt"), answer_id


def test_every_code_occurs_in_both_parts() -> None:
    for part in ("train", "test"):
        found = {
            (a["area"], s["category"])
            for a in ANSWERS
            for s in a["statements"]
            if a["part"] == part and s["category"]
        }
        allowed = {
            (area, code)
            for area in BOOK.columns["area"]
            for code in BOOK.dimensions["category"].allowed(area)
        }
        assert found == allowed, part


def test_no_text_occurs_twice() -> None:
    counts = collections.Counter(" ".join(a["text"].casefold().split()) for a in ANSWERS)
    # Short answers such as "Inget att redovisa." recur in any survey.
    assert [text for text, n in counts.items() if n > 1 and len(text.split()) > 4] == []


def test_no_hand_is_on_both_sides() -> None:
    sides = {part: {a["hand"] for a in ANSWERS if a["part"] == part} for part in ("train", "test")}
    assert sides["train"] & sides["test"] == set()
    assert sides["train"]
    assert sides["test"]


def is_personnummer(birth: str, serial: str) -> bool:
    """Whether digits could be somebody's number: a date that exists, and the right check digit."""
    try:
        datetime.date(2000 + int(birth[-6:-4]) % 100, int(birth[-4:-2]), int(birth[-2:]) % 60 or 60)
    except ValueError:
        return False
    digits = [int(d) * (2 - i % 2) for i, d in enumerate(birth[-6:] + serial)]
    return sum(d // 10 + d % 10 for d in digits) % 10 == 0


def test_personnummer_check_knows_the_rule() -> None:
    # Skatteverket's own published example, and two that cannot exist.
    assert is_personnummer("640823", "3234")
    assert is_personnummer("19640823", "3234")
    assert not is_personnummer("640823", "3235")
    assert not is_personnummer("641323", "3234")


def test_no_valid_personnummer() -> None:
    found = [
        (a["answer_id"], match.group())
        for a in ANSWERS
        for match in PERSONNUMMER.finditer(a["text"])
        if is_personnummer(match.group(1), match.group(2))
    ]
    assert found == []


def runs(text: str, n: int = 8) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in WORD.findall(text)]
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


@pytest.mark.skipif(not REPORT.is_file(), reason="the report's statements are not here")
def test_nothing_is_copied_from_the_report() -> None:
    published = set().union(
        *(
            runs(json.loads(line)["text"])
            for line in REPORT.read_text(encoding="utf-8").splitlines()
        )
    )
    assert published
    copied = {a["answer_id"]: shared for a in ANSWERS if (shared := runs(a["text"]) & published)}
    assert copied == {}
