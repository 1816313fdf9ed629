"""How much of the personal data in texts is found, and how much of what is masked is personal.

    python benchmarks/personal.py [train]        (seconds)

On the test part of the answers (`corpora/personal.jsonl`) and of the invented cases
(`corpora/personal-cases.jsonl`: other voices, hard on purpose, two fifths of them look-alikes;
`personal-cases-2.jsonl`: of ordinary difficulty, on which nothing was tuned), beside

* regex: what a careful hour with regular expressions gives: personnummer, phone numbers and e-mail
  addresses by their shape, names by a first name of the list and the capitalised word after it;
* domherre: the Swedish redactor of that name, if it is installed (`pip install domherre`); its
  names need a model from the Hugging Face hub, so it finds personnummer and e-mail here.

A gold span is found if every letter and digit of it is masked; a mask is right if it overlaps one.
With `train`, on the parts that the finder was developed on.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from textmine.personal.find import find_personal
from textmine.personal.kinds import KINDS
from textmine.personal.lexicon import first_name

CORPORA = Path(__file__).parents[1] / "corpora"
ANSWERS = ("answers-2020", "answers-2021", "answers-2022", "other-themes")

Spans = list[tuple[int, int, str]]
Texts = list[tuple[str, Spans]]


def lines(name: str) -> Iterable[dict]:
    for line in (CORPORA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def spans(row: dict) -> Spans:
    return [(span["start"], span["end"], span["kind"]) for span in row["spans"]]


def sets(part: str) -> dict[str, Texts]:
    gold = {row["answer_id"]: spans(row) for row in lines("personal")}
    answers = [
        (row["text"], gold.get(row["answer_id"], []))
        for name in ANSWERS
        for row in lines(name)
        if row["part"] == part
    ]
    cases = [(row["text"], spans(row)) for row in lines("personal-cases") if row["part"] == part]
    later = [(row["text"], spans(row)) for row in lines("personal-cases-2") if row["part"] == part]
    return {"answers": answers, "cases": cases} | ({"later cases": later} if later else {})


def by_textmine(text: str) -> Spans:
    return [(one.start, one.end, one.kind) for one in find_personal(text)]


SHAPES = {
    "personnummer": re.compile(r"\b(?:\d{2})?\d{6}[-+]?\d{4}\b"),
    "telefon": re.compile(r"(?:\+46|\b0)\d{1,3}[- ]?\d{2,3}(?: ?\d{2,3}){1,2}\b"),
    "e-post": re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    "namn": re.compile(r"\b([A-ZÅÄÖ][\w-]+)((?: [A-ZÅÄÖ][\w-]+)?)"),
}


def by_regex(text: str) -> Spans:
    return [
        (*match.span(), kind)
        for kind, shape in SHAPES.items()
        for match in shape.finditer(text)
        if kind != "namn" or first_name(match[1].casefold())
    ]


def by_domherre() -> Callable[[str], Spans] | None:
    try:
        import domherre
    except ImportError:
        return None
    tag = "\ue000"
    config = domherre.Config(backend="none", name_tag=tag, personnummer_tag=tag, email_tag=tag)

    def find(text: str) -> Spans:
        found, at = [], 0
        kept, *rest = domherre.redact_text(text, config).split(tag)
        at = len(kept)
        for piece in rest:
            start = at
            at = text.index(piece, start + 1) if piece else len(text)
            found.append((start, at, "?"))
            at += len(piece)
        return found

    return find


def measure(texts: Texts, find: Callable[[str], Spans]) -> dict[str, tuple[int, int, int, int]]:
    """Give for each kind: found, of gold; right, of masked."""
    found, gold, right, masked = Counter(), Counter(), Counter(), Counter()
    for text, marked in texts:
        masks = find(text)
        covered = {at for start, end, _ in masks for at in range(start, end)}
        for start, end, kind in marked:
            signs = {at for at in range(start, end) if text[at].isalnum()}
            gold[kind] += 1
            found[kind] += signs <= covered
        for start, end, kind in masks:
            masked[kind] += 1
            right[kind] += any(start < other_end and s < end for s, other_end, _ in marked)
    kinds = {kind: (found[kind], gold[kind], right[kind], masked[kind]) for kind in KINDS}
    return kinds | {"all": (found.total(), gold.total(), right.total(), masked.total())}


def ratio(part: int, whole: int) -> str:
    return f"{part:>5} of {whole:<4} {part / whole if whole else float('nan'):.3f}"


def main() -> None:
    ways = {"textmine": by_textmine, "regex": by_regex, "domherre": by_domherre()}
    for name, texts in sets("train" if "train" in sys.argv else "test").items():
        size = sum(len(text) for text, _ in texts) / len(texts)
        print(f"{name}: {len(texts)} texts of {size:.0f} characters")
        for way, find in ways.items():
            if find is None:
                continue
            start = time.process_time()
            results = measure(texts, find)
            each = 1000 * (time.process_time() - start) / len(texts)
            print(f"  {way} ({each:.2f} ms a text)")
            for kind, (found, gold, right, masked) in results.items():
                if gold or masked:
                    print(
                        f"    {kind:<13} recall {ratio(found, gold)}"
                        f"   precision {ratio(right, masked)}"
                    )


if __name__ == "__main__":
    main()
