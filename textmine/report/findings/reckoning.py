"""What a reader can reckon of hidden counts: rules that bind counts, and linear programming."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Key = tuple[str, ...]
Interval = tuple[int, int]
_FREE = 1 - 1e-6  # between so much and more, a count may be one of two numbers


@dataclass(frozen=True)
class Sum:
    """A total is the sum of its parts, less those in two of them, with those in none."""

    total: Key
    parts: tuple[Key, ...]
    twice: int = 0
    outside: int = 0


@dataclass(frozen=True)
class Cover:
    """Whoever is in the whole is in one of the parts.

    Attributes
    ----------
    bounds_too
        Whether it holds of the certain and of the highest counts as well.
    """

    whole: Key
    parts: tuple[Key, ...]
    bounds_too: bool = True


@dataclass(frozen=True)
class Within:
    """Whoever is in the part is in the whole."""

    part: Key
    whole: Key
    bounds_too: bool = True


Rule = Sum | Cover | Within


def narrow(
    small: Sequence[Key], rules: Sequence[Rule], between: Mapping[Key, Interval]
) -> list[Key]:
    """List the counts that can be only one number if all rules hold together.

    Parameters
    ----------
    small
        Those to be tried.
    between
        What each count must lie between; where both are the same, it is known.
    """
    if not small:
        return []
    program = _Program(rules, between)
    lows = {key: float("inf") for key in small}
    highs = {key: float("-inf") for key in small}

    def see(values: npt.NDArray[np.float64]) -> None:
        for key in small:
            value = values[program.place[key]]
            lows[key], highs[key] = min(lows[key], value), max(highs[key], value)

    # One solution tells of many counts at once: few are left to be tried alone.
    for sign in (1, -1):
        see(program.solve(small, sign))
    told = []
    for key in small:
        for sign in (1, -1):
            if highs[key] - lows[key] < _FREE:
                see(program.solve([key], sign))
        if highs[key] - lows[key] < _FREE:
            told.append(key)
    return told


class _Program:
    """The rules as inequalities of the counts that are not known."""

    def __init__(self, rules: Sequence[Rule], between: Mapping[Key, Interval]) -> None:
        from scipy.sparse import csr_array

        unknown = [key for key, (low, high) in between.items() if low < high]
        self.place = {key: at for at, key in enumerate(unknown)}
        self._known = {key: low for key, (low, high) in between.items() if low >= high}
        # What is known already stands beside the unknown, for `see` to look up.
        for key in self._known:
            self.place[key] = len(self.place)
        self._bounds = [between[key] for key in self.place]
        rows, columns, signs = [], [], []
        limits: list[int] = []
        for terms, limit in (one for rule in rules for one in _inequalities(rule)):
            if all(key in self._known for key, _ in terms):
                continue
            for key, sign in terms:
                rows.append(len(limits))
                columns.append(self.place[key])
                signs.append(sign)
            limits.append(limit)
        self._matrix = csr_array(
            (signs, (rows, columns)), shape=(len(limits), len(self.place)), dtype=np.float64
        )
        self._limits = limits

    def solve(self, keys: Sequence[Key], sign: int) -> npt.NDArray[np.float64]:
        """Find counts that the rules allow, the sum of some as small (or large) as can be."""
        from scipy.optimize import linprog

        goal = np.zeros(len(self.place))
        goal[[self.place[key] for key in keys]] = sign
        found: Any = linprog(
            goal, A_ub=self._matrix, b_ub=self._limits, bounds=self._bounds, method="highs"
        )
        values: npt.NDArray[np.float64] = found.x
        return values


def _inequalities(rule: Rule) -> Iterator[tuple[list[tuple[Key, int]], int]]:
    """A rule as sums of counts that are at most a limit."""
    if isinstance(rule, Within):
        yield [(rule.part, 1), (rule.whole, -1)], 0
    elif isinstance(rule, Cover):
        yield [(rule.whole, 1), *((part, -1) for part in rule.parts)], 0
    else:
        yield [(rule.total, 1), *((part, -1) for part in rule.parts)], rule.outside
        yield [(rule.total, -1), *((part, 1) for part in rule.parts)], rule.twice
