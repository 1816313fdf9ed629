"""The compiler of marked-up answers: exact offsets, tidy edges, bad marks refused."""

import json
import sys
from pathlib import Path

import pytest

from textmine.codebook import Codebook

sys.path.append(str(Path(__file__).parent))
from scripts import load

HEADER = "@@ Region Dalarna | region | barn-unga | Vad har ni gjort? | 2020\n"
markup = load("markup")


def texts(marked: str) -> list[str]:
    text, statements = markup.parse_answer(marked, "barn-unga")
    for s in statements:
        assert text[s["start"] : s["end"]] == s["text"]
    return [s["text"] for s in statements]


def test_tables_equal_the_codebook() -> None:
    book = Codebook.load("psykisk-halsa-2020")
    category = book.dimensions["category"]
    assert {a: set(category.allowed(a)) for a in book.columns["area"]} == markup.CATEGORIES
    assert list(markup.ROLES.values()) == list(book.dimensions["role"].codes)
    assert list(markup.LEVELS.values()) == list(book.dimensions["level"].codes)
    assert set(book.dimensions["flags"].codes) == markup.FLAGS


def test_offsets_count_code_points() -> None:
    text, statements = markup.parse_answer(
        "Under året 👍: [[p kompetens|12 har gått kurs i KBT]], [[e.v kompetens|vilket gett "
        "trygghet.]]\r\n- [[o -|Se bilaga]]",
        "barn-unga",
    )
    assert text == ("Under året 👍: 12 har gått kurs i KBT, vilket gett trygghet.\r\n- Se bilaga")
    assert [(s["start"], s["end"]) for s in statements] == [(14, 36), (38, 59), (63, 72)]
    assert [text[s["start"] : s["end"]] for s in statements] == [s["text"] for s in statements]


def test_codes_of_a_mark() -> None:
    assert markup.parse_tag("e.v~p kompetens +planerad +pandemi-hinder", "barn-unga") == {
        "category": "kompetens",
        "role": "effekt",
        "role_alt": "prestation",
        "level": "verksamhet",
        "flags": ["pandemi-hinder", "planerad"],
        "novel": False,
    }
    assert markup.parse_tag("o -", "barn-unga") == {
        "category": None,
        "role": "ovrigt",
        "role_alt": None,
        "level": None,
        "flags": [],
        "novel": False,
    }
    assert markup.parse_tag("a kompetens +novel +planerad", "barn-unga")["novel"] is True
    assert markup.parse_tag("a kompetens +novel +planerad", "barn-unga")["flags"] == ["planerad"]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[[o -|Ja]].", ["Ja."]),
        ("[[o -|Ja]]!?", ["Ja!?"]),
        ("[[o -|Ja,]] [[o -|nej;]]", ["Ja", "nej"]),
        ("[[o -|Ja]] [[o -|och nej]]", ["Ja", "nej"]),
        ("[[o -|Ja]]. [[o -|Men nej]].", ["Ja.", "nej."]),
        ("[[o -|medan vi väntar]]", ["vi väntar"]),
        ("[[o -|Ochså med]]", ["Ochså med"]),
        ("[[o -|Mål:]]\n[[o -|nej]]", ["Mål", "nej"]),
        ("[[o -|rad\nett]]", ["rad\nett"]),
    ],
)
def test_edges_are_tidied(marked: str, expected: list[str]) -> None:
    assert texts(marked) == expected


@pytest.mark.parametrize(
    ("mark", "complaint"),
    [
        ("[[x kompetens|ja]]", "cannot read the mark"),
        ("[[p|ja]]", "cannot read the mark"),
        ("[[p kompetens planerad|ja]]", "cannot read the mark"),
        ("[[|ja]]", "cannot read the mark"),
        ("[[e kompetens|ja]]", "a level belongs to effekt"),
        ("[[p.v kompetens|ja]]", "a level belongs to effekt"),
        ("[[o kompetens|ja]]", "'-' belongs to ovrigt"),
        ("[[p -|ja]]", "'-' belongs to ovrigt"),
        ("[[p sip|ja]]", "barn-unga has only kompetens, metod, uppfoljning, verksamhet"),
        ("[[p kompetens +nytt|ja]]", "unknown flag nytt"),
        ("[[p kompetens| ja]]", "blank at the edge"),
        ("[[p kompetens|ja ]]", "blank at the edge"),
        ("[[p kompetens|]]", "blank at the edge"),
        ("[[p kompetens|ja", "not closed"),
        ("ja]]", "not opened"),
        ("[[p kompetens|ja [[p kompetens|nej]]", "not closed"),
    ],
)
def test_bad_marks_are_refused(mark: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        markup.parse_answer(f"Text {mark} text", "barn-unga")


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("@@ Region Dalarna | region | barn-unga | 2020", "five fields"),
        ("@@ Region Dalarna | stat | barn-unga | Vad? | 2020", "unknown actor 'stat'"),
        ("@@ Region Dalarna | region | barn | Vad? | 2020", "unknown area 'barn'"),
        ("@@ Region Dalarna | region | barn-unga | Vad? | i år", "invalid literal"),
    ],
)
def test_bad_headers_are_named_with_line(tmp_path: Path, header: str, complaint: str) -> None:
    path = tmp_path / "w1.txt"
    path.write_text(f"# hand: en\n{header}\n[[o -|Ja]]\n", encoding="utf-8")
    answers, errors = markup.read(path)
    assert answers == []
    assert len(errors) == 1
    assert errors[0].startswith("w1.txt:2: ")
    assert complaint in errors[0]


def test_answer_without_statement_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w1.txt"
    path.write_text(f"{HEADER}Ingen markering\n", encoding="utf-8")
    assert markup.read(path)[1] == ["w1.txt:1: no statement is marked"]


def test_parts_are_made_of_whole_hands(tmp_path: Path) -> None:
    answers = []
    for author in range(1, 6):
        path = tmp_path / f"w{author}.txt"
        path.write_text(
            "".join(f"# hand: röst {v}\n{HEADER}\n[[o -|Ja]]\n\n" * 2 for v in range(4)),
            encoding="utf-8",
        )
        more, errors = markup.read(path)
        assert errors == []
        answers += more
    assert {a["text"] for a in answers} == {"Ja"}
    parts = {hand: {a["part"] for a in answers if a["hand"] == hand} for hand in
             {a["hand"] for a in answers}}  # fmt: skip
    assert len(parts) == 20
    assert all(len(several) == 1 for several in parts.values())
    assert sum(several == {"test"} for several in parts.values()) == 4


def test_words_outside_statements_are_listed() -> None:
    text, statements = markup.parse_answer("Gjort: 1) [[o -|Ja]] och [[o -|nej]]\nMvh", "barn-unga")
    assert markup.outside(text, statements) == ["Gjort: 1)", "Mvh"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["markup.py", *arguments])
    return int(markup.main())


def test_command_writes_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "w3.txt", tmp_path / "out.jsonl"
    source.write_text(f"# hand: en\n{HEADER}[[o -|Ja]].\n\n{HEADER}[[o -|Nej]]\n", encoding="utf-8")
    assert run(monkeypatch, str(source), "--out", str(out), "--prefix", "t") == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(r["answer_id"], r["text"], r["hand"]) for r in rows] == [
        ("t-0001", "Ja.", "w3 en"),
        ("t-0002", "Nej", "w3 en"),
    ]
    assert "2 answers, 2 statements" in capsys.readouterr().out


def test_command_writes_nothing_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "w3.txt", tmp_path / "out.jsonl"
    source.write_text(f"{HEADER}[[q -|Ja]]\n", encoding="utf-8")
    assert run(monkeypatch, str(source), "--out", str(out)) == 2
    assert not out.exists()
    assert "w3.txt:1: cannot read the mark 'q -'" in capsys.readouterr().err
