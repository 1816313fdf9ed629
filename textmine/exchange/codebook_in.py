"""A REFI-QDA tree as a codebook: one that we wrote, or any other program's."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from textmine.codebook import Codebook, ContextValue
from textmine.errors import TextmineError
from textmine.exchange import codebook_out as ours
from textmine.exchange.code_tree import CodeNode, CodeSet
from textmine.exchange.marks import Facts, read_described, read_facts, several

STRUCTURE = "Del av dokumentet"  # fact of a heading whose codes say of what an answer is
LOOSE, LOOSE_NAME = "koder", "Koder"  # the dimension of codes that stand under no heading
PATH = " > "  # between the names of a code and of those it stands under


@dataclass
class CodesRead:
    """What a tree of codes means to us.

    Attributes
    ----------
    places
        Dimension and code, by GUID.
    structure
        Column and value, by GUID, for codes that say of what an answer is.
    foreign
        Dimensions that we did not write: a statement may have several of their codes.
    """

    codebook: Codebook | None
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    structure: dict[str, tuple[str, str]] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)


def understand(
    nodes: Sequence[CodeNode],
    sets: Sequence[CodeSet],
    name: str,
    used: Collection[str] | None = None,
) -> CodesRead:
    """Make a codebook of a tree of codes.

    A heading with codes below it becomes a dimension; codes under no heading make up one of their
    own. In a dimension that we did not write a statement may have several codes: so it is in
    programs for qualitative analysis.

    Parameters
    ----------
    name
        Of the codebook, if the file does not say it.
    used
        GUIDs of codes that were given. A heading becomes a code itself only if it was; None: if
        the file allows it.
    """
    read = CodesRead(None)
    dimensions: dict[str, dict[str, Any]] = {}
    loose: list[CodeNode] = []
    for node in nodes:
        facts = read_facts(node.description)
        if STRUCTURE in dict(facts):
            _read_structure(node, read)
        elif node.children or ours.KEY in dict(facts):
            _read_dimension(node, facts, dimensions, read, used)
        else:
            loose.append(node)
    if loose:
        key = _free(LOOSE, dimensions)
        dimensions[key] = {"name": LOOSE_NAME, "multiple": True}
        read.foreign.add(key)
        dimensions[key]["codes"] = _read_codes(key, [(one, one.name) for one in loose], read)
    head, columns = _read_sets(sets)
    _mend(dimensions, columns)
    if dimensions:
        read.codebook = Codebook.model_validate(
            {"name": name} | head | {"columns": columns, "dimensions": dimensions}
        )
    return read


def required(read: CodesRead, source: str) -> Codebook:
    """Give the codebook.

    Raises
    ------
    TextmineError
        If there are no codes.
    """
    if read.codebook is None:
        raise TextmineError(f"{source} holds no codes; export the codebook again with its codes.")
    return read.codebook


def key_of(name: str, taken: Collection[str] = ()) -> str:
    """Make a key of a name: `Nya samverkansformer` becomes `nya-samverkansformer`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return _free(re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "kod", taken)


def _free(key: str, taken: Collection[str]) -> str:
    candidate, number = key, 1
    while candidate in taken:
        number += 1
        candidate = f"{key}-{number}"
    return candidate


def _read_structure(root: CodeNode, read: CodesRead) -> None:
    for node in root.below():
        facts = dict(read_facts(node.description))
        if node is root or ours.COLUMN in facts:
            read.structure[node.guid] = facts.get(ours.COLUMN, ""), facts.get(ours.KEY, "")


def _read_dimension(
    node: CodeNode,
    facts: Facts,
    dimensions: dict[str, dict[str, Any]],
    read: CodesRead,
    used: Collection[str] | None,
) -> None:
    known = dict(facts)
    if ours.KEY in known:
        key = _free(known[ours.KEY], dimensions)
        body: dict[str, Any] = {
            "name": known.get(ours.NAME, node.name),
            "by": known.get(ours.COLUMN),
            "when": _after(facts, f"{ours.IF} "),
            "multiple": known.get(ours.MULTIPLE) == ours.YES,
            "ordered": known.get(ours.ORDERED) == ours.YES,
        }
    else:
        key = key_of(node.name, dimensions)
        body = {"name": node.name, "multiple": True}
        read.foreign.add(key)
        if node.codable if used is None else node.guid in used:
            alone = CodeNode(node.guid, node.name, True, node.description)
            node = CodeNode(node.guid, node.name, True, "", [alone, *node.children])
    codes = [pair for one in node.children for pair in _flat(one)]
    if codes:
        body["codes"] = _read_codes(key, codes, read)
        dimensions[key] = body


def _after(facts: Facts, start: str) -> dict[str, tuple[str, ...]]:
    """Values by what follows the beginning of their keys."""
    keys = dict.fromkeys(key for key, _ in facts if key.startswith(start))
    return {key.removeprefix(start): several(facts, key) for key in keys}


def _flat(node: CodeNode, above: str = "") -> list[tuple[CodeNode, str]]:
    """A code and those below it, each with its path."""
    path = f"{above}{node.name}"
    own = [(node, path)] if node.codable or not node.children else []
    return own + [pair for one in node.children for pair in _flat(one, path + PATH)]


def _read_codes(
    dimension: str, nodes: Sequence[tuple[CodeNode, str]], read: CodesRead
) -> dict[str, dict[str, Any]]:
    codes: dict[str, dict[str, Any]] = {}
    for node, path in nodes:
        definition, facts = read_described(node.description, ours.KEY)
        known = dict(facts)
        if ours.KEY in known:
            key = _free(known[ours.KEY], codes)
        else:
            key = key_of(path, codes)
        codes[key] = {
            "name": known.get(ours.NAME, path),
            "definition": definition,
            "include": several(facts, ours.INCLUDE),
            "exclude": several(facts, ours.EXCLUDE),
            "in": several(facts, ours.EXISTS_IN),
            "names": {k: v[0] for k, v in _after(facts, f"{ours.CALLED_IN} ").items()},
        }
        read.places[node.guid] = dimension, key
    return codes


def _read_sets(
    sets: Sequence[CodeSet],
) -> tuple[dict[str, str], dict[str, dict[str, ContextValue]]]:
    """Read what our sets say of the codebook; those of others are mere groups."""
    head: dict[str, str] = {}
    columns: dict[str, dict[str, ContextValue]] = {}
    for one in sets:
        facts = read_facts(one.description)
        known = dict(facts)
        if ours.CODEBOOK_KEY in known:
            names = {
                "name": ours.CODEBOOK_KEY,
                "version": ours.VERSION,
                "title": ours.TITLE,
                "description": ours.DESCRIPTION,
            }
            head = {part: known[key] for part, key in names.items() if key in known}
            columns = {column: {} for column in several(facts, ours.COLUMN)} | columns
        elif ours.COLUMN in known and ours.KEY in known:
            value = ContextValue(name=known.get(ours.NAME, ""), aliases=several(facts, ours.ALIAS))
            columns.setdefault(known[ours.COLUMN], {})[known[ours.KEY]] = value
    return head, columns


def is_ours(one: CodeSet) -> bool:
    """Tell whether a set is part of a codebook that we wrote."""
    known = dict(read_facts(one.description))
    return ours.CODEBOOK_KEY in known or {ours.COLUMN, ours.KEY} <= known.keys()


def _mend(
    dimensions: dict[str, dict[str, Any]], columns: dict[str, dict[str, ContextValue]]
) -> None:
    """Take away what refers to values and codes that another program left out."""
    earlier: dict[str, set[str]] = {}
    for key, body in dimensions.items():
        values = columns.get(body.get("by") or "", {})
        if not values:
            body["by"] = None
        for code in body["codes"].values():
            code["in"] = tuple(value for value in code["in"] if value in values)
            code["names"] = {k: v for k, v in code["names"].items() if k in values}
        when = {
            other: tuple(code for code in codes if code in earlier[other])
            for other, codes in body.get("when", {}).items()
            if other in earlier
        }
        body["when"] = {other: codes for other, codes in when.items() if codes}
        if not body["multiple"]:
            earlier[key] = set(body["codes"])
