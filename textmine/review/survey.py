"""A folder that `textmine code` wrote, as a review sees it: passages and the statements in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.coding.targets import codes_in
from textmine.errors import TextmineError
from textmine.hashing import text_hash
from textmine.personal.veil import Veil
from textmine.pipeline import ANSWERS, STATEMENTS
from textmine.results import model_of, read_run
from textmine.review.events import Codes, Span
from textmine.tables import NOVELTY, REASON, REVIEW, dimension_columns

MACHINE = "machine.parquet"  # what the machine said, kept where people's codes stand in its place
APPLIED = "applied"  # key of run.json: how far the log has gone into the results

# Of a dimension: code (or codes), probability, runner-up, its probability.
Proposal = list[Any]


@dataclass(frozen=True)
class Passage:
    """A distinct answer, and who gave it.

    Attributes
    ----------
    key
        Hash of its text, question and context.
    text
        With personal data masked: what people see. Offsets are the same in both.
    original
        What the machine reads.
    contexts
        Of the columns that the codebook depends on: the value as the codebook knows it.
    answers
        Rows of the answers table, the first to begin with.
    """

    key: str
    text: str
    original: str
    contexts: Mapping[str, str | None]
    answers: list[int]


@dataclass
class Item:
    """A statement to be decided, once for all answers that are alike.

    Attributes
    ----------
    proposals
        What the machine says, by dimension.
    flagged, reason
        Whether the machine left it for review, and why.
    statement_ids
        One for each of the passage's answers; made up for new borders.
    """

    passage: str
    start: int
    end: int
    proposals: dict[str, Proposal]
    flagged: bool
    reason: str | None
    novelty: float
    statement_ids: list[str]
    redrawn: bool = False  # people drew its borders

    @property
    def span(self) -> Span:
        """Where it stands in the passage."""
        return self.start, self.end

    @property
    def codes(self) -> Codes:
        """The machine's codes."""
        return {name: proposal[0] for name, proposal in self.proposals.items()}

    @cached_property
    def rank(self) -> str:
        """Its place in a random order that never changes."""
        return text_hash("rank", self.passage, str(self.start), str(self.end))


@dataclass
class Survey:
    """A results folder.

    Attributes
    ----------
    answers
        As given, personal data and all; `veil` has what may be shown of them.
    statements
        What the machine said, personal data masked.
    """

    folder: Path
    run: dict[str, Any]
    coder: Coder
    answers: pd.DataFrame
    veil: Veil
    statements: pd.DataFrame
    passages: dict[str, Passage] = field(default_factory=dict)
    items: dict[str, list[Item]] = field(default_factory=dict)
    _cells: dict[str, list[Any]] = field(default_factory=dict)  # columns as lists: quick to read

    @property
    def codebook(self) -> Codebook:
        """By which the statements were coded."""
        return self.coder.require_codebook()

    @property
    def model(self) -> str:
        """Hash of the model."""
        return self.coder.learnt_.identity or ""

    @staticmethod
    def load(folder: Path) -> "Survey":
        """Read a results folder and the model that it was coded with.

        Raises
        ------
        TextmineError
            If the folder holds no results, or its model is gone.
        """
        run = read_run(folder)
        coder = Coder.load(model_of(folder, run)).set_params(
            error_budget=run["options"]["error_budget"]
        )
        machine = folder / (MACHINE if APPLIED in run else STATEMENTS)
        try:
            answers = pd.read_parquet(folder / ANSWERS)
            statements = pd.read_parquet(machine)
        except (OSError, ValueError) as error:
            raise TextmineError(
                f"{machine.name} or {ANSWERS} in {folder} cannot be read ({error}); code the "
                "answers again with 'textmine code'. Decisions are kept."
            ) from error
        veil = Veil(answers, coder.require_codebook().context_columns())
        survey = Survey(folder, run, coder, answers, veil, veil.over(statements))
        survey._find_passages()
        survey._find_items()
        return survey

    def respondent(self, row: int) -> str:
        """Who gave an answer."""
        return self.shown(row, "respondent") or self.shown(row, "answer_id")

    def shown(self, row: int, column: str) -> str:
        """A cell of the answers table as it may be shown, '' where there is nothing."""
        if column not in self.answers:
            return ""
        if column not in self._cells:
            self._cells[column] = self.veil.answers[column].tolist()
        value = self._cells[column][row]
        return "" if pd.isna(value) else str(value)

    def area_name(self, passage: Passage) -> str:
        """What people call the context of a passage."""
        names = []
        for column, value in passage.contexts.items():
            known = self.codebook.columns[column].get(value or "")
            names.append(
                (known.name or str(value)) if known else self.shown(passage.answers[0], column)
            )
        return ", ".join(name for name in names if name)

    def _find_passages(self) -> None:
        columns = self.codebook.context_columns()
        for row, text in enumerate(self.answers["text"]):
            text = "" if pd.isna(text) else str(text)
            given = [self.shown(row, column) for column in columns]
            key = text_hash(text, self.shown(row, "question"), *given)
            if key in self.passages:
                self.passages[key].answers.append(row)
                continue
            contexts = {
                column: self.codebook.resolve(column, value)
                for column, value in zip(columns, given, strict=True)
            }
            self.passages[key] = Passage(key, self.shown(row, "text"), text, contexts, [row])

    def _find_items(self) -> None:
        ids = dict(zip(self.answers["answer_id"], range(len(self.answers)), strict=True))
        keys = {row: passage.key for passage in self.passages.values() for row in passage.answers}
        found: dict[tuple[str, int, int], Item] = {}
        columns = {name: dimension_columns(name) for name in self.codebook.dimensions}
        proposals = {
            name: list(zip(*(self.statements[c].tolist() for c in four), strict=True))
            for name, four in columns.items()
        }
        frame = self.statements
        rows = zip(
            frame["answer_id"],
            frame["statement_id"],
            frame["start"].tolist(),
            frame["end"].tolist(),
            frame[REVIEW].tolist(),
            frame[REASON].tolist(),
            frame[NOVELTY].tolist(),
            strict=True,
        )
        for at, (answer, statement, start, end, flagged, reason, novelty) in enumerate(rows):
            key = keys[ids[answer]]
            if (known := found.get((key, start, end))) is not None:
                known.statement_ids.append(statement)
                continue
            said = {
                name: _proposal(several[at], multiple=self.codebook.dimensions[name].multiple)
                for name, several in proposals.items()
            }
            item = Item(key, start, end, said, flagged, _text(reason), novelty, [statement])
            found[key, start, end] = item
            self.items.setdefault(key, []).append(item)


def _proposal(four: tuple[Any, ...], *, multiple: bool) -> Proposal:
    code, prob, second, second_prob = four
    given = codes_in(code, multiple=multiple)
    uncoded = not multiple and not given
    return [
        None if uncoded else (given if multiple else given[0]),
        _number(prob),
        _text(second),
        _number(second_prob),
    ]


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)
