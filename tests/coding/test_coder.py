import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from textmine.codebook import Codebook, parse
from textmine.coding.coder import Coder
from textmine.errors import TextmineError

PLAIN = parse("name: ton\ndimensions:\n  ton: {codes: [glad, ledsen]}\n", "ton.yaml")
GLAD = "glad nöjd bra toppen roligt härligt lycklig skönt".split()
LEDSEN = "ledsen dåligt tråkigt trött hemskt besviken arg sorg".split()


def coded_statements(n: int = 40) -> pd.DataFrame:
    rows = []
    for i in range(n):
        words, code = (GLAD, "glad") if i % 2 else (LEDSEN, "ledsen")
        text = f"Vi är {words[i % 8]} och {words[(i * 3) % 8]} över enhet {i}"
        rows.append({"answer_id": f"a{i // 2}", "text": text, "ton": code})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(PLAIN).fit(coded_statements())


@pytest.fixture(scope="module")
def statements() -> pd.DataFrame:
    rows = [
        ("a1", "mobila-losningar", "12 surfplattor inköpta"),
        ("a1", "mobila-losningar", "brukarna vågar nu ringa själva"),
        ("a2", "Suicidprevention", "MHFA-kurs, 3 tillfällen, 45 deltagare"),
        ("a2", "Suicidprevention", "Inget att redovisa"),
        ("a3", "okänt område", "Vi har utbildat personalen"),
    ]
    table = pd.DataFrame(rows, columns=["answer_id", "area", "text"])
    return table.assign(start=range(len(table)))


def test_learns_a_plain_codebook(coder: Coder) -> None:
    coded = coder.predict(pd.DataFrame({"text": ["Så härligt och roligt", "Trött och arg"]}))
    assert coded["ton"].tolist() == ["glad", "ledsen"]
    assert (coded["ton_prob"] > 0.5).all()
    assert coded["ton_second"].tolist() == ["ledsen", "glad"]
    assert (coded["ton_prob"] + coded["ton_second_prob"]).tolist() == pytest.approx(
        [1, 1], abs=2e-4
    )


def test_keeps_rows_order_index_and_columns(coder: Coder) -> None:
    table = pd.DataFrame({"text": ["arg", "glad"], "extra": [1, 2]}, index=[7, 3])
    before = table.copy()
    coded = coder.predict(table)
    assert coded.index.tolist() == [7, 3]
    assert coded["extra"].tolist() == [1, 2]
    pd.testing.assert_frame_equal(table, before)


def test_an_empty_table_gives_an_empty_one_with_all_columns(coder: Coder) -> None:
    coded = coder.predict(pd.DataFrame({"text": []}))
    assert len(coded) == 0
    assert {"ton", "ton_prob", "review", "review_reason", "novelty"} <= set(coded)


def test_the_codebook_decides_what_is_allowed(
    shipped_coder: Coder, statements: pd.DataFrame
) -> None:
    coded = shipped_coder.predict(statements)
    book = shipped_coder.require_codebook()
    for row in coded.itertuples():
        context = book.resolve("area", row.area)
        if pd.notna(row.category):
            assert row.category in book.dimensions["category"].allowed(context)
        assert pd.isna(row.level) == (row.role != "effekt")
        if row.role == "ovrigt":
            assert pd.isna(row.category)


def test_an_unknown_area_is_left_to_people(shipped_coder: Coder, statements: pd.DataFrame) -> None:
    row = shipped_coder.predict(statements).iloc[4]
    assert pd.isna(row["category"])
    assert row["review"]
    assert "kodboken känner inte area" in row["review_reason"]


def test_sensible_codes(shipped_coder: Coder, statements: pd.DataFrame) -> None:
    coded = shipped_coder.predict(statements)
    assert coded["role"].tolist()[:4] == ["prestation", "effekt", "prestation", "ovrigt"]
    assert coded["category"].tolist()[2] == "kompetens"


def test_codes_do_not_depend_on_what_else_is_in_the_table(
    shipped_coder: Coder, statements: pd.DataFrame
) -> None:
    whole = shipped_coder.predict(statements)
    for answer_id, part in statements.groupby("answer_id"):
        alone = shipped_coder.predict(part)
        pd.testing.assert_frame_equal(alone, whole[whole["answer_id"] == answer_id])


def test_same_text_and_context_same_codes(shipped_coder: Coder, statements: pd.DataFrame) -> None:
    twice = pd.concat([statements, statements.assign(answer_id="x" + statements["answer_id"])])
    coded = shipped_coder.predict(twice.reset_index(drop=True)).drop(columns="answer_id")
    half = len(statements)
    pd.testing.assert_frame_equal(
        coded.iloc[:half].reset_index(drop=True), coded.iloc[half:].reset_index(drop=True)
    )


def test_a_saved_coder_codes_as_the_live_one(coder: Coder, tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["Så härligt", "Trött och arg", "En bil", "12 %"]})
    coder.save(tmp_path / "ton")
    pd.testing.assert_frame_equal(Coder.load(tmp_path / "ton").predict(table), coder.predict(table))


def test_a_model_folder_holds_data_only(coder: Coder, tmp_path: Path) -> None:
    coder.save(tmp_path / "ton")
    names = sorted(path.name for path in (tmp_path / "ton").iterdir())
    assert names == ["card.md", "model.json", "weights.safetensors"]


def test_a_model_of_another_schema_is_refused(coder: Coder, tmp_path: Path) -> None:
    coder.save(tmp_path)
    data = json.loads((tmp_path / "model.json").read_text())
    (tmp_path / "model.json").write_text(json.dumps({**data, "schema": 99}))
    with pytest.raises(TextmineError, match="schema 99.*reads schema 3"):
        Coder.load(tmp_path)


def test_a_model_of_another_encoder_is_refused(coder: Coder, tmp_path: Path) -> None:
    coder.save(tmp_path)
    data = json.loads((tmp_path / "model.json").read_text())
    data["encoder"]["identity"] = "0" * 32
    (tmp_path / "model.json").write_text(json.dumps(data))
    with pytest.raises(TextmineError, match="another version of the encoder 'e5-small'"):
        Coder.load(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"schema": 1}'])
def test_a_damaged_model_is_one_clear_error(coder: Coder, tmp_path: Path, damage: bytes) -> None:
    coder.save(tmp_path)
    (tmp_path / "model.json").write_bytes(damage)
    with pytest.raises(TextmineError, match="damaged|schema None"):
        Coder.load(tmp_path)


def test_damaged_weights_are_one_clear_error(coder: Coder, tmp_path: Path) -> None:
    coder.save(tmp_path)
    (tmp_path / "weights.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(TextmineError, match="damaged or incomplete"):
        Coder.load(tmp_path)


def test_an_unknown_model_names_those_there_are() -> None:
    with pytest.raises(TextmineError, match="did you mean 'psykisk-halsa'"):
        Coder.load("psykisk-hälsa")


def test_follows_the_estimator_conventions(coder: Coder) -> None:
    fresh = clone(coder)
    assert fresh.get_params() == coder.get_params()
    assert fresh.set_params(error_budget=0.2).error_budget == 0.2
    assert coder.error_budget == 0.1
    with pytest.raises(TextmineError, match="not fitted yet"):
        fresh.predict(pd.DataFrame({"text": ["a"]}))
    with pytest.raises(TextmineError, match="no 'budget'; did you mean 'error_budget'"):
        fresh.set_params(budget=1)


def test_a_stricter_budget_never_reviews_less(
    shipped_coder: Coder, statements: pd.DataFrame
) -> None:
    reviewed = [
        clone_with(shipped_coder, budget).predict(statements)["review"].sum()
        for budget in (0.0, 0.05, 0.2, 1.0)
    ]
    assert reviewed[0] == len(statements)
    assert reviewed == sorted(reviewed, reverse=True)


def clone_with(coder: Coder, budget: float) -> Coder:
    out = Coder(coder.codebook, error_budget=budget)
    out.learnt_ = coder.learnt_
    return out


def test_two_fits_on_the_same_data_are_the_same() -> None:
    table = pd.DataFrame({"text": ["roligt", "hemskt", "vet ej"]})
    first, second = (Coder(PLAIN).fit(coded_statements()).predict(table) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_probabilities_of_the_shipped_coder_are_calibrated(shipped_coder: Coder) -> None:
    for model in shipped_coder.learnt_.dimensions.values():
        gap = model.evidence.probability.mean() - model.evidence.right.mean()
        assert abs(gap) < 0.03


def test_novelty_lies_between_0_and_1_and_tells_the_strange(shipped_coder: Coder) -> None:
    texts = ["Utbildning i MHFA, 3 tillfällen", "lorem ipsum dolor sit amet 0xDEADBEEF <html>"]
    novelty = shipped_coder.predict(pd.DataFrame({"text": texts}))["novelty"]
    assert novelty.between(0, 1).all()
    assert novelty[1] > novelty[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ton": "arg"}, r"Row 1: 'arg' is no code of ton"),
        ({"answer_id": "one"}, r"Only 1 coded answers; at least 10"),
    ],
)
def test_bad_training_data_is_one_clear_error(change: dict[str, str], message: str) -> None:
    with pytest.raises(TextmineError, match=message):
        Coder(PLAIN).fit(coded_statements().assign(**change))


def test_a_code_not_allowed_under_its_area_is_refused() -> None:
    book = Codebook.load("psykisk-halsa-2020")
    table = pd.DataFrame(
        {
            "text": ["a"],
            "area": ["barn-unga"],
            "category": ["sip"],
            "role": ["effekt"],
            "level": ["individ"],
            "flags": [[]],
        }
    )
    with pytest.raises(TextmineError, match="'sip' is not allowed in category under area 'barn-un"):
        Coder(book).fit(table)


def test_a_multi_label_dimension(tmp_path: Path) -> None:
    book = parse("name: m\ndimensions:\n  ton: {codes: [glad, ledsen], multiple: true}\n", "m.yaml")
    table = coded_statements()
    table["ton"] = [[code] if i % 4 else [] for i, code in enumerate(table["ton"])]
    coder = Coder(book).fit(table)
    coded = coder.predict(table)
    assert all(isinstance(codes, list) for codes in coded["ton"])
    assert np.mean([a == b for a, b in zip(coded["ton"], table["ton"], strict=True)]) > 0.6
    coder.save(tmp_path)
    pd.testing.assert_frame_equal(Coder.load(tmp_path).predict(table), coded)
