"""What was computed before, kept on disk by content hash, so that nothing is computed twice.

A store holds hashes and results (vectors, offsets, codes), never texts. One that cannot be used is
left aside with a warning: losing it costs only time.
"""

import os
import sqlite3
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from platformdirs import user_cache_path

from textmine.errors import Attention

_CHUNK = 500  # SQLite takes a limited number of parameters


def store_folder() -> Path | None:
    """Folder of the stores: `TEXTMINE_CACHE`, or the user's cache folder; None if set to empty."""
    chosen = os.environ.get("TEXTMINE_CACHE")
    if chosen == "":
        return None
    return Path(chosen) if chosen else user_cache_path("textmine")


class Store:
    """Results under hexadecimal keys, in one SQLite file that several processes may use.

    Parameters
    ----------
    name
        Names the file; must change with whatever the results depend on beside the key.
    """

    def __init__(self, name: str) -> None:
        self._connection: sqlite3.Connection | None = None
        folder = store_folder()
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / f"{name}.sqlite", timeout=10)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, value BLOB) "
                "WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Results that are known, by key."""
        found: dict[str, bytes] = {}
        if self._connection is None:
            return found
        try:
            for at in range(0, len(keys), _CHUNK):
                part = [bytes.fromhex(key) for key in keys[at : at + _CHUNK]]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM results WHERE key IN ({marks})"
                found |= {k.hex(): value for k, value in self._connection.execute(query, part)}
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def put(self, pairs: Iterable[tuple[str, bytes]]) -> None:
        """Keep results; another process may do the same at the same time."""
        if self._connection is None:
            return
        rows = [(bytes.fromhex(key), value) for key, value in pairs]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _give_up(self, error: Exception) -> None:
        folder = store_folder()
        warnings.warn(
            f"The cache in {folder} cannot be used ({error}); going on without it. "
            "Set TEXTMINE_CACHE to a folder that can be written, or to nothing to do without.",
            Attention,
            stacklevel=3,
        )
        self.close()
