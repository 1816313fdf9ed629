"""Learning from decisions: what is new is learnt, what was known is kept, and the gain is true."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, sparse
from scipy.special import log_softmax
from sklearn.base import clone

from textmine.codebook import parse
from textmine.coding.adapting import Decisions
from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder
from textmine.coding.gains import describe_gain, paired_gain
from textmine.coding.moving import NEVER, PULL, Space, Span, surprises
from textmine.errors import TextmineError

BOOK = parse(
    """
name: prov
columns: {plats: {hem: {name: Hem}, skola: {name: Skola}, jobb: {name: Jobb}}}
dimensions:
  ton: {codes: [glad, ledsen, arg]}
  sak:
    by: plats
    when: {ton: [glad, ledsen]}
    codes: {mat: {}, bad: {in: [hem]}, bok: {in: [skola, jobb]}}
  flaggor: {codes: [fest, regn], multiple: true}
""",
    "prov.yaml",
)
TON = {"glad": "nöjd bra toppen roligt".split(), "ledsen": "trist dåligt tråkigt trött".split()}
SAK = {"mat": "soppa middag bröd frukost".split(), "bad": "tvätt dusch".split()}
SAK["bok"] = "läsning bibliotek roman sida".split()
# Words of the new survey, which the model has met but never as signs of a tone.
NEW = {"glad": "enheten gruppen".split(), "ledsen": "kontoret avdelningen".split()}


def told(n: int, words: dict[str, list[str]], places: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Make coded statements: two an answer, of a tone, about a matter, some with a flag."""
    rng = np.random.default_rng(seed)
    filler = [word for new in NEW.values() for word in new] if words is TON else ["personalen"]
    rows = []
    for i in range(n):
        place = places[i % len(places)]
        tone = str(rng.choice(list(words)))
        matters = {"hem": ["mat", "bad"]}.get(place, ["mat", "bok"])
        matter = str(rng.choice(matters))
        flags = ["fest"] if rng.random() < 0.4 else []
        text = " ".join(
            [
                "det var",
                str(rng.choice(words[tone])),
                "med",
                str(rng.choice(SAK[matter])),
                str(rng.choice(filler)),
                "kalas" if flags else "vardag",
                str(i % 7),
            ]
        )
        row = {"answer_id": f"a{i // 2}", "text": text, "plats": place, "ton": tone}
        rows.append({**row, "sak": matter, "flaggor": flags})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(BOOK).fit(told(200, TON, ("hem", "skola"), 0))


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return told(240, NEW, ("hem", "skola"), 1)


def accuracy(coder: Coder, table: pd.DataFrame, name: str = "ton") -> float:
    found = coder.probabilities(table, name).idxmax(axis=1)
    return float((found == table[name]).mean())


def test_what_decisions_teach_holds_for_other_answers(coder: Coder, survey: pd.DataFrame) -> None:
    rest = survey.iloc[120:]
    before = coder.probabilities(rest, "ton")
    adapted = coder.adapt(survey.iloc[:120])
    assert accuracy(coder, rest) < 0.8
    assert accuracy(adapted, rest) > accuracy(coder, rest) + 0.15
    assert accuracy(adapted, told(60, TON, ("hem",), 2)) > 0.95  # and nothing is forgotten
    pd.testing.assert_frame_equal(coder.probabilities(rest, "ton"), before)
    assert "adapted" not in coder.learnt_.provenance


def test_the_gain_is_that_of_decisions_held_out(coder: Coder, survey: pd.DataFrame) -> None:
    adapted = coder.adapt(survey.iloc[:120])
    (history,) = adapted.learnt_.provenance["adapted"]
    assert (history["decisions"], history["answers"]) == (120, 60)
    gain = history["dimensions"]["ton"]
    assert gain["n"] == 120
    assert gain["before"] == pytest.approx(accuracy(coder, survey.iloc[:120]), abs=1e-3)
    # What the adapted coder says of the very statements that it learnt from would be more.
    assert gain["before"] < gain["after"] <= accuracy(adapted, survey.iloc[:120])
    assert gain["difference"][1] > 0
    assert "better" in describe_gain(gain)


def test_decisions_without_sense_teach_nothing(coder: Coder) -> None:
    table = told(80, TON, ("hem", "skola"), 3)
    table["ton"] = np.random.default_rng(0).permutation(table["ton"])
    adapted = coder.adapt(table)
    fresh = told(60, TON, ("hem", "skola"), 4)
    assert accuracy(adapted, fresh) == accuracy(coder, fresh)
    gain = adapted.learnt_.provenance["adapted"][0]["dimensions"]["ton"]
    assert gain["difference"] == [0, 0, 0]
    # But it has become less sure of itself.
    sure = [one.probabilities(fresh, "ton").max(axis=1).mean() for one in (coder, adapted)]
    assert sure[1] < sure[0] - 0.02


def test_decisions_that_agree_move_nothing(shipped_coder: Coder) -> None:
    """Right but modest: the probabilities rise, the codes stay as they are."""
    corpus = Path(__file__).parents[2] / "corpora" / "answers-2021.jsonl"
    table = read_coded(corpus, shipped_coder.require_codebook()).iloc[:160]
    features = shipped_coder.see(table)
    agreed = shipped_coder.code(table, features=features)
    adapted = shipped_coder.adapt(agreed.iloc[:80], features=features[:80])
    again = adapted.code(table, features=features)
    assert (again["role"] == agreed["role"]).mean() >= 0.98
    assert again["role_prob"].mean() > agreed["role_prob"].mean()
    for gain in adapted.learnt_.provenance["adapted"][0]["dimensions"].values():
        assert (gain["before"], gain["after"]) == (1, 1)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_handful_of_decisions_changes_next_to_nothing(coder: Coder, n: int) -> None:
    fresh = told(60, TON, ("hem", "skola"), 4)
    adapted = coder.adapt(fresh.iloc[:n])
    assert accuracy(adapted, fresh) >= accuracy(coder, fresh) - 0.02


def test_same_decisions_same_coder(coder: Coder, survey: pd.DataFrame) -> None:
    one, two = (coder.adapt(survey.iloc[:60]) for _ in range(2))
    for name, model in one.learnt_.dimensions.items():
        other = two.learnt_.dimensions[name]
        assert (model.evidence.probability == other.evidence.probability).all()
        for context, head in model.heads.items():
            assert (head.weights == other.heads[context].weights).all()
            assert head.sharpness == other.heads[context].sharpness


def without(coder: Coder, code: str) -> Coder:
    """Take a code out of the head of its dimension, as if the codebook had said nothing of it."""
    out = clone(coder)
    out.learnt_ = replace(coder.learnt_, dimensions=dict(coder.learnt_.dimensions))
    for name, model in coder.learnt_.dimensions.items():
        heads = {}
        for context, head in model.heads.items():
            keep = [i for i, one in enumerate(head.codes) if one != code]
            codes = [head.codes[i] for i in keep]
            shift = head.shift[keep] if len(head.shift) else head.shift
            few = replace(head, codes=codes, weights=head.weights[:, keep], bias=head.bias[keep])
            heads[context] = replace(few, shift=shift)
        out.learnt_.dimensions[name] = replace(model, heads=heads)
    return out


def test_a_code_that_nobody_had_given(coder: Coder) -> None:
    coder = without(coder, "arg")
    assert coder.probabilities(told(2, TON, ("hem",), 5), "ton")["arg"].isna().all()
    table = told(120, {**TON, "arg": ["rasande", "förbannad"]}, ("hem", "skola"), 5)
    table.loc[table["ton"] == "arg", "sak"] = None
    adapted = coder.adapt(table.iloc[:80])
    assert accuracy(adapted, table.iloc[80:]) > 0.9
    # That it was given once does not make it likely.
    once = table.index == table.index[table["ton"] == "arg"][0]
    shy = coder.adapt(table[(table["ton"] != "arg") | once])
    plain = told(40, TON, ("hem",), 6)
    assert shy.probabilities(plain, "ton")["arg"].mean() < 0.1


def test_a_context_without_a_head_gets_one(coder: Coder) -> None:
    table = told(80, TON, ("jobb",), 7)
    assert coder.probabilities(table, "sak").isna().all(axis=None)
    adapted = coder.adapt(table.iloc[:50])
    assert accuracy(adapted, table.iloc[50:], "sak") > 0.9
    found = adapted.probabilities(table, "sak")
    assert found["bad"].isna().all()  # not allowed at work
    assert found[["mat", "bok"]].sum(axis=1).to_numpy() == pytest.approx(1)
    gain = adapted.learnt_.provenance["adapted"][0]["dimensions"]["sak"]
    assert gain["before"] == 0


def test_several_codes_a_statement(coder: Coder) -> None:
    coder = without(coder, "regn")
    table = told(160, TON, ("hem", "skola"), 8)
    # In this survey it is "vardag" that goes with rain, a code never given before.
    table["flaggor"] = [["regn"] if "vardag" in text else ["fest"] for text in table["text"]]
    adapted = coder.adapt(table.iloc[:100])
    coded = adapted.code(table.iloc[100:].drop(columns=["ton", "sak", "flaggor"]))
    right = [a == b for a, b in zip(coded["flaggor"], table["flaggor"].iloc[100:], strict=True)]
    assert np.mean(right) > 0.9


def test_evidence_grows_by_the_decisions_held_out(coder: Coder, survey: pd.DataFrame) -> None:
    adapted = coder.adapt(survey.iloc[:120])
    for name, n in (("ton", 120), ("sak", 120), ("flaggor", 120)):
        before, after = (one.learnt_.dimensions[name].evidence for one in (coder, adapted))
        assert len(after.right) == len(before.right) + n
        assert (after.right[: len(before.right)] == before.right).all()
        new = after.probability[len(before.right) :]
        assert ((new > 0) & (new <= 1)).all()
    # Held-out probabilities keep what they promise, roughly.
    new = slice(len(coder.learnt_.dimensions["ton"].evidence.right), None)
    evidence = adapted.learnt_.dimensions["ton"].evidence
    assert evidence.probability[new].mean() == pytest.approx(evidence.right[new].mean(), abs=0.1)


def test_a_saved_adapted_coder_codes_as_the_live_one(
    coder: Coder, survey: pd.DataFrame, tmp_path: Path
) -> None:
    adapted = coder.adapt(survey.iloc[:60])
    adapted.save(tmp_path / "ny")
    loaded = Coder.load(tmp_path / "ny")
    bare = survey.iloc[60:].drop(columns=["ton", "sak", "flaggor"])
    pd.testing.assert_frame_equal(loaded.predict(bare), adapted.predict(bare))
    assert loaded.learnt_.provenance == adapted.learnt_.provenance
    text = (tmp_path / "ny" / "card.md").read_text(encoding="utf-8")
    assert "taught by 60 decisions in 30 answers" in text
    assert "* ton: " in text


def test_features_are_looked_at_once(
    coder: Coder, survey: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = survey.drop(columns=["ton", "sak", "flaggor"])
    features = coder.see(bare)
    expected = coder.code(bare)
    chances = coder.probabilities(bare, "sak")
    learnt = coder.adapt(survey).probabilities(bare, "ton")

    def fail(*arguments: object, **options: object) -> None:
        raise AssertionError("the encoder ran again")

    monkeypatch.setattr(type(coder.learnt_.view), "see", fail)
    pd.testing.assert_frame_equal(coder.code(bare, features=features), expected)
    pd.testing.assert_frame_equal(coder.probabilities(bare, "sak", features=features), chances)
    again = coder.adapt(survey, features=features)
    pd.testing.assert_frame_equal(again.probabilities(bare, "ton", features=features), learnt)


def test_probabilities_whatever_the_role(coder: Coder) -> None:
    table = told(6, TON, ("hem",), 9).assign(plats=["hem", "skola", "okänd"] * 2)
    table.index = pd.Index(list("abcdef"))
    found = coder.probabilities(table, "sak")
    assert found.index.tolist() == list("abcdef")
    assert list(found) == ["mat", "bad", "bok"]
    assert found.isna().to_numpy()[:3].tolist() == [
        [False, False, True],
        [False, True, False],
        [True, True, True],
    ]
    assert found.iloc[:2].sum(axis=1).to_numpy() == pytest.approx(1)
    with pytest.raises(TextmineError, match="no dimension 'sk'; did you mean 'sak'"):
        coder.probabilities(table, "sk")


def test_bad_decisions_are_one_clear_error(coder: Coder, survey: pd.DataFrame) -> None:
    with pytest.raises(TextmineError, match="no decisions to learn from"):
        coder.adapt(survey.iloc[:0])
    with pytest.raises(TextmineError, match="'sur' is no code of ton"):
        coder.adapt(survey.assign(ton="sur"))
    with pytest.raises(TextmineError, match="'bok' is not allowed in sak under plats 'hem'"):
        coder.adapt(survey.assign(sak="bok"))
    with pytest.raises(TextmineError, match="2 rows of features for 3 statements"):
        coder.adapt(survey.iloc[:3], features=coder.see(survey.iloc[:2]))


def test_identical_answers_are_never_divided() -> None:
    table = told(6, TON, ("hem",), 0)
    features = sparse.csr_matrix((6, 1))
    assert Decisions.check(table, BOOK, features).groups.tolist() == [0, 0, 1, 1, 2, 2]
    same = table.assign(answer_text=["x", "x", "y", "y", "x", None])
    assert Decisions.check(same, BOOK, features).groups.tolist() == [0, 0, 1, 1, 0, 2]
    alone = table.drop(columns="answer_id")
    assert Decisions.check(alone, BOOK, features).groups.tolist() == list(range(6))


def test_the_difference_is_the_one_that_the_penalty_asks_for() -> None:
    rng = np.random.default_rng(0)
    features = sparse.csr_matrix(np.c_[rng.normal(0, 3, (30, 4)), rng.random((30, 6)) < 0.3])
    space = Space.of(features, 6)
    contexts = np.full(30, "", object)
    truth = np.eye(3, dtype=bool)[rng.integers(0, 3, 30)]
    start = rng.normal(0, 1, (30, 3))
    start[:, 2] = np.where(truth[:, 2], start[:, 2], NEVER)  # some heads lack the last code
    span = Span.of(space, contexts, np.arange(30))
    found = span.find(start, truth, np.ones(30, bool), multiple=False)
    weights, bias = span.weights(found, space, contexts, "")
    scores = start + span.places @ found
    np.testing.assert_allclose(scores - start, features @ weights + bias, atol=1e-4)

    def surprise(flat: np.ndarray) -> float:
        moved, shift = flat[:-3].reshape(10, 3), flat[-3:]
        total = surprises(start + features @ moved + shift, truth, multiple=False).sum()
        far = (moved**2 / space.column_scales[:, None]).sum() + (shift**2).sum() / 0.01
        return float(total + PULL / 2 * far)

    best = optimize.minimize(surprise, np.zeros(33), method="L-BFGS-B").fun
    assert surprise(np.r_[weights.ravel(), bias]) == pytest.approx(best, rel=1e-3)


def test_surprise_leaves_out_what_a_head_lacks() -> None:
    scores = np.array([[1.0, 2.0, NEVER]])
    truth = np.array([[True, False, False]])
    expected = -log_softmax([1.0, 2.0])[0]
    assert surprises(scores, truth, multiple=False)[0] == pytest.approx(expected)
    several = surprises(scores, truth, multiple=True)[0]
    assert several == pytest.approx(np.log(1 + np.exp(-1)) + np.log(1 + np.exp(2)))


def test_a_gain_is_called_one_only_where_chance_is_left_out() -> None:
    groups = np.arange(100) // 2
    before = np.arange(100) % 2 == 0
    same = paired_gain(before, before, groups)
    assert same == {"n": 100, "before": 0.5, "after": 0.5, "difference": [0, 0, 0]}
    assert "no difference shown" in describe_gain(same)
    little = before.copy()
    little[[1, 3]] = True
    assert "no difference shown" in describe_gain(paired_gain(before, little, groups))
    much = before | (np.arange(100) < 40)
    gain = paired_gain(before, much, groups)
    assert gain["difference"][0] == 0.2
    assert 0 < gain["difference"][1] < 0.2 < gain["difference"][2] < 0.5
    assert "(+" in describe_gain(gain)
    assert "better" in describe_gain(gain)
    assert "worse" in describe_gain(paired_gain(much, before, groups))
