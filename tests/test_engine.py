import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from textmine import engine as engines
from textmine.coding.coder import Coder
from textmine.engine import THREADS, Dask
from textmine.errors import TextmineError
from textmine.pipeline import code_answers
from textmine.read.answers import standard_answers

distributed = pytest.importorskip("distributed")


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTMINE_CACHE", "")


@pytest.fixture
def answers() -> pd.DataFrame:
    texts = [f"{n} behandlare gick KBT-kurs, kötiden har halverats." for n in range(2, 452)]
    table = pd.DataFrame({"text": texts, "area": "barn-unga", "respondent": "Region Dalarna"})
    return standard_answers(table, "test")


@pytest.fixture
def scheduler() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=1, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_of_processes_gives_the_same_bytes_as_threads(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path
) -> None:
    code_answers(answers, shipped_coder, tmp_path / "here", engine=THREADS)
    code_answers(answers, shipped_coder, tmp_path / "there", engine=Dask("psykisk-halsa"))
    for name in ("statements.parquet", "answers.parquet", "coding.xlsx"):
        here, there = ((tmp_path / where / name).read_bytes() for where in ("here", "there"))
        assert here == there, name


def test_a_cluster_elsewhere_does_the_work(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path, scheduler: str
) -> None:
    few = answers.head(3)
    run = code_answers(few, shipped_coder, tmp_path, engine=Dask("psykisk-halsa", scheduler)).run
    assert run["statements"] == 6


def test_workers_with_another_model_are_refused(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path, scheduler: str
) -> None:
    shipped_coder.save(tmp_path / "model")
    card = tmp_path / "model" / "model.json"
    card.write_text(card.read_text("utf-8") + "\n", encoding="utf-8")
    engine = Dask(str(tmp_path / "model"), scheduler)
    with pytest.raises(TextmineError, match="another version of textmine or of the model"):
        code_answers(answers.head(3), shipped_coder, tmp_path / "out", engine=engine)
    assert not (tmp_path / "out").exists()


def test_no_answer_shows_in_a_workers_log(
    answers: pd.DataFrame,
    shipped_coder: Coder,
    tmp_path: Path,
    scheduler: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shipped_coder.save(tmp_path / "model")
    (tmp_path / "model" / "model.json").unlink()
    engine = Dask(str(tmp_path / "model"), scheduler)
    worker = logging.getLogger("distributed.worker")
    worker.addHandler(caplog.handler)
    try:
        with pytest.raises(TextmineError, match="No model"):
            code_answers(answers.head(3), shipped_coder, tmp_path / "out", engine=engine)
    finally:
        worker.removeHandler(caplog.handler)
    assert "Compute Failed" in caplog.text
    assert "behandlare" not in caplog.text


@pytest.mark.parametrize(
    ("scheduler", "message"),
    [("tcp://127.0.0.1:9", "No Dask cluster at tcp://127.0.0.1:9"), ("here", "missing port")],
)
def test_no_cluster_is_one_clear_message(
    answers: pd.DataFrame,
    shipped_coder: Coder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheduler: str,
    message: str,
) -> None:
    monkeypatch.setattr(engines, "_PATIENCE", 1)
    with pytest.raises(TextmineError, match=message):
        code_answers(
            answers, shipped_coder, tmp_path / "out", engine=Dask("psykisk-halsa", scheduler)
        )
    assert not list(tmp_path.iterdir())


def test_a_cluster_without_workers_is_said_to_be_so(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_PATIENCE", 1)
    with distributed.LocalCluster(
        n_workers=0, processes=False, protocol="tcp", dashboard_address="127.0.0.1:0"
    ) as cluster:
        engine = Dask("psykisk-halsa", cluster.scheduler_address)
        with pytest.raises(TextmineError, match="has no workers"):
            code_answers(answers, shipped_coder, tmp_path / "out", engine=engine)


def test_without_the_extra_it_says_what_to_install(
    answers: pd.DataFrame, shipped_coder: Coder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TextmineError, match=r"pip install 'textmine\[dask\]'"):
        code_answers(answers, shipped_coder, tmp_path / "out", engine=Dask("psykisk-halsa"))
