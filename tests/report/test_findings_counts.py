"""How many report what: every figure of a small survey, and what must hold of any survey."""

from typing import Any

import pandas as pd
import pytest
from findings_sample import RUN, answers, area, codebook, report, statements
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.codebook import parse
from textmine.report.findings.build import build_report
from textmine.report.findings.model import ALL, Area, Count

# (category, group, actor): counted, least, most, statements. All others are nought.
IN_VARD = {
    ("mobil", "insats", ALL): (4, 3, 4, 5),
    ("mobil", "insats", "region"): (2, 2, 2, 3),
    ("mobil", "insats", "kommun"): (2, 1, 2, 2),
    ("mobil", "resurs", ALL): (1, 1, 1, 1),
    ("mobil", "resurs", "region"): (1, 1, 1, 1),
    ("mobil", "aktivitet", ALL): (3, 2, 3, 4),
    ("mobil", "aktivitet", "region"): (1, 1, 1, 2),
    ("mobil", "aktivitet", "kommun"): (2, 1, 2, 2),
    ("mobil", "mal", ALL): (1, 1, 1, 1),
    ("mobil", "mal", "region"): (1, 1, 1, 1),
    ("mobil", "prestation", ALL): (1, 1, 1, 1),
    ("mobil", "prestation", "region"): (1, 1, 1, 1),
    ("mobil", "effekt", ALL): (2, 2, 2, 3),
    ("mobil", "effekt", "region"): (2, 2, 2, 3),
    ("kompetens", "insats", ALL): (3, 3, 3, 3),
    ("kompetens", "insats", "kommun"): (3, 3, 3, 3),
    ("kompetens", "aktivitet", ALL): (1, 1, 2, 1),
    ("kompetens", "aktivitet", "kommun"): (1, 1, 2, 1),
    ("kompetens", "prestation", ALL): (2, 2, 2, 2),
    ("kompetens", "prestation", "kommun"): (2, 2, 2, 2),
    ("kompetens", "effekt", ALL): (1, 1, 1, 1),
    ("kompetens", "effekt", "kommun"): (1, 1, 1, 1),
    (ALL, "insats", ALL): (5, 5, 5, 8),
    (ALL, "insats", "region"): (2, 2, 2, 3),
    (ALL, "insats", "kommun"): (3, 3, 3, 5),
    (ALL, "resurs", ALL): (1, 1, 1, 1),
    (ALL, "resurs", "region"): (1, 1, 1, 1),
    (ALL, "aktivitet", ALL): (3, 2, 3, 5),
    (ALL, "aktivitet", "region"): (1, 1, 1, 2),
    (ALL, "aktivitet", "kommun"): (2, 1, 2, 3),
    (ALL, "mal", ALL): (1, 1, 1, 1),
    (ALL, "mal", "region"): (1, 1, 1, 1),
    (ALL, "prestation", ALL): (3, 3, 3, 3),
    (ALL, "prestation", "region"): (1, 1, 1, 1),
    (ALL, "prestation", "kommun"): (2, 2, 2, 2),
    (ALL, "effekt", ALL): (3, 3, 3, 4),
    (ALL, "effekt", "region"): (2, 2, 2, 3),
    (ALL, "effekt", "kommun"): (1, 1, 1, 1),
}


def test_every_count_of_an_area() -> None:
    found = area("vard")
    filled = {
        key: (c.counted, c.least, c.most, c.statements) for key, c in found.counts.items() if c.most
    }
    assert filled == IN_VARD
    assert {key[2]: c.of for key, c in found.counts.items()} == {ALL: 5, "region": 2, "kommun": 3}
    assert len(found.counts) == 3 * 6 * 3  # the empty ones are there as well


def test_an_area_says_who_answered() -> None:
    found = area("vard")
    assert dict(found.respondents) == {ALL: 5, "region": 2, "kommun": 3}
    assert (found.answers, found.statements) == (6, 15)
    assert found.actors == ("region", "kommun")
    assert [group.name for group in found.groups] == [
        "Insatser", "Resurser", "Aktiviteter", "Mål", "Prestationer", "Effekter",
    ]  # fmt: skip
    assert area("unga").categories == (("samverkan", "Samverkan"), ("kompetens", "Utbildning"))


def test_an_area_that_nobody_answered_is_empty() -> None:
    empty = area("tom")
    assert (dict(empty.respondents), empty.answers, empty.flows) == ({ALL: 0}, 0, ())
    assert empty.sentences == (
        "Inga insatser inom kompetens redovisas. Effekter har inte identifierats.",
    )
    assert empty.effects_sentence == "Inga effekter har identifierats."


def test_sentences_give_bounds_where_they_differ() -> None:
    assert [text.replace("\u00a0", " ") for text in area("vard").sentences] == [
        "Två regioner och två kommuner (minst 1) redovisar mobila insatser. "
        "Effekter redovisas av två regioner.",
        "Samtliga tre kommuner redovisar insatser inom kompetens. Effekter redovisas av en kommun.",
    ]
    assert [text.replace("\u00a0", " ") for text in area("unga").sentences] == [
        "Två län redovisar insatser inom samverkan. Effekter redovisas av ett län.",
        "Ett län redovisar insatser inom utbildning. Effekter redovisas av ett län.",
    ]


def test_statements_behind_a_count_are_in_the_evidence() -> None:
    rows = report().evidence
    assert len(rows) == 22
    behind = [e for e in rows if (e.area, e.category, e.role) == ("vard", "mobil", "aktivitet")]
    assert [(e.statement_id, e.respondent, e.open) for e in behind] == [
        ("a1-2", "Region Ek", False),
        ("a3-1", "Ale kommun", False),
        ("a5-1", "Vara kommun", True),
        ("a6-1", "Region Ek", False),
    ]
    assert rows[0].area == "vard"
    assert [e.text for e in rows if e.statement_id == "b2-3"] == ["[namn] leder gruppen i länet"]


def test_estimates_of_a_review_fill_cells_of_all_actors() -> None:
    estimates = pd.DataFrame(
        [
            ("vard", "mobil", "aktivitet", "respondents", 2.6, 2.0, 4.0),
            ("vard", "mobil", "aktivitet", "statements", 9.0, 9.0, 9.0),
            ("unga", "mobil", "aktivitet", "respondents", 8.0, 8.0, 8.0),
            ("vard", "mobil", "", "respondents", 7.0, 7.0, 7.0),
        ],
        columns=["context", "row", "column", "unit", "estimate", "low", "high"],
    )
    counts = area("vard", estimates=estimates).counts
    one = counts["mobil", "aktivitet", ALL]
    assert (one.estimate, one.low, one.high) == (2.6, 2.0, 4.0)
    assert [k for k, c in counts.items() if c.estimate is not None] == [("mobil", "aktivitet", ALL)]


def test_the_order_of_rows_does_not_matter() -> None:
    mixed = statements().sample(frac=1, random_state=3).reset_index(drop=True)
    assert report(statements=mixed) == report()


@pytest.mark.parametrize(
    "column",
    ["actor", "respondent", "year", "area", "statement_id", "answer_id", "review", "role_second",
     "flags", "level", "role_prob", "text"],
)  # fmt: skip
def test_columns_may_be_missing(column: str) -> None:
    found = report(statements=statements().drop(columns=column))
    assert sum(len(a.sentences) for a in found.areas) > 0
    if column == "respondent":  # answers stand for them
        assert found.areas[0].respondents[ALL] == 6
    if column == "actor":
        assert found.areas[0].actors == ()
        assert found.areas[0].sentences[0].startswith("Fyra\u00a0respondenter (minst 3)")
        assert [flow.actor for flow in found.areas[0].flows] == [ALL]


def test_unknown_areas_come_last() -> None:
    table = statements()
    table.loc[table["answer_id"] == "b2", "area"] = "Nytt område"
    found = report(statements=table)
    assert [a.key for a in found.areas] == ["vard", "unga", "tom", "Nytt område"]
    assert found.areas[-1].categories == (("kompetens", "Kompetens"),)


TON = parse("name: ton\ntitle: Ton\ndimensions:\n  ton: {codes: [glad, ledsen]}\n", "ton.yaml")
TAGS = parse(
    "name: t\ndimensions:\n  tema: {multiple: true, codes: [mat, rum]}\n  ton: {codes: [glad]}\n",
    "t.yaml",
)


def test_a_codebook_of_one_dimension() -> None:
    table = pd.DataFrame(
        {
            "statement_id": ["a-1", "a-2", "b-1"],
            "answer_id": ["a", "a", "b"],
            "text": ["Maten var mycket god i dag", "Rummet var dragigt och kallt", "Allt var bra"],
            "ton": ["glad", "ledsen", "glad"],
        }
    )
    found = build_report(table, pd.DataFrame({"answer_id": ["a", "b"]}), TON, {})
    (only,) = found.areas
    assert [t.replace("\u00a0", " ") for t in only.sentences] == [
        "glad: två respondenter.", "ledsen: en respondent.",
    ]  # fmt: skip
    assert only.counts["glad", "alla", ALL] == Count(2, 2, 2, 2, 2)
    assert (only.effects, only.gaps, only.flows, only.levels) == ((), (), (), ())
    assert {key: [q.statement_id for q in quotes] for key, quotes in only.quotes.items()} == {
        ("glad", ""): ["a-1", "b-1"], ("ledsen", ""): ["a-2"],
    }  # fmt: skip
    assert (found.title, found.row_name, found.column_name) == ("Ton", "ton", "")
    assert "Underlaget är 2 fritextsvar från två\u00a0respondenter." in found.method[0]


def test_a_codebook_of_several_codes_a_statement() -> None:
    book = parse("name: t\ndimensions:\n  tema: {multiple: true, codes: [mat, rum]}\n", "t.yaml")
    table = pd.DataFrame(
        {
            "answer_id": ["a", "b"],
            "text": ["Mat och rum", "Inget"],
            "tema": [["mat", "rum"], []],
            "tema_second": ["", "rum"],
            "review": [False, True],
        }
    )
    found = build_report(table, pd.DataFrame({"answer_id": ["a", "b"]}), book, {})
    counts = found.areas[0].counts
    assert counts["rum", "alla", ALL] == Count(1, 1, 2, 2, 1)
    assert counts[ALL, "alla", ALL] == Count(2, 1, 2, 2, 2)
    assert [e.category for e in found.evidence] == ["mat", "rum", ""]


def test_an_empty_survey() -> None:
    empty = statements().head(0)
    found = build_report(empty, answers().head(0), codebook(), {})
    assert [a.respondents[ALL] for a in found.areas] == [0, 0, 0]
    assert found.evidence == ()


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.integers(0, 6),
            "role": st.sampled_from(["resurs", "aktivitet", "mal", "prestation", "effekt"]),
            "role_second": st.sampled_from(["aktivitet", "prestation", "effekt", "ovrigt"]),
            "category": st.sampled_from(["mobil", "kompetens"]),
            "category_second": st.sampled_from(["mobil", "kompetens"]),
            "review": st.booleans(),
        }
    ),
    min_size=1,
    max_size=25,
)


def survey_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    who = table.pop("who")
    table["respondent"] = "R" + who.astype(str)
    table["actor"] = ["region" if n % 2 else "kommun" for n in who]
    table["answer_id"] = "a" + who.astype(str)
    table["statement_id"] = [f"a{n}-{i}" for i, n in enumerate(who)]
    return table.assign(area="vard", text="Vi arbetar", flags=[[] for _ in rows], level=None)


def vard_of(rows: list[dict[str, Any]], **options: Any) -> Area:
    return build_report(survey_of(rows), answers(), codebook(), RUN, **options).areas[0]


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_bounds_hold_a_count_and_all_hold_each_kind(rows: list[dict[str, Any]]) -> None:
    found = vard_of(rows)
    for (category, group, actor), count in found.counts.items():
        assert count.least <= count.counted <= count.most <= count.of
        assert count.counted <= count.statements
        whole = found.counts[category, group, ALL]
        assert whole.counted >= count.counted
        if category != ALL:
            assert found.counts[ALL, group, actor].counted >= count.counted
    for gap in found.gaps:
        for count in gap.counts.values():
            assert count.least <= count.counted <= min(count.most, count.of)
