"""Text mining for Swedish free-text survey answers.

The names below are the public interface; each is loaded when it is first used, so that importing
the package is quick.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textmine.clusters import Clusters
    from textmine.codebook import Codebook
    from textmine.coding.coder import Coder
    from textmine.errors import TextmineError
    from textmine.read.answers import read_answers
    from textmine.read.notes import read_notes
    from textmine.report.empathy import draw_empathy_map
    from textmine.splitting.splitter import split
    from textmine.years import bridge

__all__ = [
    "Clusters",
    "Codebook",
    "Coder",
    "TextmineError",
    "bridge",
    "draw_empathy_map",
    "read_answers",
    "read_notes",
    "split",
]
__version__ = version("textmine")

_HOMES = {
    "Clusters": "textmine.clusters",
    "Codebook": "textmine.codebook",
    "Coder": "textmine.coding.coder",
    "TextmineError": "textmine.errors",
    "bridge": "textmine.years",
    "draw_empathy_map": "textmine.report.empathy",
    "read_answers": "textmine.read.answers",
    "read_notes": "textmine.read.notes",
    "split": "textmine.splitting.splitter",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'textmine' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
