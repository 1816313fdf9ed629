"""`textmine cluster`, from a file to a folder, and again from there."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from textmine.cli.app import main
from textmine.clusters import Clusters

TEXTS = """
Laget vann finalen efter förlängning
Målvakten räddade två straffar
Tränaren bytte tre spelare i halvlek
Domaren visade rött kort i första halvlek
Klubben värvar en back från Norge
Publiken jublade när segermålet kom
Soppan kokades på morötter och ingefära
Baka degen i ugnen en halvtimme
Fisken stektes i smör och dill
Sylten ska sjuda med lite socker
Vispa äggen med socker till kakan
Såsen reds av med mjöl och grädde
vet ej
""".strip().split("\n")


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["textmine", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_from_a_file_to_groups_and_the_same_operations_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, out = tmp_path / "lappar.csv", tmp_path / "grupper"
    pd.DataFrame({"Nr": range(1, 14), "Lapp": TEXTS}).to_csv(path, index=False, sep=";")
    assert run(monkeypatch, "cluster", str(path), "--out", str(out), "--clusters", "2") == 0
    said = capsys.readouterr().out
    assert "13 notes read" in said
    assert "2 groups; 1 notes (8%) in none." in said
    assert sorted(p.name for p in out.iterdir()) == [
        "clusters.json", "clusters.xlsx", "first.parquet", "map.html", "map.png", "map.svg",
        "notes.parquet", "operations.jsonl",
    ]  # fmt: skip
    notes = pd.read_parquet(out / "notes.parquet")
    assert notes.columns.tolist() == [
        "note_id", "text", "cluster", "cluster_prob", "cluster_reason", "x", "y",
    ]  # fmt: skip
    assert notes["note_id"].tolist() == [str(i) for i in range(1, 14)]
    assert notes["cluster"][:6].nunique() == notes["cluster"][6:12].nunique() == 1
    content = json.loads((out / "clusters.json").read_text(encoding="utf-8"))
    assert {"id", "name", "size", "keywords", "representatives", "stability"} <= set(
        content["clusters"][0]
    )

    Clusters.load(out).rename("C01", "Ettan").move(["13"], "C02").save(out)
    words = ["cluster", str(path), "--out", str(tmp_path / "igen"), "--clusters", "2"]
    assert run(monkeypatch, *words, "--replay", str(out / "operations.jsonl")) == 0
    for name in ("notes.parquet", "clusters.json", "operations.jsonl", "clusters.xlsx", "map.html"):
        assert (tmp_path / "igen" / name).read_bytes() == (out / name).read_bytes(), name


def test_a_wrong_replay_says_which_operation_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, replay = tmp_path / "lappar.csv", tmp_path / "gjort.jsonl"
    pd.DataFrame({"Lapp": TEXTS}).to_csv(path, index=False)
    replay.write_text('{"operation": "rename", "cluster": "C77", "name": "x"}\n', encoding="utf-8")
    words = ["cluster", str(path), "--out", str(tmp_path / "ut"), "--clusters", "2"]
    assert run(monkeypatch, *words, "--replay", str(replay)) == 2
    assert "Operation 1: No group 'C77'" in capsys.readouterr().err
    assert not (tmp_path / "ut").exists()
