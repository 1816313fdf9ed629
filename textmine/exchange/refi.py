"""What REFI-QDA files have in common: namespaces, identifiers, and XML written and read safely."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from lxml import etree

from textmine.errors import TextmineError

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"

_OURS = uuid.UUID("5f0c1f3e-7d0b-5e0a-9a57-2f3b8c1d4e60")  # all our identifiers derive from it
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Element = Any  # lxml has no types


def identifier(*parts: str) -> str:
    """Make the GUID of a thing from what it is; the same thing always has the same."""
    name = "\x1f".join(part.encode("utf-8", "replace").decode("utf-8") for part in parts)
    return str(uuid.uuid5(_OURS, name))


def same_guid(value: str | None) -> str:
    """Bring a GUID to one form: programs write it with and without braces, in either case."""
    return (value or "").strip().strip("{}").lower()


def writable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def printable(text: str) -> str:
    """Make a text fit for a name: one line, and only characters that XML allows."""
    return " ".join(writable(text).split())


def root(name: str, namespace: str, /, **attributes: str) -> Element:
    """Begin a document."""
    return etree.Element(f"{{{namespace}}}{name}", attributes, nsmap={None: namespace})


def add(parent: Element, tag: str, text: str | None = None, /, **attributes: str) -> Element:
    """Add a child in the namespace of its parent."""
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{tag}", attributes)
    child.text = text
    return child


def written(document: Element) -> bytes:
    """Give a document as UTF-8."""
    data: bytes = etree.tostring(
        document, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return data


def parsed(data: bytes, source: str) -> Element:
    """Read a document that anybody may have written.

    Raises
    ------
    TextmineError
        If it is not XML, or declares entities, which no such file needs and attacks use.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        document = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise TextmineError(
            f"{source}, line {error.lineno}: not well-formed XML ({error.msg}). The file is "
            "damaged; export it again from the program that wrote it."
        ) from error
    if document.getroottree().docinfo.internalDTD is not None:
        raise TextmineError(
            f"{source} declares a document type, which no REFI-QDA file needs and which may hide "
            "an attack; it was not read."
        )
    return document


def local_name(element: Element) -> str:
    """The name of an element without its namespace: programs write several, or none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(parent: Element | None, name: str) -> Iterator[Element]:
    """The children of a name, in whatever namespace."""
    for child in () if parent is None else parent:
        if local_name(child) == name:
            yield child


def child(parent: Element | None, name: str) -> Element | None:
    """The first child of a name."""
    return next(children(parent, name), None)


def grandchildren(parent: Element, name: str) -> Iterator[Element]:
    """The elements in the first child of a name, of whatever name they are."""
    found = child(parent, name)
    yield from () if found is None else found.iterchildren("*")


def text_in(parent: Element, name: str) -> str:
    """The text of a child, '' if there is none."""
    found = child(parent, name)
    return "" if found is None else "".join(found.itertext())
