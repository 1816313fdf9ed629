"""Writing results so that a reader never meets half a file."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textmine.errors import TextmineError


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder whose files move into `target` only if all went well.

    Parameters
    ----------
    target
        The folder for the results; made if absent, files of the same names are replaced.

    Raises
    ------
    TextmineError
        If the folder cannot be made or written, or the disk is full.
    """
    made: list[Path] = []
    try:
        made += [path for path in (target, *target.parents) if not path.exists()]
        if target.exists() and not target.is_dir():
            raise TextmineError(f"{target} is a file; give a folder for the results.")
        target.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".textmine-", dir=target))
    except OSError as error:
        _remove_empty(made)
        raise _cannot_write(target, error) from error
    try:
        yield stage
        for made_now in sorted(stage.iterdir()):
            there = target / made_now.name
            if there.is_dir():  # a folder takes no other's place unless it is out of the way
                there.replace(stage / f"{there.name}.old")
            made_now.replace(there)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        _remove_empty(made)


@contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """Give a temporary path that is renamed to `target` only if all went well."""
    with staged_folder(target.parent) as stage:
        yield stage / target.name


def _remove_empty(folders: list[Path]) -> None:
    """Take away the folders that were made for results that never came."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _cannot_write(target: Path, error: OSError) -> TextmineError:
    if isinstance(error, PermissionError):
        advice = "You have no permission to write there; choose another folder with --out."
    elif error.errno in (errno.ENOSPC, errno.EDQUOT):
        advice = f"{error.strerror}; free some space or choose another folder with --out."
    else:
        advice = f"{error.strerror or error}; choose another folder with --out."
    return TextmineError(f"Cannot write to {target}: {advice} Nothing was written.")
