"""Where notes lie: an encoder's vectors and words together."""

import numpy as np
import pytest

from textmine.cluster.space import Space
from textmine.cluster.words import pieces, telling

TEXTS = [
    "Sekretessen hindrar skolan",
    "sekretess mellan skola och soc",
    "Länsplanen ligger i en byrålåda",
    "Ny länsplan varje år",
    "och det är som det är",
    "Socialsekreteraren byts ut",
]


@pytest.fixture(scope="module")
def placed() -> np.ndarray:
    vectors = np.random.default_rng(0).normal(size=(len(TEXTS), 8)).astype(np.float32)
    return Space.fit(vectors, TEXTS).transform(vectors, TEXTS)


def test_places_are_unit_rows(placed: np.ndarray) -> None:
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)


def test_texts_with_the_same_words_lie_nearer() -> None:
    same = np.ones((len(TEXTS), 8), np.float32)  # the encoder sees no difference
    found = Space.fit(same, TEXTS).transform(same, TEXTS)
    near = found @ found.T
    assert near[0, 1] > max(near[0, 2], near[0, 3], near[0, 5])
    assert near[2, 3] > max(near[2, 0], near[2, 1], near[2, 5])


def test_a_text_lies_where_it_lies_whatever_else_is_placed(placed: np.ndarray) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(TEXTS), 8)).astype(np.float32)
    space = Space.fit(vectors, TEXTS)
    alone = np.vstack(
        [space.transform(vectors[i : i + 1], TEXTS[i : i + 1]) for i in range(len(TEXTS))]
    )
    np.testing.assert_array_equal(alone, placed)


def test_a_text_of_stop_words_is_placed_by_its_vector(placed: np.ndarray) -> None:
    assert not placed[4, 8:].any()
    assert placed[0, 8:].any()


def test_people_without_dots_and_rings_write_the_same_words() -> None:
    assert pieces("Länsplanen från kommunen") == pieces("Lansplanen fran kommunen")
    assert "fran" not in list(telling("nan fran kommunen"))


def test_compounds_meet_their_parts() -> None:
    assert set(pieces("sekretess")) & set(pieces("sekretessfrågor"))
