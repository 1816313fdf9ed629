"""Results folders made by hand: small, and coded by codebooks of the test's own."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from textmine.codebook import parse
from textmine.tables import dimension_columns

BOOK = """
name: provbok
version: "1"
columns:
  area: {norr: {name: Norr}, soder: {name: Söder}}
dimensions:
  role:
    name: Roll
    codes: {aktivitet: {name: Aktivitet}, prestation: {name: Prestation}, effekt: {name: Effekt},
            ovrigt: {name: Övrigt}}
  category:
    name: Insatskategori
    by: area
    when: {role: [aktivitet, prestation, effekt]}
    codes: {vard: {name: Vård}, skola: {name: Skola, in: [norr]}, hem: {name: Hem, in: [soder]}}
"""
TONE = "{name: ton, dimensions: {ton: {name: Ton, codes: [glad, ledsen]}}}"

# who, area, role, category, probability, flagged
Row = tuple[str, str, str, str | None, float, bool]
EARLIER: list[Row] = [
    ("Region A", "norr", "aktivitet", "vard", 0.99, False),
    ("Region A", "norr", "effekt", "vard", 0.98, False),
    ("Region B", "norr", "prestation", "vard", 0.99, False),
    ("Region B", "norr", "aktivitet", "skola", 0.97, False),
    ("Region C", "norr", "ovrigt", None, 0.99, False),
    ("Kommun D", "norr", "aktivitet", "skola", 0.60, True),
    ("Kommun E", "norr", "effekt", "skola", 0.95, False),
    ("Kommun F", "soder", "aktivitet", "hem", 0.99, False),
]
LATER: list[Row] = [
    ("Region A", "norr", "aktivitet", "vard", 0.99, False),
    ("Region B", "norr", "aktivitet", "vard", 0.99, False),
    ("Region B", "norr", "effekt", "vard", 0.99, False),
    ("Region C", "norr", "prestation", "vard", 0.99, False),
    ("Region C", "norr", "effekt", "skola", 0.99, False),
    ("Kommun D", "norr", "aktivitet", "skola", 0.99, False),
    ("Kommun E", "norr", "aktivitet", "skola", 0.98, False),
    ("Kommun G", "norr", "aktivitet", "skola", 0.97, False),
]


def write_results(
    folder: Path,
    rows: Sequence[Row],
    *,
    year: int | None = 2020,
    book: str = BOOK,
    model: Path | None = None,
    questions: Mapping[str, str] | None = None,
    run: Mapping[str, Any] | None = None,
    drop: Sequence[str] = (),
    texts: Sequence[str] | None = None,
    identity: str = "",
) -> Path:
    """Write what `textmine code` would, one statement an answer."""
    codebook = parse(book, "provbok")
    folder.mkdir(parents=True)
    model = model or folder.parent / str(len(book)) / f"modell-{codebook.name}-{codebook.version}"
    model.mkdir(exist_ok=True, parents=True)
    data = {"codebook": codebook.model_dump(by_alias=True)}
    (model / "model.json").write_text(json.dumps(data), encoding="utf-8")
    names = list(codebook.dimensions)
    table: list[dict[str, Any]] = []
    for at, (who, area, role, category, prob, flagged) in enumerate(rows):
        text = texts[at] if texts else f"{who} har gjort något om {category} ({at})"
        row: dict[str, Any] = {
            "statement_id": f"a{at}-1",
            "answer_id": f"a{at}",
            "respondent": who,
            "actor": who.split()[0].lower(),
            "area": area,
            "question": (questions or {}).get(area, f"Vad har gjorts i {area}?"),
            "year": year,
            "start": 0,
            "end": len(text),
            "text": text,
        }
        for name, code in zip(names, (role, category), strict=False):
            columns = dimension_columns(name)
            others = [other for other in codebook.dimensions[name].codes if other != code]
            said = [code, prob, others[0], round((1 - prob) / 2, 4)] if code else [None] * 4
            row |= dict(zip(columns, said, strict=True))
        table.append(row | {"review": flagged, "review_reason": None, "novelty": at / len(rows)})
    statements = pd.DataFrame(table).drop(columns=list(drop))
    answers = statements[["answer_id", *({"respondent", "actor", "area", "question", "year"}
                         & set(statements)), "text"]]  # fmt: skip
    statements.to_parquet(folder / "statements.parquet", index=False)
    answers.assign(n_statements=1).to_parquet(folder / "answers.parquet", index=False)
    told = {
        "model": {"name": str(model), "identity": identity},
        "codebook": f"{codebook.name} {codebook.version}",
        "options": {"unit": "answer", "error_budget": 0.1},
        "key": f"nyckel-{folder.name}",
        "input": {"name": "svar.xlsx", "sha256": "0" * 64},
    }
    text = json.dumps(told | dict(run or {}))
    (folder / "run.json").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder of results under the test's own folder."""

    def write(name: str, rows: Sequence[Row], **rest: Any) -> Path:
        return write_results(tmp_path / name, rows, **rest)

    return write


@pytest.fixture
def pair(make: Callable[..., Path]) -> tuple[Path, Path]:
    """Two surveys that ask and code alike."""
    return make("forra", EARLIER, year=2020), make("nya", LATER, year=2021)
