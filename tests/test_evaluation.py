"""A coder judged by hand codes: figures against cases worked out by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from textmine.cli.app import main
from textmine.codebook import parse
from textmine.coding.coder import Coder
from textmine.evaluation import evaluate, evaluate_splitting, production_curve

BOOK = parse(
    """
name: prov
columns: {plats: {hem: {name: Hem}, skola: {name: Skola}}}
dimensions:
  ton: {codes: [glad, ledsen]}
  sak: {by: plats, codes: {mat: {in: [hem, skola]}, bad: {in: [hem]}, bok: {in: [skola]}}}
  flaggor: {codes: [fest, regn], multiple: true}
""",
    "prov.yaml",
)


class Told(Coder):
    """A coder that says what it was told to."""

    def __init__(self, coded: pd.DataFrame) -> None:
        super().__init__(BOOK)
        self.coded = coded

    def predict(self, statements: pd.DataFrame, *, progress: bool = False) -> pd.DataFrame:
        assert not {"ton", "sak", "flaggor", "ton_coder2"} & set(statements)
        return statements.assign(**self.coded)


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    hand = pd.DataFrame(
        {
            "answer_id": ["a", "a", "b", "b", "c"],
            "plats": ["hem", "hem", "skola", "skola", "annan"],
            "text": list("vwxyz"),
            "ton": ["glad", "glad", "ledsen", "ledsen", None],
            "ton_alt": [None, "ledsen", None, None, None],
            "sak": ["mat", "bad", "bok", None, None],
            "flaggor": [["fest"], [], ["fest", "regn"], [], []],
        }
    )
    machine = pd.DataFrame(
        {
            "ton": ["glad", "ledsen", "ledsen", "glad", "glad"],
            "ton_prob": [0.9, 0.6, 0.8, 0.55, 0.5],
            "sak": ["mat", None, "mat", "bok", None],
            "sak_prob": [0.9, np.nan, 0.5, 0.7, np.nan],
            "flaggor": [["fest"], ["regn"], ["regn", "fest"], [], []],
            "flaggor_prob": [0.9] * 5,
            "review": [False, False, True, True, True],
        }
    )
    return hand, machine


def test_figures_of_one_code_and_of_several() -> None:
    hand, machine = tables()
    found = evaluate(hand, Told(machine))
    assert found["statements"] == 5
    assert found["review_share"] == 0.6
    ton = found["dimensions"]["ton"]
    assert ton["n"] == 4
    assert ton["accuracy"][0] == 0.5
    assert ton["accuracy_lenient"][0] == 0.75
    assert ton["kappa"][0] == 0
    assert ton["unreviewed"] == {"n": 2, "wrong": 0.5}
    assert ton["codes"]["glad"] == {"n": 2, "precision": 0.5, "recall": 0.5}
    # The surest half, 0.9 and 0.8, is right; of all four the half is.
    curve = {step["share"]: step for step in ton["production"]}
    assert curve[0.5] == {"share": 0.5, "accuracy": 1.0, "probability": 0.8}
    assert curve[1.0] == {"share": 1.0, "accuracy": 0.5, "probability": 0.55}
    flags = found["dimensions"]["flaggor"]
    assert (flags["n"], flags["accuracy"][0]) == (5, 0.8)


def test_a_code_that_was_not_given_is_wrong() -> None:
    hand, machine = tables()
    sak = evaluate(hand, Told(machine))["dimensions"]["sak"]
    assert (sak["n"], sak["accuracy"][0]) == (3, pytest.approx(1 / 3, abs=1e-4))
    assert sak["both"] == {"n": 2, "accuracy": 0.5}
    assert set(sak["ece_by"]) == {"hem", "skola"}
    assert sak["ece_by"]["hem"] == pytest.approx(0.1)


def test_people_are_compared_with_each_other_and_with_the_machine() -> None:
    hand, machine = tables()
    hand["ton_coder2"] = ["glad", "glad", "ledsen", "ledsen", "glad"]
    coders = evaluate(hand, Told(machine))["dimensions"]["ton"]["coders"]
    assert coders["n"] == 4
    assert coders["coder_coder"]["accuracy"] == [1, 1, 1]
    assert coders["coder_machine"]["accuracy"][0] == 0.5
    assert coders["within_human_range"] is False


def test_the_curve_begins_with_the_surest() -> None:
    probability = np.linspace(0.5, 0.99, 100)
    curve = production_curve(probability, probability > 0.75)
    assert [step["accuracy"] for step in curve[:9]] == [1.0] * 9
    assert curve[-1]["accuracy"] == pytest.approx((probability > 0.75).mean())
    assert [step["share"] for step in curve] == sorted(step["share"] for step in curve)


def test_splitting_is_judged_where_there_are_offsets() -> None:
    assert evaluate_splitting(pd.DataFrame({"text": ["x"]})) is None
    text = "Ny rutin; två kursdagar."
    table = pd.DataFrame({"answer_id": "a", "answer_text": text, "start": [0, 10], "end": [8, 24]})
    assert evaluate_splitting(table) == {"exact_f1": 1.0, "boundary_f1": 1.0}


def test_the_command_writes_the_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = Path(__file__).parents[1] / "corpora" / "answers-2020.jsonl"
    lines = [line for line in corpus.read_text("utf-8").splitlines() if '"part": "test"' in line]
    (tmp_path / "kodade.jsonl").write_text("\n".join(lines[:40]), encoding="utf-8")
    out = tmp_path / "ut"
    arguments = ["evaluate", str(tmp_path / "kodade.jsonl"), "--out", str(out)]
    monkeypatch.setattr("sys.argv", ["textmine", *arguments])
    with pytest.raises(SystemExit) as status:
        main()
    assert status.value.code in (0, None)
    written = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    assert set(written["dimensions"]) == {"category", "role", "level", "flags"}
    role = written["dimensions"]["role"]
    low, high = role["accuracy"][1:]
    assert 0.6 < low <= role["accuracy"][0] <= high <= 1
    assert role["accuracy_lenient"][0] >= role["accuracy"][0]
    assert 0.5 < written["segmentation"]["exact_f1"] <= 1
    assert "role: " in capsys.readouterr().out
    assert (out / "reliability.png").read_bytes().startswith(b"\x89PNG")
    sheets = pd.read_excel(out / "kontroll.xlsx", sheet_name=None, engine="openpyxl")
    assert list(sheets) == [
        "Troliga felkodningar",
        "Koder som blandas ihop",
        "Sällan använda koder",
        "Koder utan klar gräns",
    ]
    listed = sheets["Troliga felkodningar"].dropna(subset="Given kod")
    assert len(listed) > 0
    assert (listed["Given kod"] != listed["Modellens kod"]).all()
