"""From the earlier survey's codes to the later codebook's, learnt from a sample coded by both.

Of each earlier code, the later codes of its sampled statements are a multinomial with a Dirichlet
prior that draws an area's row towards the same code's row in other areas, and that towards the code
of the same key. What was not sampled gets its later code by draws from the posterior (Rubin 1987),
so that respondents can be counted once in a cell. The earlier codes are those in force, with what
errors they have: the person's code stands for the truth.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from textmine.codebook import Codebook, Dimension
from textmine.coding.agreement import Figure, code_agreement
from textmine.comparing.bridge_sample import Strata
from textmine.comparing.bridge_sheet import Coded, dimensions_to_code
from textmine.comparing.year import SurveyYear
from textmine.errors import TextmineError
from textmine.report.findings.said import codes_of
from textmine.review.counts.error_model import Flags, Floats, Places
from textmine.review.counts.imputation import Codes

_SAME = 0.5  # of the prior's weight on the code of the same key
_STRENGTH = 1.0  # of the prior of a code's row over all areas, in statements
_POOLED = 2.0  # of that row as the prior of one area's
_LOW, _HIGH = 0.025, 0.975
_INTERVAL_DRAWS = 1000


@dataclass(frozen=True)
class Step:
    """How often one earlier code became one later code in an area; '' for no code.

    Attributes
    ----------
    n, of
        Sampled statements with both codes, and with the earlier one.
    share, low, high
        Of the earlier code's statements, with a 95 % interval.
    """

    dimension: str
    area: str
    earlier: str
    later: str
    n: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Axis:
    """The crosswalk of one dimension.

    Attributes
    ----------
    contexts, before, after
        Codes by place; the last of `before` and `after` is '' for none.
    seen
        (contexts, before, after): sampled statements.
    counts
        The same, as many as their weights leave.
    prior
        (before, after): of a code's row over all areas.
    allowed
        (contexts, after): later codes that exist there.
    """

    name: str
    dimension: Dimension
    contexts: list[str]
    before: list[str]
    after: list[str]
    seen: Floats
    counts: Floats
    prior: Floats
    allowed: Flags

    def draw(self, rng: np.random.Generator) -> Floats:
        """Draw (contexts, before, after): shares of each earlier code's statements."""
        if len(self.contexts) == 1:
            return _dirichlet((self.prior + self.counts) * self.allowed[:, None, :], rng)
        # What other areas tell of a code stands in for what is not known of it in this one.
        elsewhere = self.counts.sum(axis=0) - self.counts
        pooled = _dirichlet((self.prior + elsewhere) * self.allowed[:, None, :], rng)
        return _dirichlet(_POOLED * pooled + self.counts, rng)


@dataclass(frozen=True)
class Crosswalk:
    """The crosswalk of all dimensions that are counted.

    Attributes
    ----------
    agreement
        By dimension whose codes are partly the same: `accuracy` and `kappa` with their intervals.
    """

    earlier: SurveyYear
    codebook: Codebook
    axes: dict[str, Axis]
    agreement: Mapping[str, Mapping[str, Figure]]
    sampled: int
    known: Mapping[str, Mapping[int, tuple[str, ...]]]  # by dimension and row: a person's codes

    @staticmethod
    def learn(earlier: SurveyYear, later: SurveyYear, coded: Sequence[Coded]) -> "Crosswalk":
        """Learn from statements that were coded by both codebooks."""
        book = later.codebook
        place = {str(name): at for at, name in enumerate(earlier.statements["statement_id"])}
        rows = [place[one.statement_id] for one in coded]
        weights = _weights(earlier, rows)
        names = dimensions_to_code(
            book, [n for n in (later.layout.rows, later.layout.columns) if n]
        )
        axes, agreement, known = {}, {}, {}
        for name in names:
            if book.dimensions[name].multiple:
                raise TextmineError(
                    f"A statement may have several codes of '{name}'; a bridge can only be built "
                    "between dimensions whose codes exclude each other."
                )
            given = _given(earlier, name)
            answers = [codes_of(one.codes[name]) for one in coded]
            axes[name] = _axis(earlier, book, name, given, rows, answers, weights)
            known[name] = dict(zip(rows, answers, strict=True))
            common = set(_codes(earlier.codebook, name)) & set(book.dimensions[name].codes)
            both = [
                (given[row], after, str(earlier.statements.index[row]))
                for row, after in zip(rows, answers, strict=True)
                if given[row] or after
            ]
            if len(common) > 1 and both:
                one, two, groups = (list(part) for part in zip(*both, strict=True))
                found = code_agreement(one, two, groups)
                agreement[name] = {key: found[key] for key in ("accuracy", "kappa")}
        return Crosswalk(earlier, book, axes, agreement, len(rows), known)

    def steps(self) -> list[Step]:
        """The matrix with its intervals; only what was seen in the sample."""
        out = []
        rng = np.random.default_rng(0)
        for name, axis in self.axes.items():
            drawn = np.stack([axis.draw(rng) for _ in range(_INTERVAL_DRAWS)])
            for c, i in np.argwhere(axis.seen.sum(axis=2) > 0):
                of = int(axis.seen[c, i].sum())
                for j in np.argsort(-axis.seen[c, i], kind="stable"):
                    if axis.seen[c, i, j] == 0:
                        continue
                    shares = drawn[:, c, i, j]
                    low, high = np.quantile(shares, (_LOW, _HIGH))
                    out.append(
                        Step(
                            name, axis.contexts[c], axis.before[i], axis.after[j],
                            int(axis.seen[c, i, j]), of, float(shares.mean()),
                            float(low), float(high),
                        )
                    )  # fmt: skip
        return out

    def draw(self, draws: int, seed: int) -> Iterator[Codes]:
        """Draw the later codes of all of the earlier survey's statements, many times."""
        rng = np.random.default_rng(seed)
        table = self.earlier.statements
        # Statements that are alike are drawn once.
        alike = pd.factorize(
            pd.MultiIndex.from_arrays([self.earlier.contexts, table["text"].astype(str)])
        )[0]
        places = {name: self._places(axis) for name, axis in self.axes.items()}
        for _ in range(draws):
            out: Codes = {}
            for name, axis in self.axes.items():
                context, before = places[name]
                share = axis.draw(rng)
                here = self._applies(axis.dimension, out, len(table))
                weight = share[context, before]
                weight[:, -1] = np.where(here, weight[:, -1] * (not axis.dimension.when), 1.0)
                # Where nothing else is possible a statement stays without a code.
                weight[~here, :-1] = 0.0
                weight[weight.sum(axis=1) <= 0, -1] = 1.0
                level = rng.random(int(alike.max(initial=-1)) + 1)[alike]
                sums = weight.cumsum(axis=1)
                after = (sums <= (level * sums[:, -1])[:, None]).sum(axis=1)
                for row, codes in self.known[name].items():
                    after[row] = axis.after.index(codes[0]) if codes else len(axis.after) - 1
                out[name] = after.astype(np.intp)
            yield out

    def _places(self, axis: Axis) -> tuple[Places, Places]:
        contexts = {context: at for at, context in enumerate(axis.contexts)}
        codes = {code: at for at, code in enumerate(axis.before)}
        given = _given(self.earlier, axis.name)
        return (
            np.array([contexts.get(c, contexts.get("", 0)) for c in self._contexts(axis)], np.intp),
            np.array([codes[value[0]] if value else len(codes) - 1 for value in given], np.intp),
        )

    def _contexts(self, axis: Axis) -> list[str]:
        return self.earlier.contexts if axis.dimension.by else [""] * len(self.earlier.statements)

    def _applies(self, dimension: Dimension, drawn: Codes, n: int) -> Flags:
        here = np.ones(n, np.bool_)
        for other, allowed in dimension.when.items():
            codes = [*self.codebook.dimensions[other].codes, ""]
            fits = np.array([code in allowed for code in codes], np.bool_)
            here &= fits[drawn[other].astype(np.intp)]
        return here


def _axis(
    earlier: SurveyYear,
    book: Codebook,
    name: str,
    given: Sequence[tuple[str, ...]],
    rows: Sequence[int],
    answers: Sequence[tuple[str, ...]],
    weights: Floats,
) -> Axis:
    dimension = book.dimensions[name]
    contexts = list(dict.fromkeys(earlier.contexts)) if dimension.by else [""]
    before = [*_codes(earlier.codebook, name), ""]
    after = [*dimension.codes, ""]
    seen = np.zeros((len(contexts), len(before), len(after)))
    weighed, squares = np.zeros_like(seen), np.zeros(seen.shape[:2])
    own = earlier.contexts
    for row, codes, weight in zip(rows, answers, weights, strict=True):
        c = contexts.index(own[row]) if dimension.by else 0
        i = before.index(given[row][0] if given[row] else "")
        j = after.index(codes[0] if codes else "")
        seen[c, i, j] += 1
        weighed[c, i, j] += weight
        squares[c, i] += weight**2
    # As many statements as the weights leave of the sample (Kish 1965).
    total = weighed.sum(axis=2)
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    counts = _shares(weighed) * effective[:, :, None]
    allowed = np.array(
        [
            [not code or not dimension.by or code in dimension.allowed(context) for code in after]
            for context in contexts
        ],
        np.bool_,
    )
    prior = np.full((len(before), len(after)), (1 - _SAME) / len(after))
    for i, code in enumerate(before):
        prior[i, after.index(code) if code in after else slice(None)] += (
            _SAME if code in after else _SAME / len(after)
        )
    prior *= _STRENGTH
    return Axis(name, dimension, contexts, before, after, seen, counts, prior, allowed)


def _dirichlet(weights: Floats, rng: np.random.Generator) -> Floats:
    """Draw shares by rows of weights."""
    return _shares(rng.standard_gamma(weights))


def _weights(year: SurveyYear, rows: Sequence[int]) -> Floats:
    """How many statements each sampled one stands for."""
    strata = Strata.read(year)
    sizes = strata.sizes()
    contexts = year.contexts
    codes = [codes_of(value) for value in year.statements[year.layout.rows]]
    of = [(contexts[row], codes[row]) for row in rows]
    sampled = {stratum: of.count(stratum) for stratum in set(of)}
    return np.array([sizes[stratum] / sampled[stratum] for stratum in of])


def _shares(weights: Floats) -> Floats:
    total = weights.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return shares


def _given(year: SurveyYear, name: str) -> list[tuple[str, ...]]:
    """A dimension's codes in force; none where the survey's codebook did not have it."""
    if name not in year.codebook.dimensions:
        return [()] * len(year.statements)
    return [codes_of(value) for value in year.statements[name]]


def _codes(codebook: Codebook, name: str) -> list[str]:
    return list(codebook.dimensions[name].codes) if name in codebook.dimensions else []
