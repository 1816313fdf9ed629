"""The table of effects, and which wordings are joined in it."""

import itertools
import random

import pandas as pd
import pytest
from findings_sample import area, report, statements

from textmine.report.findings.alike import groups_alike
from textmine.report.findings.wording import printed, shortened


def joined(*texts: str) -> list[list[str]]:
    return [[texts[at] for at in group] for group in groups_alike(texts)]


@pytest.mark.parametrize(
    "texts",
    [
        ("Fler avvikelser rapporteras", "Antalet rapporterade avvikelser har ökat"),
        ("Bättre samverkan med elevhälsan", "Stärkt samarbete med elevhälsan"),
        ("Kortare väntan till nybesök", "kortare väntan till nybesök sedan en väg in öppnade"),
        ("Kortare väntan till första besök", "Kortare väntan till första besök, från 61 till 38"),
        ("Minskad restid för personalen", "vilket har minskat personalens restid"),
        ("Fler SIP upprättas.", "Fler upprättade SIP, 62 jämfört med 41 år 2020"),
        ("Folk ringer oss innan det brinner", "folk ringer oss nu innan det brinner."),
    ],
)
def test_near_identical_wordings_are_joined_under_the_plainer(texts: tuple[str, ...]) -> None:
    for order in itertools.permutations(texts):
        (group,) = joined(*order)
        assert group[0] == texts[0]


def test_a_word_may_be_misspelt() -> None:
    assert len(joined("Färre uteblivna besök", "Färre utebliva besök")) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Minskad restid för personalen", "Minskad restid för läkarna"),  # who
        ("Ökad självständighet", "Minskad självständighet"),  # which way
        ("Personalen är trygg", "Personalen är inte trygg"),
        ("Ökad trygghet hos personalen", "Ökad otrygghet hos personalen"),
        ("Täckningsgraden i BipoläR har ökat", "Täckningsgraden i PsykosR har ökat"),  # what
        ("Färre tvångsåtgärder på avdelning 23", "Färre tvångsåtgärder på avdelning 24"),
        ("Skolkuratorerna vet vem de ska ringa", "Skolsköterskorna vet vem de ska ringa"),
        ("Utökade öppettider i Laholm", "Utökade öppettider i Nyköping"),
        ("Fler killar än tidigare tar kontakt", "Fler killar än tidigare söker sig hit"),
        ("Väntan har minskat från 41 till 26 dagar", "Väntan har minskat från 54 till 31 dagar"),
        ("Fler besök från Lund", "Fler besök utan Lund"),
    ],
)
def test_another_group_direction_or_thing_stands_alone(one: str, two: str) -> None:
    assert joined(one, two) == [[one], [two]]


def test_groups_do_not_depend_on_the_order() -> None:
    texts = [
        "Fler SIP upprättas", "Antalet upprättade SIP har ökat från 14 till 27.", "Kortare kö",
        "Fler upprättade SIP, 62 jämfört med 41 år 2020", "kortare kö.", "Längre kö", "",
    ]  # fmt: skip
    expected = {frozenset(group) for group in joined(*texts)}
    assert {len(group) for group in expected} == {3, 2, 1}
    for seed in range(5):
        mixed = random.Random(seed).sample(texts, len(texts))
        assert {frozenset(group) for group in joined(*mixed)} == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("• färre fall.", "Färre fall"),
        ("1) rutin framtagen,", "Rutin framtagen"),
        ("- ökad  trygghet\nm.m.", "Ökad trygghet m.m."),
        ("vilket har lett till att fler får stöd.", "Fler får stöd"),
        ("som gör arbetet lättare", "… som gör arbetet lättare"),
        ("[namn····] fick stöd", "[namn] fick stöd"),
        ("-20 % fall", "-20 % fall"),
        ("...", "..."),
    ],
)
def test_a_statement_as_a_line_of_print(text: str, line: str) -> None:
    assert printed(text) == line


def test_a_long_line_is_cut_where_a_clause_ends() -> None:
    line = "Personalen arbetar tillsammans med skolan, vilket har gett en lugnare start på dagen"
    assert shortened(line, 60) == "Personalen arbetar tillsammans med skolan …"
    assert shortened("Ord " * 30, 20) == "Ord Ord Ord Ord …"
    assert len(shortened("x" * 300, 140)) <= 142
    assert shortened(line, 200) == line


def test_effects_by_category_and_level() -> None:
    columns = area("vard").effects
    assert [
        (c.category, e.level, e.text, e.respondents, e.statement_ids)
        for c in columns
        for e in c.effects
    ] == [
        ("mobil", "verksamhet", "Kortare restid", 1, ("a2-4",)),
        ("mobil", "individ", "Färre äldre läggs in", 2, ("a1-3", "a2-3")),
        ("kompetens", "verksamhet", "Ökad trygghet hos boendestödjarna", 1, ("a4-2",)),
    ]
    assert {k: c.counted for k, c in columns[0].counts.items()} == {"": 2, "region": 2, "kommun": 0}
    assert area("vard").levels == (("verksamhet", "Verksamhet"), ("individ", "Individ"))


def test_the_same_respondent_counts_once_and_the_commonest_comes_first() -> None:
    table = statements()
    extra = table[table["statement_id"] == "a1-3"]
    table.loc[table["statement_id"] == "a2-4", ["level", "text"]] = ["individ", "Aldrig förr"]
    table = pd.concat([table, extra.assign(statement_id="a1-4")])
    found = next(a for a in report(statements=table).areas if a.key == "vard")
    assert [(e.text, e.respondents) for e in found.effects[0].effects] == [
        ("Färre äldre läggs in", 2), ("Aldrig förr", 1),
    ]  # fmt: skip


def test_the_sentence_on_effects_names_levels_and_what_is_without() -> None:
    assert area("vard").effects_sentence.replace("\u00a0", " ") == (
        "Två regioner och en kommun redovisar effekter. Effekter för verksamheten redovisas av "
        "en region och en kommun, och effekter för individer av två regioner."
    )
    table = statements()
    table = table[table["statement_id"] != "a4-2"]
    found = next(a for a in report(statements=table).areas if a.key == "vard")
    assert found.effects_sentence.endswith("Inom kompetens har inga effekter identifierats.")
    assert found.effects[1].effects == ()
