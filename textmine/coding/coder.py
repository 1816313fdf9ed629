"""The coder: statements in, codes with calibrated probabilities out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from textmine.codebook import Codebook
from textmine.coding.review import Rule
from textmine.coding.saving import Model, load_model, save_model
from textmine.coding.targets import applies, contexts_of
from textmine.errors import TextmineError, did_you_mean
from textmine.shipped import CODER, ENCODER
from textmine.tables import NOVELTY, dimension_columns, require_text

_PARAMETERS = ("codebook", "encoder", "tune", "error_budget")
_TUNE = ("head", "encoder")
_DECIMALS = 4  # of probabilities; the last bits may differ between processors


class Coder:
    """Codes statements by a codebook, with probabilities calibrated on held-out answers.

    Follows scikit-learn's conventions (`get_params`, `set_params`, `fit`, `predict`, `clone`)
    without inheriting from it: loading scikit-learn takes seconds that coding need not spend.

    Parameters
    ----------
    codebook
        The dimensions and their codes.
    encoder
        Name or folder of an encoder, as `load_encoder` takes it.
    tune
        What learns: the `head` alone (seconds), or the `encoder` too (better; two minutes for
        a hundred statements, an hour for ten thousand).
    error_budget
        Highest share of wrong codes, per dimension, among the statements that need no review.

    Attributes
    ----------
    learnt_ : Learnt
        Set by `fit` and by `load`.

    Examples
    --------
    >>> coder = Coder.load("psykisk-halsa")  # doctest: +SKIP
    >>> coded = coder.predict(split(answers))  # doctest: +SKIP
    """

    def __init__(
        self,
        codebook: Codebook | None = None,
        *,
        encoder: str = ENCODER,
        tune: str = "head",
        error_budget: float = 0.10,
    ) -> None:
        self.codebook = codebook
        self.encoder = encoder
        self.tune = tune
        self.error_budget = error_budget

    @staticmethod
    def load(name: str | Path = CODER) -> "Coder":
        """Load a shipped or saved coder by name or folder."""
        saved = load_model(name)
        coder = Coder(
            saved.codebook,
            encoder=saved.encoder,
            tune=saved.tune,
            error_budget=saved.error_budget,
        )
        coder.learnt_ = saved.learnt
        return coder

    def save(self, folder: str | Path) -> None:
        """Write the coder to a folder: data only, no code."""
        book = self.require_codebook()
        save_model(
            Model(book, self.encoder, self.tune, self.error_budget, self.learnt_), Path(folder)
        )

    def fit(
        self,
        statements: pd.DataFrame,
        y: None = None,
        *,
        groups: Sequence[object] | None = None,
        progress: bool = False,
    ) -> "Coder":
        """Learn from coded statements.

        Parameters
        ----------
        statements
            `text`, a column for each dimension (a code or null; a list for a multi-label one),
            the columns that dimensions depend on, and `answer_id`, `start` and `question` where
            there are any; to tune the encoder also `answer_text` and `end`. A second code that is
            accepted may stand in a column such as `role_alt`.
        y
            Ignored; the codes stand in the table.
        groups
            Statements of one group are never divided between learning and calibration: one value
            a statement, such as its respondent; by default its answer.
        progress
            Show a bar when the output is a terminal.

        Raises
        ------
        TextmineError
            If a column is missing, a code is not in the codebook, or there are too few answers.
        """
        codebook = self.require_codebook()
        require_text(statements, "statements")
        if self.tune not in _TUNE:
            raise TextmineError(f"tune '{self.tune}': allowed are {', '.join(_TUNE)}.")
        # Here, because what learning needs takes a while to load.
        from textmine.coding.fitting import Coded, fit_encoder, fit_heads

        fit = fit_encoder if self.tune == "encoder" else fit_heads
        coded = Coded.check(statements, codebook, groups)
        self.learnt_ = fit(coded, self.encoder, progress=progress)
        return self

    def predict(self, statements: pd.DataFrame, *, progress: bool = False) -> pd.DataFrame:
        """Code statements and say which a person should look at.

        Parameters
        ----------
        statements
            `text`, the columns that the codebook depends on, and for context `answer_id`, `start`
            and `question` where there are any; a table made by hand will do.
        progress
            Show a bar when the output is a terminal.

        Returns
        -------
        DataFrame
            The same rows in the same order, with for every dimension its code, probability,
            runner-up and the runner-up's probability, and `review`, `review_reason`, `novelty`.
        """
        return self.flag(self.code(statements, progress=progress))

    def see(self, statements: pd.DataFrame, *, progress: bool = False) -> sparse.csr_matrix:
        """Look at statements once, to code them or learn from them several times.

        Returns
        -------
        csr_matrix
            (statements, features); any rows of it are the features of those statements.
        """
        require_text(statements, "statements")
        texts = statements["text"].fillna("").astype(str)
        return self.learnt_.view.see(statements.assign(text=texts), progress=progress)

    def code(
        self,
        statements: pd.DataFrame,
        *,
        progress: bool = False,
        features: sparse.csr_matrix | None = None,
    ) -> pd.DataFrame:
        """Do as `predict` does, but for `review` and `review_reason`.

        Parameters
        ----------
        statements
            As for `predict`.
        progress
            Show a bar when the output is a terminal.
        features
            What `see` gave for these statements; the encoder then need not run.
        """
        codebook = self.require_codebook()
        features = self._features(statements, features, progress=progress)
        out = statements.copy()
        texts = out["text"].fillna("").astype(str)
        codes: dict[str, npt.NDArray[np.object_]] = {}
        for name, dimension in codebook.dimensions.items():
            answer = self.learnt_.dimensions[name].predict(
                features,
                contexts_of(out, dimension, codebook),
                applies(codes, dimension, len(out)),
            )
            codes[name] = answer.code
            code, prob, second, second_prob = dimension_columns(name)
            kind = object if dimension.multiple else "string"
            out[code] = pd.Series(answer.code, index=out.index, dtype=kind)
            out[prob] = answer.prob.round(_DECIMALS)
            out[second] = pd.Series(answer.second, index=out.index, dtype="string")
            out[second_prob] = answer.second_prob.round(_DECIMALS)
        view = self.learnt_.view
        shares = self.learnt_.novelty.share(texts.tolist(), view.lexicon, view.encoder)
        out[NOVELTY] = shares.round(_DECIMALS)
        return out

    def probabilities(
        self,
        statements: pd.DataFrame,
        dimension: str,
        *,
        features: sparse.csr_matrix | None = None,
    ) -> pd.DataFrame:
        """Give the probability of each code of a dimension, whatever the other dimensions say.

        Parameters
        ----------
        statements
            As for `predict`.
        dimension
            Its name in the codebook.
        features
            What `see` gave for these statements.

        Returns
        -------
        DataFrame
            A row a statement, under the same index; a column a code, NaN where the statement's
            context does not have the code or the model was never shown it.
        """
        codebook = self.require_codebook()
        if dimension not in codebook.dimensions:
            hint = did_you_mean(dimension, codebook.dimensions)
            raise TextmineError(f"The codebook has no dimension '{dimension}'; {hint}.")
        seen = self._features(statements, features)
        codes = list(codebook.dimensions[dimension].codes)
        contexts = contexts_of(statements, codebook.dimensions[dimension], codebook)
        out = np.full((len(statements), len(codes)), np.nan)
        for context, head in self.learnt_.dimensions[dimension].heads.items():
            rows = np.flatnonzero(contexts == context)
            place = np.array([codes.index(code) for code in head.codes], np.intp)
            out[np.ix_(rows, place)] = head.probabilities(seen[rows])
        return pd.DataFrame(out, index=statements.index, columns=codes)

    def adapt(
        self, statements: pd.DataFrame, *, features: sparse.csr_matrix | None = None
    ) -> "Coder":
        """Learn also from statements that people decided, in a coder of its own.

        The encoder is kept and the heads move, the less the fewer the decisions are. What that
        brings to decisions held out in turn stands in the new coder's provenance.

        Parameters
        ----------
        statements
            As for `fit`, coded by this coder's codebook; some tens to some thousands.
        features
            What `see` gave for these statements.

        Returns
        -------
        Coder
            This one is left as it is. Adapt the first model to all decisions, rather than an
            adapted one to decisions that it has learnt from.

        Raises
        ------
        TextmineError
            If there are no statements, a column is missing, or a code is not in the codebook.
        """
        from textmine.coding.adapting import Decisions, adapt

        codebook = self.require_codebook()
        seen = self._features(statements, features)
        out = Coder(**self.get_params())
        out.learnt_ = adapt(self.learnt_, codebook, Decisions.check(statements, codebook, seen))
        return out

    def _features(
        self,
        statements: pd.DataFrame,
        features: sparse.csr_matrix | None,
        *,
        progress: bool = False,
    ) -> sparse.csr_matrix:
        """Look at statements, unless that was done before."""
        require_text(statements, "statements")
        if features is None:
            return self.see(statements, progress=progress)
        if features.shape[0] != len(statements):
            raise TextmineError(
                f"{features.shape[0]} rows of features for {len(statements)} statements; "
                "give those that `see` gave for these very statements."
            )
        return features

    def flag(self, coded: pd.DataFrame) -> pd.DataFrame:
        """Add `review` and `review_reason` to coded statements, by the error budget."""
        return self.rule().apply(coded, self.require_codebook())

    def rule(self) -> Rule:
        """Work out which probabilities keep to the error budget."""
        return Rule(self.learnt_.thresholds(self.error_budget))

    def require_codebook(self) -> Codebook:
        """Give the codebook, or say that there is none."""
        if self.codebook is None:
            raise TextmineError("A coder needs a codebook: Coder(Codebook.load(…)).")
        return self.codebook

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001
        """Parameters of the constructor, as scikit-learn asks for them."""
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **parameters: Any) -> "Coder":
        """Change parameters of the constructor."""
        for name, value in parameters.items():
            if name not in _PARAMETERS:
                raise TextmineError(f"Coder has no '{name}'; {did_you_mean(name, _PARAMETERS)}.")
            setattr(self, name, value)
        return self

    def __getattr__(self, name: str) -> Any:
        if name == "learnt_":
            raise TextmineError("This coder is not fitted yet: call fit, or Coder.load.")
        raise AttributeError(f"'Coder' object has no attribute '{name}'")
