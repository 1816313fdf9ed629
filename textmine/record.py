"""What was written into a folder: what somebody has edited since is never overwritten."""

import json
from collections.abc import Iterable
from pathlib import Path

from textmine.errors import TextmineError
from textmine.hashing import file_hash


class Record:
    """The files that one command wrote into a folder, with their hashes.

    Parameters
    ----------
    folder
        Where they lie.
    name
        The file that keeps the record, such as `report.json`.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        try:
            known = json.loads((folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        self._hashes: dict[str, str] = known if isinstance(known, dict) else {}

    def refuse_edited(self, names: Iterable[str]) -> None:
        """Refuse to replace what is not as it was written.

        Parameters
        ----------
        names
            Files and folders that are about to be replaced; of a folder, all that lies in it.

        Raises
        ------
        TextmineError
            If one of them was edited, or was never written by this command.
        """
        for name in names:
            path = self.folder / name
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in files:
                key = file.relative_to(self.folder).as_posix()
                if file.is_file() and file_hash(file) != self._hashes.get(key):
                    raise TextmineError(
                        f"{file} has been changed since it was written, or was not written by "
                        "textmine. Rename it or move it away; nothing was written."
                    )

    def save(self, stage: Path, names: Iterable[str]) -> None:
        """Write the record beside files that are about to move into the folder from a stage."""
        written = dict(self._hashes)
        for name in names:
            path = stage / name
            if path.is_dir():
                written = {k: v for k, v in written.items() if not k.startswith(f"{name}/")}
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                written[file.relative_to(stage).as_posix()] = file_hash(file)
        text = json.dumps(written, indent=2, sort_keys=True)
        (stage / self.name).write_text(text + "\n", encoding="utf-8")
