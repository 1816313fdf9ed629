"""Whether a folder lies on this machine or on a share."""

import sys
from pathlib import Path

_SHARES = ("cifs", "smb", "nfs", "9p", "afs", "sshfs", "davfs", "glusterfs", "ceph", "fuse.")
_REMOTE = 4  # what Windows calls a network drive


def keeps_shared_memory(folder: Path) -> bool:
    """Tell whether all programs that can reach a folder run on this machine.

    SQLite's write-ahead log needs memory that all its users share, which those of a network share
    on different machines do not; there the slower rollback journal is right
    (https://www.sqlite.org/wal.html).
    """
    path = folder.resolve()
    if sys.platform == "win32":
        import ctypes

        return not str(path).startswith("\\\\") and (
            ctypes.windll.kernel32.GetDriveTypeW(path.anchor) != _REMOTE
        )
    mounts = Path("/proc/self/mounts")
    if not mounts.is_file():
        return True
    return not _kind(path, mounts.read_text(encoding="utf-8")).startswith(_SHARES)


def _kind(path: Path, mounts: str) -> str:
    """The kind of file system that a path lies on, by a table of mounts."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        _, point, name = line.split()[:3]
        place = Path(point.encode().decode("unicode_escape"))  # blanks are written \040
        if len(place.parts) > longest and path.is_relative_to(place):
            kind, longest = name, len(place.parts)
    return kind
