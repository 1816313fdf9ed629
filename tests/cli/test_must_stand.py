"""What `textmine code` must stand: results or one clear line, never half a result."""

import errno
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from textmine.cli import code as code_module
from textmine.cli.app import main
from textmine.coding import coder as coder_module
from textmine.coding import saving

RESULTS = ["answers.parquet", "coding.xlsx", "run.json", "statements.parquet"]
TEXT = "Vi startade en samtalsgrupp, och tog fram en rutin."
PLAIN = f'svar;område;organisation\n"{TEXT}";BUP;Kinda\n'

load_model = saving.load_model


@cache
def loaded(name: str) -> saving.Model:
    return load_model(name)


@dataclass
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str
    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / f"{name}.parquet")

    def is_whole(self) -> None:
        assert sorted(path.name for path in self.folder.iterdir()) == RESULTS
        assert "Error:" not in self.err
        texts = self.table("answers").set_index("answer_id")["text"]
        for row in self.table("statements").itertuples():
            assert texts[row.answer_id][row.start : row.end] == row.text
        book = load_workbook(self.folder / "coding.xlsx", read_only=True)
        assert book.sheetnames[0] == "Utsagor"
        book.close()

    def is_refused(self, *says: str) -> None:
        assert self.status == 2
        assert self.err.startswith("Error: ")
        assert len(self.err.splitlines()) == 1
        for part in says:
            assert part in self.err


@pytest.fixture
def code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Run `textmine code` on some bytes, and check that it leaves nothing lying about."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TEXTMINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(coder_module, "load_model", loaded)
    monkeypatch.setattr(code_module, "spare_torch", lambda: None, raising=False)

    def run(data: bytes | str, name: str = "svar.csv", *options: str, out: str = "ut") -> Outcome:
        source, target = tmp_path / name, tmp_path / out
        content = data.encode("utf-8") if isinstance(data, str) else data
        source.write_bytes(content)
        before = everything(tmp_path)
        command = ["textmine", "code", str(source), "--out", str(target), *options]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        outcome = Outcome(stop.value.code, printed.out, printed.err, target)
        assert source.read_bytes() == content
        after = everything(tmp_path)
        if outcome.status in (0, 1):
            results = {target / name for name in RESULTS}
            assert set(after) - set(before) <= {target, *target.parents, *results}
        else:
            assert after == before
        assert "Traceback" not in outcome.err
        return outcome

    return run


def everything(folder: Path) -> dict[Path, bytes]:
    """All files and folders but the cache, with their bytes."""
    return {
        path: path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if folder / "cache" not in (path, *path.parents)
    }


def full_disk(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupt(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def sheet(*rows: list[str | None], password: str = "") -> bytes:
    """Make a workbook, with a password if one is given."""
    plain, out = io.BytesIO(), io.BytesIO()
    pd.DataFrame(rows).to_excel(plain, index=False, header=False)
    if not password:
        return plain.getvalue()
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


def csv_of(*texts: str) -> str:
    """Make a csv file of answers."""
    cells = ['"' + text.replace('"', '""') + '"' for text in texts]
    return "svar;område;organisation\r\n" + "".join(f"{cell};BUP;Kinda\r\n" for cell in cells)


def test_a_plain_file_gives_everything(code: Callable[..., Outcome]) -> None:
    outcome = code(PLAIN)
    assert outcome.status == 0
    assert outcome.err == ""
    outcome.is_whole()
    assert outcome.table("statements")["respondent_code"].tolist() == ["0513"] * len(
        outcome.table("statements")
    )


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "svar.csv", ["svar.csv", "empty"]),
        (b"", "svar.xlsx", ["svar.xlsx", "empty"]),
        (b"svar;ort\n", "svar.csv", ["svar.csv", "no rows"]),
        (b"namn;ort\na;b\n", "svar.csv", ["svar.csv", "namn, ort", "--column"]),
        (b"svarsid;svar\n1;a\n1;b\n", "svar.csv", ["svar.csv", "'1'", "rows 1, 2"]),
        (b"svar;ort\na;b;c\n", "svar.csv", ["svar.csv, line 2"]),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "svar.xlsx", ["svar.xlsx", "password"]),
        (b"not a workbook", "svar.xlsx", ["svar.xlsx", "damaged"]),
        (b"x", "svar.pdf", ["svar.pdf", "'.pdf'"]),
    ],
)
def test_input_that_cannot_be_used(
    code: Callable[..., Outcome], data: bytes, name: str, says: list[str]
) -> None:
    code(data, name).is_refused(*says)


def test_locked_and_truncated_workbooks(code: Callable[..., Outcome]) -> None:
    code(sheet(["Svar"], [TEXT], password="hemligt"), "svar.xlsx").is_refused("password")
    whole = sheet(["Svar"], [TEXT])
    code(whole[: len(whole) // 2], "svar.xlsx").is_refused("svar.xlsx", "damaged")
    code(whole, "svar.xlsx").is_whole()


@pytest.mark.parametrize("texts", [["-"], [" ", "-", "–", "\t"], ["\u200b"], ["\r\n"], ["\0"]])
def test_answers_of_nothing(code: Callable[..., Outcome], texts: list[str]) -> None:
    code(csv_of(*texts)).is_refused("None of the answers holds any text")


@pytest.mark.parametrize(
    "text",
    [
        "Inget",
        "Se bilaga",
        "😀👍🏽👨‍👩‍👧",
        "\u200bVi\u200d startade\ufeff en\u00ad grupp",
        "Va\u030ard o\u0308ver Z\u0334\u0321\u0353algo",
        "Rad ett\r\nRad två\r\n\r\n- punkt",
        "En\0grupp\0",
        "=HYPERLINK(1)",
        "?",
        "\u202eomvänt",
        "漢字 العربية",
    ],
)
def test_odd_answers(code: Callable[..., Outcome], text: str) -> None:
    outcome = code(csv_of(text, "-", TEXT))
    assert outcome.status == 0
    outcome.is_whole()
    answers = outcome.table("answers")
    assert answers["text"].tolist() == [text, "-", TEXT]
    assert (answers["n_statements"] > 0).tolist()[1:] == [False, True]


def test_a_very_long_answer(code: Callable[..., Outcome]) -> None:
    long = f"{TEXT} " * 10 + "ord " * 12_500
    outcome = code(csv_of(long, "ord" * 17_000))
    assert outcome.status == 0
    outcome.is_whole()
    assert outcome.table("answers")["text"].tolist() == [long, "ord" * 17_000]


def test_csv_from_windows(code: Callable[..., Outcome]) -> None:
    outcome = code(PLAIN.replace("samtalsgrupp", "gång på gården").encode("cp1252"))
    assert outcome.status == 0
    outcome.is_whole()
    assert "gång på gården" in outcome.table("answers")["text"][0]


def test_further_columns_of_any_kind(code: Callable[..., Outcome]) -> None:
    rows = (
        '{"svar": "En grupp", "tags": ["a"], "x": 1, "role": "y"}\n{"svar": "En rutin", "x": "z"}\n'
    )
    outcome = code(rows, "svar.jsonl")
    outcome.is_whole()
    assert outcome.table("statements")["x"].tolist() == ["1", "z"]
    assert outcome.table("statements")["role_given"].tolist()[0] == "y"


def test_an_area_that_the_codebook_lacks(code: Callable[..., Outcome]) -> None:
    outcome = code(PLAIN.replace("BUP", "Rymdfart"))
    outcome.is_whole()
    statements = outcome.table("statements")
    assert statements["category"].isna().all()
    assert statements["review"].all()
    assert statements["review_reason"].str.contains("area").all()


def test_an_area_that_the_codebook_lacks_needs_attention(code: Callable[..., Outcome]) -> None:
    outcome = code(PLAIN.replace("BUP", "Rymdfart"))
    assert outcome.status == 1
    assert "Rymdfart" in outcome.err


def test_a_misspelt_respondent_needs_attention(code: Callable[..., Outcome]) -> None:
    outcome = code(PLAIN + f"{TEXT};BUP;Mora\n{TEXT};BUP;Umeå komun\n")
    assert outcome.status == 1
    assert "'Umeå komun' → Umeå kommun" in outcome.err
    assert "attention" in outcome.err.splitlines()[-1]
    outcome.is_whole()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", "ingen"], "ingen"),
        (["--column", "text"], "--column text"),
        (["--column", "text=Insats"], "Insats"),
        (["--error-budget", "2"], "--error-budget"),
        (["--unit", "page"], "page"),
        (["--foo"], "--foo"),
    ],
)
def test_wrong_options(code: Callable[..., Outcome], options: list[str], says: str) -> None:
    code(PLAIN, "svar.csv", *options).is_refused(says)


def test_out_that_is_a_file_or_below_one(code: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("min", encoding="utf-8")
    code(PLAIN, out="fil").is_refused("fil is a file")
    code(PLAIN, out="fil/ut").is_refused("Cannot write to")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_out_that_cannot_be_made(code: Callable[..., Outcome]) -> None:
    code(PLAIN, out="/proc/x").is_refused("Cannot write to /proc/x", "--out")
    code(PLAIN, out="x" * 300).is_refused("Cannot write to", "--out")


FAILURES = [
    "pyarrow.parquet.ParquetWriter.write_table",
    "pandas.DataFrame.to_parquet",
    "textmine.pipeline.write_workbook",
    "textmine.report.workbook.write_facts",
    "xlsxwriter.workbook.Workbook._store_workbook",
    "pathlib.Path.write_text",
]


@pytest.mark.parametrize("where", FAILURES)
def test_a_full_disk(
    code: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(where, full_disk)
        code(PLAIN, out="ny/ut").is_refused("No space left", "free some space", "Nothing was")
    code(PLAIN, out="ny/ut").is_whole()


def test_a_full_disk_while_the_workbook_is_packed(
    code: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full_disk)
    code(PLAIN).is_refused("No space left", "free some space")


@pytest.mark.parametrize("where", FAILURES)
def test_interrupted_half_way(
    code: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(where, interrupt)
        assert code(PLAIN, out="ny/ut").status not in (0, 1)  # and nothing is left
    code(PLAIN, out="ny/ut").is_whole()


def test_interrupting_gives_one_line(
    code: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.pipeline.write_workbook", interrupt)
    code(PLAIN).is_refused("Interrupted. Nothing was written.")


@pytest.mark.parametrize("fault", [full_disk, interrupt])
def test_earlier_results_stay_when_a_later_run_fails(
    code: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]
) -> None:
    earlier = code(PLAIN)
    with monkeypatch.context() as patch:
        patch.setattr("textmine.pipeline.write_workbook", fault)
        assert code(csv_of("En annan grupp")).status not in (0, 1)
    earlier.is_whole()
    assert pq.read_metadata(earlier.folder / "answers.parquet").num_rows == 1
    assert earlier.table("answers")["text"].tolist() == [TEXT]


def test_the_command_itself(tmp_path: Path) -> None:
    (tmp_path / "svar.csv").write_text("namn\na\n", encoding="utf-8")
    command = [sys.executable, "-m", "textmine", "code", "svar.csv", "--out", "ut"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: svar.csv: no column holds the answers.")
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["svar.csv"]
