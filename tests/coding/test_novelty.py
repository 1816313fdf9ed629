"""Novelty: statements of words that the coder has seldom or never seen."""

import itertools

import numpy as np
import pandas as pd
import pytest

from textmine.coding.coder import Coder
from textmine.coding.features import Lexicon
from textmine.coding.novelty import Novelty, Sketches, rarity
from textmine.embed.encoder import load_encoder
from textmine.embed.onnx_encoder import OnnxEncoder

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
    novelty = Novelty.fit(KNOWN, KNOWN, lexicon, None)
    shares = novelty.share([*KNOWN, "elpriser vräkning flykt"], lexicon, None)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert shares[-1] == 1
    assert np.median(shares[:-1]) < 1


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    found = load_encoder()
    assert isinstance(found, OnnxEncoder)
    return found


WHO = ["Personalen", "Chefen", "Sjuksköterskan", "Läkaren", "Kuratorn"]
DOES = ["utbildas i", "läser om", "samtalar om", "arbetar med", "skriver om", "handleds i"]
WHAT = ["depression", "ångest", "suicidprevention", "psykos", "självskadebeteende", "trauma"]
MANY = [f"{a} {b} {c}" for a, b, c in itertools.product(WHO, DOES, WHAT)] * 3


def test_known_words_lie_near_and_others_far(encoder: OnnxEncoder) -> None:
    lexicon = Lexicon().fit(pd.DataFrame({"text": MANY}))
    sketches = Sketches.of(MANY, lexicon, encoder)
    known, mixed, new = sketches.distance(
        ["Kuratorn handleds i trauma", "Kuratorn lagas i trauma", "Traktorn lagas utanför ladan"],
        encoder,
    )
    assert known < mixed < new
    novelty = Novelty.fit(MANY, MANY, lexicon, encoder)
    assert novelty.share(["Traktorn lagas utanför ladan"], lexicon, encoder)[0] == 1


def test_distances_do_not_depend_on_what_else_is_compared(encoder: OnnxEncoder) -> None:
    sketches = Sketches.of(MANY, Lexicon().fit(pd.DataFrame({"text": MANY})), encoder)
    texts = ["Traktorn lagas", "", "Chefen läser om psykos", "12", *MANY[:50]]
    together = sketches.distance(texts, encoder)
    assert together.tolist() == [float(sketches.distance([t], encoder)[0]) for t in texts]


def test_sketches_hold_only_words_that_recur(encoder: OnnxEncoder) -> None:
    named = [*MANY, "Chefen Ingegerd Holmlund läser om psykos"]
    bare = [*MANY, "Chefen   läser om psykos"]
    lexicon = Lexicon().fit(pd.DataFrame({"text": named}))
    first, second = (Sketches.of(texts, lexicon, encoder).known for texts in (named, bare))
    assert (first == second).all()


def test_the_shipped_coder_finds_new_themes_newer(shipped_coder: Coder) -> None:
    texts = [
        "Utbildning av personal i suicidprevention har genomförts",
        "Rådgivning till hushåll om elräkningar och skenande matpriser",
    ]
    coded = shipped_coder.predict(pd.DataFrame({"text": texts, "area": "suicidprevention"}))
    assert coded["novelty"].iloc[1] > 0.9 > coded["novelty"].iloc[0]


def test_a_score_that_many_share_is_not_novel() -> None:
    # Three words that nobody else uses, as in most statements when few are known.
    lexicon = Lexicon().fit(pd.DataFrame({"text": KNOWN}))
    top = rarity(lexicon, ["elpriser vräkning flykt"])[0]
    several = Novelty(np.array([0.0, top / 2, top, top, top, top]))
    assert several.share(["elpriser vräkning flykt"], lexicon, None)[0] == pytest.approx(0.4)
