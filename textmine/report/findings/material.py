"""What the report is of: how many answers and statements, from whom, of which years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from textmine.codebook import Codebook
from textmine.report.findings.model import ALL
from textmine.report.findings.said import Said
from textmine.report.swedish import ACTOR_NOUNS, actors, all_actors, number

_YEAR_AT_END = re.compile(r"\s+(?:19|20)\d\d$")


@dataclass(frozen=True)
class Material:
    """The survey as a whole.

    Attributes
    ----------
    respondents
        By kind of actor, ALL first.
    years
        In words: `2020`, `2019–2021`; '' if not known.
    open
        Statements still to be reviewed.
    """

    answers: int
    statements: int
    respondents: dict[str, int]
    years: str
    open: int

    @staticmethod
    def of(said: Sequence[Said], answers: pd.DataFrame) -> "Material":
        """Count a survey."""
        years: list[int] = []
        if "year" in answers:
            years = sorted({int(y) for y in pd.to_numeric(answers["year"]).dropna()})
        span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years))
        return Material(
            answers=len(answers),
            statements=len(said),
            respondents=respondents_of(said),
            years=span,
            open=sum(one.open for one in said),
        )

    @property
    def who(self) -> str:
        """Who answered, by kind where that is known: `21 regioner och 285 kommuner`."""
        kinds = {kind: n for kind, n in self.respondents.items() if kind != ALL}
        return all_actors(kinds) if kinds else actors(self.respondents[ALL], ALL)

    def title(self, codebook: Codebook) -> str:
        """Call the report after its codebook, of the years that were asked for."""
        title = codebook.title or codebook.name
        return f"{_YEAR_AT_END.sub('', title)} {self.years}" if self.years else title

    def subtitle(self, *, has_effects: bool) -> str:
        """Say what the report is of."""
        what = "Redovisade insatser och effekter" if has_effects else "Sammanställning"
        return f"{what} enligt {number(self.answers)} svar från {self.who}"


def respondents_of(said: Sequence[Said]) -> dict[str, int]:
    """How many there are of each kind of actor, all of them first."""
    known = {one.actor for one in said if one.actor}
    kinds = [kind for kind in ACTOR_NOUNS if kind in known]
    kinds += sorted(known - set(kinds))
    of_kind = {kind: len({one.who for one in said if one.actor == kind}) for kind in kinds}
    return {ALL: len({one.who for one in said}), **of_kind}
