"""Names of the places on the page that numbers, figures and quotes point at.

They are made of the codebook's keys alone, and so stay the same from one report to the next.
"""

import re

from textmine.report.findings.model import ALL

EVIDENCE = "underlag"  # the part of the page with the statements
UNCODED = "~"  # stands for the area, category or role of statements that have none


def cell_anchor(area: str, category: str = ALL, group: str = ALL) -> str:
    """Name the list of statements behind a number.

    Parameters
    ----------
    category
        A code, `ALL`, or `UNCODED`.
    group
        A role's code, the key of a group of roles, or `ALL`.

    Returns
    -------
    str
        `underlag.barn-unga.kompetens.effekt`; trailing `ALL` are left out.
    """
    return ".".join((EVIDENCE, *map(_plain, (area or UNCODED, category, group)))).rstrip(".")


def statement_anchor(statement_id: str) -> str:
    """Name the place where a statement stands."""
    return f"u.{_plain(statement_id)}"


def area_anchor(area: str, part: str = "") -> str:
    """Name an area's chapter, or a part of it."""
    return ".".join(filter(None, ("omrade", _plain(area or UNCODED), part)))


def _plain(key: str) -> str:
    """Write what would break a link, or look like one of our separators, as its number."""
    if key == UNCODED:
        return key
    return re.sub(r"[^A-Za-z0-9_-]", lambda sign: f"~{ord(sign[0]):x}", key)
