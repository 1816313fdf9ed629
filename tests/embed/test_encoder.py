from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from textmine.embed.encoder import embed, load_encoder
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.errors import TextmineError


class CountingEncoder:
    """Vectors from letters; remembers what it was asked for."""

    dimensions = 4

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        rows = [[len(t), t.count("a"), t.count("e"), 1 / 3] for t in texts]
        return np.array(rows, np.float32).reshape(-1, 4)


def test_each_distinct_text_is_embedded_once_and_in_place() -> None:
    encoder = CountingEncoder("once")
    vectors = embed(["aa", "e", "aa", "long aaa", "e"], encoder)
    assert sorted(encoder.asked) == ["aa", "e", "long aaa"]
    assert vectors[:, 0].tolist() == [2, 1, 2, 8, 1]
    assert np.array_equal(vectors[0], vectors[2])


def test_a_second_call_computes_nothing_and_gives_the_same_bytes() -> None:
    first, second = CountingEncoder("twice"), CountingEncoder("twice")
    vectors = embed(["å", "ä", "ö"], first)
    assert np.array_equal(embed(["ö", "å"], second), vectors[[2, 0]])
    assert second.asked == []


def test_another_encoder_gets_nothing_from_the_first() -> None:
    embed(["text"], CountingEncoder("one"))
    other = CountingEncoder("other")
    embed(["text"], other)
    assert other.asked == ["text"]


def test_the_cache_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTMINE_CACHE", "")
    for _ in range(2):
        encoder = CountingEncoder("off")
        embed(["text"], encoder)
        assert encoder.asked == ["text"]


def test_the_shipped_encoder_is_found_by_name(encoder: OnnxEncoder) -> None:
    assert load_encoder("e5-small").identity == encoder.identity


def test_an_unknown_encoder_is_one_clear_error_and_no_download() -> None:
    with pytest.raises(TextmineError, match="No encoder 'no-such/model'.*Nothing is downloaded"):
        _ = load_encoder("no-such/model").dimensions
