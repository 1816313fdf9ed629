"""What the heads see: words as scikit-learn weighs them, and surroundings."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from textmine.coding.features import Lexicon

TEXTS = [
    "Vi har utbildat 40 lärare i YAM.",
    "Vi har utbildat personalen, vi har utbildat cheferna",
    "Utbildning i YAM för personalen på skolorna",
    "",
    "Å ä ö",
]
STATEMENTS = pd.DataFrame({"text": TEXTS, "question": ["Vad har gjorts?"] * 3 + [None, "Vad?"]})


def test_words_are_weighed_as_scikit_learn_does() -> None:
    lexicon = Lexicon().fit(STATEMENTS)
    theirs = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    expected = theirs.fit_transform(TEXTS).toarray()
    assert lexicon.vocabularies["words"] == theirs.get_feature_names_out().tolist()
    ours = lexicon.transform(STATEMENTS).toarray()[:, : expected.shape[1]]
    assert ours == pytest.approx(expected, abs=1e-6)


def test_stems_join_what_bends_otherwise() -> None:
    lexicon = Lexicon().fit(STATEMENTS)
    assert "utbil" in lexicon.vocabularies["stems"]
    assert "utbildning" not in lexicon.vocabularies["words"]


def test_a_row_does_not_depend_on_the_others() -> None:
    lexicon = Lexicon().fit(STATEMENTS)
    together = lexicon.transform(STATEMENTS)
    for i in range(len(STATEMENTS)):
        alone = lexicon.transform(STATEMENTS.iloc[[i]])
        assert np.array_equal(alone.toarray()[0], together[i].toarray()[0])


def test_no_words_and_no_rows() -> None:
    lexicon = Lexicon().fit(pd.DataFrame({"text": ["ett", "två"]}))
    assert lexicon.transform(pd.DataFrame({"text": ["ett"]})).shape == (1, 0)
    assert Lexicon().fit(STATEMENTS).transform(STATEMENTS.iloc[:0]).shape[0] == 0


def test_no_word_of_a_name_becomes_part_of_a_model() -> None:
    texts = ["Ring Gunvor Tistelblad, 0470-00 00 12, om kursen"] * 3
    lexicon = Lexicon().fit(pd.DataFrame({"text": texts}))
    words = " ".join(lexicon.vocabularies["words"])
    assert "kursen" in words
    assert not any(secret in words for secret in ("gunvor", "tistelblad", "0470"))
