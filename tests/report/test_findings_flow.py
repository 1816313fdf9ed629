"""The flow diagram: its boxes, and links between what the same answer reports."""

import pandas as pd
from findings_sample import area, report, statements

from textmine.report.findings.model import Area, Flow


def flows(found: Area) -> dict[str, Flow]:
    return {flow.actor: flow for flow in found.flows}


def links(flow: Flow) -> dict[tuple[str, ...], tuple[int, int]]:
    return {(*link.origin, *link.target): (link.respondents, link.answers) for link in flow.links}


def test_boxes_are_of_the_kind_of_actor() -> None:
    regions = flows(area("vard"))["region"]
    assert {key: box.count.counted for key, box in regions.boxes.items()} == {
        ("mobil", "resurs"): 1, ("mobil", "aktivitet"): 1, ("mobil", "mal"): 1,
        ("mobil", "prestation"): 1, ("mobil", "effekt"): 2,
    }  # fmt: skip
    assert regions.roles == (
        ("resurs", "Resurser"), ("aktivitet", "Aktiviteter"), ("mal", "Mål"),
        ("prestation", "Prestationer"), ("effekt", "Effekter"),
    )  # fmt: skip
    assert (regions.title, regions.respondents) == ("Mobil vård, regioner", 2)
    assert [q.text for q in regions.boxes["mobil", "mal"].quotes] == [
        "Målet är att färre äldre ska behöva läggas in på sjukhus"
    ]
    assert set(flows(area("vard"))) == {"region", "kommun"}


def test_each_role_leads_to_the_next_that_the_same_answer_has() -> None:
    found = flows(area("vard"))
    assert links(found["region"]) == {
        ("mobil", "resurs", "mobil", "aktivitet"): (1, 1),
        ("mobil", "aktivitet", "mobil", "effekt"): (1, 1),
        ("mobil", "mal", "mobil", "prestation"): (1, 1),
        ("mobil", "prestation", "mobil", "effekt"): (1, 1),
    }
    # Ale reports two categories in one answer: nothing links them.
    assert links(found["kommun"]) == {("kompetens", "prestation", "kompetens", "effekt"): (1, 1)}


def test_an_effect_without_anything_before_it_is_linked_across_categories() -> None:
    assert links(area("unga").flows[0]) == {
        ("samverkan", "aktivitet", "samverkan", "mal"): (1, 1),
        ("samverkan", "mal", "samverkan", "effekt"): (1, 1),
        ("samverkan", "aktivitet", "samverkan", "prestation"): (1, 1),
        ("samverkan", "prestation", "kompetens", "effekt"): (1, 1),
    }


def test_a_link_counts_respondents_and_answers() -> None:
    table = statements()
    again = table[table["answer_id"] == "a1"].assign(
        answer_id="a7", statement_id=["a7-1", "a7-2", "a7-3"]
    )
    found = report(statements=pd.concat([table, again]))
    flow = flows(found.areas[0])["region"]
    assert links(flow)["mobil", "resurs", "mobil", "aktivitet"] == (1, 2)


def test_the_description_tells_the_figure_in_words() -> None:
    text = flows(area("vard"))["region"].description.replace("\u00a0", " ")
    assert text == (
        "Flödesschema för mobil vård: två regioner, från resurser till effekter. Effekter inom "
        "mobila insatser (två regioner), resurser inom mobila insatser (en region) och aktiviteter "
        "inom mobila insatser (en region) redovisas av flest. I samma svar förekommer oftast "
        "resurser och aktiviteter inom mobila insatser (en region); aktiviteter och effekter inom "
        "mobila insatser (en region); mål och prestationer inom mobila insatser (en region). Det "
        "betyder inte att det ena har lett till det andra. Inga effekter redovisas inom kompetens."
    )
