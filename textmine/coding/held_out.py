"""Probabilities of coded statements by heads that did not learn from them."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit, softmax

from textmine.codebook import Codebook
from textmine.coding.definitions import Taught, lessons
from textmine.coding.dimension import fit_dimension
from textmine.coding.fitting import Coded
from textmine.coding.heads import Floats, fit_sharpness, fit_shift
from textmine.coding.targets import Labels
from textmine.coding.views import WordsView
from textmine.embed.encoder import load_encoder
from textmine.shipped import ENCODER


def held_out_probabilities(
    statements: pd.DataFrame,
    codebook: Codebook,
    *,
    encoder: str = ENCODER,
    progress: bool = False,
) -> dict[str, pd.DataFrame]:
    """Cross-validate heads over answers, and give what each said of the answers held out.

    Parameters
    ----------
    statements
        As for `Coder.fit`.
    codebook
        By which they were coded.
    encoder, progress
        As for `Coder`.

    Returns
    -------
    dict
        By dimension, as `Coder.probabilities` gives them.

    Raises
    ------
    TextmineError
        If a code is not in the codebook, or there are too few answers.
    """
    coded = Coded.check(statements, codebook)
    view, features = WordsView.learn(coded.table, load_encoder(encoder), progress=progress)
    out = {}
    for name, labels in coded.labels.items():
        contexts = coded.contexts[name]
        here = list(dict.fromkeys(c for c in contexts[labels.known] if c is not None))
        several = lessons(codebook, name, here)
        texts = pd.DataFrame({"text": [lesson.text for lesson in several]}, dtype="string")
        taught = Taught.of(several, view.see(texts), labels.codes)
        table = np.full(labels.matrix.shape, np.nan)
        for first, second in coded.folds:
            known = np.zeros(len(contexts), np.bool_)
            known[first] = labels.known[first]
            some = replace(labels, known=known)
            model = fit_dimension(features, some, contexts, [], taught, view.words)
            for context, head in model.heads.items():
                rows = second[contexts[second] == context]
                place = np.array([labels.codes.index(code) for code in head.codes], np.intp)
                table[np.ix_(rows, place)] = head.probabilities(features[rows])
        values = _calibrated(table, labels)
        out[name] = pd.DataFrame(values, index=statements.index, columns=labels.codes)
    return out


def _calibrated(table: Floats, labels: Labels) -> Floats:
    """Bring probabilities to the frequencies among the statements."""
    there = ~np.isnan(table)
    certain = np.where(there, table, 0.0).clip(1e-9, 1 - 1e-9)
    seen = labels.known & there.any(axis=1)
    if labels.multiple:
        scores = logit(certain)
        sharpness, shift = fit_shift(scores[seen], labels.matrix[seen])
        return np.where(there, expit(scores * sharpness + shift), np.nan)
    scores = np.log(certain)
    seen &= (labels.matrix & there).any(axis=1)
    sharpness = fit_sharpness([scores[seen]], [labels.matrix[seen].argmax(axis=1)])
    return np.where(there, softmax(np.where(there, scores * sharpness, -1e9), axis=1), np.nan)
