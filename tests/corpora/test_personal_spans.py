"""The marked personal data, their compiler and their check."""

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import CORPORA, load

markup = load("personal_markup")
check = load("personal_check")


def read(name: str) -> list[dict[str, Any]]:
    lines = (CORPORA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_marked_personal_data_are_as_they_should_be() -> None:
    assert check.complaints() == []


def test_marks_give_offsets() -> None:
    text, spans = markup.parse("Ring ⟦namn|Åke B⟧\n⟦telefon|070-174 06 05⟧, inte 112")
    assert text == "Ring Åke B\n070-174 06 05, inte 112"
    assert spans == [
        {"start": 5, "end": 10, "kind": "namn"},
        {"start": 11, "end": 24, "kind": "telefon"},
    ]


@pytest.mark.parametrize(
    ("marked", "complaint"),
    [
        ("Ring ⟦name|Åke⟧", "unknown kind 'name'"),
        ("Ring ⟦namn|Åke ⟧", "a blank at the edge"),
        ("Ring ⟦namn|⟧", "nothing"),
        ("Ring ⟦namn|Åke", "not closed or not opened"),
        ("Ring ⟦namn|Åke\nBo⟧", "not closed or not opened"),
    ],
)
def test_wrong_marks_are_refused(marked: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        markup.parse(marked)


def test_a_file_gives_cases_with_their_voices(tmp_path: Path) -> None:
    train, test = tmp_path / "train.txt", tmp_path / "test.txt"
    train.write_text("# hand: en\n@@\nA\n\nB\n\n@@\n⟦namn|Bo⟧\n", encoding="utf-8")
    test.write_text("# två\n@@\nInget.\n", encoding="utf-8")
    rows = list(markup.rows({"train": train, "test": test}))
    assert [(r["case_id"], r["part"], r["hand"], r["text"]) for r in rows] == [
        ("pc-001", "train", "en", "A\n\nB"),
        ("pc-002", "train", "en", "Bo"),
        ("pc-003", "test", "två", "Inget."),
    ]
    assert [len(r["spans"]) for r in rows] == [0, 1, 0]


def case(text: str, kind: str, marked: str, **other: Any) -> dict[str, Any]:
    start = text.index(marked)
    span = {"start": start, "end": start + len(marked), "kind": kind}
    return {"case_id": "x", "part": "train", "hand": "en", "text": text, "spans": [span], **other}


@pytest.mark.parametrize(
    ("text", "kind", "marked", "complaint"),
    [
        ("Ring Åke nu", "person", "Åke", "kind person"),
        ("Ring Åke nu", "namn", "Åke ", "does not look like namn"),
        ("Ring Åke 070-174 06 05", "namn", "Åke 070", "does not look like namn"),
        ("Ring 070-174 06 05", "telefon", "ng 070-174 06 05", "does not look like telefon"),
        ("På Storgatan", "adress", "Storgatan", "does not look like adress"),
        ("pnr 540230-00", "personnummer", "540230-00", "does not look like personnummer"),
        ("Ring Åke, ake@example.se", "namn", "Åke", "ake@example.se is not marked"),
    ],
)
def test_wrong_spans_are_found(text: str, kind: str, marked: str, complaint: str) -> None:
    wrong = case(text, kind, marked)
    assert complaint in " ".join(check.check_spans([wrong], "case_id", {"x": text}))


def test_spans_out_of_order_or_outside_are_found() -> None:
    wrong = case("Ring Åke", "namn", "Åke")
    wrong["spans"] *= 2
    assert "out of order" in " ".join(check.check_spans([wrong], "case_id", {"x": wrong["text"]}))
    wrong["spans"] = [{"start": 5, "end": 12, "kind": "namn"}]
    assert "outside" in " ".join(check.check_spans([wrong], "case_id", {"x": wrong["text"]}))


@pytest.mark.parametrize(
    ("text", "kind", "marked", "mine"),
    [
        ("ring 070-174 06 05", "telefon", "070-174 06 05", False),
        ("ring +46 (0)31-390 06 44", "telefon", "+46 (0)31-390 06 44", False),
        ("ring 070-174 06 04", "telefon", "070-174 06 04", True),
        ("ring 08-500 004 17", "telefon", "08-500 004 17", True),
        ("ring 0470-00 00 12", "telefon", "0470-00 00 12", False),
        ("ring 0470-10 00 12", "telefon", "0470-10 00 12", True),
        ("ring 0700-00 12 34", "telefon", "0700-00 12 34", True),
        ("ake@jouren.example", "e-post", "ake@jouren.example", False),
        ("ake@kommun.se", "e-post", "ake@kommun.se", True),
        ("ake@notexample.se", "e-post", "ake@notexample.se", True),
        ("pnr 540230-0000", "personnummer", "540230-0000", False),
        ("pnr 18780412-2385", "personnummer", "18780412-2385", False),
        ("pnr 640823+3234", "personnummer", "640823+3234", False),
        ("pnr 640823-3234", "personnummer", "640823-3234", True),
        ("pnr 640823 3234", "personnummer", "640823 3234", True),
        ("pnr 191212121212", "personnummer", "191212121212", False),
    ],
)
def test_what_could_be_somebodys_is_found(text: str, kind: str, marked: str, mine: bool) -> None:
    found = list(check.check_nobody([case(text, kind, marked)]))
    assert bool(found) is mine


def test_voices_on_both_sides_and_texts_that_recur_are_found() -> None:
    cases = read("personal-cases.jsonl")
    assert list(check.check_cases(cases)) == []
    moved = copy.deepcopy(cases)
    moved[0]["part"] = "test"
    assert "hand" in " ".join(check.check_cases(moved))
    twice = [*cases, cases[0] | {"case_id": "pc-999"}]
    assert "text" in " ".join(check.check_cases(twice))
    assert "wanted" in " ".join(check.check_cases(cases[:9]))


def test_later_cases_that_are_not_apart_are_found() -> None:
    cases, later = read("personal-cases.jsonl"), read("personal-cases-2.jsonl")
    assert list(check.check_later(later, cases)) == []
    for key in ("hand", "text", "case_id"):
        same = [later[0] | {key: cases[0][key], "spans": []}, *later[1:]]
        assert f"a {key} stands in more" in " ".join(check.check_later(same, cases))
    twice = " ".join(check.check_later([*later, later[0]], cases))
    assert "a text stands in more" in twice
    assert "a hand stands in more" not in twice
    train = [later[0] | {"part": "train"}, *later[1:]]
    assert list(check.check_later(train, cases)) == [f"{later[0]['case_id']}: not for testing"]
    assert "wanted" in " ".join(check.check_later(later[:9], cases))
    bare = " ".join(check.check_later([c | {"spans": []} for c in later], cases))
    assert "0% of later hold" in bare
    assert "later has no namn" in bare


def test_an_answers_missing_and_misplaced_spans_are_found() -> None:
    gold = read("personal.jsonl")
    answers = [a for name in check.ANSWERS for a in read(f"{name}.jsonl")]
    assert list(check.check_answers(gold, answers)) == []
    first, *others = gold
    (complaint,) = check.check_answers(others, answers)
    assert complaint.startswith(first["answer_id"])
    assert complaint.endswith("flagged, and no span is marked")
    found = " ".join(check.check_answers([first | {"part": "other"}, *gold], answers))
    assert "no such answer in part other" in found
    assert "listed twice" in found
