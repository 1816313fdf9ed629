"""A small survey written as a project."""

from collections.abc import Callable
from pathlib import Path

import pytest
from exchange.small_survey import material

from textmine.exchange.documents import Sources
from textmine.exchange.material import Material
from textmine.exchange.qdpx_out import write_qdpx


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a survey, by default the small one, and give the file."""

    def make(given: Material | None = None, sources: Sources = Sources.respondent) -> Path:
        path = tmp_path / f"{sources}.qdpx"
        write_qdpx(given or material(), path, sources)
        return path

    return make
