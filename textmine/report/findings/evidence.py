"""The statements behind the figures."""

from collections.abc import Iterable, Sequence
from itertools import product

from textmine.personal.mask import tidy
from textmine.report.findings.model import Evidence
from textmine.report.findings.pseudonym import pseudonymise
from textmine.report.findings.said import Said


def evidence_of(
    said: Iterable[Said],
    categories: Sequence[str],
    roles: Sequence[str],
    *,
    unnamed: bool,
) -> list[Evidence]:
    """List an area's statements by category and role, in the codebook's order.

    A statement that has several categories stands under each of them, with the same id.

    Parameters
    ----------
    unnamed
        Leave out who said it, and the flags, from which respondents could be counted.
    """
    order = {code: at for at, code in enumerate((*categories, ""))}
    place = {code: at for at, code in enumerate((*roles, ""))}
    rows = [
        Evidence(
            statement_id=one.id,
            respondent="" if unnamed else one.respondent,
            actor=one.actor,
            area=one.area,
            category=category,
            role=role,
            level=one.level,
            flags=() if unnamed else one.flags,
            text=_shown(one, unnamed=unnamed),
            source=one.source,
            open=one.open,
        )
        for one in said
        for category, role in product(one.categories or ("",), one.roles or ("",))
    ]
    last = len(order) + len(place)
    return sorted(rows, key=lambda r: (order.get(r.category, last), place.get(r.role, last)))


def _shown(one: Said, *, unnamed: bool) -> str:
    """A statement as it stands, masks shortened."""
    text = tidy(one.text).strip()
    return pseudonymise(text, one.respondent, one.actor) if unnamed else text
