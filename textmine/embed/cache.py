"""Vectors kept on disk by content hash, so that nothing is embedded twice.

The cache holds hashes and vectors, never texts. Vectors are kept as float16; what is computed anew
is rounded the same way, so a first and a later run give the same bytes.
"""

import os
import sqlite3
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path

from textmine.errors import Attention
from textmine.hashing import text_hash

_CHUNK = 500  # SQLite takes a limited number of parameters


def cache_folder() -> Path | None:
    """Folder of the cache: `TEXTMINE_CACHE`, or the user's cache folder; None if set to empty."""
    chosen = os.environ.get("TEXTMINE_CACHE")
    if chosen == "":
        return None
    return Path(chosen) if chosen else user_cache_path("textmine") / "vectors"


class VectorCache:
    """Vectors of one encoder; a cache that cannot be used is left aside with a warning."""

    def __init__(self, identity: str, dimensions: int, folder: Path | None = None) -> None:
        self.dimensions = dimensions
        self._connection: sqlite3.Connection | None = None
        folder = folder or cache_folder()
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{identity}.sqlite"
            self._connection = sqlite3.connect(path, timeout=10)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=OFF")  # losing a cache costs only time
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB) "
                "WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def get(self, texts: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Vectors of those texts that the cache holds."""
        found: dict[str, npt.NDArray[np.float32]] = {}
        if self._connection is None:
            return found
        keys = {_key(text): text for text in texts}
        wanted = list(keys)
        try:
            for at in range(0, len(wanted), _CHUNK):
                part = wanted[at : at + _CHUNK]
                marks = ",".join("?" * len(part))
                query = f"SELECT hash, vector FROM vectors WHERE hash IN ({marks})"
                for key, blob in self._connection.execute(query, part):
                    vector = np.frombuffer(blob, np.float16)
                    if len(vector) == self.dimensions:
                        found[keys[key]] = vector.astype(np.float32)
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def put(self, pairs: Iterable[tuple[str, npt.NDArray[np.float32]]]) -> None:
        """Store vectors; another process may do the same at the same time."""
        if self._connection is None:
            return
        rows = [(_key(text), vector.astype(np.float16).tobytes()) for text, vector in pairs]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_up(self, error: Exception) -> None:
        warnings.warn(
            f"The vector cache cannot be used ({error}); going on without it. "
            "Set TEXTMINE_CACHE to a folder that can be written, or to nothing to do without.",
            Attention,
            stacklevel=3,
        )
        self.close()


def _key(text: str) -> bytes:
    return bytes.fromhex(text_hash(text))
