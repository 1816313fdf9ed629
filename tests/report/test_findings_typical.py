"""Which statements are quoted, and that nobody is named in them."""

import pytest
from findings_sample import area, report

from textmine.report.findings.pseudonym import pseudonymise
from textmine.report.findings.said import Said
from textmine.report.findings.typical import Typical


@pytest.mark.parametrize(
    ("text", "respondent", "actor", "out"),
    [
        ("Teamet i Ale kommun växer", "Ale kommun", "kommun", "Teamet i [kommunen] växer"),
        ("Teamet i Ale växer", "Ale kommun", "kommun", "Teamet i [kommunen] växer"),
        ("Ale kommuns team", "Ale kommun", "kommun", "[kommunens] team"),
        ("Ales team växer", "Ale kommun", "kommun", "[kommunens] team växer"),
        ("Alexander är ingen plats", "Ale kommun", "kommun", "Alexander är ingen plats"),
        ("Skolan i Flen deltar", "Flens kommun", "kommun", "Skolan i [kommunen] deltar"),
        ("Flens kommun deltar", "Flens kommun", "kommun", "[kommunen] deltar"),
        ("Region Skåne och Skånes kommuner", "Region Skåne", "region",
         "[regionen] och [regionens] kommuner"),
        ("Skånemodellen används", "Region Skåne", "region", "[regionen]-modellen används"),
        ("Uppsala län växer", "Uppsala län", "lan", "[länet] växer"),
        ("I Västra Götalandsregionen", "Västra Götalandsregionen", "region", "I [regionen]"),
        ("Grannen Lund deltar", "Ale kommun", "kommun", "Grannen Lund deltar"),
        ("Vi deltar", "", "", "Vi deltar"),
    ],
)  # fmt: skip
def test_a_respondents_own_name_is_replaced(
    text: str, respondent: str, actor: str, out: str
) -> None:
    assert pseudonymise(text, respondent, actor) == out


def said(n: int, text: str, *, who: str = "", **more: object) -> Said:
    name = who or f"Ort{n} kommun"
    fields = {
        "id": f"a{n}-1", "answer": f"a{n}", "who": name, "respondent": name, "actor": "kommun",
        "area": "vard", "text": text, "categories": ("mobil",), "roles": ("aktivitet",),
        "may_categories": ("mobil",), "may_roles": ("aktivitet",), "level": "", "flags": (),
        "open": False, "source": "machine", "certainty": 0.95,
    } | more  # fmt: skip
    return Said(**fields)  # type: ignore[arg-type]


COMMON = [
    said(1, "Vi utbildar personal i bemötande varje höst"),
    said(2, "Personal utbildas i bemötande en gång om året"),
    said(3, "Utbildning i bemötande för personal på boendet"),
    said(4, "Ett mobilt team söker upp äldre i hemmet"),
    said(5, "Det mobila teamet besöker äldre i hemmet"),
]


def chosen(members: list[Said], most: int = 2) -> list[str]:
    return [quote.statement_id for quote in Typical(members).choose(members, most)]


def test_quotes_cover_what_is_said() -> None:
    found = chosen(COMMON)
    assert len(found) == 2
    assert found[0] in ("a1-1", "a2-1", "a3-1")  # what most speak of
    assert found[1] in ("a4-1", "a5-1")  # and then the other matter


def test_the_order_of_members_does_not_matter() -> None:
    assert Typical(COMMON).choose(COMMON, 3) == Typical(COMMON).choose(COMMON[::-1], 3)


def test_one_quote_a_respondent_and_a_wording() -> None:
    one = said(1, "Vi utbildar personal i bemötande")
    assert len(chosen([one, said(2, "Ett mobilt team söker upp äldre")])) == 2
    assert len(chosen([one, said(2, "Ett mobilt team söker upp äldre", who="Ort1 kommun")])) == 1
    assert len(chosen([one, said(2, "vi utbildar personal i bemötande.")])) == 1


@pytest.mark.parametrize(
    "worse",
    [
        said(9, "Utbildning"),
        said(9, "som utbildar personal i bemötande varje höst"),
        said(9, "Vi utbildar personal i bemötande varje höst", open=True),
        said(9, "Vi utbildar personal i bemötande varje höst", certainty=0.3),
        said(9, "Utb bem pers 3 ggr/v, 4 st, 12 tkr (VT + HT) 2020"),
        said(9, "Vi utbildar personal i bemötande, liksom Ort1, varje höst"),
        said(9, "Vi utbildar personal i bemötande " + "och i annat " * 20),
    ],
)
def test_clear_and_certain_statements_come_before_others(worse: Said) -> None:
    assert chosen([worse, COMMON[0]], 1) == ["a1-1"]


def test_personal_data_are_never_quoted() -> None:
    hidden = [
        said(1, "[namn······] leder gruppen för äldre i hemmet"),
        said(2, "[namn] leder gruppen för äldre i hemmet"),
        said(3, "Anna leder gruppen för äldre i hemmet", flags=("personuppgift",)),
    ]
    assert chosen(hidden) == []
    assert ("samverkan", "aktivitet") in area("unga").quotes
    ids = {q.statement_id for a in report().areas for qs in a.quotes.values() for q in qs}
    assert "b2-3" not in ids


def test_quotes_do_not_name_who_speaks() -> None:
    quotes = area("vard").quotes["mobil", "aktivitet"]
    assert "Teamet i [regionen] söker upp äldre i hemmet varje vecka" in [q.text for q in quotes]


def test_texts_without_words_are_no_quotes() -> None:
    assert chosen([said(1, "…"), said(2, "  ")]) == []
