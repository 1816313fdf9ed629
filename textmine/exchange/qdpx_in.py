"""REFI-QDA projects (`.qdpx`) read as they come, whichever program wrote them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textmine.errors import TextmineError
from textmine.exchange.archive import Archive, opened
from textmine.exchange.code_tree import read_codes, read_sets
from textmine.exchange.codebook_in import is_ours
from textmine.exchange.positions import Claim, Text, choose
from textmine.exchange.project import Case, Coding, Project, Selection, Source
from textmine.exchange.refi import (
    Element,
    child,
    children,
    grandchildren,
    local_name,
    parsed,
    same_guid,
    text_in,
)
from textmine.exchange.variables import read_value

# What we have no place for, as people call it.
_OTHER_SOURCES = {
    "PictureSource": "pictures",
    "PDFSource": "PDF documents",
    "AudioSource": "sound recordings",
    "VideoSource": "films",
}
_OTHER_PARTS = {"Links": ("links", "Link"), "Graphs": ("graphs", "Graph")}


def read_qdpx(path: Path) -> Project:
    """Read a project's texts, codings, cases and codes; the rest is listed as left out.

    Raises
    ------
    TextmineError
        If the file is absent, damaged or hostile, or holds no project.
    """
    with opened(path) as archive:
        document = parsed(archive.project(), str(path))
        if local_name(document) != "Project":
            raise TextmineError(
                f"{path} holds no REFI-QDA project (it begins with '{local_name(document)}', not "
                "'Project'); export it again."
            )
        return _Reader(archive, document).project()


@dataclass
class _Raw:
    """A document before its positions are understood."""

    element: Element
    text: str


@dataclass
class _Reader:
    archive: Archive
    document: Element
    variables: dict[str, str] = field(default_factory=dict)  # name by GUID
    notes: dict[str, str] = field(default_factory=dict)  # text by GUID
    used: set[str] = field(default_factory=set)  # notes on codings

    def project(self) -> Project:
        get = self.document.get
        project = Project(get("name") or "", get("origin") or "")
        self.out = project.left_out
        project.nodes = read_codes(child(self.document, "CodeBook"))
        project.sets = read_sets(self.document)
        for user in children(child(self.document, "Users"), "User"):
            project.users[same_guid(user.get("guid"))] = user.get("name") or user.get("id") or ""
        for variable in children(child(self.document, "Variables"), "Variable"):
            name = variable.get("name") or ""
            self.variables[same_guid(variable.get("guid"))] = name
            project.kinds[name] = variable.get("typeOfVariable") or ""
        self._read_notes()
        project.cases = self._cases()
        project.sources = self._sources(project.origin)
        self._leave_out(project)
        return project

    def _read_notes(self) -> None:
        for note in children(child(self.document, "Notes"), "Note"):
            text = text_in(note, "PlainTextContent")
            if not text and (path := note.get("plainTextPath")):
                text = self.archive.text(path) or ""
            self.notes[same_guid(note.get("guid"))] = text

    def _cases(self) -> dict[str, Case]:
        cases: dict[str, Case] = {}
        for element in children(child(self.document, "Cases"), "Case"):
            case = Case(element.get("name") or "", self._values(element))
            for kind in ("SourceRef", "SelectionRef"):
                for reference in children(element, kind):
                    cases.setdefault(same_guid(reference.get("targetGUID")), case)
            for _ in children(element, "CodeRef"):
                self.out.add("codes of whole cases", case.name)
        return cases

    def _values(self, element: Element) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for holder in children(element, "VariableValue"):
            reference = child(holder, "VariableRef")
            guid = same_guid(None if reference is None else reference.get("targetGUID"))
            value = read_value(holder)
            if guid in self.variables and value is not None:
                values[self.variables[guid]] = value
        return values

    def _sources(self, origin: str) -> list[Source]:
        raw = []
        for element in grandchildren(self.document, "Sources"):
            kind, name = local_name(element), element.get("name") or ""
            if kind in _OTHER_SOURCES:
                self.out.add(_OTHER_SOURCES[kind], name)
            elif kind == "TextSource":
                text = self._text(element)
                if text is None:
                    self.out.add("documents whose text is not in the file", name)
                else:
                    raw.append(_Raw(element, text))
        counting = choose(((one.text, _claims(one.element)) for one in raw), origin)
        return [self._source(one.element, Text(one.text, counting)) for one in raw]

    def _text(self, element: Element) -> str | None:
        if (content := child(element, "PlainTextContent")) is not None:
            return "".join(content.itertext()).removeprefix("\ufeff")
        path = element.get("plainTextPath")
        return self.archive.text(path) if path else None

    def _source(self, element: Element, text: Text) -> Source:
        name = element.get("name") or ""
        guid = same_guid(element.get("guid"))
        source = Source(guid, name, text.content, variables=self._values(element))
        for selection in children(element, "PlainTextSelection"):
            span = _span(selection)
            if span is None or not 0 <= span[0] <= span[1] <= text.length:
                self.out.add("selections whose place is not in the text", name)
                continue
            self._leave_note_refs(selection, name)
            source.selections.append(
                Selection(
                    same_guid(selection.get("guid")),
                    text.place(span[0]),
                    text.place(span[1]),
                    text_in(selection, "Description"),
                    self._codings(selection),
                )
            )
        if whole := self._codings(element):
            source.selections.append(Selection("", 0, len(source.text), "", whole))
        self._leave_note_refs(element, name)
        return source

    def _leave_note_refs(self, element: Element, name: str) -> None:
        for _ in children(element, "NoteRef"):
            self.out.add("notes on documents and selections", name)

    def _codings(self, element: Element) -> list[Coding]:
        codings = []
        for coding in children(element, "Coding"):
            reference = child(coding, "CodeRef")
            if reference is None:
                self.out.add("codings without a code")
                continue
            notes = [same_guid(note.get("targetGUID")) for note in children(coding, "NoteRef")]
            self.used.update(notes)
            coder = coding.get("creatingUser") or element.get("creatingUser")
            codings.append(
                Coding(
                    same_guid(reference.get("targetGUID")),
                    same_guid(coder),
                    tuple(self.notes[note] for note in notes if note in self.notes),
                )
            )
        return codings

    def _leave_out(self, project: Project) -> None:
        """List what a project may hold and we have no place for."""
        for note in children(child(self.document, "Notes"), "Note"):
            if same_guid(note.get("guid")) not in self.used:
                self.out.add("notes", note.get("name") or "")
        for part, (kind, name) in _OTHER_PARTS.items():
            for element in children(child(self.document, part), name):
                self.out.add(kind, element.get("name") or "")
        for one in project.sets:
            if not is_ours(one):
                self.out.add("sets", one.name)


def _claims(source: Element) -> list[Claim]:
    return [
        Claim(*span, selection.get("name") or "")
        for selection in children(source, "PlainTextSelection")
        if (span := _span(selection)) is not None
    ]


def _span(selection: Element) -> tuple[int, int] | None:
    try:
        return int(selection.get("startPosition")), int(selection.get("endPosition"))
    except (TypeError, ValueError):
        return None
