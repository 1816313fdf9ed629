import sys
from pathlib import Path

import pandas as pd
import pytest

from textmine.cli.app import main


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["textmine", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    output = capsys.readouterr()
    return int(stop.value.code or 0), output.out, output.err


def test_version_and_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, capsys, "--version") == (0, "textmine 0.1.0\n", "")
    code, out, _ = run(monkeypatch, capsys, "--help")
    assert code == 0
    for command in ("code", "train", "evaluate", "cluster", "models", "import", "codebook"):
        assert f"\n  {command} " in out


@pytest.mark.parametrize("command", ["code", "train", "cluster", "models", "import"])
def test_every_command_shows_an_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, out, _ = run(monkeypatch, capsys, command, "--help")
    assert code == 0
    assert f"Example: textmine {command}" in " ".join(out.split())


@pytest.mark.parametrize(
    "words",
    [
        ["code"],
        ["code", "x.xlsx"],
        ["code", "x.xlsx", "--out", "y", "--error-budget", "2"],
        ["code", "x.xlsx", "--out", "y", "--unit", "word"],
        ["code", "x.xlsx", "--out", "y", "--column", "text"],
        ["code", "x.xlsx", "--out", "y", "--engine", "cloud"],
        ["code", "x.xlsx", "--out", "y", "--scheduler", "tcp://127.0.0.1:8786"],
        ["code", "nowhere.xlsx", "--out", "y"],
        ["code", "x.xlsx", "--out", "y", "--model", "none"],
        ["cluster", "x.xlsx", "--out", "y"],
        ["cluster", "x.xlsx", "--out", "y", "--seed", "-1"],
        ["nonsense"],
        ["train", "x.xlsx", "--codebook", "none", "--out", "y"],
        ["models", "none"],
        ["codebook", "check", "none.yaml"],
    ],
)
def test_wrong_options_are_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    pd.DataFrame({"svar": ["Ny rutin"]}).to_excel(tmp_path / "x.xlsx", index=False)
    code, _, err = run(monkeypatch, capsys, *words)
    assert code == 2
    assert err.startswith("Error: ")
    assert "Traceback" not in err
    assert not (tmp_path / "y").exists()


def test_models_lists_the_shipped_coder_and_shows_its_card(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "models")
    assert code == 0
    assert "psykisk-halsa: Psykisk hälsa 2020" in out
    code, out, _ = run(monkeypatch, capsys, "models", "psykisk-halsa")
    assert code == 0
    assert "| role | 6 |" in out


def test_a_codebook_is_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, "codebook", "check", "psykisk-halsa-2020")
    assert code == 0
    assert "category (Insatskategori): 15 codes, by area" in out


def test_train_then_code_with_a_codebook_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ton.yaml").write_text("name: ton\ndimensions:\n  ton: {codes: [glad, ledsen]}\n")
    words = {"glad": ["nöjd", "roligt", "härligt"], "ledsen": ["arg", "trött", "hemskt"]}
    rows = [
        {"Kommentar": f"Jag är {words[code][i % 3]} över sak {i}", "ton": code}
        for i in range(20)
        for code in words
    ]
    pd.DataFrame(rows).to_excel("kodade.xlsx", index=False)
    code, out, err = run(
        monkeypatch, capsys, "train", "kodade.xlsx", "--codebook", "ton.yaml", "--out", "modell",
        "--text-column", "Kommentar",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "40 coded statements" in out
    pd.DataFrame({"fritext": ["Väldigt härligt!", "Trött."]}).to_csv("svar.csv", index=False)
    code, out, err = run(
        monkeypatch, capsys, "code", "svar.csv", "--out", "ut", "--model", "modell"
    )
    assert (code, err) == (0, "")
    table = pd.read_parquet("ut/statements.parquet")
    assert table["ton"].tolist() == ["glad", "ledsen"]


def test_import_makes_a_table_that_code_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(
        {"Kommun": ["Arboga", "Sala"], "F1": ["Ny rutin", ""], "F2": ["", "45 utbildade"]}
    ).to_csv("export.csv", index=False)
    (tmp_path / "survey.yaml").write_text(
        "respondent: Kommun\nyear: 2021\nquestions:\n"
        "  - {column: F1, area: samsjuklighet}\n  - {column: F2, area: suicidprevention}\n"
    )
    code, out, _ = run(
        monkeypatch, capsys, "import", "export.csv", "--survey", "survey.yaml", "--out", "s.parquet"
    )
    assert code == 0
    assert "2 answers of 2 respondents" in out
    table = pd.read_parquet("s.parquet")
    assert table["respondent"].tolist() == ["Arboga kommun", "Sala kommun"]
    assert table["area"].tolist() == ["samsjuklighet", "suicidprevention"]
