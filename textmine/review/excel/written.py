"""Codes as people write them in a cell: by name or by key, one or several."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from textmine.codebook import Dimension, folded
from textmine.errors import did_you_mean
from textmine.report.choices import choice_names

_MARK = re.compile(r"[,;\n]")


class NotACode(Exception):
    """A text in a cell that is no code there; the message says what is allowed."""


def read_code(text: str, dimension: Dimension, context: str | None, where: str) -> str:
    """Find the code that a text means.

    Parameters
    ----------
    text
        A name under the context, a key, or a name that the code has elsewhere; case and blanks
        matter only between codes that they alone tell apart.
    dimension
        Whose code it is.
    context
        The value of the column that the codes depend on, as the codebook knows it.
    where
        What that value is called in messages: "Område 'Suicidprevention'".

    Raises
    ------
    NotACode
        If the text means no code, several, or one that does not exist under the context.
    """
    allowed = dimension.allowed(context)
    found = _meant(text, dimension, context, allowed)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotACode(f"'{text}' means several codes; write its key: {', '.join(found)}")
    if dimension.by and context is None:
        raise NotACode(f"no code is allowed, as the codebook does not know {where}")
    hint = did_you_mean(text, choice_names(dimension, context))
    if _meant(text, dimension, context, list(dimension.codes)):
        raise NotACode(f"'{text}' is no code under {where}; {hint}")
    parts = [part for part in _MARK.split(text) if part.strip()]
    if len(parts) > 1 and not dimension.multiple:
        if all(_meant(part, dimension, context, allowed) for part in parts):
            raise NotACode(f"'{text}' is {len(parts)} codes, and only one may stand here; {hint}")
    raise NotACode(f"'{text}' is no code; {hint}")


def read_codes(text: str, dimension: Dimension, context: str | None, where: str) -> list[str]:
    """Find the codes that a text means, several with comma or semicolon between them.

    Raises
    ------
    NotACode
        If a part of it means none; see `read_code`.
    """
    found = {
        read_code(part, dimension, context, where) for part in _parts(text, dimension, context)
    }
    return [code for code in dimension.codes if code in found]


def _parts(text: str, dimension: Dimension, context: str | None) -> Iterator[str]:
    """Divide a text at its commas, but not within a name that has one."""
    cuts = [0, *(mark.end() for mark in _MARK.finditer(text)), len(text) + 1]
    at, allowed = 0, dimension.allowed(context)
    while at < len(cuts) - 1:
        ends = range(len(cuts) - 1, at, -1)
        spans = ((end, text[cuts[at] : cuts[end] - 1].strip()) for end in ends)
        end, part = next(
            ((end, part) for end, part in spans if _meant(part, dimension, context, allowed)),
            (at + 1, text[cuts[at] : cuts[at + 1] - 1].strip()),
        )
        if part:
            yield part
        at = end


def _meant(text: str, dimension: Dimension, context: str | None, among: list[str]) -> list[str]:
    """Give the codes that a text may mean: those that fit it best."""
    codes = dimension.codes
    names: list[Callable[[str], tuple[str, ...]]] = [
        lambda code: (dimension.code_name(code, context),),
        lambda code: (code,),
        lambda code: (codes[code].name, *codes[code].names.values()),
    ]
    for compared in (_composed, folded):
        wanted = compared(text)
        for names_of in names:
            found = [code for code in among if wanted in map(compared, names_of(code))]
            if found and wanted:
                return found
    return []


def _composed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
