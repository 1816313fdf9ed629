"""Compile dialogue notes that were written and sorted by hand into `notes.jsonl`.

A plain text file, one note a line:

    % behov-2020
    # hand: antecknaren i Luleå
    @ Dialogmöte Norrbottens län
    juridik | Sekretessen gör att soc och BUP sitter med varsin halva av barnet.
    annat | kanner+smarta | Alla är så trötta på tisdagarna

`%` names the inquiry (its groups stand in `inquiries.yaml`), `#` the note-taker, `@` the meeting;
a note is `GROUP | text` or `GROUP | EMPATHY | text`, EMPATHY being a quadrant of the empathy map,
with `+smarta` (pain) or `+vinst` (gain) where there is one.

    python corpora/notes.py FILE.txt ... [--out notes.jsonl]

The test part is made of whole inquiries, where `inquiries.yaml` gives their `part`, else of whole
note-takers: the last one of each file.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent
QUADRANTS = ("sager", "tanker", "gor", "kanner")
VALENCES = ("smarta", "vinst")
MARK = re.compile(rf"({'|'.join(QUADRANTS)})(?:\+({'|'.join(VALENCES)}))?")
WORDS = range(4, 46)


def inquiries() -> dict[str, Any]:
    """The inquiries and their groups, as `inquiries.yaml` has them."""
    return dict(YAML(typ="safe").load(HERE / "inquiries.yaml"))


def parse_note(line: str, groups: dict[str, Any]) -> dict[str, Any]:
    """Read `GROUP | text` or `GROUP | EMPATHY | text`, or raise ValueError."""
    group, _, rest = (part.strip() for part in line.partition("|"))
    if group not in groups:
        raise ValueError(f"unknown group '{group}'; allowed: {', '.join(groups)}")
    mark, bar, text = (part.strip() for part in rest.partition("|"))
    found = MARK.fullmatch(mark) if bar else None
    if bar and not found:
        raise ValueError(f"'{mark}' is no mark of the empathy map (and a note holds no '|')")
    text = text if found else rest
    if len(text.split()) not in WORDS:
        raise ValueError(f"{len(text.split())} words: '{text[:40]}'; a note has 4 to 45")
    return {
        "text": text,
        "group": group,
        "empathy": found.group(1) if found else None,
        "valence": found.group(2) if found else None,
    }


def read(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Read one file; return its notes and a list of complaints."""
    known = inquiries()
    inquiry = hand = meeting = ""
    notes: list[dict[str, Any]] = []
    errors = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if line.startswith("%"):
            inquiry = line[1:].strip()
        elif line.startswith("#"):
            hand = line[1:].strip().removeprefix("hand:").strip()
        elif line.startswith("@"):
            meeting = line[1:].strip()
        elif line:
            try:
                if inquiry not in known:
                    raise ValueError(f"unknown inquiry '{inquiry}'; name it in a line '% …'")
                note = parse_note(line, known[inquiry]["groups"])
            except ValueError as error:
                errors.append(f"{path.name}:{number}: {error}")
                continue
            place = {"inquiry": inquiry, "meeting": meeting, "hand": f"{path.stem} {hand}"}
            notes.append({**place, **note})
    hands = list(dict.fromkeys(note["hand"] for note in notes))
    for note in notes:
        last = len(hands) > 1 and note["hand"] == hands[-1]
        note["part"] = known[note["inquiry"]].get("part", "test" if last else "train")
    return notes, errors


def keyword_shares(notes: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    """Share of each group's notes that hold one of the group's own key words."""
    known = inquiries()
    hits: dict[tuple[str, str], list[bool]] = collections.defaultdict(list)
    for note in notes:
        words = known[note["inquiry"]]["groups"][note["group"]]["keywords"]
        pattern = "|".join(rf"\b{re.escape(word)}" for word in words)
        found = bool(words) and re.search(pattern, note["text"].casefold()) is not None
        hits[note["inquiry"], note["group"]].append(found)
    return {key: sum(values) / len(values) for key, values in hits.items()}


def main() -> int:
    """Check files of notes; with --out, also write them as JSONL."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    notes: list[dict[str, Any]] = []
    errors: list[str] = []
    for path in options.files:
        more, wrong = read(path)
        notes += more
        errors += wrong
    shares = keyword_shares(notes)
    counts = collections.Counter((note["inquiry"], note["group"]) for note in notes)
    print(f"{len(notes)} notes")
    for (inquiry, group), n in sorted(counts.items()):
        print(f"{inquiry}/{group}: {n}, key word in {shares[inquiry, group]:.0%}")
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        return 2
    if options.out:
        numbers: collections.Counter[str] = collections.Counter()
        with options.out.open("w", encoding="utf-8") as file:
            for note in notes:
                numbers[note["inquiry"]] += 1
                row = {"note_id": f"{note['inquiry']}-{numbers[note['inquiry']]:04d}", **note}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
