"""Compile answers that were marked up by hand into the JSONL of `corpora/`.

A writer marks each statement where it stands in the answer, so that nobody counts offsets:

    @@ Region Dalarna | region | barn-unga | Vad har ni gjort? | 2020
    Under året: [[p kompetens|12 behandlare har gått grundkurs i KBT]], [[e.v kompetens|vilket
    gjort oss tryggare i bedömningarna.]]

A mark is `[[ROLE[.LEVEL][~ALT] CATEGORY [+FLAG ...]|text]]`, where ROLE and ALT are the first
letter of a role (r a m p e o), LEVEL is `v` or `i` (only, and always, with `e`), and CATEGORY is
`-` for the role `ovrigt`; `+novel` marks a theme that the codebook does not know. Lines that begin
with `# ` before an answer's header set `hand`, the writer's voice. An answer ends where the next
`@@` or `#` line begins; blank lines at its two ends are dropped.

    python corpora/markup.py FILE.txt ... [--out answers.jsonl --prefix a20]

The test part is made of whole voices: one of the four of each author, none of every fifth author,
so that no voice stands on both sides.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import sys
from pathlib import Path
from typing import Any

Row = dict[str, Any]

ROLES = {
    "r": "resurs",
    "a": "aktivitet",
    "m": "mal",
    "p": "prestation",
    "e": "effekt",
    "o": "ovrigt",
}
LEVELS = {"v": "verksamhet", "i": "individ"}
FLAGS = {
    "pandemi-hinder",
    "pandemi-mojlig",
    "planerad",
    "annan-finansiering",
    "personuppgift",
}
NOVEL = "novel"  # not a flag of the codebook: a theme that it does not know
CATEGORIES = {
    "mobila-losningar": {"mobil-digital", "verksamhet", "kompetens"},
    "barn-unga": {"verksamhet", "kompetens", "metod", "uppfoljning"},
    "ungdomsmottagningar": {"samverkan", "verksamhet", "kompetens", "tillganglighet"},
    "samsjuklighet": {"samverkan", "sip", "kompetens", "uppfoljning", "ovrigt"},
    "kunskapsbaserad-vard": {"riktlinjer", "patientsakerhet", "uppfoljning", "ovrigt"},
    "brukarmedverkan": {"samverkan", "kompetens", "verksamhet", "uppfoljning"},
    "suicidprevention": {"tjanster", "kompetens", "handlingsplan", "samverkan", "ovrigt"},
    "traumavard": {"kompetens", "behandling", "tidiga", "verksamhet"},
}
ACTORS = {"region", "kommun", "lan"}
MARK = re.compile(r"\[\[([^|\[\]]*)\|(.*?)\]\]", re.DOTALL)
TAG = re.compile(r"^([rampeo])(?:\.([vi]))?(?:~([rampeo]))?\s+(\S+)((?:\s+\+\S+)*)$")
# What may stand between statements: blanks, bullets, separators and coordinating conjunctions.
CONJUNCTIONS = {"och", "samt", "men", "medan", "eller", "o", "&", "+"}
LEADING = re.compile(r"(?:och|samt|men|medan)\s+", re.IGNORECASE)


def parse_tag(tag: str, area: str) -> Row:
    """Turn `e.v~p kompetens +planerad` into codes, or raise ValueError."""
    match = TAG.match(tag.strip())
    if match is None:
        raise ValueError(f"cannot read the mark '{tag}'")
    role, level, alt, category, flags = match.groups()
    if (role == "e") != (level is not None):
        raise ValueError(f"'{tag}': a level belongs to effekt, and only there")
    if (role == "o") != (category == "-"):
        raise ValueError(f"'{tag}': '-' belongs to ovrigt, and only there")
    if category != "-" and category not in CATEGORIES[area]:
        raise ValueError(f"'{tag}': {area} has only {', '.join(sorted(CATEGORIES[area]))}")
    flag_list = sorted(flag.removeprefix("+") for flag in flags.split())
    novel = NOVEL in flag_list
    if novel:
        flag_list.remove(NOVEL)
    if unknown := set(flag_list) - FLAGS:
        raise ValueError(f"'{tag}': unknown flag {', '.join(sorted(unknown))}")
    return {
        "category": None if category == "-" else category,
        "role": ROLES[role],
        "role_alt": ROLES[alt] if alt else None,
        "level": LEVELS[level] if level else None,
        "flags": flag_list,
        "novel": novel,
    }


def parse_answer(marked: str, area: str) -> tuple[str, list[Row]]:
    """Take the marks out of an answer; return its text and its statements with offsets."""
    text, statements, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        inner = match.group(2)
        if inner != inner.strip() or not inner:
            raise ValueError(f"blank at the edge of '{inner[:40]}'")
        codes = parse_tag(match.group(1), area)
        start = len(text)
        text += inner
        statements.append({"start": start, "end": len(text), "text": inner, **codes})
        position = match.end()
    text += marked[position:]
    for statement in statements:
        tidy_span(text, statement)
    if "[[" in text or "]]" in text:
        raise ValueError(f"a mark is not closed or not opened near '{text[-60:]}'")
    return text, statements


def tidy_span(text: str, statement: Row) -> None:
    """Bring a span to the manual's edges: no conjunction before, no comma behind, its full stop in.

    A conjunction that is all the answer's link to what went before ("Men …") lies outside too.
    """
    start, end = statement["start"], statement["end"]
    if leading := LEADING.match(text, start, end):
        start = leading.end()
    end = start + len(text[start:end].rstrip(" ,;:\n"))
    while end < len(text) and text[end] in ".!?":
        end += 1
    statement.update(start=start, end=end, text=text[start:end])


def outside(text: str, statements: list[Row]) -> list[str]:
    """Words that stand in no statement and are not conjunctions: headings and lead-ins."""
    position, left = 0, []
    for start, end in [(s["start"], s["end"]) for s in statements] + [(len(text), len(text))]:
        gap = text[position:start]
        words = re.findall(r"\w[\w-]*", gap)
        if [w for w in words if w.lower() not in CONJUNCTIONS and not w.isdigit() and len(w) > 1]:
            left.append(" ".join(gap.split()))
        position = end
    return left


def blocks_of(path: Path) -> list[tuple[int, str, str, list[str]]]:
    """Part a file into answers: line number, header, voice, and lines."""
    voice = path.stem
    blocks: list[tuple[int, str, str, list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("# "):
            voice = line[2:].strip().removeprefix("hand:").strip()
            blocks.append((number, "", voice, []))
        elif line.startswith("@@"):
            blocks.append((number, line[2:].strip(), voice, []))
        elif blocks:
            blocks[-1][3].append(line)
    return [block for block in blocks if block[1]]


def parse_block(header: str, lines: list[str]) -> Row:
    """Read one answer: its header and its marked-up lines; raise ValueError if it is wrong."""
    fields = [field.strip() for field in header.split("|")]
    if len(fields) != 5:
        raise ValueError("the header needs five fields: respondent|actor|area|question|year")
    respondent, actor, area, question, year = fields
    if actor not in ACTORS:
        raise ValueError(f"unknown actor '{actor}'")
    if area not in CATEGORIES:
        raise ValueError(f"unknown area '{area}'")
    text, statements = parse_answer("\n".join(lines).strip("\n "), area)
    if not statements:
        raise ValueError("no statement is marked")
    return {
        "respondent": respondent,
        "actor": actor,
        "area": area,
        "question": question,
        "year": int(year),
        "text": text,
        "statements": statements,
    }


def read(path: Path) -> tuple[list[Row], list[str]]:
    """Read one marked-up file; return its answers and a list of complaints."""
    answers, errors = [], []
    author = int(re.sub(r"\D", "", path.stem) or 0)
    voices: list[str] = []
    for number, header, voice, lines in blocks_of(path):
        try:
            answer = parse_block(header, lines)
        except ValueError as error:
            errors.append(f"{path.name}:{number}: {error}")
            continue
        if voice not in voices:
            voices.append(voice)
        part = "test" if voices.index(voice) == author % 5 else "train"
        statements = answer.pop("statements")
        answers.append(
            {"part": part, **answer, "hand": f"{path.stem} {voice}", "statements": statements}
        )
    return answers, errors


def tally(answers: list[Row]) -> str:
    """Counts that show a writer what is still missing."""
    statements = [(a["area"], s) for a in answers for s in a["statements"]]
    lengths = [len(a["text"].split()) for a in answers]
    n = max(len(lengths), 1)
    parts = [
        f"{len(answers)} answers, {len(statements)} statements; words: "
        f"<15 {sum(w < 15 for w in lengths) / n:.0%}, "
        f"15-60 {sum(15 <= w <= 60 for w in lengths) / n:.0%}, "
        f">60 {sum(w > 60 for w in lengths) / n:.0%}"
    ]
    for title, keys in (
        ("areas", [a["area"] for a in answers]),
        ("roles", [s["role"] for _, s in statements]),
        ("area/category", [f"{area}/{s['category']}" for area, s in statements if s["category"]]),
        ("flags", [flag for _, s in statements for flag in s["flags"]]),
    ):
        counts = collections.Counter(keys)
        parts.append(f"{title}: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    return "\n".join(parts)


def main() -> int:
    """Check marked-up files; with --out, also write them as JSONL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--prefix", default="a")
    parser.add_argument("--show-outside", action="store_true", help="list headings and lead-ins")
    options = parser.parse_args()
    answers: list[Row] = []
    errors: list[str] = []
    for path in options.files:
        more, wrong = read(path)
        answers += more
        errors += wrong
    print(tally(answers))
    if options.show_outside:
        for answer in answers:
            for words in outside(answer["text"], answer["statements"]):
                print(f"outside: {words}")
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        return 2
    if options.out:
        with options.out.open("w", encoding="utf-8") as file:
            for number, answer in enumerate(answers, start=1):
                row = {"answer_id": f"{options.prefix}-{number:04d}", **answer}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
