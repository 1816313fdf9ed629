"""Breaks in the series, one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from comparing.conftest import BOOK, EARLIER

from textmine.codebook import parse
from textmine.comparing.breaks import Break, find_breaks, plain_question, same_codes
from textmine.comparing.year import SurveyYear
from textmine.report.swedish import percent

LONG = [f"Ett mycket långt svar om allt som har gjorts under året, nummer {i}" for i in range(8)]
SHORT = [f"Kort {i}" for i in range(8)]


def found(earlier: Path, later: Path) -> dict[str, Break]:
    surveys = SurveyYear.load(earlier), SurveyYear.load(later)
    return {one.key: one for one in find_breaks(*surveys, ("2020", "2021"))}


def test_two_surveys_done_alike_have_no_break(make: Callable[..., Path]) -> None:
    assert found(make("a", EARLIER, year=2020), make("b", EARLIER, year=2021)) == {}


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("questions", {"questions": {"norr": "Vilka resultat ser ni?"}}, "i ett område"),
        ("codebook", {"book": BOOK.replace('"1"', '"2"')}, "provbok 1, 2021 med provbok 2"),
        ("codebook", {"book": BOOK.replace("hem:", "bo:")}, "Nya koder i Insatskategori"),
        ("model", {"identity": "2"}, "Modellen modell-provbok-1 har tränats om"),
        ("budget", {"run": {"options": {"unit": "answer", "error_budget": 0.2}}}, "20"),
        ("unit", {"run": {"options": {"unit": "statement", "error_budget": 0.1}}}, "utsagor"),
    ],
)
def test_each_difference_is_told_alone(
    make: Callable[..., Path], key: str, change: dict[str, Any], words: str
) -> None:
    first = make("a", EARLIER, identity="1")
    second = make("b", EARLIER, **{"identity": "1"} | change)
    breaks = found(first, second)
    assert list(breaks) == [key]
    assert words in breaks[key].text
    assert breaks[key].note


def test_years_and_signs_in_a_question_do_not_matter(make: Callable[..., Path]) -> None:
    assert plain_question("Vad gjordes 2021?") == plain_question(" vad  Gjordes")
    one = make("a", EARLIER, questions={"norr": "Vad gjordes under 2020?"})
    two = make("b", EARLIER, questions={"norr": "vad gjordes under 2021"})
    assert found(one, two) == {}


def test_answers_that_grew_longer(make: Callable[..., Path]) -> None:
    breaks = found(make("a", EARLIER, texts=SHORT), make("b", EARLIER, texts=LONG))
    assert list(breaks) == ["length"]
    assert "från 6 till 65 tecken" in breaks["length"].text


def test_more_answers_from_each(make: Callable[..., Path]) -> None:
    breaks = found(make("a", EARLIER), make("b", [*EARLIER, *EARLIER]))
    assert list(breaks) == ["per_respondent"]
    assert "1,3 svar 2020 och 2,7 2021" in breaks["per_respondent"].text


def test_more_respondents(make: Callable[..., Path]) -> None:
    more = [(f"Kommun {i}", *EARLIER[6][1:]) for i in range(9)]
    breaks = found(make("a", EARLIER), make("b", [*EARLIER, *more]))
    assert set(breaks) == {"respondents"}
    assert breaks["respondents"].text.startswith(
        "Antalet kommuner som svarade var 3 år 2020 och 12 år 2021."
    )


def test_share_reviewed(make: Callable[..., Path], tmp_path: Path) -> None:
    import pandas as pd

    one, two = make("a", EARLIER), make("b", EARLIER)
    table = pd.read_parquet(two / "statements.parquet")
    table.to_parquet(two / "machine.parquet", index=False)
    table["source"] = ["human"] * 2 + ["machine"] * (len(table) - 2)
    table.assign(comment=None).to_parquet(two / "statements.parquet", index=False)
    run = (two / "run.json").read_text(encoding="utf-8")
    (two / "run.json").write_text(run[:-1] + ', "applied": {"log": 2}}', encoding="utf-8")
    with pytest.warns(match="its log"):
        breaks = found(one, two)
    assert list(breaks) == ["reviewed"]
    assert percent(0.25) in breaks["reviewed"].text


def test_names_and_definitions_do_not_change_codes() -> None:
    renamed = BOOK.replace("name: Vård", "name: Vården")
    assert same_codes(parse(BOOK, "a"), parse(renamed, "b"))
    assert not same_codes(parse(BOOK, "a"), parse(BOOK.replace("in: [norr]", "in: [soder]"), "b"))
