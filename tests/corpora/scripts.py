"""The corpora's scripts, loaded from beside the data."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

CORPORA = Path(__file__).parents[2] / "corpora"


@cache
def load(name: str) -> ModuleType:
    """Load a script such as `check` or `reconstruction/reconstruct`."""
    if str(CORPORA) not in sys.path:  # the scripts import each other by their bare names
        sys.path.append(str(CORPORA))
    spec = importlib.util.spec_from_file_location(
        f"corpora_{name.replace('/', '_')}", CORPORA / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for their module there
    spec.loader.exec_module(module)
    return module
