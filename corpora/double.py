"""Second codings: blind sheets out, codes in, disagreements listed and settled.

    python corpora/double.py sheets FOLDER --coders 8 --share 0.2     blind sheets of what
                                                                      is lacking to that share
    python corpora/double.py compile FOLDER                           their codes → second/*.jsonl
    python corpora/double.py disagreements FOLDER                     sheets for who settles
    python corpora/double.py settle FOLDER                            decisions → corpora, log

A coder gets `codeNN.sheet.txt` (statements marked, codes left out), `splitNN.sheet.txt` (answers
without marks) and `notesNN.sheet.txt`, and writes `codeNN.txt` (lines `ANSWER NUMBER MARK`, MARK as
in `markup.py`), `splitNN.txt` (marked up anew) and `notesNN.txt` (lines `NOTE GROUP`). Who settles
gets `settleNN.sheet.txt` and writes `settleNN.txt` (lines `KEY | CODE | reason`).

Both codings are kept: the first as it was in `second/disagreements.jsonl`, the second in
`second/answers.jsonl` and `second/notes.jsonl`; the corpora themselves hold what was settled.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import markup
import notes as notes_format

HERE = Path(__file__).parent
SECOND = HERE / "second"
SPLIT_ANEW = 60
DIMENSIONS = ("role", "category", "level", "flags")
Row = dict[str, Any]


def load(path: Path) -> list[Row]:
    """Read JSON lines; nothing if there is no file yet."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def dump(rows: Iterable[Row], path: Path) -> None:
    """Write JSON lines."""
    path.parent.mkdir(exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def answer_files() -> list[Path]:
    """The coded corpora of answers, in the order of their years."""
    return sorted(HERE.glob("answers-*.jsonl"))


def marked(answer: Row) -> str:
    """Give an answer's text with its statements numbered and without their codes."""
    out, position = "", 0
    for number, s in enumerate(answer["statements"], start=1):
        out += answer["text"][position : s["start"]] + f"[[{number}|{s['text']}]]"
        position = s["end"]
    return out + str(answer["text"][position:])


def header(answer: Row) -> str:
    """Give the header line of `markup.py`."""
    keys = ("respondent", "actor", "area", "question", "year")
    return "@@ " + " | ".join(str(answer[key]) for key in keys)


def write_sheets(folder: Path, coders: int, share: float, seed: int, first: int = 1) -> None:
    """Draw what is lacking to a share coded twice, by file, and write one blind sheet a coder."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    seconds = {row["answer_id"]: row for row in load(SECOND / "answers.jsonl")}
    drawn: list[Row] = []
    for path in answer_files():
        rows = load(path)
        open_rows = [row for row in rows if row["answer_id"] not in seconds]
        drawn += rng.sample(open_rows, _lacking(rows, open_rows, share))
    rng.shuffle(drawn)
    to_split = max(0, SPLIT_ANEW - sum(row["own_split"] for row in seconds.values()))
    noted = load(HERE / "notes.jsonl")
    sorted_twice = {row["note_id"] for row in load(SECOND / "notes.jsonl")}
    open_notes = [n for n in noted if n["note_id"] not in sorted_twice]
    some = rng.sample(open_notes, _lacking(noted, open_notes, share))
    for coder in range(coders):
        number = f"{coder + first:02d}"
        mine = drawn[coder::coders]
        anew = to_split // coders + (coder < to_split % coders)
        fresh, rest = mine[:anew], mine[anew:]
        (folder / f"split{number}.sheet.txt").write_text(
            "\n\n".join(f"# {a['answer_id']}\n{header(a)}\n{a['text']}" for a in fresh) + "\n",
            encoding="utf-8",
        )
        (folder / f"code{number}.sheet.txt").write_text(
            "\n\n".join(f"{header(a)}\n# {a['answer_id']}\n{marked(a)}" for a in rest) + "\n",
            encoding="utf-8",
        )
        (folder / f"notes{number}.sheet.txt").write_text(
            "".join(f"{n['note_id']} | {n['text']}\n" for n in some[coder::coders]),
            encoding="utf-8",
        )


def _lacking(rows: list[Row], open_rows: list[Row], share: float) -> int:
    """How many more must be drawn."""
    return max(0, round(len(rows) * share) - (len(rows) - len(open_rows)))


def read_codes(path: Path, answers: dict[str, Row]) -> Iterator[tuple[str, int, Row]]:
    """Read a coder's lines `ANSWER NUMBER MARK`; say which line is wrong."""
    for line_number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            answer_id, number, mark = line.split(None, 2)
            codes = markup.parse_tag(mark, answers[answer_id]["area"])
            answers[answer_id]["statements"][int(number) - 1]
        except (ValueError, KeyError, IndexError) as error:
            sys.exit(f"{path.name}:{line_number}: {error!r} in '{line}'")
        yield answer_id, int(number) - 1, codes


def compile_codes(folder: Path) -> None:
    """Add what the coders' files hold to `second/answers.jsonl` and `second/notes.jsonl`."""
    answers = {a["answer_id"]: a for path in answer_files() for a in load(path)}
    seconds = {row["answer_id"]: row for row in load(SECOND / "answers.jsonl")}
    seconds |= read_coded_anew(folder, answers) | read_split_anew(folder, answers)
    dump((seconds[key] for key in sorted(seconds)), SECOND / "answers.jsonl")
    noted = {row["note_id"]: row for row in load(SECOND / "notes.jsonl")}
    noted |= {row["note_id"]: row for row in read_sorted_anew(folder)}
    dump((noted[key] for key in sorted(noted)), SECOND / "notes.jsonl")
    print(f"{len(seconds)} answers, {len(noted)} notes coded a second time")


def read_coded_anew(folder: Path, answers: dict[str, Row]) -> dict[str, Row]:
    """Second codes of the statements as they were divided the first time."""
    codes: dict[str, dict[int, Row]] = {}
    coders: dict[str, str] = {}
    for path in sorted(folder.glob("code??.txt")):
        for answer_id, place, row in read_codes(path, answers):
            span = answers[answer_id]["statements"][place]
            again = {"start": span["start"], "end": span["end"], **row}
            codes.setdefault(answer_id, {})[place] = again
            coders[answer_id] = path.stem
    for answer_id, found in codes.items():
        if missing := set(range(len(answers[answer_id]["statements"]))) - set(found):
            sys.exit(f"{coders[answer_id]}: {answer_id} lacks statements {sorted(missing)}")
    return {
        answer_id: {
            "answer_id": answer_id,
            "coder": coders[answer_id],
            "own_split": False,
            "statements": [found[i] for i in sorted(found)],
        }
        for answer_id, found in codes.items()
    }


def read_split_anew(folder: Path, answers: dict[str, Row]) -> dict[str, Row]:
    """Second divisions, with their codes."""
    seconds: dict[str, Row] = {}
    for path in sorted(folder.glob("split??.txt")):
        rows, errors = markup.read(path)
        if errors:
            sys.exit("\n".join(errors))
        for row in rows:
            answer_id = str(row["hand"]).split()[-1]
            text = answers[answer_id]["text"]
            if text.split() != str(row["text"]).split():
                sys.exit(f"{path.name}: the text of {answer_id} has been changed")
            placed = place_anew(text, row["statements"])
            seconds[answer_id] = {
                "answer_id": answer_id,
                "coder": path.stem,
                "own_split": True,
                "statements": [{k: v for k, v in s.items() if k != "text"} for s in placed],
            }
    return seconds


def read_sorted_anew(folder: Path) -> list[Row]:
    """Second groups of notes."""
    first = {n["note_id"]: n for n in load(HERE / "notes.jsonl")}
    known = notes_format.inquiries()
    found = []
    for path in sorted(folder.glob("notes??.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            note_id, group = line.replace("|", " ").split()[:2]
            if group not in known[first[note_id]["inquiry"]]["groups"]:
                sys.exit(f"{path.name}: {note_id}: unknown group '{group}'")
            found.append({"note_id": note_id, "coder": path.stem, "group": group})
    return found


def place_anew(text: str, statements: Any) -> list[Row]:
    """Find a second splitting's statements in the first text, whose blanks may differ."""
    placed, position = [], 0
    for s in statements:
        words = s["text"].split()
        start = text.index(words[0], position)
        end = start
        for word in words:
            end = text.index(word, end) + len(word)
        placed.append({**s, "start": start, "end": end})
        position = end
    return placed


def disagreements() -> Iterator[Row]:
    """List where the two codings differ, by statement and dimension, and nobody has settled it."""
    settled = {_place(d) for d in load(SECOND / "disagreements.jsonl")}
    return (d for d in _differing() if _place(d) not in settled)


def _place(disagreement: Row) -> tuple[Any, ...]:
    return tuple(disagreement.get(key) for key in ("id", "start", "dimension"))


def _differing() -> Iterator[Row]:
    answers = {a["answer_id"]: a for path in answer_files() for a in load(path)}
    for second in load(SECOND / "answers.jsonl"):
        answer = answers[second["answer_id"]]
        spans = {(s["start"], s["end"]): s for s in answer["statements"]}
        for theirs in second["statements"]:
            ours = spans.get((theirs["start"], theirs["end"]))
            if ours is None:
                continue
            for dimension in DIMENSIONS:
                if ours[dimension] == theirs[dimension]:
                    continue
                follows = dimension in ("category", "level") and None in (
                    ours[dimension],
                    theirs[dimension],
                )
                yield {
                    "id": answer["answer_id"],
                    "start": ours["start"],
                    "end": ours["end"],
                    "dimension": dimension,
                    "first": ours[dimension],
                    "second": theirs[dimension],
                    "follows_role": follows,
                }
    notes = {n["note_id"]: n for n in load(HERE / "notes.jsonl")}
    for second in load(SECOND / "notes.jsonl"):
        first = notes[second["note_id"]]["group"]
        if first != second["group"]:
            yield {
                "id": second["note_id"],
                "dimension": "group",
                "first": first,
                "second": second["group"],
            }


def whole(codes: Row) -> str:
    """Write a statement's codes as a mark."""
    level = f".{codes['level'][0]}" if codes["level"] else ""
    alt = f"~{codes['role_alt'][0]}" if codes["role_alt"] else ""
    flags = "".join(f" +{flag}" for flag in codes["flags"])
    novel = " +novel" if codes.get("novel") else ""
    return f"{codes['role'][0]}{level}{alt} {codes['category'] or '-'}{flags}{novel}"


def write_settling(folder: Path, settlers: int) -> None:
    """Write, for each statement coded differently, both marks in their context."""
    answers = {a["answer_id"]: a for path in answer_files() for a in load(path)}
    seconds = {a["answer_id"]: a for a in load(SECOND / "answers.jsonl")}
    entries = []
    differing = {(d["id"], d.get("start")) for d in disagreements() if d["dimension"] != "group"}
    for answer_id, start in sorted(differing, key=str):
        answer = answers[answer_id]
        ours = next(s for s in answer["statements"] if s["start"] == start)
        theirs = next(s for s in seconds[answer_id]["statements"] if s["start"] == start)
        entries.append(
            f"KEY {answer_id}:{start}\n{header(answer)}\n{answer['text']}\n"
            f"STATEMENT: {ours['text']}\nA: {whole(ours)}\nB: {whole(theirs)}\n"
        )
    notes = {n["note_id"]: n for n in load(HERE / "notes.jsonl")}
    entries += [
        f"KEY {d['id']}\nNOTE: {notes[d['id']]['text']}\nA: {d['first']}\nB: {d['second']}\n"
        for d in disagreements()
        if d["dimension"] == "group"
    ]
    for settler in range(settlers):
        text = "\n".join(entries[settler::settlers])
        (folder / f"settle{settler + 1:02d}.sheet.txt").write_text(text, encoding="utf-8")
    print(f"{len(entries)} to settle")


def read_decisions(folder: Path) -> dict[str, tuple[str, str]]:
    """Read what was decided on each key, and why."""
    decisions: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("settle??.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                key, code, why = (part.strip() for part in line.split("|", 2))
                decisions[key.removeprefix("KEY ").strip()] = (code, why)
    return decisions


def settle(folder: Path) -> None:
    """Put the decisions into the corpora and log what each coding had said."""
    decisions = read_decisions(folder)
    files = {path: load(path) for path in answer_files()}
    areas = {a["answer_id"]: a["area"] for rows in files.values() for a in rows}
    statements = {
        f"{a['answer_id']}:{s['start']}": s
        for rows in files.values()
        for a in rows
        for s in a["statements"]
    }
    notes = load(HERE / "notes.jsonl")
    noted = {n["note_id"]: n for n in notes}
    log = list(disagreements())
    for d in log:
        key = f"{d['id']}:{d['start']}" if "start" in d else d["id"]
        if key not in decisions:
            sys.exit(f"{key} has not been settled")
        code, d["why"] = decisions[key]
        if "start" in d:
            codes = markup.parse_tag(code, areas[d["id"]])
            statements[key].update(codes)
            d["settled"] = codes[d["dimension"]]
        else:
            noted[key]["group"] = d["settled"] = code
    for path, rows in files.items():
        dump(rows, path)
    dump(notes, HERE / "notes.jsonl")
    dump([*load(SECOND / "disagreements.jsonl"), *log], SECOND / "disagreements.jsonl")
    print(f"{len(log)} disagreements settled")


def main() -> None:
    """Run one of the four steps."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("step", choices=["sheets", "compile", "disagreements", "settle"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--coders", type=int, default=8)
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=1, help="number of the first coder")
    options = parser.parse_args()
    if options.step == "sheets":
        write_sheets(options.folder, options.coders, options.share, options.seed, options.first)
    elif options.step == "compile":
        compile_codes(options.folder)
    elif options.step == "disagreements":
        write_settling(options.folder, options.coders)
    else:
        settle(options.folder)


if __name__ == "__main__":
    main()
