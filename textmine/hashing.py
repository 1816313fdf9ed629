"""Stable fingerprints of texts and files, for cache keys, ids and provenance."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def text_hash(*parts: str, size: int = 16) -> str:
    """Hash strings to `2 * size` hexadecimal digits; the parts cannot run into each other."""
    digest = hashlib.blake2b(digest_size=size)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hash(folder: Path, names: Iterable[str]) -> str:
    """One hash over the named files of a folder, in the given order."""
    return text_hash(*(part for name in names for part in (name, file_hash(folder / name))))
