"""Second codings: sheets are blind, codes are placed, what was settled is kept."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import CORPORA, load

double, markup = load("double"), load("markup")
MARKED = (
    "@@ Region Dalarna | region | barn-unga | Vad? | 2020\n"
    "Gjort: [[p kompetens|12 utbildade]], [[e.v kompetens|vilket gett trygghet.]]\n"
)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of two answers and one note, in a folder of its own."""
    here = tmp_path / "corpora"
    here.mkdir()
    source = tmp_path / "w1.txt"
    source.write_text(MARKED + "\n" + MARKED, encoding="utf-8")
    answers, _ = markup.read(source)
    rows = [{"answer_id": f"a-{i}", **answer} for i, answer in enumerate(answers)]
    double.dump(rows, here / "answers-2020.jsonl")
    note = {"note_id": "n-1", "inquiry": "behov-2020", "group": "juridik", "text": "Tre blanketter"}
    double.dump([note], here / "notes.jsonl")
    shutil.copy(CORPORA / "inquiries.yaml", here)
    monkeypatch.setattr(double, "HERE", here)
    monkeypatch.setattr(double, "SECOND", here / "second")
    return here


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_sheets_show_statements_without_codes(corpus: Path, tmp_path: Path) -> None:
    double.SPLIT_ANEW, before = 1, double.SPLIT_ANEW
    double.write_sheets(tmp_path / "sheets", coders=1, share=1.0, seed=0)
    double.SPLIT_ANEW = before
    sheet = (tmp_path / "sheets" / "code01.sheet.txt").read_text(encoding="utf-8")
    assert "Gjort: [[1|12 utbildade]], [[2|vilket gett trygghet.]]" in sheet
    assert "kompetens" not in sheet
    raw = (tmp_path / "sheets" / "split01.sheet.txt").read_text(encoding="utf-8")
    assert "Gjort: 12 utbildade, vilket gett trygghet." in raw
    notes = (tmp_path / "sheets" / "notes01.sheet.txt").read_text(encoding="utf-8")
    assert notes == "n-1 | Tre blanketter\n"


def code_anew(folder: Path) -> None:
    folder.mkdir()
    (folder / "code01.txt").write_text(
        "a-0 1 p kompetens\na-0 2 e.i kompetens +planerad\n", encoding="utf-8"
    )
    anew = MARKED.replace(
        "[[p kompetens|12 utbildade]],", "[[p kompetens|12]] [[a kompetens|utbildade]],"
    )
    (folder / "split01.txt").write_text("# a-1\n" + anew, encoding="utf-8")
    (folder / "notes01.txt").write_text("n-1 evidens\n", encoding="utf-8")


def test_codes_come_back_in_their_places(corpus: Path, tmp_path: Path) -> None:
    code_anew(tmp_path / "done")
    double.compile_codes(tmp_path / "done")
    first, second = rows_of(corpus / "second" / "answers.jsonl")
    assert [(s["start"], s["end"], s["role"]) for s in first["statements"]] == [
        (7, 19, "prestation"),
        (21, 42, "effekt"),
    ]
    assert second["own_split"]
    assert [(s["start"], s["end"]) for s in second["statements"]] == [(7, 9), (10, 19), (21, 42)]
    assert rows_of(corpus / "second" / "notes.jsonl")[0]["group"] == "evidens"


def test_a_missing_statement_is_named(corpus: Path, tmp_path: Path) -> None:
    code_anew(tmp_path / "done")
    (tmp_path / "done" / "code01.txt").write_text("a-0 1 p kompetens\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"code01: a-0 lacks statements \[1\]"):
        double.compile_codes(tmp_path / "done")


def test_what_is_settled_stands_in_the_corpus_and_both_codings_are_kept(
    corpus: Path, tmp_path: Path
) -> None:
    done = tmp_path / "done"
    code_anew(done)
    double.compile_codes(done)
    double.write_settling(done, settlers=1)
    sheet = (done / "settle01.sheet.txt").read_text(encoding="utf-8")
    assert "KEY a-0:21" in sheet
    assert "A: e.v kompetens\nB: e.i kompetens +planerad" in sheet
    (done / "settle01.txt").write_text(
        "a-0:21 | e.i kompetens | de trygga är barnen\nn-1 | evidens | metoder\n", encoding="utf-8"
    )
    double.settle(done)
    settled = rows_of(corpus / "answers-2020.jsonl")[0]["statements"][1]
    assert (settled["level"], settled["flags"]) == ("individ", [])
    assert rows_of(corpus / "notes.jsonl")[0]["group"] == "evidens"
    log = rows_of(corpus / "second" / "disagreements.jsonl")
    assert [(d["dimension"], d["first"], d["second"], d["settled"]) for d in log] == [
        ("level", "verksamhet", "individ", "individ"),
        ("flags", [], ["planerad"], []),
        ("group", "juridik", "evidens", "evidens"),
    ]
