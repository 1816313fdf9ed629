"""What differs between two surveys besides what was answered, so that the series is broken."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook, folded
from textmine.comparing.changes import ACTOR, area_name
from textmine.comparing.year import SurveyYear
from textmine.report.swedish import ACTOR_NOUNS, decimal, in_words, joined, number, percent

_REVIEWED = 0.10  # difference in share reviewed from which it is told
_LENGTH, _PER_RESPONDENT, _NUMBER = 0.25, 0.25, 0.20  # relative ones
_GRAVE = {"questions", "codebook", "model", "unit"}
_SHOWN = 3  # questions or codes that are named
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SIGNS = re.compile(r"[^\w\s]")
_UNITS = {"answer": "hela svar som delas i utsagor", "statement": "färdiga utsagor"}


@dataclass(frozen=True)
class Break:
    """One thing that differs.

    Attributes
    ----------
    key
        `questions`, `codebook`, `model`, `budget`, `unit`, `reviewed`, `length`,
        `per_respondent`, `respondents`.
    title, text
        In Swedish, for the page: what, and in what way.
    note
        In English, for the command line.
    """

    key: str
    title: str
    text: str
    note: str

    @property
    def grave(self) -> bool:
        """Whether it breaks the series; the others ask for care in reading it."""
        return self.key in _GRAVE


def find_breaks(earlier: SurveyYear, later: SurveyYear, names: tuple[str, str]) -> list[Break]:
    """List what makes two surveys hard to compare, the gravest first.

    Parameters
    ----------
    names
        What the surveys are called.
    """
    tests: tuple[Callable[[SurveyYear, SurveyYear, tuple[str, str]], Iterator[Break]], ...] = (
        _codebooks,
        _models,
        _questions,
        _units,
        _budgets,
        _reviewed,
        _respondents,
        _lengths,
        _per_respondent,
    )
    return [found for test in tests for found in test(earlier, later, names)]


def same_codes(one: Codebook, two: Codebook) -> bool:
    """Tell whether two codebooks have the same dimensions, with the same codes in the same places.

    What codes are called, and how they are defined, may differ.
    """
    return _shape(one) == _shape(two)


def same_model(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Tell by two runs' `run.json` whether the same model coded both."""
    first, second = one.get("model") or {}, two.get("model") or {}
    if "identity" in first and "identity" in second:
        return bool(first["identity"] == second["identity"])
    return bool(first == second)


def _shape(codebook: Codebook) -> dict[str, Any]:
    """What may be coded where."""
    return {
        name: (
            dimension.by,
            dimension.multiple,
            {
                context: frozenset(dimension.allowed(context))
                for context in (codebook.columns[dimension.by] if dimension.by else [None])
            },
        )
        for name, dimension in codebook.dimensions.items()
    }


def _codebooks(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    before, after = one.codebook, two.codebook
    if before == after:
        return
    parts = []
    if (before.name, before.version) != (after.name, after.version):
        parts.append(
            f"{names[0]} kodades med {before.name} {before.version}, "
            f"{names[1]} med {after.name} {after.version}."
        )
    for name in dict.fromkeys([*before.dimensions, *after.dimensions]):
        parts += _dimension(before, after, name)
    if not parts or same_codes(before, after):
        parts.append("Koderna är desamma, men definitioner eller namn har ändrats.")
    yield Break(
        "codebook",
        "Olika kodböcker",
        " ".join(parts),
        f"the codebooks differ ({before.name} {before.version}, {after.name} {after.version}); "
        "a bridge mends it: --draw-bridge",
    )


def _dimension(before: Codebook, after: Codebook, name: str) -> Iterator[str]:
    """Say which codes of a dimension have come and gone."""
    if name not in before.dimensions or name not in after.dimensions:
        own, word = (after, "ny") if name in after.dimensions else (before, "borttagen")
        yield f"Dimensionen {own.dimensions[name].name} är {word}."
        return
    one, two = before.dimensions[name], after.dimensions[name]
    new = [body.name for code, body in two.codes.items() if code not in one.codes]
    gone = [body.name for code, body in one.codes.items() if code not in two.codes]
    for codes, word in ((new, "Nya"), (gone, "Borttagna")):
        if codes:
            yield f"{word} koder i {two.name}: {joined(_some(codes))}."


def _models(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    if same_model(one.run, two.run):
        return
    first, second = (
        Path(str((year.run.get("model") or {}).get("name") or "okänd")).name for year in (one, two)
    )
    text = (
        f"{names[0]} kodades av modellen {first}, {names[1]} av {second}."
        if first != second
        else f"Modellen {first} har tränats om mellan {names[0]} och {names[1]}."
    )
    yield Break(
        "model",
        "Olika modeller",
        f"{text} De kan göra olika fel, och en del av förändringarna kan bero på det.",
        f"the surveys were coded by different models ({first}, {second})",
    )


def _questions(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    if "question" not in one.answers or "question" not in two.answers:
        return
    before, after = _asked(one), _asked(two)
    kept: dict[str, float] = {}
    for area, asked in after.items():
        if area in before and set(before[area]) != set(asked):
            same = sum(n for question, n in asked.items() if question in before[area])
            kept[area] = same / sum(asked.values())
    if not kept:
        return
    least = sorted(kept, key=lambda area: kept[area])
    where = ""
    asked_both = f"av svaren {names[1]} gäller frågor som också ställdes {names[0]}"
    how = f"{percent(kept[least[0]])} {asked_both}."
    if least[0]:
        n = len(kept)
        where = f" i {in_words(n, neuter=True)} {'område' if n == 1 else 'områden'}"
        told = [
            f"{area_name(one, two, area)} ({percent(kept[area])}{'' if at else f' {asked_both}'})"
            for at, area in enumerate(least[:_SHOWN])
        ]
        how = f"{'Störst är skillnaden i' if n > _SHOWN else 'Det gäller'} {joined(told)}."
    yield Break(
        "questions",
        "Frågorna har ändrats",
        f"Frågornas ordalydelse har ändrats{where}. {how} Andra frågor ger andra svar.",
        f"the wording of questions differs in {len(kept)} area(s)",
    )


def _asked(year: SurveyYear) -> dict[str, dict[str, int]]:
    """Count answers by context and question; years and signs in a question do not matter."""
    column = year.layout.context
    areas = year.answers[column] if column and column in year.answers else None
    known = (
        [""] * len(year.answers)
        if areas is None or column is None
        else [year.codebook.resolve(column, value) or str(value) for value in areas]
    )
    out: dict[str, dict[str, int]] = {}
    for area, question in zip(known, year.answers["question"], strict=True):
        text = "" if pd.isna(question) else plain_question(str(question))
        asked = out.setdefault(area, {})
        asked[text] = asked.get(text, 0) + 1
    return out


def plain_question(text: str) -> str:
    """Leave out of a question what does not change its meaning: case, signs, the survey's year."""
    whole = unicodedata.normalize("NFC", text)
    return folded(_SIGNS.sub(" ", _YEAR.sub(" ", whole)))


def _units(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    first, second = (year.run.get("options", {}).get("unit", "answer") for year in (one, two))
    if first != second:
        yield Break(
            "unit",
            "Olika enheter",
            f"{names[0]} lästes som {_UNITS.get(first, first)}, {names[1]} som "
            f"{_UNITS.get(second, second)}. Antalet utsagor kan inte jämföras.",
            f"the units differ ({first}, {second}): numbers of statements cannot be compared",
        )


def _budgets(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    first, second = (year.run.get("options", {}).get("error_budget") for year in (one, two))
    if first != second and first is not None and second is not None:
        yield Break(
            "budget",
            "Olika felbudget",
            f"Felbudgeten var {percent(first)} {names[0]} och {percent(second)} {names[1]}: olika "
            "mycket lämnades till granskning.",
            f"the error budgets differ ({first}, {second})",
        )


def _reviewed(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    first, second = one.share_reviewed, two.share_reviewed
    if abs(first - second) >= _REVIEWED:
        yield Break(
            "reviewed",
            "Olika mycket granskat",
            f"Människor har granskat {percent(first)} av utsagorna {names[0]} och "
            f"{percent(second)} {names[1]}. Det som är räknat innehåller olika mycket kodningsfel; "
            "intervallen tar hänsyn till det.",
            f"the share reviewed by people differs ({first:.0%}, {second:.0%})",
        )


def _respondents(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    if not (one.has_respondents and two.has_respondents):
        return
    first, second = (_number_by_kind(year) for year in (one, two))
    pairs = [(kind, first.get(kind, 0), second.get(kind, 0)) for kind in {**second, **first}]
    far = [pair for pair in pairs if _far(*pair[1:], _NUMBER)]
    if not far:
        return
    told = joined(
        f"antalet {ACTOR_NOUNS.get(kind, ACTOR_NOUNS[''])[1]} {number(before)} respektive "
        f"{number(after)}"
        if at
        else f"Antalet {ACTOR_NOUNS.get(kind, ACTOR_NOUNS[''])[1]} som svarade var "
        f"{number(before)} {_when(names[0])} och {number(after)} {_when(names[1])}"
        for at, (kind, before, after) in enumerate(far)
    )
    noted = "; ".join(f"{kind or 'all'} {before} → {after}" for kind, before, after in far)
    yield Break(
        "respondents",
        "Olika många har svarat",
        f"{told}. Jämför andelar, eller dem som svarat båda gångerna, hellre än antal.",
        f"the number of respondents differs ({noted}); compare shares rather than counts",
    )


def _when(name: str) -> str:
    return f"år {name}" if name.isdecimal() else f"i {name}"


def _number_by_kind(year: SurveyYear) -> dict[str, int]:
    answers = year.answers[year.answers["respondent"].notna()]
    if ACTOR not in answers:
        return {"": int(answers["respondent"].nunique())}
    counts = answers.groupby(ACTOR)["respondent"].nunique()
    return {str(kind): int(n) for kind, n in counts.items()}


def _lengths(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    before, after = (_median(year.answers["text"].fillna("").str.len()) for year in (one, two))
    if _far(before, after, _LENGTH):
        yield Break(
            "length",
            "Svaren är olika långa",
            f"Svarens medianlängd gick från {number(round(before))} till {number(round(after))} "
            "tecken. I längre svar ryms fler insatser.",
            f"the answers' median length went from {before:.0f} to {after:.0f} characters",
        )


def _per_respondent(one: SurveyYear, two: SurveyYear, names: tuple[str, str]) -> Iterator[Break]:
    if not (one.has_respondents and two.has_respondents):
        return
    before, after = (float(year.answers.groupby("respondent").size().mean()) for year in (one, two))
    if _far(before, after, _PER_RESPONDENT):
        yield Break(
            "per_respondent",
            "Olika många svar per respondent",
            f"En respondent gav i genomsnitt {decimal(before)} svar {names[0]} och "
            f"{decimal(after)} {names[1]}. Den som svarar på fler frågor kommer med i fler rutor.",
            f"answers per respondent went from {before:.1f} to {after:.1f}",
        )


def _median(values: pd.Series) -> float:
    return float(values.median()) if len(values) else 0.0


def _far(before: float, after: float, share: float) -> bool:
    return abs(after - before) > share * max(min(before, after), 1e-9)


def _some(names: list[str]) -> list[str]:
    rest = len(names) - _SHOWN
    return [*names[:_SHOWN], f"{number(rest)} till"] if rest > 0 else names
