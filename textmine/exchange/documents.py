"""Answers laid out as the documents that a researcher opens, with every answer's place in them."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.exchange.refi import printable
from textmine.report.names import distinct

_BETWEEN = "\n\n"
# Of the same length, so that places in the text stay: a carriage return counts differently in
# different programs, a byte-order mark is not read at all, control characters cut texts off.
_PLAIN = {code: " " for code in (*range(32), 0x7F) if chr(code) not in "\t\n"} | {0xFEFF: "\u2060"}


class Sources(StrEnum):
    """What makes up one document."""

    respondent = "respondent"  # all answers of a respondent, under their questions
    question = "question"  # all answers to a question, under their respondents
    answer = "answer"


@dataclass(frozen=True)
class Block:
    """Where an answer stands in a document; `row` is its row in the answers table."""

    row: int
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A text of one or several answers.

    Attributes
    ----------
    key
        What sets it apart from the others, as its name may not.
    """

    key: str
    name: str
    text: str
    blocks: tuple[Block, ...]


def lay_out(answers: pd.DataFrame, codebook: Codebook, sources: Sources) -> list[Document]:
    """Make documents of the answers; those without any text are left out.

    Places are exact: a statement that begins at 12 of its answer begins at 12 of its block.
    """
    texts = [plain(str(text)) for text in answers["text"].fillna("")]
    cells = {
        column: shown_all(answers[column], column, codebook)
        for column in ("respondent", "area", "question", "year", "answer_id")
        if column in answers
    }
    groups: dict[Hashable, list[int]] = {}
    for row, text in enumerate(texts):
        if text.strip():
            groups.setdefault(_group(cells, row, sources), []).append(row)
    names = distinct([_name(cells, rows[0], sources) for rows in groups.values()], ())
    return [
        _document(rows, name, texts, cells, sources)
        for name, rows in zip(names, groups.values(), strict=True)
    ]


def plain(text: str) -> str:
    """Make a text that all programs count alike, of the same length."""
    return text.replace("\r\n", " \n").replace("\r", "\n").translate(_PLAIN)


def shown(value: Any, column: str, codebook: Codebook) -> str:
    """Write a cell as people call it, '' for nothing."""
    if value is None or value is pd.NA or value != value:
        return ""
    key = codebook.resolve(column, value)
    known = codebook.columns[column][key].name if key else ""
    return printable(known or str(value))


def shown_all(values: Iterable[Any], column: str, codebook: Codebook) -> list[str]:
    """Write the cells of a column."""
    cells = list(values)
    known = {value: shown(value, column, codebook) for value in dict.fromkeys(cells)}
    return [known[value] for value in cells]


def respondent_of(cells: dict[str, list[str]], row: int) -> str:
    """Who gave an answer; an answer by nobody stands for itself."""
    name = cells["respondent"][row] if "respondent" in cells else ""
    return name or cells["answer_id"][row]


def _group(cells: dict[str, list[str]], row: int, sources: Sources) -> Hashable:
    if sources is Sources.respondent:
        return respondent_of(cells, row)
    if sources is Sources.question:
        return tuple(cells[column][row] for column in ("area", "question") if column in cells)
    return cells["answer_id"][row]


def _name(cells: dict[str, list[str]], row: int, sources: Sources) -> str:
    if sources is Sources.respondent:
        return respondent_of(cells, row)
    if sources is Sources.question:
        return _heading(cells, row) or "Svar"
    return " – ".join(dict.fromkeys([respondent_of(cells, row), cells["answer_id"][row]]))


def _heading(cells: dict[str, list[str]], row: int) -> str:
    """Of what an answer is: its area and question."""
    parts = [cells[column][row] for column in ("area", "question") if column in cells]
    return ": ".join(part for part in parts if part)


def _document(
    rows: list[int], name: str, texts: list[str], cells: dict[str, list[str]], sources: Sources
) -> Document:
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for row in rows:
        heading = ""
        if sources is Sources.respondent:
            heading = _heading(cells, row)
        elif sources is Sources.question:
            heading = respondent_of(cells, row)
        before = (_BETWEEN if parts else "") + (f"{heading}\n" if heading else "")
        start = at + len(before)
        at = start + len(texts[row])
        parts += [before, texts[row]]
        blocks.append(Block(row, start, at))
    return Document(
        "\x1f".join(cells["answer_id"][row] for row in rows), name, "".join(parts), tuple(blocks)
    )
