"""A small coded survey made by hand, and what tests ask of the files made from it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from textmine.codebook import Codebook, parse
from textmine.coding.targets import codes_in
from textmine.exchange.imported import bring_in
from textmine.exchange.material import Decided, Material
from textmine.exchange.qdpx_in import read_qdpx

SCHEMAS = Path(__file__).parents[3] / "shared" / "refi-qda"
NS = {"r": "urn:QDA-XML:project:1.0"}

BOOK = parse(
    """
name: liten
version: "2"
title: Liten kodbok
columns:
  area:
    unga: {name: "Barn och unga", aliases: [BUP, "Barn & unga"]}
    trauma: {name: Traumavård}
dimensions:
  role:
    name: Roll
    codes: {aktivitet: Det som görs., effekt: Det som har ändrats.}
  category:
    name: Kategori
    by: area
    when: {role: [aktivitet, effekt]}
    codes:
      samverkan: {name: Samverkan, names: {trauma: "Nya former: samverkan"}}
      metod: {name: Metod, in: [trauma]}
  level:
    name: Nivå
    when: {role: [effekt]}
    ordered: true
    codes: [individ, verksamhet]
  flags:
    name: Flaggor
    multiple: true
    codes: {planerad: {name: Planerad}, hinder: {name: Hinder}}
""",
    "liten.yaml",
)

TEXTS = (
    "Vi bygger. Barnen mår bättre!",
    "–  Möten 👩🏽‍⚕️ med BUP\r\noch ungdoms­mottagningen\r\n• e\u0301n gång till",
    "Inget \x0b\x00att redovisa <&>",
    "",
    "\ufeffEn utbildning till",
)


QUESTIONS = ("Vad gjordes?", "Vad blev\nresultatet: kort?")
MODEL = "textmine 9 · m"


def material(texts: tuple[str, ...] = TEXTS, *, reviewed: bool = True) -> Material:
    """Answers with these texts, each divided at every other blank, coded by a fixed pattern."""
    answers = pd.DataFrame(
        {
            "answer_id": [f"a{n}" for n in range(len(texts))],
            "respondent": pd.Series([f"Ort {n // 2}" for n in range(len(texts))], dtype="string"),
            "actor": "kommun",
            "area": [("unga", "BUP", "trauma")[n % 3] for n in range(len(texts))],
            "question": [
                ("Vad gjordes?", "Vad blev\nresultatet: kort?")[n % 2] for n, _ in enumerate(texts)
            ],
            "year": pd.Series([2021] * len(texts), dtype="Int64"),
            "text": list(texts),
            "kontakt": [None if n % 2 else f"k\\{n}: x" for n in range(len(texts))],
            "vikt": [0.1 + n / 3 for n in range(len(texts))],
            "n_statements": 0,
        }
    )
    rows = [row for n, _ in enumerate(texts) for row in _statements(answers.iloc[n], n)]
    statements = pd.DataFrame(rows, columns=list(_statements(_SAMPLE, 0)[0]))
    people = {
        str(row["statement_id"]): Decided("Åsa \x07Öberg", "2021-03-04T05:06:07Z")
        for row in rows
        if row["source"] != "machine"
    }
    if not reviewed:
        return Material(
            "svar", BOOK, answers, statements.drop(columns=["source", "comment"]), "textmine 9 · m"
        )
    return Material("svar", BOOK, answers, statements, "textmine 9 · m", people)


_SAMPLE = pd.Series(
    {
        "answer_id": "x",
        "respondent": "",
        "actor": "",
        "area": "trauma",
        "question": "",
        "year": 1,
        "text": "a b c",
    }
    | {"kontakt": None, "vikt": 0.0}
)


def _statements(answer: pd.Series, number: int) -> list[dict[str, Any]]:
    text = str(answer["text"])
    cuts = [0, *[at + 1 for at, sign in enumerate(text) if sign == " "][::2], len(text)]
    rows = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        if not text[start:end].strip():
            continue
        place = number + len(rows)
        by_person = place % 3 == 1
        review = place % 4 == 0 and not by_person
        role = ("aktivitet", "effekt", None)[place % 3 if place % 7 else 0]
        probability = None if by_person else round(0.5 + place % 50 / 101, 4)
        rows.append(
            {
                "statement_id": f"{answer['answer_id']}-{len(rows) + 1}",
                **{k: v for k, v in answer.items() if k not in ("text", "n_statements")},
                "start": start,
                "end": end,
                "text": text[start:end],
                "role": role,
                "role_prob": probability,
                "role_second": None if by_person else "effekt",
                "role_second_prob": None if by_person else 0.0625,
                "category": "samverkan" if role else None,
                "category_prob": probability if role else None,
                "category_second": None,
                "category_second_prob": None,
                "level": "individ" if role == "effekt" else None,
                "level_prob": 1e-05 if role == "effekt" and not by_person else None,
                "level_second": None,
                "level_second_prob": None,
                "flags": [[], ["planerad"], ["planerad", "hinder"]][place % 3],
                "flags_prob": probability,
                "flags_second": None,
                "flags_second_prob": None,
                "review": review,
                "review_reason": "Osäkert: roll\\nivå\n59 %" if review else None,
                "novelty": place / 7,
                "source": ("machine", "human", "machine")[place % 3],
                "comment": "Rad 1\nrad 2: \\ slut " if place % 5 == 0 else None,
            }
        )
    return rows


def codings(table: pd.DataFrame, book: Codebook = BOOK) -> list[dict[str, Any]]:
    """All that is to come back: spans, codes, probabilities, and who decided."""
    out = []
    for row in table.to_dict("records"):
        one = {key: row[key] for key in ("answer_id", "statement_id", "start", "end")}
        for name, dimension in book.dimensions.items():
            one[name] = codes_in(row.get(name), multiple=dimension.multiple)
            for column in (f"{name}_prob", f"{name}_second", f"{name}_second_prob"):
                one[column] = _known(row.get(column))
        for column in ("review", "review_reason", "novelty", "source", "comment"):
            one[column] = _known(row.get(column))
        out.append(one)
    return sorted(out, key=lambda one: (str(one["answer_id"]), one["start"], one["end"]))


def _known(value: Any) -> Any:
    return None if value is None or value != value or value is pd.NA else value


def imported(
    path: Path, codebook: Codebook | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """A project as a table of answers, one of statements, and what was left out."""
    done = bring_in(read_qdpx(path), str(path), codebook)
    answers = json.loads(json.dumps(done.answers))  # as it stands in the file
    statements = [
        {"answer_id": answer["answer_id"]} | statement
        for answer in answers
        for statement in answer["statements"]
    ]
    return pd.DataFrame(answers), pd.DataFrame(statements), done.left_out.lines()


def document(path: Path) -> etree._Element:
    """The XML of a project."""
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("project.qde"))


def valid(element: etree._Element, schema: str) -> None:
    """Hold a document against the standard's schema, where that is at hand."""
    file = SCHEMAS / f"{schema}.xsd"
    if file.is_file():
        etree.XMLSchema(etree.parse(file)).assertValid(etree.fromstring(etree.tostring(element)))


def project_file(
    tmp_path: Path,
    xml: str,
    texts: dict[str, bytes] | None = None,
    name: str = "främmande.qdpx",
) -> Path:
    """Make a project as another program may have written it."""
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml.encode("utf-8"))
        for entry, data in (texts or {}).items():
            archive.writestr(entry, data)
    return path


def packed(entries: dict[str, bytes]) -> bytes:
    """A zip file of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()
