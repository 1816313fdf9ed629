"""Which code of a codebook a project's code is: by its GUID, or by what it is called."""

from collections.abc import Iterator, Mapping, Sequence

from textmine.codebook import Codebook, folded
from textmine.exchange.code_tree import CodeNode
from textmine.exchange.codebook_in import PATH, CodesRead
from textmine.exchange.codebook_out import code_guid

Place = tuple[str, str]  # dimension and code


def places_in(
    book: Codebook, nodes: Sequence[CodeNode], read: CodesRead
) -> tuple[dict[str, Place], list[str]]:
    """Find the place of each code in a codebook.

    Returns
    -------
    places
        By GUID.
    unknown
        Names of the codes that the codebook does not have.
    """
    by_guid = {
        code_guid(book, name, code): (name, code)
        for name, dimension in book.dimensions.items()
        for code in dimension.codes
    }
    by_name = _by_name(book)
    places: dict[str, Place] = {}
    unknown = []
    for node, path in _paths(nodes):
        if node.guid in read.structure:
            continue
        known = by_guid.get(node.guid) or _named(by_name, path)
        if known is None and node.guid in read.places:
            dimension, code = read.places[node.guid]
            if dimension in book.dimensions and code in book.dimensions[dimension].codes:
                known = dimension, code
        if known is not None:
            places[node.guid] = known
        elif node.guid in read.places:
            unknown.append(PATH.join(path))
    return places, unknown


def _paths(
    nodes: Sequence[CodeNode], above: tuple[str, ...] = ()
) -> Iterator[tuple[CodeNode, tuple[str, ...]]]:
    for node in nodes:
        path = (*above, node.name)
        yield node, path
        yield from _paths(node.children, path)


def _by_name(book: Codebook) -> Mapping[tuple[str, str], Place | None]:
    """Places by the names of dimension and code; under '' by the code's alone, if it is unique."""
    found: dict[tuple[str, str], Place | None] = {}
    for key, dimension in book.dimensions.items():
        for code_key, code in dimension.codes.items():
            place = key, code_key
            for name in {folded(one) for one in (code_key, code.name, *code.names.values())}:
                for heading in {folded(key), folded(dimension.name)}:
                    found.setdefault((heading, name), place)
                alone = found.setdefault(("", name), place)
                found["", name] = place if alone == place else None
    return found


def _named(by_name: Mapping[tuple[str, str], Place | None], path: tuple[str, ...]) -> Place | None:
    """Look a code up under its heading, or else by its own name."""
    name = folded(path[-1])
    if len(path) > 1 and (known := by_name.get((folded(path[0]), name))) is not None:
        return known
    return by_name.get(("", name))
