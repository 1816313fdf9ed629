import unicodedata
import warnings
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textmine.errors import Attention
from textmine.read.respondents import Place, find_place, match_respondents, places

REGIONS = [place for place in places().values() if place.actor == "region"]
COUNTIES = [place for place in places().values() if place.actor == "lan"]
MUNICIPALITIES = [place for place in places().values() if place.actor == "kommun"]


def match(names: Sequence[str | None], actors: Sequence[str | None] | None = None) -> pd.DataFrame:
    table = pd.DataFrame({"respondent": pd.Series(names, dtype="string"), "text": "x"})
    return match_respondents(table if actors is None else table.assign(actor=actors))


def test_all_of_sweden() -> None:
    assert (len(REGIONS), len(COUNTIES), len(MUNICIPALITIES)) == (21, 21, 290)
    assert len({place.code for place in MUNICIPALITIES}) == 290
    assert {place.code for place in REGIONS} == {place.code for place in COUNTIES}
    assert all(m.code[:2] in {place.code for place in REGIONS} for m in MUNICIPALITIES)


@pytest.mark.parametrize("place", MUNICIPALITIES, ids=lambda place: place.code)
def test_every_municipality_by_its_names(place: Place) -> None:
    for name in (f"{place.name} kommun", f"{place.name}s kommun", f"{place.name} stad"):
        assert find_place(name) == place
        assert find_place(f" {name.upper()} ") == place
    for name in (place.name, f"{place.name}s", place.official):
        assert find_place(name, "kommun") == place
    if place.code != "0980":  # Gotland's municipality is called Region Gotland
        assert find_place(place.official) == place
        assert find_place(unicodedata.normalize("NFD", place.official)) == place


@pytest.mark.parametrize("place", REGIONS, ids=lambda place: place.code)
def test_every_region_by_its_names(place: Place) -> None:
    names = (
        place.official,
        f"Region {place.name}",
        f"region {place.name.lower()} ",
        f"Regionen {place.name}",
        f"{place.name}s region",
        f"{place.name}s läns landsting",
        f"Landstinget i {place.name}",
    )
    for name in names:
        if (place.code, name) != ("09", "Region Gotland"):
            assert find_place(name) == place
        assert find_place(name, "region") == place
    assert find_place(place.name, "region") == place


@pytest.mark.parametrize("place", COUNTIES, ids=lambda place: place.code)
def test_every_county_by_its_names(place: Place) -> None:
    for name in (place.official, f"{place.name} län", f"{place.name}s län"):
        assert find_place(name) == place
    assert find_place(place.name, "lan") == place


@pytest.mark.parametrize(
    ("written", "code", "official"),
    [
        ("Dalarna", "20", "Region Dalarna"),
        ("Region Dalarna", "20", "Region Dalarna"),
        ("region dalarna ", "20", "Region Dalarna"),
        ("Dalarnas", "20", "Region Dalarna"),
        ("VGR", "14", "Västra Götalandsregionen"),
        ("Västra Götaland", "14", "Västra Götalandsregionen"),
        ("Sörmland", "04", "Region Sörmland"),
        ("Jämtland-Härjedalen", "23", "Region Jämtland Härjedalen"),
        ("Region Jönköping", "06", "Region Jönköpings län"),
        ("Falu kommun", "2080", "Falu kommun"),
        ("Falun", "2080", "Falu kommun"),
        ("Malmö stad", "1280", "Malmö stad"),
        ("MALMÖ", "1280", "Malmö stad"),
        ("Malmö\u00a0kommun", "1280", "Malmö stad"),
        ("Göteborg", "1480", "Göteborgs Stad"),
        ("Göteborgs stads", "1480", "Göteborgs Stad"),
        ("Kinda kommuns", "0513", "Kinda kommun"),
        ("Kommunstyrelsen, Kinda kommun", "0513", "Kinda kommun"),
        ("Upplands Bro", "0139", "Upplands-Bro kommun"),
        ("Dals-Ed", "1438", "Dals-Eds kommun"),
    ],
)
def test_names_in_use(written: str, code: str, official: str) -> None:
    matched = match([written])
    assert matched["respondent_code"].tolist() == [code]
    assert matched["respondent"].tolist() == [official]


def test_uppsala_by_actor() -> None:
    matched = match(["Uppsala"] * 4, ["Region", "kommun", "Län", None])
    assert matched["respondent_code"].tolist() == ["03", "0380", "03", "0380"]
    assert matched["actor"].tolist() == ["region", "kommun", "lan", "kommun"]
    assert matched["respondent"].tolist()[:3] == ["Region Uppsala", "Uppsala kommun", "Uppsala län"]
    stated = match(["Region Uppsala", "Uppsala kommun", "Uppsala län"])
    assert stated["actor"].tolist() == ["region", "kommun", "lan"]


def test_what_was_written_is_kept_where_it_was_changed() -> None:
    matched = match(["Kinda", "Mora kommun", None])
    assert matched["respondent_written"].tolist() == ["Kinda", pd.NA, pd.NA]
    assert "respondent_written" not in match(["Mora kommun"])
    assert matched["respondent"].isna().tolist() == [False, False, True]


def test_misspellings_are_taken_with_a_warning() -> None:
    with pytest.warns(Attention, match="'Umeå komun' → Umeå kommun") as caught:
        matched = match(["Kinda", "Mora", "Umeå komun", "Region Dalrna"])
    assert "'Region Dalrna' → Region Dalarna" in str(caught[0].message)
    assert matched["respondent_code"].tolist() == ["0513", "2062", "2480", "20"]


def test_unknown_names_are_kept_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        matched = match(["Kinda", "Mora", "Attunda", "Örebro läns kommuner"])
    assert matched["respondent"].tolist()[2:] == ["Attunda", "Örebro läns kommuner"]
    assert matched["respondent_code"].isna().tolist() == [False, False, True, True]
    assert matched["actor"].isna().tolist() == [False, False, True, True]


def test_no_guessing_where_most_names_are_unknown() -> None:
    matched = match(["Skolan", "Vårdcentralen", "Umeå komun", "Mora"])
    assert matched["respondent"].tolist() == [
        "Skolan",
        "Vårdcentralen",
        "Umeå komun",
        "Mora kommun",
    ]


def test_an_actor_of_another_kind_is_kept() -> None:
    matched = match(["Kinda", "Privata vården"], ["Kommuner", "privat"])
    assert matched["actor"].tolist() == ["kommun", "privat"]


def test_table_without_respondents() -> None:
    table = pd.DataFrame({"text": ["a"]})
    assert match_respondents(table) is table


@given(st.text(), st.sampled_from([None, "region", "kommun", "lan", "annan"]))
def test_finding_never_crashes(name: str, actor: str | None) -> None:
    place = find_place(name, actor)
    assert place is None or place in places().values()
