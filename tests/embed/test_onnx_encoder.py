from pathlib import Path

import numpy as np
import pytest

from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.errors import TextmineError

TEXTS = [
    "Ökad kunskap hos personalen.",
    "Utb MHFA 3 ggr, 45 pers",
    "Vi har startat ett mobilt team i Säter och Hedemora som åker hem till patienterna.",
    "x",
    "",
    "👍🏽 \u200b\x00",
]


def test_a_vector_depends_on_its_own_text_alone(encoder: OnnxEncoder) -> None:
    together = encoder.encode(TEXTS * 7)
    for i, text in enumerate(TEXTS):
        assert np.array_equal(encoder.encode([text])[0], together[i])
        assert np.array_equal(together[i], together[i + len(TEXTS)])


def test_vectors_have_unit_length_and_the_stated_width(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_text_gives_no_vector(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_meaning_is_nearer_than_wording(encoder: OnnxEncoder) -> None:
    """Centred as they are used, paraphrases are nearer than texts that share words."""
    texts = [
        "Kötiden till första besök har halverats.",
        "Väntan på nybesök är hälften så lång.",
        "Första besök hos tandläkaren för barn.",
        "Personalen har utbildats i lågaffektivt bemötande.",
        "Brukarrådet träffas en gång i månaden.",
    ]
    vectors = encoder.encode(texts)
    vectors = vectors - vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near = vectors @ vectors[0]
    assert near[1] > near[2:].max()


def test_a_text_longer_than_the_encoder_reads_is_cut(encoder: OnnxEncoder) -> None:
    assert np.isfinite(encoder.encode(["ord " * 5000])).all()


def test_int8_is_close_to_float32(encoder: OnnxEncoder) -> None:
    torch = pytest.importorskip("torch")
    from textmine.embed.build import float_model

    model = float_model(encoder.folder)
    texts = TEXTS[:4]
    for text, vector in zip(texts, encoder.encode(texts), strict=True):
        ids = torch.tensor(encoder.token_ids([text]))
        with torch.inference_mode():
            states = model(input_ids=ids).last_hidden_state[0].mean(dim=0).numpy()
        assert vector @ (states / np.linalg.norm(states)) > 0.99


def test_a_folder_that_is_no_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextmineError, match=r"lacks encoder\.json, encoder\.onnx"):
        OnnxEncoder(tmp_path)


def test_an_unknown_schema_is_refused(tmp_path: Path, encoder: OnnxEncoder) -> None:
    for path in encoder.folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "encoder.json").unlink()
    (tmp_path / "encoder.json").write_text('{"schema": 99}')
    with pytest.raises(TextmineError, match="schema 99, but this version of textmine reads"):
        OnnxEncoder(tmp_path)
