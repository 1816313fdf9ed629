"""Statements in their answers: every statement finds its tokens, and only its own."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.embed.passages import BEGIN, END, embed_in_context, read_passages

TEXT = "Vi höll två kurser i MHFA, vilket gett personalen ökad trygghet. Ny rutin är på gång."


def table(text: str, spans: list[tuple[int, int]], **more: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "answer_id": "a1",
            "answer_text": text,
            "start": [start for start, _ in spans],
            "end": [end for _, end in spans],
            "text": [text[start:end] for start, end in spans],
            **more,
        }
    )


def words(encoder: OnnxEncoder, ids: tuple[int, ...]) -> str:
    """What tokens stand for; the pieces of a word are joined by blanks here."""
    pieces = [encoder._tokenizer.id_to_token(i) for i in ids if i not in (BEGIN, END)]
    return "".join(pieces).replace("▁", " ").strip()


def test_spans_hold_the_statements_tokens(encoder: OnnxEncoder) -> None:
    spans = [(0, 25), (27, 64), (65, 85)]
    (passage,) = read_passages(table(TEXT, spans, question="Vad har ni gjort?"), encoder)
    assert passage.rows == (0, 1, 2)
    assert words(encoder, passage.ids) == f"Vad har ni gjort? {TEXT}"
    found = [words(encoder, passage.ids[start:end]) for start, end in passage.spans]
    assert found == [TEXT[start:end] for start, end in spans]


def test_a_prefix_stands_before_everything_and_moves_the_spans(encoder: OnnxEncoder) -> None:
    spans = [(0, 25), (27, 64), (65, 85)]
    asked = table(TEXT, spans, question="Vad har ni gjort?")
    (passage,) = read_passages(asked, encoder, "query: ")
    assert words(encoder, passage.ids) == f"query: Vad har ni gjort? {TEXT}"
    assert passage.ids[0] == BEGIN
    found = [words(encoder, passage.ids[start:end]) for start, end in passage.spans]
    assert found == [TEXT[start:end] for start, end in spans]


def test_without_its_answer_a_statement_stands_alone(encoder: OnnxEncoder) -> None:
    alone = read_passages(pd.DataFrame({"text": ["Ny rutin", "Två kurser"]}), encoder)
    assert [passage.rows for passage in alone] == [(0,), (1,)]
    assert words(encoder, alone[0].ids) == "Ny rutin"
    # Offsets that don't fit the answer are not believed.
    wrong = table(TEXT, [(0, 25)]).assign(text="något helt annat")
    assert words(encoder, read_passages(wrong, encoder)[0].ids) == "något helt annat"


def test_a_long_answer_is_read_in_stretches(encoder: OnnxEncoder) -> None:
    text = TEXT * 200
    spans = [(i * len(TEXT), (i + 1) * len(TEXT)) for i in range(200)]
    passages = read_passages(table(text, spans), encoder)
    assert [row for passage in passages for row in passage.rows] == list(range(200))
    assert 5 < len(passages) < 60
    assert all(len(passage.ids) <= 402 for passage in passages)


def test_a_statement_longer_than_a_stretch_is_cut(encoder: OnnxEncoder) -> None:
    text = "ord " * 3000
    (passage,) = read_passages(table(text, [(0, len(text) - 1)]), encoder)
    assert len(passage.ids) == 402
    assert passage.spans == ((1, 401),)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.data())
def test_any_text_gives_every_statement_a_place(
    encoder: OnnxEncoder, text: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=5)))
    spans = list(zip(cuts, cuts[1:], strict=False)) or [(0, len(text))]
    passages = read_passages(table(text, spans), encoder)
    assert sorted(row for passage in passages for row in passage.rows) == list(range(len(spans)))
    for passage in passages:
        assert passage.ids[-1] == END
        assert BEGIN in passage.ids
        for start, end in passage.spans:
            assert 0 < start < end < len(passage.ids)


def test_vectors_depend_on_the_answer_and_on_nothing_else(
    encoder: OnnxEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMINE_CACHE", "")
    mine = table(TEXT, [(0, 25), (27, 64)])
    alone = embed_in_context(mine, encoder)
    others = [table(TEXT[:n], [(0, n)]).assign(answer_id=f"b{n}") for n in range(10, 60)]
    together = embed_in_context(pd.concat([*others, mine], ignore_index=True), encoder)
    assert np.array_equal(together[-2:], alone)
    elsewhere = embed_in_context(mine.assign(answer_text="", answer_id="c"), encoder)
    assert not np.array_equal(elsewhere, alone)


def test_remembered_vectors_are_the_same(encoder: OnnxEncoder) -> None:
    mine = table(TEXT, [(0, 25), (27, 64)], question="Vad?")
    assert np.array_equal(embed_in_context(mine, encoder), embed_in_context(mine, encoder))


def test_no_statements_give_no_vectors(encoder: OnnxEncoder) -> None:
    assert embed_in_context(pd.DataFrame({"text": []}), encoder).shape == (0, encoder.dimensions)
