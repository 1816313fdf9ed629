"""Novelty: statements of words that the coder has seldom or never seen."""

import numpy as np
import pandas as pd
import pytest

from textmine.coding.coder import Coder
from textmine.coding.features import Lexicon
from textmine.coding.novelty import Novelty, rarity

KNOWN = ["Personalen har utbildats", "Personalen träffas", "Utbildning för personalen"] * 5


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon().fit(pd.DataFrame({"text": KNOWN}))


def test_unseen_words_are_rarer_than_seldom_ones_and_these_than_common_ones(
    lexicon: Lexicon,
) -> None:
    common, seldom, unseen = rarity(lexicon, ["personalen", "träffas", "elpriserna"])
    assert common < seldom < unseen


def test_only_the_three_rarest_words_count(lexicon: Lexicon) -> None:
    texts = ["elpriser vräkning flykt", "elpriser vräkning flykt personalen personalen"]
    assert len(set(rarity(lexicon, texts))) == 1
    assert rarity(lexicon, ["", "12 345", "i en"]).tolist() == [0, 0, 0]


def test_shares_run_from_nothing_to_all(lexicon: Lexicon) -> None:
    novelty = Novelty.fit(lexicon, KNOWN)
    shares = novelty.share(lexicon, [*KNOWN, "elpriser vräkning flykt"])
    assert ((shares >= 0) & (shares <= 1)).all()
    assert shares[-1] == 1
    assert np.median(shares[:-1]) < 1


def test_the_shipped_coder_finds_new_themes_newer(shipped_coder: Coder) -> None:
    texts = [
        "Utbildning av personal i suicidprevention har genomförts",
        "Rådgivning till hushåll om elräkningar och skenande matpriser",
    ]
    coded = shipped_coder.predict(pd.DataFrame({"text": texts, "area": "suicidprevention"}))
    assert coded["novelty"].iloc[1] > 0.9 > coded["novelty"].iloc[0]
