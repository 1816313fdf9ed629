"""From groups to a codebook, so that a coder can learn them and code what comes later."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from textmine.codebook import Code, Codebook, Dimension


@dataclass(frozen=True)
class Theme:
    """What a codebook says of a group: its name, what it covers, texts that belong there."""

    name: str
    definition: str
    examples: Sequence[str]


def codes_of(names: Sequence[str]) -> list[str]:
    """Make a code of each name: 'Juridiska frågor' → 'juridiska-fragor', each only once."""
    codes: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
        code = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "grupp"
        number = 2
        single = code
        while code in codes:
            code, number = f"{single}-{number}", number + 1
        codes.append(code)
    return codes


def codebook_of(themes: Sequence[Theme], name: str, dimension: str, title: str) -> Codebook:
    """Make a codebook with one dimension, a code a theme.

    Raises
    ------
    ValueError
        If there are no themes.
    """
    codes = {
        code: Code(name=theme.name, definition=theme.definition, include=tuple(theme.examples))
        for code, theme in zip(codes_of([theme.name for theme in themes]), themes, strict=True)
    }
    return Codebook(
        name=name, title=title, dimensions={dimension: Dimension(name=title, codes=codes)}
    )
