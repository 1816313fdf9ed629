"""What is missing: each row of a small survey, and the list of words for users' voices."""

import pytest
from findings_sample import RUN, answers, area, codebook
from test_findings_counts import survey_of

from textmine.report.findings.build import build_report
from textmine.report.findings.model import ALL
from textmine.report.findings.user_words import has_user_voice

# Row → category → counted, least, most, of (all kinds of actors).
IN_VARD = {
    "utan-mal": {ALL: (4, 4, 4, 5), "mobil": (3, 2, 3, 4), "kompetens": (3, 3, 3, 3)},
    "utan-brukarperspektiv": {ALL: (4, 4, 4, 5), "mobil": (4, 3, 4, 4), "kompetens": (2, 2, 2, 3)},
    "utan-effekt": {ALL: (2, 2, 2, 5), "mobil": (2, 1, 2, 4), "kompetens": (2, 2, 2, 3)},
    # Vara has an initiative under review that is not planned, and another that is sure.
    "enbart-planerat": {ALL: (1, 1, 1, 5), "mobil": (1, 1, 2, 4), "kompetens": (1, 1, 1, 3)},
    "annan-finansiering": {ALL: (1, 1, 1, 5), "mobil": (0, 0, 0, 4), "kompetens": (1, 1, 1, 3)},
    "pandemi-hinder": {ALL: (1, 1, 1, 5), "mobil": (0, 0, 0, 4), "kompetens": (0, 0, 0, 3)},
    "pandemi-mojlig": {ALL: (0, 0, 0, 5), "mobil": (0, 0, 0, 4), "kompetens": (0, 0, 0, 3)},
}


def test_every_row_of_an_area() -> None:
    found = {
        gap.key: {
            category: (c.counted, c.least, c.most, c.of)
            for (category, actor), c in gap.counts.items()
            if actor == ALL
        }
        for gap in area("vard").gaps
    }
    assert found == IN_VARD


def test_rows_by_kind_of_actor() -> None:
    goals = area("vard").gaps[0]
    assert goals.counts["mobil", "region"].counted == 1
    assert goals.counts["mobil", "kommun"].counted == 2
    assert goals.counts["kompetens", "region"].of == 0


def test_the_statements_concerned() -> None:
    gaps = {gap.key: gap for gap in area("vard").gaps}
    # Asp has a goal; all other initiatives lack one.
    assert gaps["utan-mal"].statement_ids == (
        "a1-2", "a3-1", "a3-2", "a4-1", "a5-1", "a5-2", "a6-1",
    )  # fmt: skip
    assert gaps["utan-effekt"].overall == ("a3-1", "a3-2", "a5-1", "a5-2")
    assert gaps["pandemi-hinder"].overall == ("a4-3",)
    assert gaps["pandemi-mojlig"].statement_ids == ()


def test_sentences() -> None:
    sentences = {gap.key: gap.sentence for gap in area("vard").gaps}
    assert sentences["utan-mal"] == (
        "1 av 2 regioner och samtliga tre kommuner nämner inget mål för sina insatser."
    )
    assert sentences["utan-effekt"] == ("2 av 3 kommuner redovisar ingen effekt av sina insatser.")
    assert sentences["pandemi-mojlig"] == (
        "Ingen uppger att pandemin har påskyndat eller möjliggjort något."
    )
    assert area("tom").gaps[0].sentence == "Insatser utan mål förekommer inte."


def test_both_and_the_only_one_are_named_so() -> None:
    sentences = {gap.key: gap.sentence for gap in area("unga").gaps}
    assert sentences["utan-brukarperspektiv"].startswith("Båda länen beskriver inte")
    assert sentences["utan-effekt"] == ("Insatser utan redovisad effekt förekommer inte.")


@pytest.mark.parametrize(
    "text",
    [
        "Brukarrådet läser kallelserna",
        "En peer supporter arbetar på avdelningen",
        "Föräldrarna uppger att de är tryggare",
        "Utfrågning av anhöriga i Mullsjö",
        "På sikt vill vi att patienterna är med redan när behandlingen väljs",
        "NSPH deltar i styrgruppen",
        "34 ungdomar svarade på vad de saknar",
    ],
)
def test_words_of_having_a_say(text: str) -> None:
    assert has_user_voice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Brukar vara stängt på måndagar",  # a verb
        "Färre patienter läggs in",
        "Utbildning för anhöriga har hållits",
        "Vad brukarna tycker har vi inte frågat om",
        "Barnmorskan arbetar i Haparanda",
        "Det politiska samrådsorganet antog en plan för personer med missbruk",
    ],
)
def test_being_treated_or_taught_is_no_say(text: str) -> None:
    assert not has_user_voice(text)


def test_what_is_missing_in_a_category_alone() -> None:
    rows = [
        {"who": 2 * n, "role": role, "role_second": "mal", "category": "kompetens",
         "category_second": "mobil", "review": False}
        for n in range(6)
        for role in ("aktivitet", "effekt")
    ]  # fmt: skip
    rows[1]["category"] = "mobil"  # the first has its effect elsewhere
    found = build_report(survey_of(rows), answers(), codebook(), RUN).areas[0]
    sentences = {gap.key: gap.sentence for gap in found.gaps}
    assert sentences["utan-effekt"] == (
        "Insatser utan redovisad effekt förekommer inte om man ser till området som helhet, men "
        "inom kompetens gäller det 1 av 6 kommuner."
    )
    assert sentences["utan-mal"] == "Samtliga sex kommuner nämner inget mål för sina insatser."
