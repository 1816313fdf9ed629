"""Check the marked personal data: spans, parts, and that the invented cases are nobody's.

    python corpora/personal_check.py

Prints one line a complaint and exits with 1 if there is any.
"""

from __future__ import annotations

import collections
import re
import sys
from collections.abc import Iterator

import check
from measure import Row, load
from personal_markup import KINDS

ANSWERS = ("answers-2020", "answers-2021", "answers-2022", "other-themes")
CASES = 240
LATER = 130
WITH_SPANS = (0.5, 0.7)  # the others hold what only looks like personal data
# Every kind's look, loosely: enough to catch a span that was put in the wrong place.
SHAPES = {
    "personnummer": r"(\d{2})?\d{6} ?[-+ ]? ?[\dXA]{4}",
    "telefon": r"[+(]*\d[\d ()/.-]+\d",
    "e-post": r"[\w.+-]+ ?(@|\(at\)|\[?snabel-a\]?) ?[\w.-]+\.\w+",
    "adress": r"[\w. ]+ \d+( \w)?",
    "namn": r"[^\d@]+",
}
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Numbers that Post- och telestyrelsen keeps free for use in fiction.
FICTION = re.compile(
    r"(0?701740(60[5-9]|6[1-9]\d)|(0?31)?39006\d\d|(0?40)?62804\d\d|0?8?465004\d\d|0?9803192\d\d)"
)
# No subscriber's number begins with a nought: an area code and two noughts lead nowhere.
NOWHERE = re.compile(r"0(?!10|20|900|7)[1-9]\d{1,2}-00[\d ]{4,}")
RESERVED = re.compile(r"(\bexample\.se|\.example|\.invalid)$")
# The well-known number that belongs to nobody.
TOLVAN = "191212121212"
# Nobody who was born before 1900 is alive.
BYGONE = re.compile(r"18\d{10}|\d{6}\+\d{4}")


def check_spans(rows: list[Row], key: str, texts: dict[str, str]) -> Iterator[str]:
    """Spans are in order, whole, of a known kind and of that kind's look."""
    for row in rows:
        name, position = row[key], 0
        text = texts[name]
        for span in row["spans"]:
            where = f"{name} at {span['start']}"
            marked = text[span["start"] : span["end"]]
            if not position <= span["start"] < span["end"] <= len(text):
                yield f"{where}: out of order or outside the text"
            elif span["kind"] not in KINDS:
                yield f"{where}: kind {span['kind']}"
            elif not re.fullmatch(SHAPES[span["kind"]], marked) or marked != marked.strip():
                yield f"{where}: '{marked}' does not look like {span['kind']}"
            position = span["end"]
        for match in MAIL.finditer(text):
            if not any(s["start"] <= match.start() < s["end"] for s in row["spans"]):
                yield f"{name}: {match.group()} is not marked"


def check_answers(gold: list[Row], answers: list[Row]) -> Iterator[str]:
    """The spans belong to answers of the corpora, and what is flagged there holds some."""
    by_id = {a["answer_id"]: a for a in answers}
    spans: dict[str, list[Row]] = {}
    for row in gold:
        name = row["answer_id"]
        if name in spans or not row["spans"]:
            yield f"{name}: listed twice, or without spans"
        if name not in by_id or by_id[name]["part"] != row["part"]:
            yield f"{name}: no such answer in part {row['part']}"
        spans[name] = row["spans"]
    listed = [row for row in gold if row["answer_id"] in by_id]
    empty = [{"answer_id": name, "spans": []} for name in by_id if name not in spans]
    texts = {name: a["text"] for name, a in by_id.items()}
    yield from check_spans([*listed, *empty], "answer_id", texts)
    for answer in answers:
        for s in answer["statements"]:
            inside = (p for p in spans.get(answer["answer_id"], []))
            if "personuppgift" in s["flags"] and not any(
                s["start"] <= p["start"] < s["end"] for p in inside
            ):
                yield f"{answer['answer_id']} at {s['start']}: flagged, and no span is marked"


def check_cases(cases: list[Row]) -> Iterator[str]:
    """The cases are enough, half of them for testing, and no voice stands on both sides."""
    yield from check_spans(cases, "case_id", {c["case_id"]: c["text"] for c in cases})
    if len(cases) < CASES:
        yield f"cases: {len(cases)}, {CASES} wanted"
    for part in ("train", "test"):
        held = [c for c in cases if c["part"] == part]
        if not 0.45 <= len(held) / max(1, len(cases)) <= 0.55:
            yield f"cases: {len(held)} of {len(cases)} are {part}"
        yield from check_mix(held, part)
    for key in ("hand", "text", "case_id"):
        parts = collections.defaultdict(list)
        for c in cases:
            parts[c[key]].append(c["part"])
        for value, where in parts.items():
            if len(set(where)) > 1 or (key != "hand" and len(where) > 1):
                yield f"cases: {key} '{value}' stands in more than one place"


def check_mix(cases: list[Row], name: str) -> Iterator[str]:
    """Somewhat more than half of the cases hold personal data, and some of every kind."""
    share = sum(bool(c["spans"]) for c in cases) / max(1, len(cases))
    if not WITH_SPANS[0] <= share <= WITH_SPANS[1]:
        yield f"cases: {share:.0%} of {name} hold personal data"
    kinds = {s["kind"] for c in cases for s in c["spans"]}
    yield from (f"cases: {name} has no {kind}" for kind in KINDS if kind not in kinds)


def check_later(later: list[Row], cases: list[Row]) -> Iterator[str]:
    """The later cases are enough, all for testing, and in voices of their own."""
    yield from check_spans(later, "case_id", {c["case_id"]: c["text"] for c in later})
    yield from check_mix(later, "later")
    if len(later) < LATER:
        yield f"later cases: {len(later)}, {LATER} wanted"
    yield from (f"{c['case_id']}: not for testing" for c in later if c["part"] != "test")
    for key in ("hand", "text", "case_id"):
        values = [c[key] for c in later]
        known = {c[key] for c in cases}
        if known.intersection(values) or (key != "hand" and len(set(values)) < len(values)):
            yield f"later cases: a {key} stands in more than one place"


def check_nobody(cases: list[Row]) -> Iterator[str]:
    """No invented number or address reaches, or could be, a living person."""
    for c in cases:
        for span in c["spans"]:
            marked = c["text"][span["start"] : span["end"]]
            complaint = f"{c['case_id']}: {marked} could be somebody's"
            if span["kind"] == "telefon":
                digits = re.sub(r"^(\+|00)46(\(0\))?", "", re.sub(r"[ /.-]", "", marked))
                fiction = FICTION.fullmatch(re.sub(r"[()]", "", digits))
                if not fiction and not NOWHERE.fullmatch(marked):
                    yield complaint
            elif span["kind"] == "e-post" and not RESERVED.search(marked):
                yield complaint
            elif span["kind"] == "personnummer":
                digits = re.sub(r"[ -]", "", marked)
                plain = digits.replace("+", "")
                harmless = digits == TOLVAN or BYGONE.fullmatch(digits) or not plain.isdigit()
                if not harmless and check.is_personnummer(plain[:-4], plain[-4:]):
                    yield complaint


def complaints() -> list[str]:
    """Everything that is wrong with the marked personal data."""
    answers = [a for name in ANSWERS for a in load(f"{name}.jsonl")]
    cases, later = load("personal-cases.jsonl"), load("personal-cases-2.jsonl")
    return [
        *check_answers(load("personal.jsonl"), answers),
        *check_cases(cases),
        *check_later(later, cases),
        *check_nobody([*cases, *later]),
    ]


if __name__ == "__main__":
    wrong = complaints()
    print("\n".join(wrong) or "The marked personal data are as they should be.")
    sys.exit(1 if wrong else 0)
