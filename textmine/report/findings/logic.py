"""What of a codebook is a logic model (verksamhetslogik), known by the keys of its codes.

Everything else in the toolkit is ignorant of what codes mean; a codebook without these keys gets
counts and typical statements, and nothing of what is built on the logic model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textmine.codebook import Codebook
from textmine.report.findings.model import Group
from textmine.report.summary import Layout

RESOURCE, ACTIVITY, GOAL, OUTPUT, EFFECT = "resurs", "aktivitet", "mal", "prestation", "effekt"
INITIATIVE = "insats"  # the group of activities and outputs
PLANNED, PAID_ELSEWHERE = "planerad", "annan-finansiering"
HINDERED, ENABLED = "pandemi-hinder", "pandemi-mojlig"
EVERYTHING = "alla"  # the one group of a codebook that crosses nothing
_FLOW = (RESOURCE, ACTIVITY, GOAL, OUTPUT, EFFECT)
_HEADS = {
    RESOURCE: "Resurser",
    ACTIVITY: "Aktiviteter",
    GOAL: "Mål",
    OUTPUT: "Prestationer",
    EFFECT: "Effekter",
}
_FLAGS = {PLANNED, PAID_ELSEWHERE, HINDERED, ENABLED}


@dataclass(frozen=True)
class Logic:
    """A logic model's parts, as far as a codebook has them.

    Attributes
    ----------
    roles
        Codes in the order of the flow, resources first.
    level, flags
        Names of the dimensions, '' if there are none.
    known_flags
        Those that findings are made of.
    """

    roles: tuple[str, ...]
    level: str
    flags: str
    known_flags: frozenset[str]

    @staticmethod
    def of(codebook: Codebook) -> "Logic | None":
        """Find the logic model in a codebook; None if it has none."""
        columns = Layout.of(codebook).columns
        if not columns:
            return None
        codes = codebook.dimensions[columns].codes
        if EFFECT not in codes or not {ACTIVITY, OUTPUT} & set(codes):
            return None
        levels = [
            name for name, d in codebook.dimensions.items() if EFFECT in d.when.get(columns, ())
            and len(d.when[columns]) == 1
        ]  # fmt: skip
        flags = [
            name for name, d in codebook.dimensions.items() if d.multiple and _FLAGS & set(d.codes)
        ]
        known = set(codebook.dimensions[flags[0]].codes) & _FLAGS if flags else set()
        return Logic(
            tuple(role for role in _FLOW if role in codes),
            levels[0] if levels else "",
            flags[0] if flags else "",
            frozenset(known),
        )

    @property
    def initiative(self) -> tuple[str, ...]:
        """The roles that make an initiative."""
        return tuple(role for role in (ACTIVITY, OUTPUT) if role in self.roles)


def groups_of(codebook: Codebook, logic: Logic | None) -> tuple[Group, ...]:
    """List what is counted in each category."""
    columns = Layout.of(codebook).columns
    if columns is None:
        return (Group(EVERYTHING, "Alla", ()),)
    codes = codebook.dimensions[columns].codes
    if logic is None:
        return tuple(Group(code, body.name, (code,)) for code, body in codes.items())
    roles = [code for code in codes if code in logic.roles]
    return (
        Group(INITIATIVE, "Insatser", logic.initiative),
        *(Group(role, _HEADS[role], (role,)) for role in roles),
    )


def role_heads(roles: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Name roles of the logic model as heads of columns."""
    return tuple((role, _HEADS[role]) for role in roles)
