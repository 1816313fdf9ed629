"""Small counts are not shown, and what is shown does not tell them."""

import json
from dataclasses import asdict, is_dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from findings_sample import RUN, answers, codebook, report
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from test_findings_counts import survey_of

from textmine.report.findings import hiding
from textmine.report.findings.build import build_report
from textmine.report.findings.model import ALL, Count
from textmine.report.findings.reckoning import Cover, Rule, Sum, Within
from textmine.report.findings.suppression import WITHHELD, conceal, few

SMALLEST = 5
Key = tuple[str, ...]


def count(n: int, of: int = 50) -> Count:
    return Count(n, n, n, of, n)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=3), st.integers(0, 2), st.integers(0, 1))
def test_a_total_and_its_parts_do_not_tell_a_small_one(
    parts: list[int], twice: int, outside: int
) -> None:
    """Try every number that a reader could think of."""
    keys = [(f"p{i}",) for i in range(len(parts))]
    total = max(*parts, sum(parts) - twice) if len(parts) > 1 else parts[0]
    figures = {("t",): count(total)} | dict(zip(keys, map(count, parts), strict=True))
    true = {("t",): total} | dict(zip(keys, parts, strict=True))
    shown = conceal(figures, [Sum(("t",), tuple(keys), twice, outside)], SMALLEST)

    def thinkable(key: Key) -> range:
        if not shown[key].hidden:
            return range(true[key], true[key] + 1)
        return range(1, SMALLEST) if shown[key].label == few(SMALLEST) else range(31)

    possible = [
        dict(zip(true, world, strict=True))
        for world in product(*map(thinkable, true))
        if sum(world[1:]) - twice <= world[0] <= sum(world[1:]) + outside
    ]
    for key, n in true.items():
        if 0 < n < SMALLEST:
            assert shown[key].hidden
            assert len({world[key] for world in possible}) > 1
        elif shown[key].hidden:
            assert shown[key].label == WITHHELD


def test_a_complement_is_hidden_with_a_small_part() -> None:
    figures = {("all",): count(15), ("region",): count(3), ("kommun",): count(12)}
    shown = conceal(figures, [Sum(("all",), (("region",), ("kommun",)))], SMALLEST)
    assert [(c.hidden, c.counted) for c in shown.values()] == [(False, 15), (True, 0), (True, 0)]


def test_a_union_may_tell_a_part() -> None:
    # Ten report initiatives, six of them outputs: at least four report activities.
    figures = {("insats",): count(10), ("prestation",): count(6), ("aktivitet",): count(4)}
    rules = [Cover(("insats",), (("prestation",), ("aktivitet",)))]
    shown = conceal(figures, rules, SMALLEST)
    assert shown["aktivitet",].label == WITHHELD  # 'färre än 5' would say that it is four
    assert shown["insats",].counted == 10


def test_the_most_precious_are_hidden_last() -> None:
    figures = {("t",): count(9), ("a",): count(3), ("b",): count(6)}
    rules = [Sum(("t",), (("a",), ("b",)))]
    assert conceal(figures, rules, SMALLEST)["b",].hidden
    shown = conceal(figures, rules, SMALLEST, precious=[("b",)])
    assert (shown["t",].hidden, shown["b",].hidden) == (True, False)


def thinkable(c: Count) -> tuple[int, int]:
    if not c.hidden:
        return c.counted, c.counted
    return (1, min(SMALLEST - 1, c.of)) if c.label == few(SMALLEST) else (0, c.of)


def inequalities(rule: Rule) -> list[tuple[list[tuple[Key, int]], int]]:
    if isinstance(rule, Within):
        return [([(rule.part, 1), (rule.whole, -1)], 0)]
    if isinstance(rule, Cover):
        return [([(rule.whole, 1), *((p, -1) for p in rule.parts)], 0)]
    return [
        ([(rule.total, 1), *((p, -1) for p in rule.parts)], rule.outside),
        ([(rule.total, -1), *((p, 1) for p in rule.parts)], rule.twice),
    ]


def told_by_rules(
    figures: dict[Key, Count], shown: dict[Key, Count], rules: list[Rule]
) -> set[Key]:
    """Find small counts that a reader with linear programming could tell."""
    place = {key: at for at, key in enumerate(figures)}
    bounds = [thinkable(c) for c in shown.values()]
    rows, right = [], []
    for rule in rules:
        for terms, limit in inequalities(rule):
            row = np.zeros(len(place))
            for key, sign in terms:
                row[place[key]] += sign
            if row @ [c.counted for c in figures.values()] <= limit:  # else it does not hold
                rows.append(row)
                right.append(limit)
    out = set()
    for key, c in figures.items():
        if 0 < c.counted < SMALLEST:
            goal = np.zeros(len(place))
            goal[place[key]] = 1
            low, high = (
                linprog(sign * goal, A_ub=np.array(rows), b_ub=right, bounds=bounds)
                for sign in (1, -1)
            )
            assert low.success
            assert high.success
            if -high.fun - low.fun < 0.5:
                out.add(key)
    return out


def random_survey(seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    roles = ["resurs", "aktivitet", "mal", "prestation", "effekt"]
    return [
        {
            "who": int(rng.integers(0, 24)),
            "role": str(rng.choice(roles)),
            "role_second": str(rng.choice(roles)),
            "category": str(rng.choice(["mobil", "kompetens"])),
            "category_second": str(rng.choice(["mobil", "kompetens"])),
            "review": bool(rng.integers(0, 2)),
        }
        for _ in range(rng.integers(5, 90))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_no_small_count_of_a_survey_can_be_reckoned(seed: int) -> None:
    rows = random_survey(seed)
    seen: list[tuple[Any, ...]] = []

    def spy(figures: Any, rules: Any, smallest: int, **more: Any) -> Any:
        shown = conceal(figures, rules, smallest, **more)
        seen.append((figures, shown, list(rules)))
        return shown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hiding, "conceal", spy)
        build_report(survey_of(rows), answers(), codebook(), RUN, smallest=SMALLEST)
    for figures, shown, rules in seen:
        assert told_by_rules(figures, shown, rules) == set()


def every_count(value: Any) -> list[Count]:
    if isinstance(value, Count):
        return [value]
    if is_dataclass(value):
        return [c for v in vars(value).values() for c in every_count(v)]
    if isinstance(value, dict):
        return [c for v in value.values() for c in every_count(v)]
    if isinstance(value, tuple | list):
        return [c for v in value for c in every_count(v)]
    return []


def test_no_small_figure_anywhere_in_a_report() -> None:
    rows = [
        {"who": n % 16, "role": role, "role_second": "aktivitet", "category": category,
         "category_second": category, "review": False}
        for n, (role, category) in enumerate(
            [("aktivitet", "mobil")] * 20 + [("effekt", "mobil")] * 14
            + [("prestation", "kompetens")] * 3 + [("mal", "mobil")] * 12
        )
    ]  # fmt: skip
    found = build_report(survey_of(rows), answers(), codebook(), RUN, smallest=SMALLEST)
    counts = every_count(found)
    assert any(c.hidden for c in counts)
    assert any(c.counted >= SMALLEST for c in counts)
    for c in counts:
        assert not 0 < c.counted < SMALLEST
        assert not c.hidden or (c.counted, c.least, c.most, c.statements) == (0, 0, 0, 0)
        assert not c.hidden or c.label in (few(SMALLEST), WITHHELD)
    area = found.areas[0]
    assert all(link.respondents >= SMALLEST for flow in area.flows for link in flow.links)
    assert all(e.label for column in area.effects for e in column.effects)
    # No statement of a hidden cell is shown, and nobody is named.
    assert not [e for e in found.evidence if e.role == "prestation"]
    assert {e.respondent for e in found.evidence} == {""}
    assert {e.flags for e in found.evidence} == {()}
    assert "R1" not in json.dumps(asdict(area.effects[0]), default=str)
    assert all(e.statement_id.startswith("u") for e in found.evidence)
    for (category, group, kind), c in area.counts.items():
        if group == "effekt" and category == "mobil" and kind == ALL:
            assert c.statements == len([e for e in found.evidence if e.role == "effekt"])
    assert "ett fåtal kommuner redovisar insatser inom kompetens" in area.sentences[1]


def test_a_kind_of_few_respondents_is_not_shown_at_all() -> None:
    found = report(smallest=5).areas[0]
    assert found.respondents["region"] == 2
    assert all(c.hidden for key, c in found.counts.items() if key[2] == "region")
    assert found.flows == ()  # nothing that could be shown of an area of five
    assert report(smallest=None) == report()
