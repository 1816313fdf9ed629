"""Tuning the encoder along with the heads."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from textmine.codebook import parse
from textmine.coding.coder import Coder
from textmine.coding.tuning import Settings, _Reader, name_of
from textmine.embed.build import float_model
from textmine.embed.onnx_encoder import GRAPH, SETTINGS, OnnxEncoder
from textmine.embed.passages import read_passages
from textmine.errors import TextmineError

BOOK = parse(
    """
name: prov
columns:
  plats: {hem: {name: Hem}, skola: {name: Skola}}
dimensions:
  ton: {codes: [glad, ledsen]}
  sak: {by: plats, codes: {mat: {in: [hem, skola]}, bad: {in: [hem]}, bok: {in: [skola]}}}
  styrka: {codes: [svag, stark], when: {ton: [ledsen]}}
  flaggor: {codes: [fest, regn], multiple: true}
""",
    "prov.yaml",
)
WORDS = {
    "glad": "glada nöjda lyckliga roade muntra".split(),
    "ledsen": "ledsna trötta besvikna arga sorgsna".split(),
}
THINGS = {"mat": "soppan", "bad": "badkaret", "bok": "läseboken"}


def coded() -> pd.DataFrame:
    rows = []
    for i in range(30):
        place = ("hem", "skola")[i % 2]
        parts = []
        for j, ton in enumerate(("glad", "ledsen")):
            thing = ("mat", ("bad", "bok")[i % 2])[(i // 2 + j) % 2]
            text = f"Vi blev {WORDS[ton][(i + j) % 5]} av {THINGS[thing]} den {i}:e"
            parts.append((text, ton, thing))
        whole = "; ".join(text for text, _, _ in parts)
        for text, ton, thing in parts:
            start = whole.index(text)
            rows.append(
                {
                    "answer_id": f"a{i}", "answer_text": whole, "start": start,
                    "end": start + len(text), "text": text, "plats": place, "ton": ton,
                    "ton_alt": "ledsen" if i == 4 else None, "sak": thing,
                    "styrka": "svag" if ton == "ledsen" else None,
                    "flaggor": ["fest"] if ton == "glad" else [],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def tuned() -> Coder:
    return Coder(BOOK, tune="encoder").fit(coded())


def test_it_learns_all_kinds_of_dimensions(tuned: Coder) -> None:
    new = pd.DataFrame(
        {
            "text": ["Alla blev muntra av soppan", "Alla blev sorgsna av badkaret"],
            "plats": ["skola", "hem"],
        }
    )
    out = tuned.predict(new)
    assert out["ton"].tolist() == ["glad", "ledsen"]
    assert out["sak"].tolist() == ["mat", "bad"]
    assert out["styrka"].tolist() == [pd.NA, "svag"]
    assert out["flaggor"].map(type).tolist() == [list, list]


def test_a_saved_coder_codes_alike_and_may_be_saved_again(tuned: Coder, tmp_path: Path) -> None:
    statements = coded().drop(columns=["ton", "sak", "styrka", "flaggor", "ton_alt"])
    expected = tuned.predict(statements)
    for _ in range(2):
        tuned.save(tmp_path / "modell")
    assert (tmp_path / "modell" / "encoder" / "encoder.onnx").is_file()
    assert {path.name for path in (tmp_path / "modell").iterdir()} == {
        "card.md", "encoder", "model.json", "weights.safetensors",
    }  # fmt: skip
    loaded = Coder.load(tmp_path / "modell")
    assert loaded.tune == "encoder"
    pd.testing.assert_frame_equal(loaded.predict(statements), expected)


def test_what_stands_beside_a_statement_does_not_matter(tuned: Coder) -> None:
    statements = coded().drop(columns=["ton", "sak", "styrka", "flaggor", "ton_alt"])
    together = tuned.predict(statements)
    for answer_id in ("a3", "a17"):
        mine = statements["answer_id"] == answer_id
        alone = tuned.predict(statements[mine])
        pd.testing.assert_frame_equal(alone, together[mine])


def test_unknown_ways_to_tune_are_refused() -> None:
    with pytest.raises(TextmineError, match="tune 'allt': allowed are head, encoder"):
        Coder(BOOK, tune="allt").fit(coded())


def test_a_tuned_encoder_finds_the_words_of_its_base(encoder: OnnxEncoder, tmp_path: Path) -> None:
    assert name_of(encoder.folder) == "e5-small"
    own, tuned = tmp_path / "egen", tmp_path / "stämd"
    shutil.copytree(encoder.folder, own)
    assert name_of(own) == str(own)
    tuned.mkdir()
    shutil.copy(own / GRAPH, tuned)
    (tuned / SETTINGS).write_text(json.dumps({**encoder.settings, "base": name_of(own)}))
    assert np.array_equal(OnnxEncoder(tuned).encode(["Ny rutin"]), encoder.encode(["Ny rutin"]))


def test_a_code_that_nobody_has_given_is_found_by_what_the_codebook_says() -> None:
    book = parse(
        """
name: fritid
dimensions:
  sak:
    codes:
      sport: {definition: 'Matcher, lag, träning och tävlingar'}
      mat: {definition: 'Matlagning, recept, kockar och råvaror'}
      resor: {definition: 'Semester, tåg, flyg, hotell och resmål', include: [Vi tog flyget]}
""",
        "fritid.yaml",
    )
    sport = ["Hon vann loppet", "Laget förlorade finalen", "Tränaren bytte målvakt"]
    mat = ["Soppan kokade över", "Hon bakar surdegsbröd", "Kocken lagade fisk"]
    few = pd.DataFrame({"text": (sport + mat) * 2, "sak": (["sport"] * 3 + ["mat"] * 3) * 2})
    coder = Coder(book, tune="encoder").fit(few)
    texts = ["Hotellet i Rom låg nära tåget", "Matchen ställdes in", "Receptet kräver grädde"]
    assert coder.predict(pd.DataFrame({"text": texts}))["sak"].tolist() == ["resor", "sport", "mat"]


def test_little_is_moved_by_few_statements() -> None:
    few, many = Settings.for_statements(56), Settings.for_statements(9000)
    assert few.layers > many.layers
    assert few.rate < many.rate


def test_what_is_kept_of_the_frozen_layers_changes_no_vector(encoder: OnnxEncoder) -> None:
    torch = pytest.importorskip("torch")
    model = float_model(encoder.folder, 3)
    passages = read_passages(coded()[:6], encoder)
    with torch.no_grad():
        anew = _Reader(model, Settings(layers=3, frozen=2))
        keeping = _Reader(model, Settings(layers=3, frozen=2, kept=True))
        expected = torch.cat([anew.read([passage])[0] for passage in passages])
        for _ in range(2):  # read anew, padded; then kept
            assert torch.allclose(keeping.read(passages)[0], expected, atol=1e-5)
        tokens = torch.tensor([passages[0].ids])
        states = model(input_ids=tokens).last_hidden_state[0]
        start, end = passages[0].spans[0]
        assert torch.allclose(states[start:end].mean(dim=0), expected[0], atol=1e-5)


def test_several_codes_are_learnt_from_few_statements() -> None:
    book = parse(
        """
name: fritid
dimensions: {sak: {codes: [sport, mat, resor], multiple: true}}
""",
        "fritid.yaml",
    )
    sport = ["Hon vann loppet", "Laget förlorade finalen", "Tränaren bytte målvakt", "Match igen"]
    mat = ["Soppan kokade över", "Hon bakar surdegsbröd", "Kocken lagade fisk", "Stekt strömming"]
    resor = ["Tåget till Rom", "Hotellet låg vid havet", "Flyget var försenat", "Vi åkte utomlands"]
    texts = [*sport, *mat, *resor, "Hotellet serverade fisk", "Laget tog tåget till finalen"]
    codes = (
        [["sport"]] * 4 + [["mat"]] * 4 + [["resor"]] * 4 + [["mat", "resor"], ["sport", "resor"]]
    )
    coder = Coder(book, tune="encoder").fit(pd.DataFrame({"text": texts, "sak": codes}))
    new = ["Målvakten räddade straffen", "Kakan brändes vid", "Båten gick till Åland"]
    features = coder.learnt_.view.see(pd.DataFrame({"text": new}))
    head = coder.learnt_.dimensions["sak"].heads[""]
    scores = head.scores(features)
    assert np.array(head.codes)[scores.argmax(axis=1)].tolist() == ["sport", "mat", "resor"]
