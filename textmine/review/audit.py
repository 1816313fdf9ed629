"""How often the machine errs where people looked at random."""

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.special import betaincinv

from textmine.review.events import same_codes
from textmine.review.standing import Key, Standing

_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True)
class Audit:
    """The machine's codes of one dimension, held against people's.

    Attributes
    ----------
    n
        Statements to which the machine or a person gave a code.
    wrong
        Those where they differ.
    """

    n: int
    wrong: int

    @property
    def error(self) -> tuple[float, float, float]:
        """Share of wrong codes, and its exact 95 % interval (Clopper & Pearson, 1934)."""
        low = float(betaincinv(self.wrong, self.n - self.wrong + 1, _LOW)) if self.wrong else 0.0
        sure = self.wrong < self.n
        high = float(betaincinv(self.wrong + 1, self.n - self.wrong, _HIGH)) if sure else 1.0
        return self.wrong / self.n, low, high


def audit(standing: Standing, sample: Iterable[Key]) -> dict[str, Audit]:
    """Judge the machine by decided statements of the quality sample, dimension by dimension."""
    counts: dict[str, list[int]] = {}
    for key in sample:
        item = standing.item(*key)
        decision = standing.decision(item) if item is not None else None
        if item is None or decision is None:
            continue
        for name, dimension in standing.survey.codebook.dimensions.items():
            said, right = item.codes.get(name), decision.codes.get(name)
            if said or right or dimension.multiple:
                found = counts.setdefault(name, [0, 0])
                found[0] += 1
                found[1] += not same_codes({name: said}, {name: right})
    return {name: Audit(n, wrong) for name, (n, wrong) in counts.items()}
