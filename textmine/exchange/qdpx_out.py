"""Coded answers as a REFI-QDA project (`.qdpx`), which NVivo, MAXQDA and ATLAS.ti open."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from textmine.codebook import Codebook
from textmine.coding.targets import codes_in
from textmine.exchange.code_tree import write_codes, write_sets
from textmine.exchange.codebook_out import code_guid, code_nodes, code_sets
from textmine.exchange.documents import Document, Sources, lay_out
from textmine.exchange.marks import Facts, write_facts
from textmine.exchange.material import Decided, Material
from textmine.exchange.refi import PROJECT, Element, add, identifier, printable, root, written
from textmine.exchange.structure import Structure
from textmine.files import staged_file
from textmine.tables import COMMENT, NOVELTY, REASON, REVIEW, SOURCE, dimension_columns

# Keys of facts about a statement; `imported` reads them.
STATEMENT, PROBABILITY, SECOND = "Utsaga", "Sannolikhet", "Näst troligast"
TO_REVIEW, UNUSUAL, DECIDED_BY, REMARK = "Granska", "Ovanlighet", "Källa", "Kommentar"
PROJECT_FILE, SOURCES_FOLDER = "project.qde", "sources"
_EXCERPT = 60  # characters of a statement that name its selection
_DATE = (1980, 1, 1, 0, 0, 0)  # the same input gives the same file


def write_qdpx(material: Material, path: Path, sources: Sources = Sources.respondent) -> None:
    """Write a project: documents with coded selections, respondents as cases, who coded what.

    Parameters
    ----------
    sources
        What makes up one document.
    """
    writer = _Writer(material, sources)
    project = writer.project()
    with (
        staged_file(path) as stage,
        zipfile.ZipFile(stage, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        archive.writestr(_entry(PROJECT_FILE), written(project))
        for document in writer.documents:
            name = f"{SOURCES_FOLDER}/{writer.source_guid(document)}.txt"
            archive.writestr(_entry(name), document.text.encode("utf-8", "replace"))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


@dataclass(frozen=True)
class _Coder:
    """Who coded, as a selection names them."""

    guid: str
    at: str = ""

    @property
    def created(self) -> dict[str, str]:
        return {"creatingUser": self.guid} | ({"creationDateTime": self.at} if self.at else {})


@dataclass
class _Writer:
    material: Material
    sources: Sources
    documents: list[Document] = field(init=False)
    structure: Structure = field(init=False)
    machine: _Coder = field(init=False)
    notes: dict[str, int] = field(default_factory=dict)  # GUID → per cent

    def __post_init__(self) -> None:
        answers, book = self.material.answers, self.material.codebook
        self.documents = lay_out(answers, book, self.sources)
        self.structure = Structure.of(answers, book)
        self.machine = _Coder(identifier("user", self.material.model))
        self.statements: dict[str, list[dict[str, Any]]] = {}
        for record in self.material.statements.to_dict("records"):
            statement = {str(key): value for key, value in record.items()}
            self.statements.setdefault(str(statement["answer_id"]), []).append(statement)
        self.ids = [str(answer) for answer in answers["answer_id"]]
        self.codes = {
            (name, code): code_guid(book, name, code)
            for name, dimension in book.dimensions.items()
            for code in dimension.codes
        }

    def source_guid(self, document: Document) -> str:
        return identifier("source", self.material.name, document.key)

    def project(self) -> Element:
        """Build the whole document, in the order that the schema wants."""
        material, book = self.material, self.material.codebook
        project = root("Project", PROJECT, name=printable(material.name) or "textmine")
        project.set("origin", f"textmine {version('textmine')}")
        project.set("creatingUserGUID", self.machine.guid)
        users = add(project, "Users")
        add(users, "User", guid=self.machine.guid, name=printable(material.model))
        for name in dict.fromkeys(one.coder for one in material.people.values()):
            add(users, "User", guid=_person(name), name=printable(name))
        nodes = [*code_nodes(book), self.structure.code_node()]
        write_codes(add(project, "CodeBook"), nodes)
        self._add_variables(project)
        self._add_cases(project)
        if self.documents:
            holder = add(project, "Sources")
            for document in self.documents:
                self._add_source(holder, document)
        self._add_notes(project)
        write_sets(project, code_sets(book), PROJECT)
        add(project, "Description", _describe(material, book))
        return project

    def _add_variables(self, project: Element) -> None:
        if self.structure.variables:
            holder = add(project, "Variables")
            for one in self.structure.variables.values():
                name = printable(one.name) or "?"
                add(holder, "Variable", guid=one.guid, name=name, typeOfVariable=one.kind)

    def _add_cases(self, project: Element) -> None:
        """A case a respondent, with what is known of them and where their answers are."""
        holder = add(project, "Cases") if self.structure.people else None
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in self.structure.people}
        rows: dict[str, int] = {}
        for row, name in enumerate(self.structure.people):
            rows.setdefault(name, row)
        for document in self.documents:
            for block in document.blocks:
                guid = self.source_guid(document)
                found[self.structure.people[block.row]].append((guid, block.row))
        for name, places in found.items():
            case = add(holder, "Case", guid=identifier("case", name), name=printable(name))
            self._add_values(case, self.structure.filled(self.structure.of_respondent, rows[name]))
            if self.sources is Sources.question:
                for guid, row in places:
                    add(case, "SelectionRef", targetGUID=self._answer_guid(guid, row))
            else:
                for guid in dict.fromkeys(guid for guid, _ in places):
                    add(case, "SourceRef", targetGUID=guid)

    def _add_values(self, parent: Element, values: Mapping[str, str]) -> None:
        for column, value in values.items():
            variable = self.structure.variables[column]
            holder = add(parent, "VariableValue")
            add(holder, "VariableRef", targetGUID=variable.guid)
            add(holder, f"{variable.kind}Value", value)

    def _add_source(self, holder: Element, document: Document) -> None:
        guid = self.source_guid(document)
        source = add(
            holder,
            "TextSource",
            guid=guid,
            name=document.name,
            plainTextPath=f"internal://{guid}.txt",
            **self.machine.created,
        )
        for block in document.blocks:
            answer = self.ids[block.row]
            self._add_selection(
                source,
                self._answer_guid(guid, block.row),
                (block.start, block.end),
                f"Svar {answer}",
                self.structure.facts(block.row),
                self.machine,
                [(code, None) for code in self.structure.codes(block.row)],
            )
            for statement in self.statements.get(answer, ()):
                self._add_statement(source, guid, block.start, statement)
        if self.sources is Sources.answer:
            every = list(self.structure.variables)
            self._add_values(source, self.structure.filled(every, document.blocks[0].row))

    def _answer_guid(self, source: str, row: int) -> str:
        return identifier("answer", source, self.ids[row])

    def _add_statement(
        self, source: Element, source_guid: str, at: int, statement: Mapping[str, Any]
    ) -> None:
        name = str(statement["statement_id"])
        decided = self.material.people.get(name)
        codes: list[tuple[str, float | None]] = []
        for dimension, body in self.material.codebook.dimensions.items():
            probability = _number(statement.get(dimension_columns(dimension)[1]))
            for code in codes_in(statement.get(dimension), multiple=body.multiple):
                codes.append((self.codes[dimension, code], probability))
        self._add_selection(
            source,
            identifier("statement", source_guid, name),
            (at + int(statement["start"]), at + int(statement["end"])),
            str(statement["text"]),
            _facts(statement, list(self.material.codebook.dimensions)),
            _coder(decided) if decided else self.machine,
            codes,
        )

    def _add_selection(
        self,
        source: Element,
        guid: str,
        span: tuple[int, int],
        name: str,
        facts: Facts,
        coder: _Coder,
        codes: Sequence[tuple[str, float | None]],
    ) -> None:
        selection = add(
            source,
            "PlainTextSelection",
            guid=guid,
            name=_shortened(printable(name)),
            startPosition=str(span[0]),
            endPosition=str(span[1]),
            **coder.created,
        )
        add(selection, "Description", write_facts(facts))
        for code, probability in codes:
            coding = add(selection, "Coding", guid=identifier("coding", guid, code))
            coding.attrib.update(coder.created)
            add(coding, "CodeRef", targetGUID=code)
            if probability is not None:
                add(coding, "NoteRef", targetGUID=self._note(probability))

    def _note(self, probability: float) -> str:
        """A note for each whole per cent: thousands of them would bury a researcher's own."""
        percent = round(100 * probability)
        guid = identifier("probability", str(percent))
        self.notes[guid] = percent
        return guid

    def _add_notes(self, project: Element) -> None:
        if not self.notes:
            return
        holder = add(project, "Notes")
        for guid, percent in sorted(self.notes.items(), key=lambda one: one[1]):
            name = f"{PROBABILITY} {percent} %"
            note = add(holder, "Note", guid=guid, name=name, **self.machine.created)
            text = "Så säker är maskinen på att koden är rätt."
            facts = write_facts([(PROBABILITY, str(percent / 100))])
            add(note, "PlainTextContent", f"{facts}\n{text}")


def _facts(statement: Mapping[str, Any], dimensions: Sequence[str]) -> Facts:
    """What there is to say of a statement beside its codes."""
    facts: Facts = [(STATEMENT, str(statement["statement_id"]))]
    for name in dimensions:
        _, prob, second, second_prob = dimension_columns(name)
        if (value := _number(statement.get(prob))) is not None:
            facts.append((f"{PROBABILITY} {name}", repr(value)))
        if (value := _number(statement.get(second_prob))) is not None:
            facts.append((f"{SECOND} {name}", f"{statement[second]} {value!r}"))
    if statement.get(REVIEW):
        facts.append((TO_REVIEW, _text(statement.get(REASON))))
    if (value := _number(statement.get(NOVELTY))) is not None:
        facts.append((UNUSUAL, repr(value)))
    for key, column in ((DECIDED_BY, SOURCE), (REMARK, COMMENT)):
        if text := _text(statement.get(column)):
            facts.append((key, text))
    return facts


def _coder(decided: Decided) -> _Coder:
    return _Coder(_person(decided.coder), decided.at)


def _person(name: str) -> str:
    return identifier("user", "person", name)


def _describe(material: Material, book: Codebook) -> str:
    return (
        f"Fritextsvar kodade enligt kodboken {printable(book.title or book.name)}, version "
        f"{printable(book.version)}, av {printable(material.model)}. Personuppgifter är maskerade. "
        "Koder av människor har deras namn; koder av maskinen har en anteckning om sannolikhet."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
