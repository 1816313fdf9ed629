"""How wrong the machine is in one dimension, learnt from statements that people decided.

Whether a code is right is a logistic regression on the machine's own probability, with effects of
the code, of the context and of having been flagged. Its priors are centred on the machine being
right as often as it says: without decided statements that is what remains, and a machine that was
never caught is not taken to be without error. What the code should have been follows the machine's
runner-up, and more and more the confusions that were seen. The posterior is Laplace's
approximation; each `sample` of it can draw the true codes of statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import expit, logit

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

# Standard deviations of the priors, in log-odds. The first is about how far calibration was off
# between the survey years of the corpora (0.2 to 0.8).
_LEVEL, _SLOPE, _FLAGGED, _OF_CODE, _OF_CONTEXT = 0.6, 0.25, 0.3, 0.4, 0.3
_RUNNER_UP = 0.5  # of the odds that a wrong code should have been the runner-up
_CENTRE = 2.0  # log-odds at which the slope turns: where most doubtful codes lie
_UTMOST = 0.999  # no code is surer than this
_PRIOR_ERRORS = 20.0  # so many errors seen of a code weigh as much as the machine's runner-ups
_BASE = 5.0  # strength of the belief that codes are missed in proportion to how common they are
_STEPS, _NEAR = 50, 1e-9


@dataclass(frozen=True)
class Axis:
    """One dimension as numbers: codes and contexts by their places; one more place says none.

    Attributes
    ----------
    allowed
        (contexts + 1, codes): which codes exist under each context.
    multiple
        Whether a statement may have several codes. If so, codes of statements are a matrix
        (statements, codes) of booleans, otherwise a vector of places.
    """

    allowed: Flags
    multiple: bool

    @property
    def n_codes(self) -> int:
        """Number of codes; the place that stands for none."""
        return int(self.allowed.shape[1])


@dataclass(frozen=True)
class Said:
    """What the machine said of some statements: codes, probability, runner-up, and where."""

    code: npt.NDArray[np.generic]
    prob: Floats
    second: Places
    second_prob: Floats
    context: Places
    flagged: Flags

    def only(self, rows: npt.NDArray[np.generic]) -> "Said":
        """Keep some rows."""
        parts = (self.code, self.prob, self.second, self.second_prob, self.context, self.flagged)
        return Said(*(part[rows] for part in parts))


@dataclass(frozen=True)
class ErrorModel:
    """Posterior of the machine's errors in one dimension.

    Attributes
    ----------
    mean, factor
        Of the regression's coefficients: their mode, and the Cholesky factor of their precision.
    base
        (contexts + 1, codes): how common each code is.
    confused
        (codes + 1, codes): errors seen, by the machine's code and the right one. In a multi-label
        dimension the last row has the codes that were wrongly given or wrongly left out.
    missed
        (contexts + 1, codes): right codes of statements to which the machine gave none.
    """

    axis: Axis
    mean: Floats
    factor: Floats
    base: Floats
    confused: Floats
    missed: Floats

    @staticmethod
    def fit(axis: Axis, said: Said, true: npt.NDArray[np.generic], common: Floats) -> "ErrorModel":
        """Learn from decided statements.

        Parameters
        ----------
        said
            What the machine had said of them.
        true
            What people decided; statements where the dimension turned out not to apply teach
            nothing about it.
        common
            (contexts + 1, codes): how often each code occurs, as far as is known.
        """
        n = axis.n_codes
        confused = np.zeros((n + 1, n))
        missed = np.zeros_like(common)
        if axis.multiple:
            known = np.ones(len(true), np.bool_)
            right = (said.code == true).all(axis=1)
            confused[n] = (said.code != true).sum(axis=0)
        else:
            places = true.astype(np.intp)
            given, decided = said.code != n, places != n
            known, right = given & decided, said.code == places
            wrong = known & ~right
            np.add.at(confused, (said.code[wrong].astype(np.intp), places[wrong]), 1)
            none = ~given & decided
            np.add.at(missed, (said.context[none], places[none]), 1)
        seen = said.only(known)
        mean, factor = _posterior(
            design_of(axis, seen), _claimed(seen.prob), right[known].astype(float), _precision(axis)
        )
        base = np.where(axis.allowed, common + 0.5, 0.0)
        base /= np.maximum(base.sum(axis=1, keepdims=True), _NEAR)
        return ErrorModel(axis, mean, factor, base, confused, missed)

    def sample(self, rng: np.random.Generator) -> "Sampled":
        """Draw one possible state of the machine's errors."""
        noise = rng.standard_normal(len(self.mean))
        noise = solve_triangular(self.factor, noise, trans=1, lower=True)
        return Sampled(
            self,
            coefficients=self.mean + noise,
            runner_up=float(rng.normal(0.0, _RUNNER_UP)),
            others=rng.standard_gamma(_BASE * self.base),
            missing=rng.standard_gamma(_BASE * self.base + self.missed),
            seen=rng.standard_gamma(self.confused),
        )


@dataclass(frozen=True)
class Sampled:
    """One possible state of the machine's errors; weights of codes need not add up to 1."""

    model: ErrorModel
    coefficients: Floats
    runner_up: float
    others: Floats
    missing: Floats
    seen: Floats

    def draw(
        self, said: Said, design: Floats, here: Flags, rng: np.random.Generator
    ) -> npt.NDArray[np.generic]:
        """Draw the true codes of statements, given what the machine said of them.

        Parameters
        ----------
        said
            Of the statements.
        design
            Of the same statements, as `design_of` gives it.
        here
            Where the dimension applies; elsewhere there is no code.
        """
        axis, none = self.model.axis, self.model.axis.n_codes
        out = said.code.copy()
        right = expit(_claimed(said.prob) + design @ self.coefficients)
        doubted = rng.random(len(right)) >= right
        if axis.multiple:
            wrong = np.flatnonzero(doubted)
            switched = _pick(self._instead(said.only(wrong)), rng)
            wrong, switched = wrong[switched != none], switched[switched != none]
            out[wrong, switched] = ~out[wrong, switched]
            out[~here] = False
            return out
        wrong = np.flatnonzero(doubted & here & (said.code != none))
        found = _pick(self._instead(said.only(wrong)), rng)
        out[wrong] = np.where(found == none, out[wrong], found)
        missing = np.flatnonzero(here & (said.code == none))
        out[missing] = _pick(self.missing[said.context[missing]], rng)
        out[~here] = none
        return out

    def _instead(self, wrong: Said) -> Floats:
        """Weights of the codes that should have been; in a multi-label dimension, switched."""
        axis, n = self.model.axis, self.model.axis.n_codes
        at = np.arange(len(wrong.prob))
        own = wrong.code if axis.multiple else wrong.code[:, None] == np.arange(n)
        second = wrong.second[:, None] == np.arange(n)
        allowed = axis.allowed[wrong.context]
        # A code wrongly given is likelier than each of those wrongly left out.
        weights = np.where(own, float(axis.multiple), self.others[wrong.context]) * ~second
        claimed = np.clip(wrong.second_prob / (1 - np.minimum(wrong.prob, _UTMOST)), 0.01, 0.99)
        share = np.where(second.any(axis=1), expit(logit(claimed) + self.runner_up), 0.0)
        weights = _shares(weights) * (1 - share)[:, None]
        weights[second] += share[second.any(axis=1)]
        # The more errors of a code were seen, the less its runner-up is asked.
        row = np.full(len(at), n) if axis.multiple else wrong.code.astype(np.intp)
        seen = self.seen[row] * allowed
        evidence = (self.model.confused[row] * allowed).sum(axis=1, keepdims=True)
        evidence /= evidence + _PRIOR_ERRORS
        instead: Floats = (1 - evidence) * _shares(weights) + evidence * _shares(seen)
        return instead


def design_of(axis: Axis, said: Said) -> Floats:
    """The regression's matrix: what the machine's being right may depend on beside what it says."""
    n, contexts = axis.n_codes, len(axis.allowed)
    code = np.full(len(said.prob), n) if axis.multiple else said.code.astype(np.intp)
    return np.column_stack(
        [
            np.ones(len(said.prob)),
            _claimed(said.prob) - _CENTRE,
            said.flagged.astype(float),
            np.eye(n + 1)[code],
            np.eye(contexts)[said.context],
        ]
    )


def _precision(axis: Axis) -> Floats:
    spread: Sequence[float] = [
        *(_LEVEL, _SLOPE, _FLAGGED),
        *[_OF_CODE] * (axis.n_codes + 1),
        *[_OF_CONTEXT] * len(axis.allowed),
    ]
    precision: Floats = np.array(spread) ** -2.0
    return precision


def _claimed(prob: Floats) -> Floats:
    """Log-odds of being right, as the machine says; even where it says nothing."""
    odds: Floats = logit(np.clip(np.nan_to_num(prob, nan=0.5), 1 - _UTMOST, _UTMOST))
    return odds


def _posterior(
    design: Floats, offset: Floats, right: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Mode of a logistic regression's coefficients and the factor of their precision there."""
    mean = np.zeros(len(precision))
    for _ in range(_STEPS):
        probability = expit(offset + design @ mean)
        gradient = design.T @ (right - probability) - precision * mean
        weights = probability * (1 - probability)
        factor = cho_factor((design.T * weights) @ design + np.diag(precision), lower=True)
        step = cho_solve(factor, gradient)
        mean += step
        if np.abs(step).max() < _NEAR:
            break
    return mean, np.tril(factor[0])


def _shares(weights: Floats) -> Floats:
    """Make each row add up to 1, but for those that are all nought."""
    total = weights.sum(axis=1, keepdims=True)
    shares: Floats = weights / np.where(total > 0, total, 1.0)
    return shares


def _pick(weights: Floats, rng: np.random.Generator) -> Places:
    """Draw a place in each row by its weights; one beyond the last where all are nought."""
    sums = weights.cumsum(axis=1)
    at = rng.random(len(weights)) * sums[:, -1]
    found: Places = (sums <= at[:, None]).sum(axis=1)
    return found
