"""Compile cases of personal data that were marked up by hand into `personal-cases.jsonl`.

A writer marks personal data where it stands, so that nobody counts offsets:

    # hand: kommunens handläggare
    @@
    Frågor besvaras av ⟦namn|Gunvor Ek⟧, ⟦telefon|070-174 06 05⟧.

`@@` begins a case, `# ` a new voice (`hand`); blank lines at a case's two ends are dropped. Each
file becomes one part, so that no voice stands on both sides:

    python corpora/personal_markup.py --train TRAIN.txt --test TEST.txt --out FILE.jsonl
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

KINDS = ("personnummer", "telefon", "e-post", "adress", "namn")
MARK = re.compile(r"⟦([^|⟦⟧]*)\|([^⟦⟧|\n]*)⟧")


def parse(marked: str) -> tuple[str, list[Row]]:
    """Take the marks out of a text; return it and its spans, or raise ValueError.

    >>> parse("Ring ⟦namn|Bo⟧!")
    ('Ring Bo!', [{'start': 5, 'end': 7, 'kind': 'namn'}])
    """
    text, spans, position = "", [], 0
    for match in MARK.finditer(marked):
        kind, inner = match.groups()
        if kind not in KINDS:
            raise ValueError(f"unknown kind '{kind}' near '{match.group()}'")
        if not inner or inner != inner.strip():
            raise ValueError(f"nothing, or a blank at the edge, in '{match.group()}'")
        text += marked[position : match.start()]
        spans.append({"start": len(text), "end": len(text) + len(inner), "kind": kind})
        text += inner
        position = match.end()
    text += marked[position:]
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"a mark is not closed or not opened in '{text[:60]}'")
    return text, spans


def cases(path: Path) -> Iterator[tuple[str, str]]:
    """Part a file into cases: voice and marked-up text."""
    hand, lines, begun = "", list[str](), False
    for line in [*path.read_text(encoding="utf-8").splitlines(), "@@"]:
        if line.startswith("# ") or line == "@@":
            if begun:
                yield hand, "\n".join(lines).strip("\n ")
            lines, begun = [], line == "@@"
            if not begun:
                hand = line[2:].strip().removeprefix("hand:").strip()
        else:
            lines.append(line)


def rows(files: dict[str, Path]) -> Iterator[Row]:
    """Compile one file a part, with case ids that run through all of them."""
    number = 0
    for part, path in files.items():
        for hand, marked in cases(path):
            number += 1
            text, spans = parse(marked)
            yield {
                "case_id": f"pc-{number:03d}",
                "part": part,
                "hand": hand,
                "text": text,
                "spans": spans,
            }


def main() -> None:
    """Compile the two parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("--train", "--test", "--out"):
        parser.add_argument(option, type=Path, required=True)
    options = parser.parse_args()
    compiled = list(rows({"train": options.train, "test": options.test}))
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in compiled)


if __name__ == "__main__":
    main()
