"""A report into the folder of results: what is written, what is refused, what never shows."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from textmine.coding.coder import Coder
from textmine.errors import TextmineError
from textmine.pipeline import code_answers
from textmine.publish import FORMATS, PAGE, RECORD, WORD, WORKBOOK, publish, read_report

SECRETS = ("Gunvor", "Tistelblad", "0470-00 00 12", "gunvor.tistelblad@exempel.se")
ANSWERS = [
    ("Region Dalarna", "region", "Vi har utbildat 40 lärare i YAM. Eleverna vet nu mer om hjälp."),
    ("Region Uppsala", "region", "En samordnare är anställd. Målet är att fler vågar söka hjälp."),
    ("Borlänge kommun", "kommun", "Utbildning i MHFA, 3 tillfällen, vilket gett ökad kunskap."),
    (
        "Falu kommun",
        "kommun",
        "Handlingsplanen är antagen. Kontaktperson: Gunvor Tistelblad, 0470-00 00 12, "
        "gunvor.tistelblad@exempel.se",
    ),
]


@pytest.fixture(scope="module")
def coded(shipped_coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small survey; tests must not change them."""
    out = tmp_path_factory.mktemp("published") / "resultat"
    rows = [
        {"respondent": who, "actor": actor, "text": text, "area": "suicidprevention"}
        for who, actor, text in ANSWERS
    ]
    answers = pd.DataFrame(rows).assign(question="Vad har ni gjort?", year=2021)
    answers.insert(0, "answer_id", [f"a{n}" for n in range(len(answers))])
    provenance = {"model": {"name": "psykisk-halsa"}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, out, provenance=provenance)
    return out


@pytest.fixture
def folder(coded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(coded, tmp_path / "resultat"))


def contents(path: Path) -> str:
    """All text of a file, also within a zip."""
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as parts:
            return "".join(parts.read(n).decode("utf-8", "replace") for n in parts.namelist())
    return path.read_text(encoding="utf-8", errors="replace")


def test_a_report_is_written_twice_alike(folder: Path) -> None:
    report = read_report(folder)
    written = publish(report, folder)
    assert {path.name for path in written} == {PAGE, WORKBOOK, WORD, "figures"}
    figures = sorted(path.name for path in (folder / "figures").iterdir())
    assert "flow-suicidprevention-region.svg" in figures
    assert "flow-suicidprevention-kommun.png" in figures
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    publish(read_report(folder), folder)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert before == after


def test_only_the_formats_that_were_asked_for(folder: Path) -> None:
    publish(read_report(folder), folder, ["html"])
    assert (folder / PAGE).is_file()
    assert not (folder / WORD).exists()
    publish(read_report(folder), folder, ["docx"])
    known = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    assert {name for name in known if "/" not in name} == {PAGE, WORD}


def test_an_edited_report_is_never_overwritten(folder: Path) -> None:
    publish(read_report(folder), folder)
    (folder / WORD).write_bytes(b"what an evaluator wrote")
    page = (folder / PAGE).read_bytes()
    with pytest.raises(TextmineError, match=r"report\.docx has been changed since it was written"):
        publish(read_report(folder), folder)
    assert (folder / PAGE).read_bytes() == page
    publish(read_report(folder), folder, ["html", "xlsx"])
    assert (folder / WORD).read_bytes() == b"what an evaluator wrote"


def test_pictures_of_others_are_never_removed(folder: Path) -> None:
    publish(read_report(folder), folder, ["html"])
    own = folder / "figures" / "egen-bild.png"
    own.write_bytes(b"somebody's picture")
    with pytest.raises(TextmineError, match=r"egen-bild\.png .* was not written by textmine"):
        publish(read_report(folder), folder, ["html"])
    own.unlink()
    publish(read_report(folder), folder, ["html"])


def test_personal_data_stand_in_the_answers_alone(folder: Path) -> None:
    publish(read_report(folder), folder)
    answers = pd.read_parquet(folder / "answers.parquet")["text"].str.cat()
    assert all(secret in answers for secret in SECRETS)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "answers.parquet":
            text = contents(path)
            if path.suffix == ".parquet":
                text = pd.read_parquet(path).to_csv()
            assert not any(secret in text for secret in SECRETS), path.name
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["personal"]["namn"] >= 1
    assert run["personal"]["telefon"] == run["personal"]["e-post"] == 1
    statements = pd.read_parquet(folder / "statements.parquet")
    assert statements["text"].str.contains("[telefon", regex=False).any()
    whole = pd.read_parquet(folder / "answers.parquet").set_index("answer_id")["text"]
    for row in statements.itertuples():
        assert len(row.text) == row.end - row.start
        bare = re.sub(r"\[[^\]]*\]", "", row.text)
        assert bare[:10] in whole[row.answer_id]


def test_small_counts_are_hidden_on_request(folder: Path) -> None:
    publish(read_report(folder, smallest=5), folder, ["html"])
    page = (folder / PAGE).read_text(encoding="utf-8")
    assert "Antal under fem visas inte" in page
    assert "Falu kommun" not in page


def test_an_evaluation_gives_the_agreement(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TextmineError, match="give the folder that 'textmine evaluate' wrote"):
        read_report(folder, evaluation=tmp_path / "nothing")
    figures = {"n": 120, "accuracy": [0.91, 0.85, 0.95], "kappa": [0.88, 0.8, 0.94]}
    evaluation = {"model": "psykisk-halsa", "dimensions": {"role": figures}}
    (tmp_path / "evaluation.json").write_text(json.dumps(evaluation), encoding="utf-8")
    report = read_report(folder, evaluation=tmp_path)
    assert any("0,88" in row.kappa for row in report.quality)


def test_every_format_has_a_file() -> None:
    assert list(FORMATS) == ["html", "xlsx", "docx"]
