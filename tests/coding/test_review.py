"""What a person is asked to look at, and why."""

import pandas as pd

from textmine.codebook import parse
from textmine.coding.review import Rule

BOOK = parse(
    "name: x\ndimensions:\n  ton: {name: Ton, codes: {glad: {name: Glad}, arg: {name: Arg}}}\n",
    "x.yaml",
)


def coded(prob: float, novelty: float) -> pd.DataFrame:
    row = {"text": "Hej", "ton": "glad", "ton_prob": prob, "ton_second": "arg"}
    return pd.DataFrame([{**row, "ton_second_prob": 1 - prob, "novelty": novelty}])


def test_what_is_sure_and_usual_needs_no_review() -> None:
    out = Rule({"ton": 0.8}).apply(coded(0.9, 0.5), BOOK)
    assert not out["review"].item()
    assert out["review_reason"].isna().item()


def test_a_doubt_names_both_codes() -> None:
    out = Rule({"ton": 0.8}).apply(coded(0.7, 0.5), BOOK)
    assert out["review"].item()
    assert out["review_reason"].item() == "Osäkert: ton, Glad 70\u00a0% eller Arg 30\u00a0%"


def test_a_new_theme_is_shown_however_sure_the_codes_are() -> None:
    out = Rule({"ton": 0.8}).apply(coded(0.99, 0.98), BOOK)
    assert out["review"].item()
    assert out["review_reason"].item() == "Ovanligt innehåll, kanske ett nytt tema"


def test_too_little_evidence_asks_for_everything() -> None:
    out = Rule({"ton": 2.0}).apply(coded(0.99, 0.5), BOOK)
    assert out["review_reason"].item() == "För få exempel för att avgöra ton"
