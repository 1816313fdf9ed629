"""Two years' notes side by side, through the public interface."""

import pandas as pd
import pytest

import textmine as tm
from textmine.errors import TextmineError

FOOD = [
    "Soppan kokades på morötter och ingefära", "Baka degen i ugnen en halvtimme",
    "Fisken stektes i smör och dill", "Servera pannkakorna med grädde och sylt",
    "Såsen reds av med mjöl och grädde", "Vispa äggen med socker till kakan",
    "Sylten ska sjuda med lite socker", "Salta grytan först när den kokat klart",
]  # fmt: skip
SPORT = [
    "Laget vann finalen efter förlängning", "Målvakten räddade två straffar i matchen",
    "Matchen ställdes in på grund av snö", "Tränaren bytte tre spelare i halvlek",
    "Publiken jublade när segermålet kom", "Klubben värvar en back från Norge",
    "Domaren visade rött kort i första halvlek", "Spelaren gjorde mål i sista minuten",
]  # fmt: skip
CARE = [
    "Läkaren skrev ut penicillin mot infektionen", "Sjuksköterskan tog blodtryck och prover",
    "Patienten opererades i knäet på sjukhuset", "Vaccinet ges i två doser",
    "Akuten var full av patienter med influensa", "Såret syddes på vårdcentralen",
    "Läkaren remitterade patienten till kliniken", "Medicinen ger biverkningar som yrsel",
]  # fmt: skip


CARS = [
    "Bilen startade inte efter frosten", "Byt däck på bilen före första november",
    "Motorn läcker olja vid verkstaden", "Bromsarna på bilen gnisslar i backen",
    "Parkeringen vid stationen är full av bilar", "Avgasröret på bilen rostade sönder",
    "Verkstaden bytte motorns kamrem", "Däcken på släpet tappar luft",
]  # fmt: skip


def year(*themes: list[str]) -> tm.Clusters:
    texts = [text for theme in themes for text in theme]
    table = pd.DataFrame({"text": texts, "kommun": [f"K{i % 5}" for i in range(len(texts))]})
    return tm.Clusters.fit(table, len(themes))


@pytest.fixture(scope="module")
def years() -> tuple[tm.Clusters, tm.Clusters]:
    return year(FOOD, SPORT, CARE), year([t.lower() for t in SPORT], CARE[::-1], CARS)


def test_the_same_theme_is_found_again(years: tuple[tm.Clusters, tm.Clusters]) -> None:
    for _ in range(2):  # the name stays a function when its module has been loaded
        table = tm.bridge(*years).table
    pairs = table[table["earlier"].notna() & table["later"].notna()]
    earlier, later = (side.table()["cluster"] for side in years)
    then = {"sport": earlier[8:16].mode()[0], "care": earlier[16:].mode()[0]}
    now = {"sport": later[:8].mode()[0], "care": later[8:16].mode()[0]}
    found = set(pairs[["earlier", "later"]].itertuples(index=False, name=None))
    assert {(then["sport"], now["sport"]), (then["care"], now["care"])} <= found


def test_respondents_can_be_counted(years: tuple[tm.Clusters, tm.Clusters]) -> None:
    table = tm.bridge(*years, by="kommun").table
    assert table["n_earlier"].max() <= 5
    with pytest.raises(TextmineError, match="no column 'komun'.*kommun"):
        tm.bridge(*years, by="komun")
