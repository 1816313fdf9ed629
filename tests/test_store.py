import sqlite3
from pathlib import Path

import pytest

from textmine.errors import Attention
from textmine.store import Store


def test_keeps_what_was_put(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEXTMINE_CACHE", str(tmp_path))
    with Store("a") as store:
        store.put([("00ff", b"one"), ("01", b"two")])
    with Store("a") as store:
        assert store.get(["00ff", "99", "01"]) == {"00ff": b"one", "01": b"two"}
    with Store("b") as store:
        assert store.get(["00ff"]) == {}


def test_takes_more_keys_than_sqlite_has_parameters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEXTMINE_CACHE", str(tmp_path))
    keys = [f"{i:08x}" for i in range(40_000)]
    with Store("many") as store:
        store.put((key, key.encode()) for key in keys)
        assert len(store.get(keys)) == len(keys)


def test_a_folder_that_cannot_be_made_is_a_warning_not_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TEXTMINE_CACHE", str(tmp_path / "file" / "below"))
    with pytest.warns(Attention, match="cannot be used.*going on without it"):
        store = Store("a")
    store.put([("00", b"")])
    assert store.get(["00"]) == {}


def test_a_damaged_file_is_a_warning_not_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEXTMINE_CACHE", str(tmp_path))
    (tmp_path / "a.sqlite").write_bytes(b"this is no database, but long enough to look like one")
    with pytest.warns(Attention, match="file is not a database"):
        store = Store("a")
    assert store.get(["00"]) == {}


def test_holds_hashes_and_no_texts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from textmine.hashing import text_hash

    monkeypatch.setenv("TEXTMINE_CACHE", str(tmp_path))
    secret = "Kalle Ankas diagnos"
    with Store("a") as store:
        store.put([(text_hash(secret), b"\x00\x01")])
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert "Kalle" not in dump
