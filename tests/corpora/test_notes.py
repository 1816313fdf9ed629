"""The compiler of dialogue notes."""

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import load

notes = load("notes")
GROUPS = notes.inquiries()["behov-2020"]["groups"]


def test_a_note_with_and_without_empathy() -> None:
    plain = notes.parse_note("juridik | Tre blanketter om samtycke", GROUPS)
    assert plain == {
        "text": "Tre blanketter om samtycke",
        "group": "juridik",
        "empathy": None,
        "valence": None,
    }
    felt = notes.parse_note("annat | kanner+smarta | Alla är så trötta på tisdagar", GROUPS)
    assert (felt["empathy"], felt["valence"]) == ("kanner", "smarta")
    assert notes.parse_note("annat | gor | vi provar oss fram", GROUPS)["valence"] is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("juridk | Tre blanketter om samtycke", "unknown group 'juridk'"),
        ("juridik | glad | Tre blanketter om samtycke", "no mark of the empathy map"),
        ("juridik | bara tre ord", "3 words"),
        ("juridik | " + "ord " * 46, "46 words"),
    ],
)
def test_bad_notes_are_refused(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        notes.parse_note(line, GROUPS)


def test_a_file_gives_notes_with_their_meeting_and_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "n1.txt", tmp_path / "out.jsonl"
    source.write_text(
        "% behov-2020\n# hand: en\n@ Möte A\njuridik | Tre blanketter om samtycke\n\n"
        "# hand: två\n@ Möte B\nevidens | Vilka metoder ska vi sluta med\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys, "argv", ["notes.py", str(source), "--out", str(out)])
    assert notes.main() == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(r["note_id"], r["meeting"], r["hand"], r["part"]) for r in rows] == [
        ("behov-2020-0001", "Möte A", "n1 en", "train"),
        ("behov-2020-0002", "Möte B", "n1 två", "test"),
    ]


def test_a_bad_line_is_named_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "n1.txt", tmp_path / "out.jsonl"
    source.write_text("% behov-2020\n@ Möte\nfel | fyra ord i rad\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["notes.py", str(source), "--out", str(out)])
    assert notes.main() == 2
    assert not out.exists()
    assert "n1.txt:3: unknown group 'fel'" in capsys.readouterr().err


def test_key_words_are_found_at_the_beginning_of_words() -> None:
    texts = ["Sekretessen igen", "Tre blanketter", "Slagit i väggen", "Lagen säger nej"]
    rows = [{"inquiry": "behov-2020", "group": "juridik", "text": text} for text in texts]
    assert notes.keyword_shares(rows) == {("behov-2020", "juridik"): 0.5}
