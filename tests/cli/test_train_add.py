"""`textmine train --add` and `textmine codebook check --coded`, from the command line."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from textmine.cli.app import main
from textmine.codebook import parse
from textmine.coding.coder import Coder

YAML = "name: ton\ndimensions:\n  ton: {codes: [glad, ledsen]}\n"
WORDS = {"glad": "nöjd bra toppen roligt".split(), "ledsen": "trist dåligt trött sorg".split()}
NEW = {"glad": "gruppen", "ledsen": "kontoret"}  # in this survey the place tells


def coded(n: int, *, new: bool = False) -> pd.DataFrame:
    rows = []
    for i in range(n):
        code = list(WORDS)[i % 2]
        place = NEW[code] if new else list(NEW.values())[(i // 2) % 2]
        word = "helt okej" if new else WORDS[code][i % 4]
        text = f"det var {word} på {place} {i % 5}"
        rows.append({"answer_id": f"a{i // 2}", "text": text, "ton": code})
    return pd.DataFrame(rows)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results of a small model, with what people decided."""
    Coder(parse(YAML, "ton.yaml")).fit(coded(80)).save(tmp_path / "modell")
    folder = tmp_path / "resultat"
    folder.mkdir()
    run = {"model": {"name": str(tmp_path / "modell"), "statements": 80}}
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    module = ModuleType("textmine.review.training")
    module.read_decided = lambda _: coded(60, new=True).assign(source="human")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "textmine.review.training", module)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ton.yaml").write_text(YAML, encoding="utf-8")
    coded(40).to_excel(tmp_path / "kodade.xlsx", index=False)
    return folder


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["textmine", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    output = capsys.readouterr()
    return int(stop.value.code or 0), output.out, output.err


def test_a_model_learns_what_people_decided(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(monkeypatch, capsys, "train", "--add", str(results), "--out", "ny")
    assert (code, err) == (0, "")
    assert "60 decided statements" in out
    line = next(line for line in out.splitlines() if line.startswith("ton: "))
    assert "right on 60 held-out decisions" in line
    assert line.endswith("points: better)")
    statement = pd.DataFrame({"text": ["det var helt okej på kontoret 3"]})
    assert Coder.load("ny").predict(statement)["ton"].tolist() == ["ledsen"]
    assert line.removeprefix("ton: ") in Path("ny/card.md").read_text(encoding="utf-8")


def test_several_folders_are_learnt_together(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", "--add", str(results), "--add", str(results), "--out", "ny"]
    code, out, _ = run(monkeypatch, capsys, *words)
    assert code == 0
    assert "120 decided statements" in out
    history = Coder.load("ny").learnt_.provenance["adapted"]
    assert [one["answers"] for one in history] == [60]  # those of two folders are never one


def test_coded_answers_and_decisions_train_a_model_together(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", "kodade.xlsx", "--codebook", "ton.yaml", "--add", str(results)]
    code, out, _ = run(monkeypatch, capsys, *words, "--out", "ny")
    assert code == 0
    assert "ton: 100.0% right on 100 held-out statements" in out
    provenance = Coder.load("ny").learnt_.provenance
    assert (provenance["statements"], provenance["answers"]) == (100, 50)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Nothing to learn from"),
        (["kodade.xlsx"], "Coded answers need their --codebook"),
        (["--add", "resultat", "--codebook", "ton.yaml"], "leave --codebook out"),
        (["--add", "resultat", "--tune", "encoder"], "leave --encoder and --tune out"),
        (["--add", "modell"], "no run.json"),
        (["--add", "resultat", "--add", "annat"], "coded by different models"),
        (["--add", "trasigt"], "does not say which model"),
    ],
)
def test_wrong_options_are_one_line(
    results: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    for name, text in (("annat", '{"model": {"name": "psykisk-halsa"}}'), ("trasigt", "{}")):
        (results.parent / name).mkdir()
        (results.parent / name / "run.json").write_text(text)
    code, _, err = run(monkeypatch, capsys, "train", *words, "--out", "ny")
    assert code == 2
    assert message in err
    assert not Path("ny").exists()


@pytest.mark.parametrize("model", [[], ["--model", "modell"]])
def test_a_codebook_is_held_against_what_was_coded_by_it(
    results: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    model: list[str],
) -> None:
    table = coded(60)
    table.loc[[10, 33], "ton"] = ["ledsen", "glad"]
    table.to_csv("kodade.csv", index=False)
    words = ["codebook", "check", "ton.yaml", "--coded", "kodade.csv", *model]
    code, out, err = run(monkeypatch, capsys, *words)
    assert (code, err) == (0, "")
    assert "ton (ton): 2 codes" in out
    assert "codes that are contradicted with confidence: 2" in out
    assert "ton: ledsen → glad" in out
    assert "codes hardly used: none" in out


def test_a_model_of_another_codebook_cannot_judge(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["codebook", "check", "ton.yaml", "--model", "psykisk-halsa"]
    assert "--model needs --coded" in run(monkeypatch, capsys, *words)[2]
    code, _, err = run(monkeypatch, capsys, *words, "--coded", "kodade.xlsx")
    assert code == 2
    assert "trained by psykisk-halsa-2020, which differs from ton in ton" in err
