"""The bridge between two codebooks: sample, workbook, crosswalk, and the series that it mends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from comparing.conftest import BOOK, Row
from hypothesis import given
from hypothesis import strategies as st

from textmine.comparing.bridge_sample import allocate, draw_sample
from textmine.comparing.bridge_sheet import Coded, read_bridge, write_bridge
from textmine.comparing.changes import compare_counts
from textmine.comparing.crosswalk import Crosswalk
from textmine.comparing.mending import mend_by_bridge
from textmine.comparing.year import SurveyYear
from textmine.errors import TextmineError

# The later codebook divides Skola into two.
SPLIT = BOOK.replace('"1"', '"2"').replace(
    "skola: {name: Skola, in: [norr]}",
    "skola: {name: Skola, in: [norr]}, elevhalsa: {name: Elevhälsa, in: [norr]}",
)
ROLE, CATEGORY = 5, 6  # columns of the workbook


def statements(n: int = 60) -> list[Row]:
    """Thirty respondents, each with a statement on care and one on schools."""
    return [
        (f"Kommun {i // 2}", "norr", "aktivitet", ("vard", "skola")[i % 2], 0.99, False)
        for i in range(n)
    ]


@pytest.fixture
def surveys(make: Callable[..., Path]) -> tuple[SurveyYear, SurveyYear]:
    earlier = make("forra", statements(), year=2020)
    later = make("nya", statements(), year=2021, book=SPLIT)
    return SurveyYear.load(earlier), SurveyYear.load(later)


def fill(path: Path, code: Callable[[int, str], tuple[Any, Any]], rows: int | None = None) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Brygga"]
    last = sheet.max_row if rows is None else 2 + rows
    for row in range(3, last + 1):
        text = str(sheet.cell(row, 3).value)
        for column, value in zip((ROLE, CATEGORY), code(row, text), strict=True):
            sheet.cell(row, column, value)
    book.save(path)


def every_third_is_health(row: int, text: str) -> tuple[str, str]:
    if "vard" in text:
        return "Aktivitet", "Vård"
    return "Aktivitet", "Elevhälsa" if row % 3 == 0 else "Skola"


@given(
    sizes=st.lists(st.integers(1, 300), min_size=1, max_size=20),
    total=st.integers(1, 400),
)
def test_a_sample_is_shared_out_whole_and_never_beyond_a_stratum(
    sizes: list[int], total: int
) -> None:
    given_ = allocate(sizes, total)
    assert sum(given_) == min(total, sum(sizes))
    assert all(0 <= n <= size for n, size in zip(given_, sizes, strict=True))


def test_small_strata_get_more_than_their_share() -> None:
    few, many = allocate([10, 1000], 50)
    assert few > 50 * 10 / 1010
    assert many > few


def test_the_sample_is_the_same_each_time_and_another_with_another_seed(
    surveys: tuple[SurveyYear, SurveyYear],
) -> None:
    one = draw_sample(surveys[0], 30)
    assert one == draw_sample(surveys[0], 30)
    assert one != draw_sample(surveys[0], 30, seed=1)
    assert len(one) == len(set(one)) == 30


def test_too_small_a_bridge_is_refused(surveys: tuple[SurveyYear, SurveyYear]) -> None:
    with pytest.raises(TextmineError, match="too weak"):
        draw_sample(surveys[0], 5)


def test_what_is_coded_is_read_back(surveys: tuple[SurveyYear, SurveyYear], tmp_path: Path) -> None:
    rows, path = draw_sample(surveys[0], 30), tmp_path / "bridge.xlsx"
    write_bridge(path, *surveys, rows)
    shown = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["Brygga"].rows]
    assert shown[1] == [
        "Utsagans id", "Område", "Utsaga", "Sammanhang", "Roll", "Insatskategori", "Kommentar",
    ]  # fmt: skip
    assert shown[2][1] == "Norr"
    assert all(cell is None for row in shown[2:] for cell in row[4:])  # coded blind
    fill(path, every_third_is_health, rows=25)  # the last five are left
    coded = read_bridge(path, *surveys)
    ids = [str(surveys[0].statements["statement_id"].iloc[row]) for row in rows]
    assert [one.statement_id for one in coded] == ids[:25]
    assert {one.codes["category"] for one in coded} == {"vard", "skola", "elevhalsa"}


@pytest.mark.parametrize(
    ("role", "category", "complaint"),
    [
        ("Aktivitet", "Vrd", "'Vrd' is no code"),
        ("Aktivitet", "Hem", "'Hem' is no code under Område"),
        ("Aktivitet", None, "a code is missing"),
        ("Övrigt", "Vård", "does not apply"),
        ("Nonsens", "Vård", "'Nonsens' is no code"),
    ],
)
def test_wrong_cells_are_listed_with_their_place(
    surveys: tuple[SurveyYear, SurveyYear], tmp_path: Path, role: str, category: Any, complaint: str
) -> None:
    path = tmp_path / "bridge.xlsx"
    write_bridge(path, *surveys, draw_sample(surveys[0], 30))
    fill(path, lambda row, text: (role, category) if row == 4 else every_third_is_health(row, text))
    with pytest.raises(TextmineError, match=complaint) as error:
        read_bridge(path, *surveys)
    assert "Brygga!" in str(error.value)
    assert "4:" in str(error.value)


def test_an_empty_bridge_and_one_of_other_surveys_are_refused(
    surveys: tuple[SurveyYear, SurveyYear], tmp_path: Path
) -> None:
    path = tmp_path / "bridge.xlsx"
    write_bridge(path, *surveys, draw_sample(surveys[0], 30))
    with pytest.raises(TextmineError, match="0 statements are coded"):
        read_bridge(path, *surveys)
    with pytest.raises(TextmineError, match="drawn for other results"):
        read_bridge(path, surveys[1], surveys[0])


def test_the_crosswalk_tells_what_became_of_each_code(
    surveys: tuple[SurveyYear, SurveyYear], tmp_path: Path
) -> None:
    path = tmp_path / "bridge.xlsx"
    write_bridge(path, *surveys, draw_sample(surveys[0], 40))
    fill(path, every_third_is_health)
    walk = Crosswalk.learn(*surveys, read_bridge(path, *surveys))
    steps = {(s.dimension, s.earlier, s.later): s for s in walk.steps()}
    kept, moved = steps["category", "skola", "skola"], steps["category", "skola", "elevhalsa"]
    assert kept.n + moved.n == kept.of == moved.of
    assert moved.low < moved.n / moved.of < moved.high
    assert abs(moved.share - moved.n / moved.of) < 0.1
    assert ("category", "skola", "vard") not in steps
    assert steps["category", "vard", "vard"].share > 0.9
    assert walk.agreement["category"]["kappa"].value < 1
    assert walk.agreement["role"]["accuracy"].value == 1


def test_the_earlier_counts_are_told_in_the_later_codes(
    surveys: tuple[SurveyYear, SurveyYear], tmp_path: Path
) -> None:
    path = tmp_path / "bridge.xlsx"
    write_bridge(path, *surveys, draw_sample(surveys[0], 40))
    fill(path, every_third_is_health)
    changes = compare_counts(*surveys, draws=100)
    assert changes.only == {("norr", "elevhalsa"): "later"}
    coded = read_bridge(path, *surveys)
    mended = mend_by_bridge(*surveys, changes, coded, seed=0)
    health = mended.changes.cell("norr", "elevhalsa", "insats")
    school = mended.changes.cell("norr", "skola", "insats")
    care = mended.changes.cell("norr", "vard", "insats")
    assert health is not None
    assert school is not None
    assert care is not None
    seen = sum(one.codes["category"] == "elevhalsa" for one in coded)
    assert seen <= health.earlier.low <= health.earlier.estimate <= health.earlier.high
    assert health.earlier.low < health.earlier.high
    assert abs(health.earlier.counted + school.earlier.counted - 30) <= 3
    assert care.earlier.counted >= 28
    assert mended.changes.only == {}


def test_intervals_of_the_bridge_hold_the_truth(
    surveys: tuple[SurveyYear, SurveyYear], tmp_path: Path
) -> None:
    earlier, later = surveys
    changes = compare_counts(earlier, later, draws=200)
    held = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        ids = earlier.statements["statement_id"].tolist()
        health = {name for name in ids if rng.random() < 0.35}

        def code(name: str, text: str, health: set[str] = health) -> dict[str, Any]:
            wanted = "vard" if "vard" in text else "elevhalsa" if name in health else "skola"
            return {"role": "aktivitet", "category": wanted}

        rows = draw_sample(earlier, 30, seed)
        texts = earlier.statements["text"].tolist()
        coded = [Coded(ids[row], code(ids[row], texts[row])) for row in rows]
        mended = mend_by_bridge(earlier, later, changes, coded, seed=seed)
        cell = mended.changes.cell("norr", "elevhalsa", "insats")
        assert cell is not None
        truth = sum(code(i, t)["category"] == "elevhalsa" for i, t in zip(ids, texts, strict=True))
        held.append(cell.earlier.low <= truth <= cell.earlier.high)
    assert np.mean(held) >= 0.8
