"""Codes as REFI-QDA holds them: a tree with descriptions, and sets of codes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from textmine.exchange.refi import (
    CODEBOOK,
    Element,
    add,
    child,
    children,
    same_guid,
    text_in,
)


@dataclass
class CodeNode:
    """A code, or a heading over codes."""

    guid: str
    name: str
    codable: bool
    description: str = ""
    children: list["CodeNode"] = field(default_factory=list)

    def below(self) -> Iterator["CodeNode"]:
        """The node and all under it, from top to bottom."""
        yield self
        for node in self.children:
            yield from node.below()


@dataclass(frozen=True)
class CodeSet:
    """A named set of codes."""

    guid: str
    name: str
    description: str = ""
    members: Sequence[str] = ()


def write_codes(parent: Element, nodes: Sequence[CodeNode]) -> None:
    """Add `Codes` to a code book."""
    if nodes:
        _write_nodes(add(parent, "Codes"), nodes)


def _write_nodes(parent: Element, nodes: Sequence[CodeNode]) -> None:
    for node in nodes:
        made = add(
            parent,
            "Code",
            guid=node.guid,
            name=node.name,
            isCodable="true" if node.codable else "false",
        )
        if node.description:
            add(made, "Description", node.description)
        _write_nodes(made, node.children)


def write_sets(parent: Element, sets: Sequence[CodeSet], namespace: str) -> None:
    """Add `Sets` to a code book or a project, which refer to codes by different attributes."""
    if not sets:
        return
    group = add(parent, "Sets")
    reference = "guid" if namespace == CODEBOOK else "targetGUID"
    for one in sets:
        made = add(group, "Set", guid=one.guid, name=one.name)
        if one.description:
            add(made, "Description", one.description)
        for member in one.members:
            add(made, "MemberCode", **{reference: member})


def read_codes(codebook: Element | None) -> list[CodeNode]:
    """Read the tree of a `CodeBook`."""
    holder = child(codebook, "Codes")
    return _read_nodes(codebook if holder is None else holder)


def _read_nodes(parent: Element | None) -> list[CodeNode]:
    return [
        CodeNode(
            same_guid(element.get("guid")),
            element.get("name") or "",
            (element.get("isCodable") or "true").lower() in ("true", "1"),
            text_in(element, "Description"),
            _read_nodes(element),
        )
        for element in children(parent, "Code")
    ]


def read_sets(parent: Element) -> list[CodeSet]:
    """Read the sets of a code book or a project; `members` holds codes only."""
    return [
        CodeSet(
            same_guid(element.get("guid")),
            element.get("name") or "",
            text_in(element, "Description"),
            tuple(
                same_guid(member.get("guid") or member.get("targetGUID"))
                for member in children(element, "MemberCode")
            ),
        )
        for element in children(child(parent, "Sets"), "Set")
    ]
