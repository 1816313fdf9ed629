"""From a folder of results to other programs' files and back, by the commands."""

import json
import subprocess
import sys
import zipfile
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from exchange.small_survey import codings, document, project_file, valid

from textmine.cli.app import main
from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.exchange.flat import write_csv
from textmine.exchange.material import UNNAMED, Material
from textmine.exchange.qdpx_out import write_qdpx
from textmine.exchange.spss import write_sav
from textmine.pipeline import code_answers
from textmine.review import LOG_FILE
from textmine.review.apply import apply_review
from textmine.review.desk import Action, Desk
from textmine.review.log import Log
from textmine.review.survey import Survey

TEXTS = (
    "Vi har utbildat 40 lärare i YAM, vilket gett eleverna ökad kunskap om psykisk hälsa.",
    "En samordnare är anställd.\r\nMålet är att fler ska våga söka hjälp 👍🏽.",
    "Allt ställdes in. Vi har öppnat en stödlinje, 046-35 50 00 eller gunvor.ek@lund.se",
)


@pytest.fixture(scope="module")
def reviewed(shipped_coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results in which two people have decided; tests must not change it."""
    folder = tmp_path_factory.mktemp("exchange") / "resultat"
    answers = pd.DataFrame(
        {
            "answer_id": ["a1", "a2", "a3", "lika"],
            "respondent": ["Region Skåne", "Lunds kommun", "Lunds kommun", "Malmö stad"],
            "area": ["suicidprevention", "barn-unga", "brukarmedverkan", "suicidprevention"],
            "question": "Vad har ni gjort?",
            "text": [*TEXTS, TEXTS[0]],
        }
    )
    provenance = {"model": {"name": "psykisk-halsa"}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, folder, provenance=provenance)
    log = Log.of_folder(folder)
    desk = Desk(Survey.load(folder), log)
    items = list(desk.standing.all_items())
    numbers = count()

    def act(number: int, coder: str) -> Action:
        item = items[number]
        version = desk.standing.state(item.passage).version
        request = f"r{next(numbers)}"
        return Action(coder, request, item.passage, version, item.start, item.end)

    desk.decide(act(0, "Åsa"), items[0].codes)
    other = {"role": "ovrigt", "category": None, "level": None}
    desk.comment(act(0, "Åsa"), "Fråga gunvor.ek@lund.se")
    desk.decide(act(2, "Bo"), items[2].codes | other)
    apply_review(folder)
    desk.refresh()
    desk.decide(act(1, "Cia"), items[1].codes)  # after what was applied: not in the results
    log.close()
    return folder


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["textmine", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        main()
    output = capsys.readouterr()
    return int(stop.value.code or 0), output.out, output.err


def test_a_project_goes_out_and_comes_back(
    reviewed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project, coded = tmp_path / "r.qdpx", tmp_path / "r.jsonl"
    done = run(monkeypatch, capsys, "export", reviewed, "--to", project, "--sources", "question")
    assert done[0] == 0, done
    valid(document(project), "Project")
    code, out, err = run(monkeypatch, capsys, "import", project, "--out", coded)
    assert (code, err) == (0, "")
    assert "4 answers" in out
    rows = [
        {"answer_id": answer["answer_id"]} | statement
        for answer in map(json.loads, coded.read_text(encoding="utf-8").splitlines())
        for statement in answer["statements"]
    ]
    given = Material.load(reviewed)
    assert codings(pd.DataFrame(rows), given.codebook) == codings(given.statements, given.codebook)
    # A decision on an answer that was given twice holds for both.
    coders = {row["statement_id"]: row["coder"] for row in rows if row["source"] != "machine"}
    assert coders["a1-1"] == coders["lika-1"] == "Åsa"
    assert set(coders.values()) == {"Åsa", "Bo"}
    code, out, _ = run(
        monkeypatch, capsys, "codebook", "import", project, "--out", tmp_path / "k.yaml"
    )
    assert code == 0
    assert Codebook.load(tmp_path / "k.yaml") == given.codebook


def test_a_folder_without_its_log_knows_that_people_decided(reviewed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "resultat"
    folder.mkdir()
    for file in reviewed.iterdir():
        if not file.name.startswith(LOG_FILE):
            (folder / file.name).write_bytes(file.read_bytes())
    people = Material.load(folder).people
    assert {one.coder for one in people.values()} == {UNNAMED}
    assert people.keys() == Material.load(reviewed).people.keys()
    assert not (folder / LOG_FILE).exists()
    moved = Material.load(folder, f"sqlite:///{reviewed / LOG_FILE}")
    assert {one.coder for one in moved.people.values()} == {"Åsa", "Bo"}


@pytest.mark.parametrize("kind", ["qdc", "xlsx", "csv", "sav"])
def test_the_other_formats_are_written(
    reviewed: Path,
    tmp_path: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sorted(path.name for path in reviewed.iterdir())
    path = tmp_path / "ny" / f"u.{kind}"
    code, out, err = run(monkeypatch, capsys, "export", reviewed, "--to", path)
    assert (code, err) == (0, "")
    assert str(path) in out
    assert path.stat().st_size > 1000
    assert sorted(path.name for path in reviewed.iterdir()) == before


@pytest.mark.parametrize("kind", ["qdpx", "csv", "sav"])
def test_personal_data_stay_at_home(reviewed: Path, tmp_path: Path, kind: str) -> None:
    material = Material.load(reviewed)
    path = tmp_path / f"u.{kind}"
    {"qdpx": write_qdpx, "csv": write_csv, "sav": write_sav}[kind](material, path)
    if kind == "qdpx":
        with zipfile.ZipFile(path) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    else:
        data = path.read_bytes()
    assert b"46-35" not in data
    assert b"gunvor" not in data
    assert "[e-post·········]".encode() in data  # in the comment, too
    assert data.count(b"[e-post") > 1


def test_codebooks_go_out_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("qdc", "yaml", "xlsx"):
        done = run(
            monkeypatch, capsys, "codebook", "export", "empatikarta", "--to", tmp_path / f"e.{kind}"
        )
        assert done[0] == 0
    code, out, _ = run(
        monkeypatch, capsys, "codebook", "import", tmp_path / "e.qdc", "--out", tmp_path / "f.yaml"
    )
    assert code == 0
    assert "2 dimensions" in out
    assert (tmp_path / "f.yaml").read_bytes() == (tmp_path / "e.yaml").read_bytes()


def test_what_was_left_out_needs_attention(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guid = "aaaaaaaa-0000-4000-8000-00000000000{}"
    path = project_file(
        tmp_path,
        f'<Project name="x"><CodeBook><Codes><Code guid="{guid.format(1)}" name="Bra"/></Codes>'
        '</CodeBook><Sources><TextSource guid="s" name="D"><PlainTextContent>abc</PlainTextContent>'
        '<PlainTextSelection guid="t" startPosition="0" endPosition="2"><Coding guid="u">'
        f'<CodeRef targetGUID="{guid.format(1)}"/></Coding></PlainTextSelection></TextSource>'
        '<PictureSource guid="p" name="bild.png"/></Sources></Project>',
    )
    out = tmp_path / "k.jsonl"
    code, printed, err = run(monkeypatch, capsys, "import", path, "--out", out)
    assert code == 1
    assert "1 answers with 1 statements" in printed
    assert "Attention: left out: pictures: 1 (bild.png)." in err
    answer = json.loads(out.read_text(encoding="utf-8"))
    assert answer == {
        "answer_id": "D",
        "respondent": "D",
        "text": "abc",
        "statements": [{"start": 0, "end": 2, "text": "ab", "koder": "bra"}],
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("export", ".", "--to", "x.docx"), "the name must end on .qdpx, .qdc"),
        (("export", ".", "--to", "x.qdpx", "--sources", "area"), "allowed: respondent, question"),
        (("export", ".", "--to", "x.csv"), "holds no results of 'textmine code'"),
        (("export", ".", "--to", "x.qdc"), "holds no results of 'textmine code'"),
        (("import", "x.qdpx", "--out", "y.jsonl"), "x.qdpx does not exist"),
        (("import", "x.qdpx", "--out", "y.xlsx"), "written as .jsonl"),
        (("import", "x.qdpx", "--out", "y.jsonl", "--survey", "s.yaml"), "leave it out"),
        (("import", "x.xlsx", "--out", "y.parquet"), "--survey survey.yaml"),
        (
            ("import", "x.xlsx", "--out", "y.parquet", "--survey", "s.yaml", "--codebook", "b"),
            "leave it out",
        ),
        (("codebook", "export", "empatikarta", "--to", "x.txt"), "must end on .qdc, .xlsx"),
        (("codebook", "import", "x.qdc", "--out", "y.txt"), "written as .yaml"),
        (("codebook", "import", "x.qdc", "--out", "y.yaml"), "x.qdc does not exist"),
    ],
)
def test_wrong_input_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(monkeypatch, capsys, *words)
    assert code == 2
    assert message in err
    assert err.startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("export",), ("codebook", "export"), ("codebook", "import")])
def test_help_has_an_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    code, out, _ = run(monkeypatch, capsys, *command, "--help")
    assert code == 0
    assert f"Example: textmine {' '.join(command)}" in " ".join(out.split())
    assert "\\b" not in out


def test_the_import_of_a_project_needs_no_network_and_little_else() -> None:
    """Reading a codebook loads neither torch nor models."""
    code = (
        "import sys, textmine.exchange.qdc, textmine.exchange.qdpx_in; "
        "print(sorted({'torch', 'spacy', 'sklearn', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
