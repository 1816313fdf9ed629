import json
from pathlib import Path

import pandas as pd
import pytest

from textmine.coding.coder import Coder
from textmine.errors import TextmineError
from textmine.pipeline import code_answers
from textmine.read.answers import standard_answers


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rows = [
        ("Region Dalarna", "barn-unga", "- 12 behandlare har gått KBT\n- kötiden har halverats"),
        ("Arboga kommun", "suicidprevention", "MHFA, 3 tillfällen; handlingsplan antagen"),
        ("Arboga kommun", "mobila-losningar", "-"),
        ("Sala kommun", "suicidprevention", "MHFA, 3 tillfällen; handlingsplan antagen"),
    ]
    table = pd.DataFrame(rows, columns=["respondent", "area", "text"]).assign(egen=[1, 2, 3, 4])
    return standard_answers(table, "test")


@pytest.fixture(scope="module")
def results(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("results")
    code_answers(answers, shipped_coder, out)
    return out


def test_writes_the_four_files_and_nothing_else(results: Path) -> None:
    names = sorted(path.name for path in results.iterdir())
    assert names == ["answers.parquet", "coding.xlsx", "run.json", "statements.parquet"]


def test_statements_have_every_column_of_the_contract(results: Path, shipped_coder: Coder) -> None:
    table = pd.read_parquet(results / "statements.parquet")
    wanted = ["statement_id", "answer_id", "respondent", "actor", "area", "egen", "start", "end"]
    for name in shipped_coder.require_codebook().dimensions:
        wanted += [name, f"{name}_prob", f"{name}_second", f"{name}_second_prob"]
    wanted += ["text", "review", "review_reason", "novelty"]
    assert set(wanted) <= set(table)
    assert "answer_text" not in table


def test_offsets_point_into_the_answers(results: Path) -> None:
    answers = pd.read_parquet(results / "answers.parquet").set_index("answer_id")
    statements = pd.read_parquet(results / "statements.parquet")
    for row in statements.itertuples():
        assert answers.loc[row.answer_id, "text"][row.start : row.end] == row.text
    assert answers["n_statements"].tolist() == [2, 2, 0, 2]


def test_same_text_and_context_same_codes(results: Path) -> None:
    table = pd.read_parquet(results / "statements.parquet")
    arboga, sala = (
        table[table["respondent"] == name]
        .drop(columns=["statement_id", "answer_id", "respondent", "respondent_code", "egen"])
        .reset_index(drop=True)
        for name in ("Arboga kommun", "Sala kommun")
    )
    pd.testing.assert_frame_equal(arboga, sala)


def test_the_run_is_described(results: Path) -> None:
    run = json.loads((results / "run.json").read_text(encoding="utf-8"))
    assert run["answers"] == 4
    assert run["statements"] == 6
    assert 0 <= run["review_share"] <= 1
    assert set(run["expected_error"]) == {"role", "category", "level", "flags"}
    assert run["versions"]["textmine"]


def test_a_second_run_gives_the_same_bytes_from_memory_and_anew(
    answers: pd.DataFrame,
    shipped_coder: Coder,
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code_answers(answers, shipped_coder, tmp_path / "remembered")
    monkeypatch.setenv("TEXTMINE_CACHE", "")
    code_answers(answers, shipped_coder, tmp_path / "anew")
    for name in ("statements.parquet", "answers.parquet", "coding.xlsx"):
        first = (results / name).read_bytes()
        assert (tmp_path / "remembered" / name).read_bytes() == first, name
        assert (tmp_path / "anew" / name).read_bytes() == first, name


def test_what_is_done_is_not_done_again(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path
) -> None:
    assert code_answers(answers, shipped_coder, tmp_path).fresh
    written = (tmp_path / "coding.xlsx").stat().st_mtime_ns
    assert not code_answers(answers, shipped_coder, tmp_path).fresh
    assert (tmp_path / "coding.xlsx").stat().st_mtime_ns == written
    assert code_answers(answers.iloc[:2], shipped_coder, tmp_path).fresh


def test_an_edited_workbook_is_not_overwritten(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path
) -> None:
    code_answers(answers, shipped_coder, tmp_path)
    (tmp_path / "coding.xlsx").write_bytes(b"edited by hand")
    with pytest.raises(TextmineError, match="has been changed since it was written"):
        code_answers(answers, shipped_coder, tmp_path)
    assert (tmp_path / "coding.xlsx").read_bytes() == b"edited by hand"


def test_columns_that_the_results_need_are_kept_under_another_name(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path
) -> None:
    code_answers(answers.assign(role="handkodad"), shipped_coder, tmp_path)
    table = pd.read_parquet(tmp_path / "statements.parquet")
    assert set(table["role_given"]) == {"handkodad"}


def test_rows_that_are_statements_stay_whole(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path
) -> None:
    code_answers(answers, shipped_coder, tmp_path, unit="statement")
    table = pd.read_parquet(tmp_path / "statements.parquet")
    assert table["text"].tolist() == answers["text"].tolist()


def test_portions_do_not_show(
    answers: pd.DataFrame,
    shipped_coder: Coder,
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("textmine.pipeline._PORTION", 1)
    code_answers(answers, shipped_coder, tmp_path)
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "statements.parquet"),
        pd.read_parquet(results / "statements.parquet"),
    )


def test_nothing_to_code_is_one_clear_error_and_leaves_nothing(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path
) -> None:
    with pytest.raises(TextmineError, match="None of the answers holds any text"):
        code_answers(answers.assign(text="-"), shipped_coder, tmp_path / "new")
    assert not (tmp_path / "new").exists()
