"""A small report with everything that the page can show, made by hand."""

from textmine.report.findings.model import (
    ALL,
    Area,
    Box,
    Count,
    Effect,
    EffectColumn,
    Evidence,
    Flow,
    Gap,
    Group,
    Link,
    Quality,
    Quote,
    Report,
)

HOSTILE = "<script>alert('hej')</script> & \"citat\" \u202eomvänt\u0000 😀"
GROUPS = (
    Group("insats", "Insatser", ("aktivitet", "prestation")),
    Group("aktivitet", "Aktiviteter", ("aktivitet",)),
    Group("mal", "Mål", ("mal",)),
    Group("prestation", "Prestationer", ("prestation",)),
    Group("effekt", "Effekter", ("effekt",)),
)
# Statement, respondent, actor, category, role, text.
_BUP = (
    ("b-1", "Region Skåne", "region", "kompetens", "aktivitet", "Utbildning i TF-KBT"),
    ("b-2", "Region Skåne", "region", "kompetens", "effekt", "Ökad kunskap hos personalen"),
    ("b-3", "Region Uppsala", "region", "kompetens", "prestation", "Fem kurser genomförda"),
    ("b-4", "Region Uppsala", "region", "kompetens", "effekt", "Personalen kan mer"),
    ("b-5", "Ale kommun", "kommun", "kompetens", "aktivitet", HOSTILE),
    ("b-6", "Ale kommun", "kommun", "uppfoljning", "aktivitet", "Vi följer upp väntetiderna"),
    ("b-7", "Ale kommun", "kommun", "uppfoljning", "effekt", "Barnen väntar kortare tid"),
    ("b-8", "Ale kommun", "kommun", "", "ovrigt", "Se bilaga"),
)
_SUI = (
    ("s 1", "Uppsala län", "lan", "handlingsplan", "aktivitet", "En plan tas fram"),
    ("s 2", "Örebro län", "lan", "handlingsplan", "mal", "Ingen ska behöva ta sitt liv"),
)


def _evidence(area: str, rows: tuple[tuple[str, ...], ...]) -> list[Evidence]:
    levels = {"b-2": "verksamhet", "b-4": "verksamhet", "b-7": "individ"}
    return [
        Evidence(
            statement_id=statement,
            respondent=respondent,
            actor=actor,
            area=area,
            category=category,
            role=role,
            level=levels.get(statement, ""),
            flags=("planerad",) if statement == "s 1" else (),
            text=text,
            source={"b-3": "human", "b-4": "agreed"}.get(statement, "machine"),
            open=statement == "b-6",
        )
        for statement, respondent, actor, category, role, text in rows
    ]


def _count(n: int, of: int, least: int | None = None, most: int | None = None) -> Count:
    return Count(n, n if least is None else least, n if most is None else most, of, n)


def _bup() -> Area:
    of = {ALL: 3, "region": 2, "kommun": 1}
    numbers = {  # by category and group: regions, municipalities
        ("kompetens", "insats"): (2, 1), ("kompetens", "aktivitet"): (1, 1),
        ("kompetens", "prestation"): (1, 0), ("kompetens", "effekt"): (2, 0),
        ("uppfoljning", "insats"): (0, 1), ("uppfoljning", "aktivitet"): (0, 1),
        ("uppfoljning", "effekt"): (0, 1),
        (ALL, "insats"): (2, 1), (ALL, "aktivitet"): (1, 1), (ALL, "prestation"): (1, 0),
        (ALL, "effekt"): (2, 1),
    }  # fmt: skip
    counts = {}
    for category in ("kompetens", "uppfoljning", ALL):
        for group in GROUPS:
            regions, municipalities = numbers.get((category, group.key), (0, 0))
            each = {ALL: regions + municipalities, "region": regions, "kommun": municipalities}
            for actor, n in each.items():
                counts[category, group.key, actor] = _count(n, of[actor])
    counts["uppfoljning", "insats", "kommun"] = _count(1, 1, 0, 1)
    counts["uppfoljning", "mal", "region"] = _count(0, 2, 0, 1)
    counts["kompetens", "aktivitet", ALL] = Count(2, 2, 2, 3, 2, 2.2, 1.1, 3.0)
    knows = Effect("Ökad kunskap hos personalen", "verksamhet", 2, ("b-2", "b-4"))
    waits = Effect("Barnen väntar kortare tid", "individ", 1, ("b-7",))

    def by_actor(category: str) -> dict[str, Count]:
        return {actor: counts[category, "effekt", actor] for actor in of}

    roles = (("aktivitet", "Aktiviteter"), ("prestation", "Prestationer"), ("effekt", "Effekter"))
    quote = Quote("b-1", "Utbildning i TF-KBT", "region")
    boxes = {
        ("kompetens", role): Box("kompetens", role, counts["kompetens", role, "region"], (quote,))
        for role, _ in roles
    }
    flow = Flow(
        area="barn-unga",
        actor="region",
        title="Barn och unga, regioner",
        categories=(("kompetens", "Kompetens"),),
        roles=roles,
        boxes=boxes,
        links=(Link(("kompetens", "aktivitet"), ("kompetens", "effekt"), 1, 1),),
        respondents=2,
        description="Två regioner redovisar effekter.",
    )
    gap = Gap(
        "utan-mal",
        "Insatser utan mål",
        "Aktörer med insatser men inget mål i samma kategori.",
        {
            (category, actor): counts[category, "insats", actor]
            for category in ("kompetens", "uppfoljning", ALL)
            for actor in of
        },
        "Två regioner och en kommun anger inget mål.",
        ("b-1", "b-3", "b-5", "b-6"),
        ("b-1", "b-3", "b-5", "b-6"),
    )
    return Area(
        key="barn-unga",
        name="Barn och unga",
        respondents=of,
        answers=4,
        statements=8,
        categories=(("kompetens", "Kompetens"), ("uppfoljning", "Uppföljning")),
        groups=GROUPS,
        counts=counts,
        sentences=("Två regioner och en kommun redovisar insatser inom kompetens.",),
        effects=(
            EffectColumn("kompetens", "Kompetens", by_actor("kompetens"), (knows,)),
            EffectColumn("uppfoljning", "Uppföljning", by_actor("uppfoljning"), (waits,)),
        ),
        effects_sentence="Två regioner och en kommun redovisar effekter.",
        levels=(("verksamhet", "Verksamhet"), ("individ", "Individ")),
        gaps=(gap,),
        quotes={("kompetens", "aktivitet"): (quote, Quote("b-5", HOSTILE, "kommun"))},
        flows=(flow,),
    )


def _suicide_prevention() -> Area:
    hidden = Count(1, 1, 1, 2, 1, hidden=True, label="färre än 5")
    counts = {
        ("handlingsplan", group.key, actor): _count(0, 2)
        for group in GROUPS
        for actor in (ALL, "lan")
    }
    for group in ("insats", "aktivitet", "mal"):
        counts["handlingsplan", group, ALL] = counts["handlingsplan", group, "lan"] = hidden
    counts |= {(ALL, group, actor): count for (_, group, actor), count in counts.items()}
    return Area(
        key="suicidprevention",
        name="Suicidprevention",
        respondents={ALL: 2, "lan": 2},
        answers=2,
        statements=2,
        categories=(("handlingsplan", "Handlingsplaner"),),
        groups=GROUPS,
        counts=counts,
        sentences=("Färre än fem län redovisar insatser.",),
        effects=(
            EffectColumn(
                "handlingsplan",
                "Handlingsplaner",
                {actor: counts["handlingsplan", "effekt", actor] for actor in ("", "lan")},
                (),
            ),
        ),
        effects_sentence="",
        levels=(("verksamhet", "Verksamhet"), ("individ", "Individ")),
        gaps=(),
        quotes={},
        flows=(),
    )


def _silent() -> Area:
    return Area(
        "traumavard", "Traumavård", {ALL: 0}, 0, 0, (), GROUPS, {}, (), (), "", (), (), {}, ()
    )  # fmt: skip


def small_report() -> Report:
    """Two areas with answers, one without."""
    return Report(
        title="Psykisk hälsa 2020",
        subtitle="Sex svar från två regioner, en kommun och två län.",
        areas=(_bup(), _suicide_prevention(), _silent()),
        code_names={
            "role": {
                "aktivitet": "Aktivitet", "mal": "Mål", "prestation": "Prestation",
                "effekt": "Effekt", "ovrigt": "Övrigt",
            },
            "category": {
                "kompetens": "Kompetens", "uppfoljning": "Uppföljning",
                "handlingsplan": "Handlingsplaner", "ovrigt": "Övrigt",
            },
            "level": {"verksamhet": "Verksamhet", "individ": "Individ"},
            "flags": {"planerad": "Planerad"},
        },
        row_name="Insatskategori",
        column_name="Roll",
        method=("Svaren är delade i utsagor.",),
        quality=(
            Quality("Roll", "4 %", "2,9 %", "", "0,92 (0,91–0,93)", "0,89", ""),
            Quality("Insatskategori", "4 %", "3,0 %", "", "0,86 (0,84–0,87)", "", ""),
        ),
        evidence=(*_evidence("barn-unga", _BUP), *_evidence("suicidprevention", _SUI)),
        notes=("1 av 10 utsagor återstår att granska.",),
        sources=(("Underlag", "svar-2020.jsonl"), ("Kodbok", "psykisk-halsa-2020 1.0")),
    )  # fmt: skip
