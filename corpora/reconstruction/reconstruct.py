"""The survey round of 2020, put together so that the hand codes give the published counts.

    python corpora/reconstruction/reconstruct.py --draw COUNTS.csv   draw anew: assignment.csv
    python corpora/reconstruction/reconstruct.py --out FOLDER        the survey and its hand codes
    … --unseen                                             of texts that no model has learnt from

`assignment.csv` says which of the corpus's answers each respondent gives; a text may recur between
respondents, as it does in joint initiatives of a county. COUNTS.csv is the table of published
counts (area, category, role, actor, count, exact, source); of several rows for a cell, the one
from the head of a table in the report counts. Drawing prints target and reached counts.

`assignment-unseen.csv` is made alike of the corpus's test part alone. That is too small to give the
published counts: respondents there report some things that nobody asked of them, and more texts
recur. Its own hand codes are what its counts are held against.

An actor counts for an initiative in a category with at least one activity or output there, and for
an effect with at least one effect.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textmine.files import staged_file
from textmine.read.respondents import places

HERE = Path(__file__).parent
ANSWERS = HERE.parent / "answers-2020.jsonl"
ASSIGNMENT = HERE / "assignment.csv"
UNSEEN = HERE / "assignment-unseen.csv"
INITIATIVE_ROLES = {"aktivitet", "prestation"}
MUNICIPALITIES = 285
ROLES = ("insats", "effekt")

Cell = tuple[str, str]  # role (insats or effekt), category
Counts = dict[tuple[str, str, str, str], int]  # area, actor, role, category
Row = dict[str, Any]


def load_answers() -> dict[str, Row]:
    """The corpus's answers of 2020 by id."""
    rows = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    return {row["answer_id"]: row for row in rows}


def cells_of(answer: Row) -> frozenset[Cell]:
    """What an answer counts for, by its hand codes."""
    found = set()
    for s in answer["statements"]:
        if s["role"] in INITIATIVE_ROLES:
            found.add(("insats", s["category"]))
        elif s["role"] == "effekt":
            found.add(("effekt", s["category"]))
    return frozenset(found)


def read_counts(path: Path) -> tuple[Counts, Counts]:
    """Read the published counts: those of categories, and those of whole areas."""
    by_category: Counts = {}
    by_area: Counts = {}
    heads: set[tuple[str, str, str, str]] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["role"] not in ROLES or row["area"] == "handlingsplaner":
                continue
            if not row["actor"] and row["count"] != "0":
                continue
            head = row["source"].startswith("Tabell")
            actors = [row["actor"]] if row["actor"] else ["region", "kommun"]
            for actor in actors:
                key = (row["area"], actor, row["role"], row["category"])
                if key in heads and not head:
                    continue
                if head:
                    heads.add(key)
                if not row["category"]:
                    if row["role"] == "insats":  # of effects, only details are told for an area
                        by_area[key] = int(row["count"])
                elif head or key not in by_category or row["exact"] == "yes":
                    by_category[key] = int(row["count"])
    return by_category, by_area


def wanted_cells(
    area: str, actor: str, respondents: list[str], counts: Counts, areas: Counts
) -> dict[str, set[Cell]]:
    """Say which cells each respondent is to fill, so that every cell has its count.

    Initiatives go round the respondents in turn, so that as many as can have one; effects go to
    respondents that have the initiative.
    """
    categories = [key[3] for key in counts if key[:2] == (area, actor)]
    among = respondents[: areas.get((area, actor, "insats", ""), len(respondents))]
    wanted: dict[str, set[Cell]] = {name: set() for name in respondents}
    place = 0
    for category in dict.fromkeys(categories):
        effects = counts.get((area, actor, "effekt", category), 0)
        initiatives = counts.get((area, actor, "insats", category), effects)
        chosen = [among[(place + i) % len(among)] for i in range(initiatives)]
        place += initiatives
        for name in chosen:
            wanted[name].add(("insats", category))
        for name in chosen[:effects]:
            wanted[name].add(("effekt", category))
    return wanted


def choose_answers(
    wanted: set[Cell],
    pool: dict[str, frozenset[Cell]],
    used: collections.Counter[str],
    liked: collections.Counter[str],
    rng: random.Random,
    *,
    exact: bool,
) -> list[str]:
    """Pick answers that together fill the wanted cells and no others.

    The respondent's own texts come first (`liked`), then those by the same kind of actor, as long
    as others have not been used much less. Unless it is to be `exact`, other cells may be filled
    too, if need be.
    """
    chosen: list[str] = []
    left = set(wanted)
    while left:
        fitting = [
            (
                -len(cells - wanted),
                len(cells & left) - used[name] + liked[name],
                rng.random(),
                name,
            )
            for name, cells in pool.items()
            if cells & left and (cells <= wanted or not exact)
        ]
        if not fitting:
            sys.exit(f"no answer of the corpus fills {sorted(left)} within {sorted(wanted)}")
        best = max(fitting)[-1]
        chosen.append(best)
        used[best] += 1
        left -= pool[best]
    return chosen


def draw(path: Path, *, unseen: bool = False, seed: int = 2020) -> None:
    """Draw an assignment, write it, and print target and reached counts side by side."""
    counts, areas = read_counts(path)
    answers = load_answers()
    rng = random.Random(seed)
    names: dict[str, list[str]] = collections.defaultdict(list)
    for place in places().values():
        names[place.actor].append(place.official)
    names["kommun"] = sorted(rng.sample(names["kommun"], MUNICIPALITIES))
    rows: list[tuple[str, str, str, str]] = []
    turn = collections.Counter[str]()
    for area, actor in dict.fromkeys((key[0], key[1]) for key in counts):
        respondents = names[actor][:]
        rng.shuffle(respondents)
        if actor == "kommun":  # where one area's initiatives end, the next area's begin
            respondents = sorted(respondents, key=lambda name: turn[name])
        pool = {
            name: cells
            for name, answer in answers.items()
            if answer["area"] == area
            and (answer["part"] == "test" or not unseen)
            and (cells := cells_of(answer))
        }
        used = collections.Counter[str]()
        for name, wanted in wanted_cells(area, actor, respondents, counts, areas).items():
            turn[name] += len(wanted)
            liked = collections.Counter[str](
                {
                    key: 3 * (answers[key]["actor"] == actor)
                    + 3 * (answers[key]["respondent"] == name)
                    for key in pool
                }
            )
            chosen = choose_answers(wanted, pool, used, liked, rng, exact=not unseen)
            rows += [(name, actor, area, key) for key in sorted(chosen)]
    with (
        staged_file(UNSEEN if unseen else ASSIGNMENT) as stage,
        stage.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["respondent", "actor", "area", "answer_id"])
        writer.writerows(sorted(rows))
    different = compare(counts, areas, unseen=unseen)
    if different and not unseen:
        sys.exit(1)


def survey(*, unseen: bool = False) -> Iterator[Row]:
    """The survey's answers, with their hand codes."""
    answers = load_answers()
    with (UNSEEN if unseen else ASSIGNMENT).open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            answer = {k: v for k, v in answers[row["answer_id"]].items() if k not in ("hand",)}
            yield {
                **answer,
                "answer_id": f"r20-{number:04d}",
                "source_id": row["answer_id"],
                "respondent": row["respondent"],
                "actor": row["actor"],
            }


def reached(*, unseen: bool = False) -> tuple[Counts, Counts]:
    """Count actors by their hand codes, by category and by area."""
    seen: dict[tuple[str, str, str, str], set[str]] = collections.defaultdict(set)
    for answer in survey(unseen=unseen):
        for role, category in cells_of(answer):
            for area in (answer["area"], "alla"):
                seen[area, answer["actor"], role, category].add(answer["respondent"])
                seen[area, answer["actor"], role, ""].add(answer["respondent"])
    by_category = {key: len(names) for key, names in seen.items() if key[3]}
    return by_category, {key: len(names) for key, names in seen.items() if not key[3]}


def compare(counts: Counts, areas: Counts, *, unseen: bool = False) -> int:
    """Print target and reached counts side by side; give how many differ."""
    by_category, by_area = reached(unseen=unseen)
    different = 0
    print(f"{'area':<22}{'actor':<9}{'role':<9}{'category':<17}{'target':>7}{'reached':>9}")
    for targets, found in ((counts, by_category), (areas, by_area)):
        for key, target in targets.items():
            n = found.get(key, 0)
            different += n != target
            area, actor, role, category = key
            mark = "" if n == target else "  <-"
            print(f"{area:<22}{actor:<9}{role:<9}{category or '(all)':<17}{target:>7}{n:>9}{mark}")
    uses = collections.Counter(answer["source_id"] for answer in survey(unseen=unseen))
    print(
        f"{uses.total()} answers from {len(uses)} texts, the commonest {max(uses.values())} times; "
        f"{different} counts differ"
    )
    return different


def write(folder: Path, *, unseen: bool = False) -> None:
    """Write the survey as JSONL, with hand codes, and without them as respondents would send it."""
    folder.mkdir(parents=True, exist_ok=True)
    with staged_file(folder / "coded-2020.jsonl") as stage:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in survey(unseen=unseen)]
        stage.write_text("".join(lines), encoding="utf-8")
    bare = ("answer_id", "respondent", "actor", "area", "question", "year", "text")
    with staged_file(folder / "svar-2020.jsonl") as stage:
        rows = [{key: row[key] for key in bare} for row in survey(unseen=unseen)]
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        stage.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} answers in {folder}")


def main() -> None:
    """Draw the assignment anew, or write the survey."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--draw", type=Path, metavar="COUNTS")
    what.add_argument("--out", type=Path, metavar="FOLDER")
    parser.add_argument("--unseen", action="store_true")
    options = parser.parse_args()
    if options.draw:
        draw(options.draw, unseen=options.unseen)
    else:
        write(options.out, unseen=options.unseen)


if __name__ == "__main__":
    main()
