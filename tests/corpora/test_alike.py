"""An author is told which answers lie too near to another one."""

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import load

alike, measure = load("alike"), load("measure")
HEADER = "@@ Region Dalarna | region | barn-unga | Vad? | 2020\n"
NEW = "[[o -|Zebrorna i Kolmården bryr sig föga om remissflöden och jazz.]]\n"


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["alike.py", *words])
    return int(alike.main())


def test_a_text_of_the_corpus_is_too_near_unless_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = next(a for a in measure.load("answers-2020.jsonl") if len(a["text"].split()) > 30)
    source = tmp_path / "w1.txt"
    source.write_text(f"{HEADER}[[o -|{old['text'].strip()}]]\n\n{HEADER}{NEW}", encoding="utf-8")
    assert run(monkeypatch, str(source)) == 1
    out = capsys.readouterr().out
    assert f"w1.txt:1: 1.00 like {old['answer_id']}" in out
    assert "w1.txt:1: opens like another" in out
    replaced = tmp_path / "ids.json"
    replaced.write_text(json.dumps([old["answer_id"]]), encoding="utf-8")
    assert run(monkeypatch, str(source), "--except", str(replaced), "--limit", "0.9") == 0
