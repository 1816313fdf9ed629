"""What a model contradicts, by hand: cases small enough to work out, and mistakes put in."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.codebook import parse
from textmine.coding.contradictions import (
    check_codes,
    confusions,
    contradictions,
    likeliest,
    rare,
    unclear,
)
from textmine.coding.held_out import held_out_probabilities
from textmine.errors import TextmineError

BOOK = parse(
    """
name: prov
columns: {plats: {hem: {name: Hem}, skola: {name: Skola}}}
dimensions:
  ton: {codes: [glad, ledsen, arg]}
  sak: {by: plats, codes: {mat: {}, bad: {in: [hem]}, bok: {in: [skola]}}}
  flaggor: {codes: [fest, regn], multiple: true}
""",
    "prov.yaml",
)
NAN = float("nan")


def ton(*rows: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["glad", "ledsen", "arg"])


def test_a_code_is_contradicted_where_another_reaches_its_own_confidence() -> None:
    # People's "glad" have 0.6 on average, "ledsen" 0.5 (of 0.9, 0.5, 0.1), "arg" nobody gave.
    hand = statements(ton=["glad", "glad", "ledsen", "ledsen", "ledsen"])
    chances = ton((0.9, 0.1, 0), (0.3, 0.5, 0.2), (0, 0.9, 0.1), (0.5, 0.5, 0), (0.7, 0.1, 0.2))
    found = contradictions(hand, {"ton": chances}, BOOK)
    # 4: "glad" has 0.7, as much as 0.6. 1: "ledsen" has just 0.5; "glad" has 0.3 there.
    assert found["row"].tolist() == [4, 1]
    assert found["given"].tolist() == ["ledsen", "glad"]
    assert found["suggested"].tolist() == ["glad", "ledsen"]
    assert found["prob"].tolist() == [0.7, 0.5]
    assert found["given_prob"].tolist() == [0.1, 0.3]


def statements(n: int = 0, **columns: object) -> pd.DataFrame:
    table = pd.DataFrame(columns)
    for name in ("ton", "sak"):
        if name not in table:
            table[name] = None
    if "flaggor" not in table:
        table["flaggor"] = [[] for _ in range(len(table))]
    return table


def test_contexts_are_judged_by_themselves() -> None:
    # At home people mean "mat" surely; at school it is never sure, and never "bad".
    hand = statements(plats=["hem", "hem", "hem", "skola", "skola", "annan"])
    hand["sak"] = ["mat", "bad", "bad", "mat", "bok", None]
    chances = pd.DataFrame(
        [
            [0.9, 0.1, NAN],
            [0.85, 0.15, NAN],  # sure, but not as sure as "mat" at home is
            [0.95, 0.05, NAN],
            [0.55, NAN, 0.45],
            [0.6, NAN, 0.4],  # surer than "mat" at school is
            [NAN, NAN, NAN],
        ],
        columns=["mat", "bad", "bok"],
    )
    found = contradictions(hand, {"sak": chances}, BOOK)
    assert found[["row", "given", "suggested"]].to_numpy().tolist() == [
        [2, "bad", "mat"],
        [4, "bok", "mat"],
    ]


def test_flags_are_judged_one_by_one() -> None:
    hand = statements(flaggor=[["fest"], ["fest"], [], [], ["fest", "regn"], []])
    chances = pd.DataFrame(
        {"fest": [0.9, 0.05, 0.1, 0.95, 0.9, 0.1], "regn": [0.0, 0.0, 0.0, 0.1, 0.1, 0.0]}
    )
    found = contradictions(hand, {"flaggor": chances}, BOOK)
    # 1 lacks what it was given; 3 has what it was not. Of rain the model knows too little to say.
    assert found[["row", "given", "suggested"]].to_numpy().tolist() == [
        [1, ["fest"], []],
        [3, [], ["fest"]],
    ]
    assert found["prob"].tolist() == pytest.approx([0.95, 0.95])


def test_pairs_that_are_mixed_up_among_the_statements_where_both_exist() -> None:
    hand = statements(plats=["hem"] * 6 + ["skola"] * 20)
    hand["sak"] = ["mat", "mat", "bad", "bad", "bad", "mat"] + ["mat"] * 20
    other = pd.Series(["bad", "bad", "mat", "bad", None, "mat"] + ["mat"] * 20)
    found = confusions(hand, {"sak": other}, BOOK)
    (line,) = found.to_dict("records")
    assert (line["one"], line["other"], line["n"], line["examples"]) == ("mat", "bad", 3, [0, 1, 2])
    assert line["share"] == pytest.approx(3 / 5)  # the twenty at school cannot be "bad"


def test_sets_of_codes_are_mixed_up_by_what_differs() -> None:
    hand = statements(flaggor=[["fest"]] * 4 + [["fest", "regn"]])
    other = pd.Series([["regn"]] * 3 + [["fest"]] * 2)
    (line,) = confusions(hand, {"flaggor": other}, BOOK).to_dict("records")
    assert (line["one"], line["other"], line["n"]) == ("fest", "regn", 3)


def test_codes_hardly_used_where_they_may_be() -> None:
    hand = statements(plats=["hem"] * 150 + ["skola"] * 50)
    hand["ton"] = ["glad"] * 100 + ["ledsen"] * 98 + ["arg"] * 2
    hand["sak"] = ["mat"] * 199 + ["bok"]
    hand["flaggor"] = [["fest"]] * 3 + [[]] * 197
    found = rare(hand, BOOK)
    assert found.to_dict("records") == [
        {"dimension": "sak", "code": "bad", "n": 0, "of": 150},
        {"dimension": "flaggor", "code": "regn", "n": 0, "of": 200},
        {"dimension": "ton", "code": "arg", "n": 2, "of": 200},
    ]  # one "bok" of 50 is more than hardly


def test_a_code_without_a_clear_border() -> None:
    hand = statements(ton=["glad"] * 10 + ["ledsen"] * 10 + ["arg"] * 4)
    rows = [(0.9, 0.05, 0.05)] * 10 + [(0.1, 0.6, 0.3)] * 5 + [(0.1, 0.4, 0.5)] * 5
    found = unclear(hand, {"ton": ton(*rows, *[(0.2, 0.3, 0.5)] * 4)}, BOOK)
    (line,) = found.to_dict("records")  # of "arg" there are too few to tell
    assert (line["code"], line["n"], line["precision"], line["recall"]) == ("ledsen", 10, 1.0, 0.5)
    assert line["share"] == 0.5
    assert line["margin"] == pytest.approx((5 * 0.3 - 5 * 0.1) / 10)
    assert line["examples"] == [15, 16, 17]


def test_the_likeliest_code_is_none_where_the_model_knows_none() -> None:
    table = ton((0.2, 0.5, 0.3), (NAN, NAN, NAN))
    assert likeliest(table, BOOK, "ton").tolist() == ["ledsen", None]
    flags = pd.DataFrame({"fest": [0.6, 0.4], "regn": [0.7, 0.2]})
    assert likeliest(flags, BOOK, "flaggor").tolist() == [["fest", "regn"], []]


def test_nothing_coded_gives_empty_tables() -> None:
    hand = statements(plats=["hem"])
    found = check_codes(hand, {"ton": ton((0.2, 0.5, 0.3))}, BOOK)
    assert [len(table) for table in vars(found).values()][:2] == [0, 0]
    assert len(found.unclear) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_what_is_listed_is_a_contradiction_and_the_surest_comes_first(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    chances = ton(*rng.dirichlet(np.ones(3), n))
    hand = statements(ton=rng.choice(["glad", "ledsen", "arg"], n))
    found = contradictions(hand, {"ton": chances}, BOOK)
    assert (found["given"] != found["suggested"]).all()
    assert found["row"].is_unique
    assert (np.diff(found["prob"] - found["given_prob"]) <= 1e-12).all()
    own = {code: chances.loc[hand["ton"] == code, code].mean() for code in set(hand["ton"])}
    for line in found.itertuples():
        assert line.prob >= own[line.suggested]
        assert line.given == hand["ton"].iloc[line.row]


WORDS = {"glad": "nöjd bra toppen roligt".split(), "ledsen": "trist dåligt trött sorg".split()}


def coded(n: int = 80) -> pd.DataFrame:
    codes = list(WORDS)
    rows = [
        {
            "answer_id": f"a{i // 2}",
            "text": f"{WORDS[codes[i % 2]][i % 4]} dag på enhet {i % 9}",
            "ton": codes[i % 2],
        }
        for i in range(n)
    ]
    return pd.DataFrame(rows)


PLAIN = parse("name: ton\ndimensions:\n  ton: {codes: [glad, ledsen]}\n", "ton.yaml")


def test_mistakes_are_found_by_heads_that_learnt_from_the_other_answers() -> None:
    table = coded()
    wrong = [5, 22, 61]
    table.loc[wrong, "ton"] = [{"glad": "ledsen"}.get(c, "glad") for c in table.loc[wrong, "ton"]]
    chances = held_out_probabilities(table, PLAIN)
    found = contradictions(table, chances, PLAIN)
    assert set(found["row"]) == set(wrong)
    known = chances["ton"]
    assert known.index.equals(table.index)
    assert known.sum(axis=1).to_numpy() == pytest.approx(1)
    right = known.to_numpy()[np.arange(80), (table["ton"] == "ledsen").astype(int)]
    # Each mistake is as sure as the model, which was right as often as it says.
    assert right.mean() == pytest.approx(1 - 3 / 80, abs=0.05)


def test_too_few_answers_to_hold_any_out() -> None:
    with pytest.raises(TextmineError, match="Only 4 coded answers"):
        held_out_probabilities(coded(8), PLAIN)
