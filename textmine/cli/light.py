"""A quick start: spaCy's thinc loads torch where it is installed; coding has no use for it."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _NoTorchForThinc(MetaPathFinder):
    """Tells thinc, while it looks what there is, that there is no torch; nobody else."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse `torch` while `thinc.compat` is half loaded."""
        thinc = sys.modules.get("thinc.compat")
        if name == "torch" and thinc is not None and not hasattr(thinc, "has_torch"):
            raise ModuleNotFoundError("torch is not loaded for thinc", name="torch")
        return None


def spare_torch() -> None:
    """Save the three seconds that loading torch takes; for processes that we own, not a library."""
    sys.meta_path.insert(0, _NoTorchForThinc())
