"""The replication of 2020: what a reviewer with the hand codes does, and how counts are judged."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import CORPORA, load

from textmine.coding.coder import Coder
from textmine.pipeline import code_answers
from textmine.review.desk import Desk
from textmine.review.log import Log
from textmine.review.survey import Survey

sys.path.append(str(CORPORA / "reconstruction"))  # a script there finds the others beside it
oracle = load("reconstruction/oracle")
replication = load("reconstruction/replicate")

TEXTS = (
    "Vi har utbildat 40 lärare i YAM, vilket gett eleverna ökad kunskap om psykisk hälsa.",
    "En samordnare är anställd. Målet är att fler ska våga söka hjälp.",
    "Utbildning i MHFA, 3 tillfällen.",
)


@pytest.fixture
def desk(shipped_coder: Coder, tmp_path: Path) -> Desk:
    answers = pd.DataFrame(
        {
            "answer_id": ["a0", "a1", "a2", "a3"],
            "respondent": ["Gävle kommun", "Falu kommun", "Borlänge kommun", "Ludvika kommun"],
            "actor": "kommun",
            "area": "suicidprevention",
            "text": [*TEXTS, TEXTS[0]],
        }
    )
    provenance = {"model": {"name": "psykisk-halsa"}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, tmp_path, provenance=provenance)
    return Desk(Survey.load(tmp_path), Log.of_folder(tmp_path))


def as_one(text: str, role: str) -> list[dict[str, object]]:
    """Code a whole text as one statement."""
    statement = {"start": 0, "end": len(text), "category": "kompetens", "role": role}
    return [statement | {"level": None, "flags": []}]


def test_the_reviewer_gives_the_codes_of_the_hand(desk: Desk) -> None:
    hand = {f"a{n}": as_one(text, "aktivitet") for n, text in enumerate([*TEXTS, TEXTS[0]])}
    n_items = len(list(desk.standing.all_items()))
    assert oracle.review_most_telling(desk, hand, 1) == 1
    assert oracle.review_most_telling(desk, hand, 10**6) == n_items  # identical answers once
    for item in desk.standing.all_items():
        decision = desk.standing.decision(item)
        assert decision is not None
        assert decision.codes["role"] == "aktivitet"


def test_the_reviewer_divides_what_the_machine_took_for_one(desk: Desk) -> None:
    text = TEXTS[2]
    halves = [(0, 10), (11, len(text))]
    parts = [
        {"start": s, "end": e, "category": "kompetens", "role": "prestation"}
        | {"level": None, "flags": []}
        for s, e in halves
    ]
    key = next(p.key for p in desk.survey.passages.values() if p.text == text)
    (item,) = desk.standing.items(key)
    assert oracle._review(desk, item, {"a2": parts}) == 2
    assert [one.start for one in desk.standing.items(key)] == [0, 11]


@pytest.mark.parametrize(
    ("published", "obtained", "right"),
    [(7, 8, True), (7, 9, False), (111, 122, True), (111, 123, False), (0, 1, True), (0, 2, False)],
)
def test_a_count_is_right_within_ten_percent_or_one_actor(
    published: int, obtained: int, right: bool
) -> None:
    assert replication.within(published, obtained) is right


def test_the_table_sets_published_beside_obtained() -> None:
    cell = ("samsjuklighet", "lan", "insats", "sip")
    other = ("samsjuklighet", "lan", "effekt", "sip")
    names = dict.fromkeys((cell, other), ("Samsjuklighet", "SIP"))
    stage = replication.Stage("machine alone", {cell: 15, other: 6}, {cell: (14, 16)})
    found = replication.Replication({cell: 11, other: 6}, names, 9, 30, 4, [stage])
    lines = replication.table(found)
    assert "| Samsjuklighet | SIP | initiatives | län | 11 | **15** (14–16) |" in lines
    assert "| Samsjuklighet | SIP | effects | län | 6 | 6 |" in lines
    assert found.right(stage) == 0.5
    assert found.error(stage) == 2.0
    assert "| machine alone | 0 | 0% | 100% | 50% | 2.00 |" in replication.summary(found)
