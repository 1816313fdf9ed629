"""How a statement is written when it is quoted: a line of its own in a table."""

import re

from textmine.personal.kinds import KINDS
from textmine.personal.mask import tidy

_MARK = re.compile(r"^(?:[•·▪◦‣]\s*|[*–—-]\s+|\(?\d{1,2}[.)]\s+|[a-z]\)\s+)+")
# A lead that a sentence needs and a line does not.
_LEAD = re.compile(
    r"^(?:(?:vilket|detta|det) (?:har )?(?:lett till|medfört|inneburit|bidragit till)(?: att)?"
    r"|så(?: att)?|och|samt|men|varvid|varför)\s+(?=\S)",
    re.IGNORECASE,
)
_TORN = re.compile(r"^(?:som|vilket|vilka|varav)\b", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_ABBREVIATION = re.compile(r"\b(?:m\.m|m\.fl|bl\.a|t\.ex|o\.d|o\.s\.v|etc|osv|mfl|mm|ca|st)\.$")
_BORDER = re.compile(r"[;:,–]\s|\s(?=(?:och|samt|men|vilket|som|så att|för att|genom att)\s)")
_MASKED = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
QUOTE_LENGTH, EFFECT_LENGTH = 260, 140


def printed(text: str) -> str:
    """Write a statement as a line: initial capital, no list mark, no full stop at the end.

    A clause that needs what stood before it begins with `…`.
    """
    line = _BLANKS.sub(" ", tidy(text)).strip()
    line = _MARK.sub("", line) or line
    line = _LEAD.sub("", line)
    line = line.rstrip(" ,;:–-")
    if line.endswith(".") and not line.endswith("..") and not _ABBREVIATION.search(line):
        line = line[:-1].rstrip()
    if _TORN.match(line):
        return f"… {line[:1].lower()}{line[1:]}"
    return line[:1].upper() + line[1:]


def shortened(line: str, length: int) -> str:
    """Cut a long line where a clause ends, or else a word."""
    if len(line) <= length:
        return line
    head = line[: length - 1]
    borders = [found.start() for found in _BORDER.finditer(head) if found.start() > length // 2]
    end = borders[-1] if borders else head.rfind(" ")
    return f"{head[: end if end > 0 else len(head)].rstrip(' ,;:–')} …"


def has_mask(text: str) -> bool:
    """Tell whether personal data have been masked in a text."""
    return bool(_MASKED.search(tidy(text)))
