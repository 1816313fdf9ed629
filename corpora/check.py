"""Check the corpora: format, codes, sizes, variety, parts, and that nothing is copied.

    python corpora/check.py

Prints one line a complaint and exits with 1 if there is any; takes about half a minute.
"""

from __future__ import annotations

import collections
import datetime
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import measure
import notes as notes_format
from measure import Row, load, runs, statements_of, words

from textmine.codebook import Codebook

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "shared" / "report-statements"
BOOK = Codebook.load("psykisk-halsa-2020")
PERSONNUMMER = re.compile(r"(?<!\d)((?:18|19|20)?\d{6})\s?[-+–]?\s?(\d{4})(?!\d)")
# What officials say about goals; the card defends them.
DEFENDED = {"målet", "är att"}
# Rounds may differ in distinct 3-grams by as many in 1,000 as one round's samples do.
NOISE_3GRAMS = 1.0
# Answers and notes that recur in any survey ("Inget att redovisa för 2020.").
RECURRING_WORDS = 8
SIZES = {"answers-2020": 2000, "answers-2021": 150, "answers-2022": 150}
THEMES = "other-themes"  # tells what lies outside; coded once, for testing only
STATEMENTS_2020, AREA, CATEGORY, ROLE = 8000, 200, 100, 40
EMPATHY = 500  # notes coded for the empathy map alone
NOTES = {"behov-2020": 700, "other": 300, "empathy": 150}
DOUBLE = 0.2


def check_format(name: str, answers: list[Row]) -> Iterator[str]:
    """Keys are those of the interface, offsets exact and in order."""
    keys = "answer_id part respondent actor area question year text hand statements".split()
    for answer in answers:
        where = f"{name} {answer['answer_id']}"
        if sorted(answer) != sorted(keys):
            yield f"{where}: keys {sorted(answer)}"
        if answer["area"] not in BOOK.columns["area"] or answer["part"] not in ("train", "test"):
            yield f"{where}: area {answer['area']}, part {answer['part']}"
        if not answer["statements"]:
            yield f"{where}: no statement"
        position = 0
        for s in answer["statements"]:
            at = f"{where} at {s['start']}"
            if not position <= s["start"] < s["end"]:
                yield f"{at}: out of order"
            position = s["end"]
            if answer["text"][s["start"] : s["end"]] != s["text"] or s["text"].strip() != s["text"]:
                yield f"{at}: the offsets do not give the statement's text"
            for complaint in wrong_codes(s, answer["area"]):
                yield f"{at}: {complaint}"


def wrong_codes(s: Row, area: str) -> Iterator[str]:
    """Say which of a statement's codes the codebook does not allow."""
    codes = "start end text category role role_alt level flags novel".split()
    if sorted(s) != sorted(codes):
        yield f"keys {sorted(s)}"
    if s["role"] not in BOOK.dimensions["role"].codes or s["role_alt"] == s["role"]:
        yield f"role {s['role']}, alt {s['role_alt']}"
    if (s["level"] is not None) != (s["role"] == "effekt"):
        yield f"level {s['level']} with role {s['role']}"
    if (s["category"] is None) != (s["role"] == "ovrigt"):
        yield f"category {s['category']} with role {s['role']}"
    if s["category"] and s["category"] not in BOOK.dimensions["category"].allowed(area):
        yield f"category {s['category']} in {area}"
    if s["flags"] != sorted(set(s["flags"]) & set(BOOK.dimensions["flags"].codes)):
        yield f"flags {s['flags']}"


def check_sizes(files: dict[str, list[Row]]) -> Iterator[str]:
    """There is enough of everything."""
    for name, least in SIZES.items():
        if len(files[name]) < least:
            yield f"{name}: {len(files[name])} answers, {least} wanted"
    for name in ("answers-2021", "answers-2022"):
        if not any(s["novel"] for _, s in statements_of(files[name])):
            yield f"{name}: no statement is novel"
    answers = files["answers-2020"]
    cells = measure.cells(answers)
    if cells.total() < STATEMENTS_2020:
        yield f"answers-2020: {cells.total()} statements, {STATEMENTS_2020} wanted"
    sizes: collections.Counter[tuple[str, str | None]] = collections.Counter()
    for (area, category, role), n in cells.items():
        sizes[area, category] += n
        sizes[area, f"role {role}"] += n
    wanted: dict[tuple[str, str | None], int] = {}
    for area in BOOK.columns["area"]:
        sizes[area, None] = sum(a["area"] == area for a in answers)
        wanted[area, None] = AREA
        wanted |= {(area, c): CATEGORY for c in BOOK.dimensions["category"].allowed(area)}
        wanted |= {(area, f"role {role}"): ROLE for role in BOOK.dimensions["role"].codes}
    for (area, what), least in wanted.items():
        if sizes[area, what] < least:
            yield f"answers-2020: {area}, {what or 'answers'}: {sizes[area, what]}, {least} wanted"


def check_parts(files: dict[str, list[Row]], notes: list[Row]) -> Iterator[str]:
    """No voice and no text stands both in the training and in the test part."""
    for name, rows in [*files.items(), ("notes", notes)]:
        sides = {p: {r["hand"] for r in rows if r["part"] == p} for p in ("train", "test")}
        for hand in sides["train"] & sides["test"]:
            yield f"{name}: '{hand}' is in both parts"
        share = sum(r["part"] == "test" for r in rows) / max(1, len(rows))
        if rows and not 0.12 <= share <= 0.3:
            yield f"{name}: {share:.0%} is test"
    everything = [a for rows in files.values() for a in rows]
    seen: dict[str, set[str]] = collections.defaultdict(set)
    for answer, s in statements_of(everything):
        if len(words(s["text"])) >= RECURRING_WORDS:
            seen[" ".join(words(s["text"]))].add(answer["part"])
    for text, parts in seen.items():
        if len(parts) > 1:
            yield f"statement in both parts: '{text}'"


def check_rounds(answers: list[Row]) -> Iterator[str]:
    """No round is more alike within itself than the first."""
    texts: dict[int, list[str]] = collections.defaultdict(list)
    for answer in answers:
        texts[measure.round_of(answer)].append(answer["text"])
    first, *others = ((n, measure.variety(texts[n])) for n in sorted(texts))
    for number, figures in others:
        if (
            figures["nearest"] > first[1]["nearest"]
            or figures["openings"] > first[1]["openings"]
            or figures["distinct_3grams"] < first[1]["distinct_3grams"] - NOISE_3GRAMS
        ):
            yield f"answers-2020: round {number} is more alike than the first: write it again"


def check_variety(files: dict[str, list[Row]], notes: list[Row]) -> Iterator[str]:
    """No near duplicates, and no words that alone give a role away."""
    everything = [a for rows in files.values() for a in rows]
    for rows, key in ((everything, "answer_id"), (notes, "note_id")):
        if not rows:
            continue
        for i, j in measure.near_duplicates([row["text"] for row in rows]):
            if max(len(words(rows[k]["text"])) for k in (i, j)) >= RECURRING_WORDS:
                yield f"all but the same: {rows[i][key]} and {rows[j][key]}"
    for sequence, role, precision, recall in measure.giveaways(files["answers-2020"]):
        if sequence not in DEFENDED:
            yield f"'{sequence}' gives {role} away (precision {precision:.2f}, recall {recall:.2f})"


def check_copied(files: dict[str, list[Row]], notes: list[Row]) -> Iterator[str]:
    """Share no six words in a row with the report's statements, where these are at hand."""
    published: set[tuple[str, ...]] = set()
    for path in sorted(REPORT.glob("*.jsonl")):
        for row in load(str(path)):
            published |= runs(row["text"], 6)
    rows = [(a["answer_id"], a["text"]) for several in files.values() for a in several]
    for name, text in rows + [(n["note_id"], n["text"]) for n in notes]:
        if shared := runs(text, 6) & published:
            yield f"{name}: shares '{' '.join(sorted(shared)[0])}' with the report"


def is_personnummer(birth: str, serial: str) -> bool:
    """Whether digits could be somebody's number: a date that exists, and the right check digit."""
    try:
        datetime.date(2000 + int(birth[-6:-4]) % 100, int(birth[-4:-2]), int(birth[-2:]) % 60 or 60)
    except ValueError:
        return False
    digits = [int(d) * (2 - i % 2) for i, d in enumerate(birth[-6:] + serial)]
    return sum(d // 10 + d % 10 for d in digits) % 10 == 0


def check_persons(files: dict[str, list[Row]], notes: list[Row]) -> Iterator[str]:
    """No personal identity number is a valid one."""
    rows = [(a["answer_id"], a["text"]) for several in files.values() for a in several]
    for name, text in rows + [(n["note_id"], n["text"]) for n in notes]:
        for match in PERSONNUMMER.finditer(text):
            if is_personnummer(match.group(1), match.group(2)):
                yield f"{name}: {match.group()} could be somebody's number"


def check_notes(notes: list[Row]) -> Iterator[str]:
    """Notes have legal groups and lengths, and seldom their group's own key word."""
    known = notes_format.inquiries()
    counts = collections.Counter(n["inquiry"] for n in notes)
    sizes = {
        "behov-2020": counts["behov-2020"],
        "other": counts.total() - counts["behov-2020"],
        "empathy": sum(n["empathy"] is not None for n in notes),
    }
    for name, least in NOTES.items():
        if sizes[name] < least:
            yield f"notes: {name} has {sizes[name]}, {least} wanted"
    for n in notes:
        if n["group"] not in known[n["inquiry"]]["groups"]:
            yield f"{n['note_id']}: group {n['group']}"
        if len(n["text"].split()) not in notes_format.WORDS:
            yield f"{n['note_id']}: {len(n['text'].split())} words"
    for (inquiry, group), share in notes_format.keyword_shares(notes).items():
        if share > 1 / 3:
            yield f"notes: {share:.0%} of {inquiry}/{group} hold its own key word"


def check_empathy(notes: list[Row]) -> Iterator[str]:
    """Notes for the empathy map have legal codes, and no voice on both sides."""
    book = Codebook.load("empatikarta")
    if len(notes) < EMPATHY:
        yield f"empathy: {len(notes)} notes, {EMPATHY} wanted"
    for n in notes:
        for dimension, codes in book.dimensions.items():
            if n[dimension] not in codes.codes:
                yield f"{n['note_id']}: {dimension} {n[dimension]}"
    for text, number in collections.Counter(n["text"].casefold() for n in notes).items():
        if number > 1:
            yield f"empathy: {number} times '{text}'"
    parts = collections.defaultdict(set)
    for n in notes:
        parts[n["hand"]].add(n["part"])
    yield from (f"empathy: {hand} stands in both parts" for hand in parts if len(parts[hand]) > 1)


def check_double(files: dict[str, list[Row]], notes: list[Row]) -> Iterator[str]:
    """A fifth is coded twice, and what was settled is what the corpora hold."""
    second = {row["answer_id"] for row in load("second/answers.jsonl")}
    for name, rows in files.items():
        share = len(second & {a["answer_id"] for a in rows}) / max(1, len(rows))
        if share < DOUBLE - 0.005:
            yield f"{name}: {share:.0%} coded twice, {DOUBLE:.0%} wanted"
    share = len(load("second/notes.jsonl")) / max(1, len(notes))
    if share < DOUBLE - 0.005:
        yield f"notes: {share:.0%} sorted twice, {DOUBLE:.0%} wanted"
    held: dict[tuple[str, Any], Row] = {
        (a["answer_id"], s["start"]): s for rows in files.values() for a, s in statements_of(rows)
    }
    held |= {(n["note_id"], None): n for n in notes}
    for d in load("second/disagreements.jsonl"):
        now = held.get((d["id"], d.get("start")))
        if now is None or now[d["dimension"]] != d["settled"]:
            yield f"{d['id']} at {d.get('start')}: {d['dimension']} is not what was settled"


def complaints() -> list[str]:
    """Everything that is wrong with the corpora."""
    files = {name: load(f"{name}.jsonl") for name in SIZES}
    notes = load("notes.jsonl")
    read = {**files, THEMES: load(f"{THEMES}.jsonl")}
    found: list[str] = []
    for name, rows in read.items():
        found += check_format(name, rows)
    ids = collections.Counter(a["answer_id"] for rows in read.values() for a in rows)
    found += [f"{answer_id} occurs {n} times" for answer_id, n in ids.items() if n > 1]
    found += check_sizes(files)
    found += check_parts(files, notes)
    found += check_rounds(files["answers-2020"])
    found += check_variety(read, notes)
    found += check_copied(read, notes)
    found += check_persons(read, [*notes, *load("empathy.jsonl")])
    found += check_notes(notes)
    found += check_empathy(load("empathy.jsonl"))
    found += check_double(files, notes)
    return found


if __name__ == "__main__":
    wrong = complaints()
    print("\n".join(wrong) or "The corpora are as they should be.")
    sys.exit(1 if wrong else 0)
