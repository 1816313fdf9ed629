"""The coder: statements in, codes with calibrated probabilities out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from textmine.codebook import Codebook
from textmine.coding.dimension import DimensionModel, fit_dimension
from textmine.coding.features import Lexicon, Scaler, assemble
from textmine.coding.novelty import Novelty
from textmine.coding.review import Rule
from textmine.coding.targets import Labels, applies, check_allowed, contexts_of
from textmine.embed.encoder import DEFAULT_ENCODER, Encoder, embed, load_encoder
from textmine.errors import TextmineError
from textmine.tables import NOVELTY, dimension_columns, require_text

Rows = npt.NDArray[np.intp]

DEFAULT_CODER = "psykisk-halsa"
_FOLDS = 5
_DECIMALS = 4  # of probabilities; the last bits may differ between processors


@dataclass
class Learnt:
    """All that a fitted coder knows; `textmine.coding.saving` writes and reads it."""

    encoder: Encoder
    scaler: Scaler
    lexicon: Lexicon
    novelty: Novelty
    dimensions: dict[str, DimensionModel]
    provenance: dict[str, Any] = field(default_factory=dict)


class Coder(BaseEstimator):  # type: ignore[misc]
    """Codes statements by a codebook, with probabilities calibrated on held-out answers.

    Parameters
    ----------
    codebook
        The dimensions and their codes.
    encoder
        Name or folder of an encoder, as `load_encoder` takes it.
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
        encoder: str = DEFAULT_ENCODER,
        error_budget: float = 0.10,
    ) -> None:
        self.codebook = codebook
        self.encoder = encoder
        self.error_budget = error_budget

    @staticmethod
    def load(name: str | Path = DEFAULT_CODER) -> "Coder":
        """Load a shipped or saved coder by name or folder."""
        from textmine.coding.saving import load_coder

        return load_coder(name)

    def save(self, folder: str | Path) -> None:
        """Write the coder to a folder: data only, no code."""
        from textmine.coding.saving import save_coder

        check_is_fitted(self, "learnt_")
        save_coder(self, Path(folder))

    def fit(self, statements: pd.DataFrame, y: None = None, *, progress: bool = False) -> "Coder":
        """Learn from coded statements.

        Parameters
        ----------
        statements
            `text`, a column for each dimension (a code or null; a list for a multi-label one),
            the columns that dimensions depend on, and `answer_id`, `start` and `question` where
            there are any. Statements of one answer are never divided between learning and
            calibration.
        y
            Ignored; the codes stand in the table.

        Raises
        ------
        TextmineError
            If a column is missing, a code is not in the codebook, or there are too few answers.
        """
        codebook = self._codebook()
        require_text(statements, "statements")
        table = statements.reset_index(drop=True)
        labels, contexts = {}, {}
        for name, dimension in codebook.dimensions.items():
            labels[name] = Labels.read(table, name, dimension)
            contexts[name] = contexts_of(table, dimension, codebook)
            check_allowed(labels[name], contexts[name], dimension, name)
        folds = _folds(table)
        encoder = load_encoder(self.encoder)
        vectors = embed(table["text"].astype(str).tolist(), encoder, progress=progress)
        scaler = Scaler().fit(vectors)
        scaled = scaler.transform(vectors)
        lexicon = Lexicon().fit(table)
        features = assemble(table, scaled, lexicon)
        self.learnt_ = Learnt(
            encoder=encoder,
            scaler=scaler,
            lexicon=lexicon,
            novelty=Novelty.fit(scaled, *folds[0]),
            dimensions={
                name: fit_dimension(features, labels[name], contexts[name], folds)
                for name in labels
            },
            provenance={
                "statements": len(table),
                "answers": int(_groups(table).max()) + 1,
                "held_out": f"{_FOLDS} folds of answers",
            },
        )
        return self

    def predict(self, statements: pd.DataFrame, *, progress: bool = False) -> pd.DataFrame:
        """Code statements.

        Parameters
        ----------
        statements
            `text`, the columns that the codebook depends on, and for context `answer_id`, `start`
            and `question` where there are any; a table made by hand will do.

        Returns
        -------
        DataFrame
            The same rows in the same order, with for every dimension its code, probability,
            runner-up and the runner-up's probability, and `review`, `review_reason`, `novelty`.
        """
        check_is_fitted(self, "learnt_")
        require_text(statements, "statements")
        codebook = self._codebook()
        out = statements.copy()
        texts = out["text"].fillna("").astype(str)
        vectors = embed(texts.tolist(), self.learnt_.encoder, progress=progress)
        scaled = self.learnt_.scaler.transform(vectors)
        features = assemble(out.assign(text=texts), scaled, self.learnt_.lexicon)
        codes: dict[str, npt.NDArray[np.object_]] = {}
        contexts, uncoded = {}, {}
        for name, dimension in codebook.dimensions.items():
            contexts[name] = contexts_of(out, dimension, codebook)
            here = applies(codes, dimension, len(out))
            answer = self.learnt_.dimensions[name].predict(features, contexts[name], here)
            codes[name] = answer.code
            uncoded[name] = here & ~answer.coded
            columns = (answer.code, answer.prob, answer.second, answer.second_prob)
            for column, values in zip(dimension_columns(name), columns, strict=True):
                out[column] = (
                    values.round(_DECIMALS)
                    if values.dtype == np.float64
                    else pd.Series(
                        values, index=out.index, dtype=None if dimension.multiple else "string"
                    )
                )
        out[NOVELTY] = self.learnt_.novelty.share(scaled).round(_DECIMALS)
        return self.rule().apply(out, codebook, contexts, uncoded)

    def rule(self) -> Rule:
        """Work out which probabilities keep to the error budget."""
        return Rule(
            {
                name: model.evidence.threshold(self.error_budget)
                for name, model in self.learnt_.dimensions.items()
            }
        )

    def _codebook(self) -> Codebook:
        if self.codebook is None:
            raise TextmineError("A coder needs a codebook: Coder(Codebook.load(…)).")
        return self.codebook


def _groups(table: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Number the answers that statements belong to."""
    column = table["answer_id"] if "answer_id" in table else pd.Series(range(len(table)))
    numbers: npt.NDArray[np.intp] = pd.factorize(column)[0]
    return numbers


def _folds(table: pd.DataFrame) -> list[tuple[Rows, Rows]]:
    """Part the statements by answer into folds, each held out once."""
    from sklearn.model_selection import GroupKFold

    groups = _groups(table)
    if len(table) == 0 or groups.max() + 1 < 2 * _FOLDS:
        raise TextmineError(
            f"Only {len(np.unique(groups))} coded answers; at least {2 * _FOLDS} are needed to "
            "learn and to check what was learnt."
        )
    return list(GroupKFold(_FOLDS).split(groups, groups=groups))
