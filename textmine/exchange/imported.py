"""A project's documents as answers with coded statements, in the form of `corpora/`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textmine.codebook import Codebook
from textmine.errors import TextmineError
from textmine.exchange import qdpx_out as ours
from textmine.exchange.codebook_in import CodesRead, understand
from textmine.exchange.mapping import Place, places_in
from textmine.exchange.marks import Facts, read_facts
from textmine.exchange.project import Coding, LeftOut, Project, Selection, Source
from textmine.exchange.structure import ANSWER, COLUMN_VALUE
from textmine.exchange.variables import typed
from textmine.files import staged_file
from textmine.read.columns import recognise
from textmine.report.names import distinct
from textmine.review.standing import BY_MACHINE, HUMAN
from textmine.tables import (
    ANSWER_COLUMNS,
    COMMENT,
    NOVELTY,
    REASON,
    REVIEW,
    SOURCE,
    dimension_columns,
)

CODER = "coder"  # the column that says who coded a statement
_MACHINE = "textmine "  # how the names begin under which our models code
_OWN = ("answer_id", "text", "statements")  # columns that no variable may take


@dataclass
class Imported:
    """What was brought in.

    Attributes
    ----------
    answers
        One record an answer, with `statements`.
    codebook
        The one asked for, or the project's own.
    """

    answers: list[dict[str, Any]]
    codebook: Codebook
    left_out: LeftOut

    @property
    def n_statements(self) -> int:
        """How many statements there are in all."""
        return sum(len(answer["statements"]) for answer in self.answers)

    def save(self, path: Path) -> None:
        """Write the answers as JSONL, one a line."""
        with staged_file(path) as stage, stage.open("w", encoding="utf-8", newline="\n") as out:
            for answer in self.answers:
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")


def bring_in(project: Project, source: str, codebook: Codebook | None = None) -> Imported:
    """Turn a project into answers with statements.

    Selections of the same span are one statement with all their codes. In a project of ours the
    answers are found again in their documents; elsewhere a document is an answer.

    Parameters
    ----------
    source
        What error messages call the project.
    codebook
        Whose codes are wanted; codes that it does not have are left out.

    Raises
    ------
    TextmineError
        If the project holds no texts or no codes.
    """
    used = {c.code for s in project.sources for one in s.selections for c in one.codings}
    read = understand(project.nodes, project.sets, project.name or Path(source).stem, used)
    book = codebook or read.codebook
    if book is None:
        raise TextmineError(f"{source} holds no codes; there is nothing to bring in.")
    places = read.places
    if codebook is not None:
        places, unknown = places_in(codebook, project.nodes, read)
        for name in unknown:
            project.left_out.add("codes that the codebook does not have", name)
    if not project.sources:
        raise TextmineError(f"{source} holds no texts; export it again with its documents.")
    if codebook is None:
        book = _narrowed(book, read, project)
    answers = _Answers(project, book, places, read).all()
    return Imported(answers, book, project.left_out)


def _narrowed(book: Codebook, read: CodesRead, project: Project) -> Codebook:
    """Let a statement have one code of a dimension in which none has more."""
    several: set[str] = set()
    for source in project.sources:
        for _, together in _by_span(source.selections):
            places = {read.places[c.code] for c in _codings(together) if c.code in read.places}
            names = [dimension for dimension, _ in places]
            several |= {name for name in names if names.count(name) > 1}
    dimensions = {
        name: dimension.model_copy(update={"multiple": name in several})
        if name in read.foreign
        else dimension
        for name, dimension in book.dimensions.items()
    }
    return book.model_copy(update={"dimensions": dimensions})


def _by_span(selections: Iterable[Selection]) -> list[tuple[tuple[int, int], list[Selection]]]:
    """Put selections of the same span together, in the order of the text."""
    found: dict[tuple[int, int], list[Selection]] = {}
    for one in selections:
        found.setdefault((one.start, one.end), []).append(one)
    return sorted(found.items())


def _codings(selections: Sequence[Selection]) -> list[Coding]:
    return [coding for one in selections for coding in one.codings]


@dataclass
class _Answers:
    project: Project
    book: Codebook
    places: dict[str, Place]
    read: CodesRead
    columns: dict[str, str] = field(default_factory=dict)  # of variables: what we call them

    def all(self) -> list[dict[str, Any]]:
        variables = [source.variables for source in self.project.sources]
        variables += [case.variables for case in self.project.cases.values()]
        self.columns = _columns(list(dict.fromkeys(name for one in variables for name in one)))
        answers = [answer for source in self.project.sources for answer in self._answers(source)]
        ids = distinct([str(answer["answer_id"]) for answer in answers], ())
        ordered = []
        for answer, name in zip(answers, ids, strict=True):
            answer["answer_id"] = name
            first = [column for column in ANSWER_COLUMNS if column in answer]
            ordered.append({c: answer[c] for c in [*first, *(_after(answer, first))]})
        return ordered

    def _answers(self, source: Source) -> list[dict[str, Any]]:
        marked = [one for one in source.selections if self._is_answer(one)]
        rest = [one for one in source.selections if not self._is_answer(one)]
        if not marked:
            whole = Selection("", 0, len(source.text))
            return [self._answer(source, whole, rest, source.name or source.guid)]
        within: dict[str, list[Selection]] = {one.guid: [] for one in marked}
        for one in rest:
            around = (a for a in marked if a.start <= one.start and one.end <= a.end)
            if (answer := next(around, None)) is None:
                self.project.left_out.add("selections that reach outside an answer", source.name)
            else:
                within[answer.guid].append(one)
        return [
            self._answer(source, one, within[one.guid], f"{source.name} {number}")
            for number, one in enumerate(marked, start=1)
        ]

    def _is_answer(self, selection: Selection) -> bool:
        return any(coding.code in self.read.structure for coding in selection.codings)

    def _answer(
        self, source: Source, place: Selection, selections: list[Selection], name: str
    ) -> dict[str, Any]:
        kinds = self.project.kinds
        facts = read_facts(place.description)
        case = self.project.cases.get(place.guid) or self.project.cases.get(source.guid)
        answer: dict[str, Any] = {"answer_id": dict(facts).get(ANSWER) or name}
        answer["respondent"] = case.name if case and case.name else source.name
        for variables in (case.variables if case else {}, source.variables):
            answer |= {self.columns[key]: value for key, value in variables.items()}
        for key, value in facts:
            if key.startswith(COLUMN_VALUE):
                column = key.removeprefix(COLUMN_VALUE)
                answer[column] = typed(value, kinds.get(column, ""))
        for coding in place.codings:
            column, value = self.read.structure.get(coding.code, ("", ""))
            if column:
                answer[column] = typed(value, kinds.get(column, ""))
        answer["text"] = source.text[place.start : place.end]
        answer["statements"] = self._statements(place, selections, answer["text"], source.name)
        return answer

    def _statements(
        self, place: Selection, selections: list[Selection], text: str, name: str
    ) -> list[dict[str, Any]]:
        made = []
        for (start, end), together in _by_span(selections):
            if start == end:
                self.project.left_out.add("empty selections", name)
                continue
            first, last = start - place.start, end - place.start
            own = {"start": first, "end": last, "text": text[first:last]}
            made.append(self._statement(own, together, name))
        return made

    def _statement(
        self, statement: dict[str, Any], selections: list[Selection], name: str
    ) -> dict[str, Any]:
        facts = [fact for one in selections for fact in read_facts(one.description)]
        codings = [coding for coding in _codings(selections) if coding.code in self.places]
        known = dict(facts)
        if ours.STATEMENT in known:
            statement = {"statement_id": known[ours.STATEMENT]} | statement
        for dimension, body in self.book.dimensions.items():
            given = [c for c in codings if self.places[c.code][0] == dimension]
            by_people = [c for c in given if not self._by_machine(c)]
            codes = list(dict.fromkeys(self.places[c.code][1] for c in by_people or given))
            if not body.multiple and len(codes) > 1:
                self.project.left_out.add(f"further codes of {body.name} on a statement", name)
            codes = [code for code in body.codes if code in codes]
            statement[dimension] = codes if body.multiple else (codes[0] if codes else None)
            if not by_people:
                statement |= _machine_said(dimension, given, facts)
        people = dict.fromkeys(self._coder(c) for c in codings if not self._by_machine(c))
        coders = [coder for coder in people if coder] or [
            coder for coder in dict.fromkeys(self._coder(c) for c in codings) if coder
        ]
        if coders:
            statement[CODER] = ", ".join(coders)
        return statement | _about(known, by_people=bool(people))

    def _coder(self, coding: Coding) -> str:
        return self.project.users.get(coding.coder, "")

    def _by_machine(self, coding: Coding) -> bool:
        return self._coder(coding).startswith(_MACHINE)


def _after(answer: dict[str, Any], first: Sequence[str]) -> list[str]:
    """The columns of an answer that come after some, its statements last."""
    rest = [column for column in answer if column not in first and column != "statements"]
    return [*rest, "statements"]


def _columns(names: list[str]) -> dict[str, str]:
    """What the variables of a project are called in an answers table."""
    standard = {position: column for column, position in recognise(names).items()}
    called = [
        standard[at] if at in standard and standard[at] not in _OWN else name
        for at, name in enumerate(names)
    ]
    return dict(zip(names, distinct(called, _OWN), strict=True))


def _machine_said(dimension: str, given: Sequence[Coding], facts: Facts) -> dict[str, Any]:
    """The machine's probabilities: exact in our descriptions, else in whole per cent in notes."""
    known = dict(facts)
    _, prob, second, second_prob = dimension_columns(dimension)
    said: dict[str, Any] = {}
    in_notes = [dict(read_facts(note)).get(ours.PROBABILITY) for c in given for note in c.notes]
    probability = _number(known.get(f"{ours.PROBABILITY} {dimension}"))
    if probability is None:
        probability = next((p for p in map(_number, in_notes) if p is not None), None)
    if probability is not None:
        said[prob] = probability
    code, _, value = known.get(f"{ours.SECOND} {dimension}", "").rpartition(" ")
    if code and (number := _number(value)) is not None:
        said |= {second: code, second_prob: number}
    return said


def _about(known: dict[str, str], *, by_people: bool) -> dict[str, Any]:
    """What else our descriptions say of a statement; nothing if it is not ours."""
    if ours.STATEMENT not in known:
        return {}
    about: dict[str, Any] = {
        REVIEW: ours.TO_REVIEW in known,
        REASON: known.get(ours.TO_REVIEW) or None,
        NOVELTY: _number(known.get(ours.UNUSUAL)),
    }
    decided = known.get(ours.DECIDED_BY, "")
    if by_people and decided in ("", BY_MACHINE):  # somebody coded it anew elsewhere
        decided = HUMAN
        about |= {REVIEW: False, REASON: None}
    if decided:
        about[SOURCE] = decided
    if ours.REMARK in known:
        about[COMMENT] = known[ours.REMARK]
    return about


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None
