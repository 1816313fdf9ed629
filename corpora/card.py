"""Write the corpora's data card, in English (`CARD.md`) and Swedish (`KORT.md`).

    python corpora/card.py

Every figure is measured here; the prose around them is in `card.en.md` and `card.sv.md`, where
`{name}` stands for a table or a number.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

import measure
import notes as notes_format
from measure import Row, load, statements_of

from textmine.coding.agreement import Figure, code_agreement

HERE = Path(__file__).parent
MODEL = HERE.parent / "models" / "psykisk-halsa"
LANGUAGES = {"en": "CARD.md", "sv": "KORT.md"}
WORDS = {
    "en": {
        "area": "area", "answers": "answers", "statements": "statements", "total": "total",
        "category": "category", "year": "year", "train": "train", "test": "test",
        "voices": "voices", "novel": "novel", "what": "what", "n": "n", "agree": "agreement",
        "kappa": "κ", "round": "round", "distinct": "distinct 3-grams per 1,000 words",
        "nearest": "nearest neighbour", "openings": "recurring openings", "words": "words",
        "inquiry": "inquiry", "notes": "notes", "groups": "groups", "empathy": "empathy map",
        "role": "role", "level": "level", "flags": "flags", "notes_group": "group of notes",
        "coder": "coder", "sequence": "words", "precision": "precision", "recall": "recall",
        "settled_first": "first coding kept", "settled_second": "second coding taken",
        "settled_other": "a third code", "dimension": "dimension", "differ": "disagreements",
    },
    "sv": {
        "area": "område", "answers": "svar", "statements": "utsagor", "total": "summa",
        "category": "kategori", "year": "år", "train": "träning", "test": "test",
        "voices": "röster", "novel": "nya teman", "what": "vad", "n": "antal",
        "agree": "samstämmighet", "kappa": "κ", "round": "omgång",
        "distinct": "olika treordsföljder per 1 000 ord", "nearest": "närmaste granne",
        "openings": "återkommande inledningar", "words": "ord", "inquiry": "undersökning",
        "notes": "anteckningar", "groups": "grupper", "empathy": "empatikarta", "role": "roll",
        "level": "nivå", "flags": "flaggor", "notes_group": "anteckningars grupp",
        "coder": "kodare", "sequence": "ord", "precision": "precision", "recall": "täckning",
        "settled_first": "första kodningen behölls", "settled_second": "andra kodningen togs",
        "settled_other": "en tredje kod", "dimension": "dimension", "differ": "olika kodade",
    },
}  # fmt: skip


class Numbers:
    """Numbers as each language prints them."""

    def __init__(self, language: str) -> None:
        self.decimal, self.group = (".", ",") if language == "en" else (",", "\N{NO-BREAK SPACE}")

    def whole(self, n: int) -> str:
        """An integer, thousands parted."""
        return f"{n:,}".replace(",", self.group)

    def part(self, x: float, digits: int = 2) -> str:
        """A number with decimals."""
        return f"{x:.{digits}f}".replace(".", self.decimal)

    def share(self, x: float, digits: int = 0) -> str:
        """A percentage."""
        return f"{100 * x:.{digits}f}".replace(".", self.decimal) + "\N{NO-BREAK SPACE}%"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [list(head), ["---"] + ["---:"] * (len(head) - 1), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def files_table(files: dict[str, list[Row]], w: dict[str, str], f: Numbers) -> str:
    """Answers, statements, voices and parts by year."""
    rows = []
    for name, answers in files.items():
        statements = [s for _, s in statements_of(answers)]
        parts = collections.Counter(a["part"] for a in answers)
        rows.append(
            [
                name,
                f.whole(len(answers)),
                f.whole(len(statements)),
                f.whole(len({a["hand"] for a in answers})),
                f.whole(parts["train"]),
                f.whole(parts["test"]),
                f.whole(sum(s["novel"] for s in statements)),
                *(f.share(v) for v in measure.lengths(answers).values()),
            ]
        )
    head = [w["year"], w["answers"], w["statements"], w["voices"], w["train"], w["test"]]
    head += [w["novel"], *(f"{size} {w['words']}" for size in measure.lengths(files[name]))]
    return table(head, rows)


def cells_table(answers: list[Row], w: dict[str, str], f: Numbers) -> str:
    """Statements by area, category and role."""
    cells = measure.cells(answers)
    roles = ["resurs", "aktivitet", "mal", "prestation", "effekt", "ovrigt"]
    rows = []
    for area, category in sorted({(a, c or "–") for a, c, _ in cells}):
        key = None if category == "–" else category
        counts = [cells[area, key, role] for role in roles]
        rows.append([f"{area} / {category}", *map(f.whole, counts), f.whole(sum(counts))])
    sums = [sum(n for (_, _, r), n in cells.items() if r == role) for role in roles]
    rows.append([w["total"], *map(f.whole, sums), f.whole(sum(sums))])
    return table([f"{w['area']} / {w['category']}", *roles, w["total"]], rows)


@cache
def _variety(number: int) -> tuple[int, dict[str, float]]:
    """Count the answers of a round, and measure how unlike each other they are."""
    answers = load("answers-2020.jsonl")
    texts = [a["text"] for a in answers if measure.round_of(a) == number]
    return len(texts), measure.variety(texts)


def variety_table(w: dict[str, str], f: Numbers) -> str:
    """How unlike each other the answers of each round are."""
    rows = []
    for number in measure.ROUNDS:
        n, figures = _variety(number)
        rows.append(
            [
                str(number),
                f.whole(n),
                f.part(figures["distinct_3grams"], 0),
                f.part(figures["nearest"]),
                f.share(figures["openings"], 1),
            ]
        )
    return table([w["round"], w["answers"], w["distinct"], w["nearest"], w["openings"]], rows)


@cache
def _giveaways() -> list[tuple[str, str, float, float]]:
    return measure.giveaways(load("answers-2020.jsonl"))


def giveaway_table(w: dict[str, str], f: Numbers) -> str:
    """Words that alone give a role away."""
    rows = [[f"”{s}”", role, f.share(p), f.share(r)] for s, role, p, r in _giveaways()]
    return table([w["sequence"], w["role"], w["precision"], w["recall"]], rows)


@cache
def _agreement(dimension: str) -> tuple[int, dict[str, Figure]]:
    """Count what was coded twice, and measure how far the two codings agree."""
    pairs = measure.paired_notes() if dimension == "notes_group" else measure.paired(dimension)
    return len(pairs[2]), code_agreement(*pairs)


def agreement_table(w: dict[str, str], f: Numbers) -> str:
    """Agreement of the two codings, with 95 % intervals."""
    rows = []
    for dimension in ("role", "category", "level", "flags", "notes_group"):
        n, figures = _agreement(dimension)
        share, kappa = figures["accuracy"], figures["kappa"]
        rows.append(
            [
                w[dimension],
                f.whole(n),
                f"{f.share(share.value, 1)} ({f.share(share.low, 1)}–{f.share(share.high, 1)})",
                f"{f.part(kappa.value)} ({f.part(kappa.low)}–{f.part(kappa.high)})",
            ]
        )
    return table([w["dimension"], w["n"], w["agree"], w["kappa"]], rows)


def settled_table(w: dict[str, str], f: Numbers) -> str:
    """What became of the disagreements."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for d in load("second/disagreements.jsonl"):
        if d.get("follows_role"):
            continue
        outcome = "first" if d["settled"] == d["first"] else "other"
        outcome = "second" if d["settled"] == d["second"] else outcome
        counts[d["dimension"]][outcome] += 1
    rows = [
        [
            w["notes_group" if dimension == "group" else dimension],
            f.whole(found.total()),
            *(f.whole(found[outcome]) for outcome in ("first", "second", "other")),
        ]
        for dimension, found in counts.items()
    ]
    head = [w["dimension"], w["differ"]]
    return table([*head, *(w[f"settled_{o}"] for o in ("first", "second", "other"))], rows)


def notes_table(notes: list[Row], w: dict[str, str], f: Numbers) -> str:
    """Notes by inquiry and group."""
    known = notes_format.inquiries()
    counts = collections.Counter((n["inquiry"], n["group"]) for n in notes)
    test = collections.Counter(n["inquiry"] for n in notes if n["part"] == "test")
    felt = collections.Counter(n["inquiry"] for n in notes if n["empathy"])
    rows = []
    for inquiry, about in known.items():
        sizes = [(about["groups"][g]["name"], counts[inquiry, g]) for g in about["groups"]]
        rows.append(
            [
                f"`{inquiry}`",
                f.whole(sum(n for _, n in sizes)),
                f.whole(test[inquiry]),
                f.whole(felt[inquiry]),
                ", ".join(f"{name} {f.whole(n)}" for name, n in sizes),
            ]
        )
    return table([w["inquiry"], w["notes"], w["test"], w["empathy"], w["groups"]], rows)


def curve_table(w: dict[str, str], f: Numbers) -> str:
    """What more training data brings, as `benchmarks/learning_curve.py` measured it."""
    curve = json.loads((HERE / "learning-curve.json").read_text(encoding="utf-8"))
    sizes = sorted({row["statements"] for row in curve["rows"]})
    rows = []
    for coder in dict.fromkeys(row["coder"] for row in curve["rows"]):
        for what in ("role", "category"):
            figures = {r["statements"]: r[what] for r in curve["rows"] if r["coder"] == coder}
            rows.append([f"{coder}: {w[what]}", *(f.share(figures[n], 1) for n in sizes)])
    return table([w["coder"], *(f"{f.whole(n)} {w['statements']}" for n in sizes)], rows)


def card(language: str) -> str:
    """Fill one language's prose with figures."""
    w, f = WORDS[language], Numbers(language)
    names = sorted(path.stem for path in HERE.glob("answers-*.jsonl"))
    files = {name: load(f"{name}.jsonl") for name in names}
    answers, notes = files["answers-2020"], load("notes.jsonl")
    split = measure.splitting_agreement()
    model = json.loads((MODEL / "model.json").read_text(encoding="utf-8"))
    shipped = model["provenance"]["test"]
    other, second = load("other-themes.jsonl"), load("second/answers.jsonl")
    makers: dict[str, Callable[[], str]] = {
        "files": lambda: files_table(files, w, f),
        "cells": lambda: cells_table(answers, w, f),
        "variety": lambda: variety_table(w, f),
        "giveaways": lambda: giveaway_table(w, f),
        "agreement": lambda: agreement_table(w, f),
        "settled": lambda: settled_table(w, f),
        "notes": lambda: notes_table(notes, w, f),
        "curve": lambda: curve_table(w, f),
        **{f"shipped_{k}": partial(f.share, v["accuracy"], 1) for k, v in shipped.items()},
        "second_answers": lambda: f.whole(len(second)),
        "other_answers": lambda: f.whole(len(other)),
        "other_statements": lambda: f.whole(len(list(statements_of(other)))),
        "other_novel": lambda: f.whole(sum(s["novel"] for _, s in statements_of(other))),
        "second_notes": lambda: f.whole(len(load("second/notes.jsonl"))),
        "split_answers": lambda: f.whole(int(split["answers"])),
        "split_exact": lambda: f.part(split["exact_f1"]),
        "split_boundary": lambda: f.part(split["boundary_f1"]),
    }
    text = (HERE / f"card.{language}.md").read_text(encoding="utf-8")
    for name, make in makers.items():
        if f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", make())
    return text


if __name__ == "__main__":
    for chosen, name in LANGUAGES.items():
        (HERE / name).write_text(card(chosen), encoding="utf-8")
