"""The corpora are as they should be, and the check would say so if they were not."""

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import load

check = load("check")
measure = check.measure


def test_the_corpora_are_as_they_should_be() -> None:
    assert check.complaints() == []


@pytest.fixture
def answer() -> dict[str, Any]:
    text = "Ny rutin är framtagen, vilket gett kortare väntan."
    codes = {"role_alt": None, "flags": [], "novel": False}
    return {
        "answer_id": "x-1", "part": "train", "respondent": "Region Dalarna", "actor": "region",
        "area": "barn-unga", "question": "Vad?", "year": 2020, "text": text, "hand": "en",
        "statements": [
            {"start": 0, "end": 21, "text": text[:21], "category": "verksamhet",
             "role": "prestation", "level": None, **codes},
            {"start": 23, "end": 50, "text": text[23:], "category": "verksamhet",
             "role": "effekt", "level": "individ", **codes},
        ],
    }  # fmt: skip


def test_a_right_answer_passes(answer: dict[str, Any]) -> None:
    assert list(check.check_format("x", [answer])) == []


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("end", 20, "offsets do not give"),
        ("start", 30, "out of order"),
        ("role", "effect", "role effect"),
        ("role_alt", "prestation", "alt prestation"),
        ("level", "individ", "level individ with role prestation"),
        ("category", None, "category None with role prestation"),
        ("category", "sip", "category sip in barn-unga"),
        ("flags", ["nytt"], "flags"),
        ("extra", 1, "keys"),
    ],
)
def test_wrong_statements_are_found(
    answer: dict[str, Any], key: str, value: object, complaint: str
) -> None:
    answer["statements"][0][key] = value
    assert complaint in " ".join(check.check_format("x", [answer]))


def test_too_little_is_found(answer: dict[str, Any]) -> None:
    files = {name: [answer] for name in check.SIZES}
    found = " ".join(check.check_sizes(files))
    assert "answers-2020: 1 answers, 2000 wanted" in found
    assert "barn-unga, metod: 0, 100 wanted" in found
    assert "barn-unga, role mal: 0, 40 wanted" in found
    assert "answers-2022: no statement is novel" in found


def test_a_text_in_both_parts_is_found(answer: dict[str, Any]) -> None:
    text = "en två tre fyra fem sex sju åtta nio"
    answer["statements"][0]["text"] = text
    other = copy.deepcopy(answer) | {"part": "test", "hand": "två"}
    found = " ".join(check.check_parts({"x": [answer] * 4 + [other]}, []))
    assert f"statement in both parts: '{text}'" in found
    assert "is in both parts" not in found
    other["hand"] = "en"
    assert "'en' is in both parts" in " ".join(check.check_parts({"x": [answer, other]}, []))


def test_near_duplicates_are_found() -> None:
    texts = [
        "Vi har startat ett mobilt team som åker hem till patienterna i Säter.",
        "Vi har startat ett mobilt team som åker hem till patienter i Säter!",
        "Brukarrådet träffas en gång i månaden och läser alla remisser.",
        "Inget.",
        "Inget.",
    ]
    assert measure.near_duplicates(texts) == [(0, 1)]


def test_words_that_give_a_role_away_are_found(answer: dict[str, Any]) -> None:
    goals, others = [], []
    for number in range(20):
        goal = copy.deepcopy(answer["statements"][0]) | {"text": f"Syftet {number}", "role": "mal"}
        goals.append(goal)
        others.append(goal | {"text": f"Kurs {number}", "role": "aktivitet"})
    found = measure.giveaways([answer | {"statements": goals + others}])
    assert [(words, role) for words, role, _, _ in found] == [
        ("kurs", "aktivitet"),
        ("syftet", "mal"),
    ]


def test_what_is_copied_is_found(
    answer: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = {"text": "en rutin är framtagen, vilket gett kortare väntan"}
    (tmp_path / "statements.jsonl").write_text(json.dumps(published), encoding="utf-8")
    monkeypatch.setattr(check, "REPORT", tmp_path)
    assert "rutin är framtagen" in " ".join(check.check_copied({"x": [answer]}, []))


def test_personnummer_check_knows_the_rule() -> None:
    # Skatteverket's own published example, and two that cannot exist.
    assert check.is_personnummer("640823", "3234")
    assert check.is_personnummer("19640823", "3234")
    assert not check.is_personnummer("640823", "3235")
    assert not check.is_personnummer("641323", "3234")


def test_a_round_more_alike_than_the_first_is_refused() -> None:
    answers = measure.load("answers-2020.jsonl")
    second = [a for a in answers if measure.round_of(a) == 2]
    assert list(check.check_rounds(answers)) == []
    for like, answer in zip(second[::3], second[1::3], strict=False):
        answer["text"] = like["text"]
    (complaint,) = check.check_rounds(answers)
    assert "round 2 is more alike" in complaint
