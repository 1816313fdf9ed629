"""The corpora's scripts, loaded from beside the data."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

CORPORA = Path(__file__).parents[2] / "corpora"


def load(name: str) -> ModuleType:
    for folder in (CORPORA, CORPORA / "reconstruction"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    return importlib.import_module(name)
