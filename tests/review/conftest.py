"""A small survey, coded once by the shipped model, and copies of it to review."""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from textmine.coding.coder import Coder
from textmine.pipeline import code_answers
from textmine.review.desk import Action, Desk
from textmine.review.log import Log
from textmine.review.survey import Item, Survey

AREAS = ("suicidprevention", "barn-unga", "brukarmedverkan")
TEXTS = (
    "Vi har utbildat 40 lärare i YAM, vilket gett eleverna ökad kunskap om psykisk hälsa.",
    "En samordnare är anställd. Målet är att fler ska våga söka hjälp.",
    "Inget att redovisa",
    "Utb MHFA 3 ggr, 45 pers; rutin för SIP framtagen; handledning till personalen 👍🏽",
    "På grund av pandemin ställdes föreläsningarna in. Vi träffas nu digitalt i stället.",
    "Kartläggning pågår av hur många barn som väntar. Väntetiderna har blivit kortare.",
    "<script>alert('hej')</script> Vi ordnade en brukarrevision & fick \"bra\" svar {{ 7*7 }}.",
    "250 tkr har använts till en halv tjänst. Planering av en ny grupp för unga vuxna.",
)


def survey_answers(n: int = 24) -> pd.DataFrame:
    """Answers of which some are alike, in several areas."""
    return pd.DataFrame(
        {
            "answer_id": [f"a{i}" for i in range(n)],
            "respondent": [f"Kommun {i % 7}" for i in range(n)],
            "area": [AREAS[i // len(TEXTS) % len(AREAS)] for i in range(n)],
            "question": "Vad har ni gjort?",
            "text": [TEXTS[i % len(TEXTS)] for i in range(n)],
        }
    )


@pytest.fixture(scope="session")
def coded(shipped_coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results; tests must not change it."""
    out = tmp_path_factory.mktemp("coded") / "resultat"
    answers = survey_answers()
    answers.loc[len(answers)] = {**answers.iloc[0], "answer_id": "lika"}  # an answer given twice
    provenance = {"model": {"name": "psykisk-halsa"}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, out, provenance=provenance)
    return out


@pytest.fixture
def folder(coded: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(coded, tmp_path / "resultat"))


@pytest.fixture
def desk(folder: Path) -> Desk:
    """A desk with nothing decided."""
    return Desk(Survey.load(folder), Log.of_folder(folder))


@pytest.fixture
def act(desk: Desk) -> Callable[..., Action]:
    """Make an action of a coder on a statement, as the desk shows it now."""
    numbers = count()

    def make(item: Item, coder: str = "Åsa", **other: object) -> Action:
        version = desk.standing.state(item.passage).version
        values = {"version": version, "request": f"r{next(numbers)}", "seconds": 4.0} | other
        return Action(coder, passage=item.passage, start=item.start, end=item.end, **values)  # type: ignore[arg-type]

    return make


def other_role(item: Item) -> dict[str, object]:
    """Codes that differ from the machine's."""
    return item.codes | {"role": "ovrigt", "category": None, "level": None}
