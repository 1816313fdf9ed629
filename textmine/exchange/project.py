"""A REFI-QDA project as plain data, and what of it was left out."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from textmine.exchange.code_tree import CodeNode, CodeSet

_SHOWN = 5  # names of what was left out


@dataclass(frozen=True)
class Coding:
    """A code that somebody gave; `notes` are the texts of notes attached to it."""

    code: str
    coder: str
    notes: tuple[str, ...] = ()


@dataclass
class Selection:
    """A part of a text with its codings; places are code points of the text as we hold it."""

    guid: str
    start: int
    end: int
    description: str = ""
    codings: list[Coding] = field(default_factory=list)


@dataclass
class Source:
    """A document."""

    guid: str
    name: str
    text: str
    selections: list[Selection] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass
class Case:
    """Somebody that documents, or parts of them, are about."""

    name: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass
class LeftOut:
    """What has no place with us: names, by kind."""

    found: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, name: str = "") -> None:
        """Note one thing."""
        self.found[kind].append(name)

    def lines(self) -> list[str]:
        """One line a kind: how many, and what the first were called."""
        out = []
        for kind, names in self.found.items():
            known = list(dict.fromkeys(name for name in names if name))
            more = ", …" if len(known) > _SHOWN else ""
            shown = f" ({', '.join(known[:_SHOWN])}{more})" if known else ""
            out.append(f"{kind}: {len(names):,}{shown}")
        return out


@dataclass
class Project:
    """What a project file says.

    Attributes
    ----------
    users
        Names by GUID.
    kinds
        Types of variables, by name.
    cases
        By the GUID of a source or a selection.
    """

    name: str
    origin: str
    nodes: list[CodeNode] = field(default_factory=list)
    sets: list[CodeSet] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)
