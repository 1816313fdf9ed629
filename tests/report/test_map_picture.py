"""The map for print: names as text, the same bytes each time."""

import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from textmine.errors import TextmineError
from textmine.report.map import draw_map
from textmine.report.map_picture import write_map_picture

TEXT = "{http://www.w3.org/2000/svg}text"


def given_map(names: list[str], seed: int = 0) -> tuple[pd.DataFrame, np.ndarray, list]:
    """Ten notes a group, and five without."""
    rng = np.random.default_rng(seed)
    ids = [f"C{number:02d}" for number in range(1, len(names) + 1)]
    of = [*np.repeat(ids, 10), *[None] * 5]
    table = pd.DataFrame({"text": "En anteckning", "cluster": pd.Series(of, dtype="string")})
    table["cluster_reason"] = pd.Series(pd.NA, index=table.index, dtype="string")
    middles = rng.normal(0, 3, (len(names), 2)).repeat(10, axis=0)
    layout = np.vstack([middles, np.zeros((5, 2))]) + rng.normal(0, 0.7, (len(of), 2))
    summary = [{"id": one, "name": name, "size": 10} for one, name in zip(ids, names, strict=True)]
    return table, layout.astype(np.float32), summary


def texts_of(path: Path) -> list[str]:
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    return [element.text or "" for element in root.iter(TEXT)]


NAMES = ["Juridiska frågor", "Ömsesidig hjälp åt äldre på Åland", "Skola"]


def test_names_and_sizes_are_text_in_the_svg(tmp_path: Path) -> None:
    write_map_picture(*given_map(NAMES), tmp_path / "karta.svg")
    assert texts_of(tmp_path / "karta.svg") == [
        "Juridiska frågor · 10", "Ömsesidig hjälp åt", "äldre på Åland · 10", "Skola · 10",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", [".png", ".svg", ".PNG"])
def test_the_same_map_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_map_picture(*given_map(NAMES), tmp_path / f"{name}{ending}")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_the_picture_is_as_wide_as_a_page(tmp_path: Path) -> None:
    write_map_picture(*given_map(NAMES), tmp_path / "karta.png")
    head = (tmp_path / "karta.png").read_bytes()[:24]
    width, height = struct.unpack(">II", head[16:])
    assert width / 300 * 25.4 == pytest.approx(210, abs=0.5)
    assert height < width


def test_hostile_names_are_only_names(tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "$x_1$ & \\frac", "a]]>\x00\x1b\nb", "語 🙂", "%(s)s"]
    write_map_picture(*given_map(names), tmp_path / "karta.svg")
    write_map_picture(*given_map(names), tmp_path / "karta.png")
    assert "<script" not in (tmp_path / "karta.svg").read_text(encoding="utf-8")
    assert texts_of(tmp_path / "karta.svg") == [
        "<script>alert(1)</script> · 10", "$x_1$ & \\frac · 10", "a]]> b · 10", "語 🙂 · 10",
        "%(s)s · 10",
    ]  # fmt: skip


def test_colours_are_those_of_the_page(tmp_path: Path) -> None:
    table, layout, summary = given_map([f"Grupp {n}" for n in range(14)])
    write_map_picture(table, layout, summary, tmp_path / "karta.svg")
    drawn = (tmp_path / "karta.svg").read_text(encoding="utf-8")
    for trace in draw_map(table, layout, summary).data:
        assert trace.marker.color in drawn


@pytest.mark.parametrize("rows", [0, 1, 12])
def test_groups_may_be_empty(rows: int, tmp_path: Path) -> None:
    table, layout, summary = given_map(NAMES)
    write_map_picture(table[:rows], layout[:rows], summary, tmp_path / "karta.svg")
    assert len(texts_of(tmp_path / "karta.svg")) == {0: 0, 1: 1, 12: 3}[rows]


def test_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TextmineError, match=r"karta.pdf: .* \.png or \.svg"):
        write_map_picture(*given_map(NAMES), tmp_path / "karta.pdf")
    assert not list(tmp_path.iterdir())
