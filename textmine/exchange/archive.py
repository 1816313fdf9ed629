"""The zip file around a project: opened with suspicion, read in memory, never unpacked."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from textmine.errors import TextmineError
from textmine.exchange.refi import same_guid
from textmine.read.files import decode

_MOST_XML = 500_000_000  # bytes
_MOST_TEXT = 100_000_000  # of one document
_MOST_TEXTS = 2_000_000_000  # of all


@dataclass
class Archive:
    """An open project file."""

    path: Path
    zip: zipfile.ZipFile
    _texts: dict[str, zipfile.ZipInfo]
    _read: int = 0

    def project(self) -> bytes:
        """The project's XML."""
        found = [i for i in self.zip.infolist() if i.filename.lower().endswith(".qde")]
        if not found:
            raise TextmineError(
                f"{self.path} holds no project (no .qde file); give a REFI-QDA project as "
                "exported by NVivo, MAXQDA, ATLAS.ti or textmine."
            )
        shallowest = min(found, key=lambda entry: entry.filename.count("/"))
        return self._bytes(shallowest, _MOST_XML)

    def text(self, reference: str) -> str | None:
        """The text of a document, None if it is not in the file.

        Parameters
        ----------
        reference
            As the project names it: `internal://GUID.txt`, a path, or a name. Only the archive is
            looked into, whatever the path says.
        """
        entry = self._texts.get(_key(reference))
        if entry is None:
            return None
        data = self._bytes(entry, _MOST_TEXT)
        self._read += len(data)
        if self._read > _MOST_TEXTS:
            raise _too_large(self.path, "its documents together")
        return decode(data, f"{self.path}, {entry.filename}")

    def _bytes(self, entry: zipfile.ZipInfo, most: int) -> bytes:
        if entry.flag_bits & 1:
            raise TextmineError(
                f"{self.path} is protected by a password; export it again without one."
            )
        if entry.file_size > most:
            raise _too_large(self.path, entry.filename)
        try:
            return self.zip.read(entry)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise _damaged(self.path, error) from error


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a project file.

    Raises
    ------
    TextmineError
        If it is absent or damaged, or its entries reach outside of it.
    """
    if not path.is_file():
        raise TextmineError(f"{path} does not exist; give a .qdpx file.")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    with archive:
        texts: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            place = PurePosixPath(entry.filename.replace("\\", "/"))
            if place.is_absolute() or ".." in place.parts or ":" in place.parts[:1]:
                raise TextmineError(
                    f"{path} has an entry that reaches outside of it ({entry.filename!r}); it "
                    "may be an attack and was not read."
                )
            texts.setdefault(_key(entry.filename), entry)
        yield Archive(path, archive, texts)


def _key(reference: str) -> str:
    """What a document's file is called, however it is referred to."""
    name = PurePosixPath(reference.replace("\\", "/"))
    return f"{same_guid(name.stem)}{name.suffix.lower()}"


def _damaged(path: Path, error: Exception) -> TextmineError:
    return TextmineError(
        f"{path} is damaged or no REFI-QDA project ({error}); export it again from the program "
        "that wrote it."
    )


def _too_large(path: Path, what: str) -> TextmineError:
    return TextmineError(
        f"{path}: {what} would take up more memory than any project of texts needs; it may be an "
        "attack and was not read. Export the project without pictures and recordings."
    )
