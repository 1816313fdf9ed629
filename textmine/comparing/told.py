"""The page's running text: what was compared, and how."""

from collections import Counter
from pathlib import Path

from textmine.comparing.comparison import Comparison
from textmine.comparing.mending import BY_BRIDGE
from textmine.comparing.respondents import CAME, SURE, only_in
from textmine.comparing.wording import kind_name
from textmine.comparing.year import SurveyYear
from textmine.report.swedish import (
    ACTOR_NOUNS,
    actors,
    all_actors,
    decimal,
    in_words,
    joined,
    number,
    percent,
    sentence,
)
from textmine.review.counts.drawn import ALL


def lead(comparison: Comparison) -> str:
    """Say what was compared, in a sentence or two."""
    parts = [
        f"{name}: {number(len(year.answers))} svar"
        + (f" från {_by_kind(year)}" if year.has_respondents else "")
        for name, year in zip(comparison.names, (comparison.earlier, comparison.later), strict=True)
    ]
    return f"{'. '.join(parts)}."


def facts(comparison: Comparison) -> list[tuple[str, str, str]]:
    """The two surveys' sizes: what, earlier, later."""
    years = (comparison.earlier, comparison.later)
    rows: list[tuple[str, list[str]]] = [
        ("Svar", [number(len(year.answers)) for year in years]),
        ("Utsagor", [number(len(year.statements)) for year in years]),
    ]
    if all(year.has_respondents for year in years):
        rows.append(("Respondenter", [number(_respondents(year)) for year in years]))
        for kind in comparison.changes.actors:
            counts = [number(_kinds(year).get(kind, 0)) for year in years]
            rows.append((f"– {kind_name(kind).lower()}", counts))
        one, two = (set(year.who) for year in years)
        both = number(len(one & two))
        rows.append(("– i båda undersökningarna", [both, both]))
    rows.append(
        ("Andel utsagor granskade av människor", [percent(y.share_reviewed) for y in years])
    )
    rows.append(
        (
            "Andel ovanliga utsagor",
            [percent(share, 1) for share in comparison.news.share_unusual],
        )
    )
    return [(what, *values) for what, values in rows]  # type: ignore[misc]


def area_lead(comparison: Comparison, area: str) -> str:
    """Say how many answered in an area, then and now."""
    drawn = (comparison.changes.earlier, comparison.changes.later)
    parts = []
    for name, one in zip(comparison.names, drawn, strict=True):
        if area not in one.contexts:
            parts.append(f"{name} svarade ingen")
            continue
        c = one.contexts.index(area)
        counts = {
            kind: int(one.of[0, 0, one.kinds.index(kind), c]) if kind in one.kinds else 0
            for kind in comparison.changes.actors or (ALL,)
        }
        parts.append(f"{name} svarade {all_actors(counts)}")
    return f"{parts[0]}, {parts[1]}."


def counted_kinds(comparison: Comparison, area: str) -> str:
    """What is counted in an area: `regioner, kommuner och län`."""
    there = {cell.actor for cell in comparison.changes.of_area(area)}
    kinds = [kind for kind in comparison.changes.actors if kind in there]
    return joined(ACTOR_NOUNS.get(kind, (kind, kind))[1] for kind in kinds) or "respondenter"


def themes(comparison: Comparison) -> str:
    """Tell of statements unlike anything that the model knows."""
    one, two = comparison.news.share_unusual
    n = len(comparison.news.themes)
    if not n:
        return f"Ingen utsaga {comparison.names[1]} är så ovanlig att den kan handla om något nytt."
    word, unusual, they = ("utsaga", "ovanlig", "den") if n == 1 else ("utsagor", "ovanliga", "de")
    return (
        f"{in_words(n).capitalize()} {word} {comparison.names[1]} ({percent(two, 1)}, mot "
        f"{percent(one, 1)} {comparison.names[0]}) är så {unusual} jämfört med det som modellen "
        f"har lärt sig av att {they} kan handla om något nytt."
    )


def turned(comparison: Comparison) -> str:
    """Tell how many respondents were in both surveys, and how many changed for sure."""
    drawn = comparison.changes
    one, two = (len({who for _, who in only_in(*pair)}) for pair in (
        (drawn.earlier, drawn.later), (drawn.later, drawn.earlier)))  # fmt: skip
    sure = [t for t in comparison.turns if t.certainty >= SURE]
    both = {key for key in drawn.later.who if key in set(drawn.earlier.who)}
    people = len({who for _, who in both})
    areas = any(name for _, name in drawn.areas)
    where = " inom minst ett och samma område" if areas else ""
    out = [f"{sentence(actors(people, ALL))} har svarat{where} båda gångerna."]
    if people:
        changed = len({t.respondent for t in sure})
        out.append(
            f"Hos {in_words(changed) if changed else 'ingen'} av dem har något tillkommit eller "
            f"fallit bort med minst {percent(SURE)} säkerhet."
        )
    earlier, later = comparison.names
    number_alone, there, lacking = (one, earlier, later) if one else (two, later, earlier)
    if number_alone:
        but = "inom minst ett område där de inte svarade" if areas else "men inte"
        if number_alone == 1:
            but = but.replace(" de ", " den ")
        out.append(f"{sentence(actors(number_alone, ALL))} svarade {there} {but} {lacking}.")
    if one and two:
        out.append(f"För {actors(two, ALL)} är det tvärtom.")
    return " ".join(out)


def turned_rows(
    comparison: Comparison, groups: list[str]
) -> list[tuple[str, str, list[str], list[str]]]:
    """Respondent, area, what came and what went for sure; those with most first."""
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for turn in comparison.turns:
        if turn.certainty < SURE or turn.group not in groups:
            continue
        came, went = found.setdefault((turn.respondent, turn.area), ([], []))
        name = comparison.category_name(turn.area, turn.category)
        group = comparison.group_name(turn.group).lower()
        text = f"{name} ({group})" if len(groups) > 1 else name
        (came if turn.what == CAME else went).append(text)
    ordered = sorted(found.items(), key=lambda item: (-sum(map(len, item[1])), item[0]))
    names = comparison.area_names
    return [
        (who, names.get(area, area), sorted(came), sorted(went))
        for (who, area), (came, went) in ordered
    ]


def bridge_hint(comparison: Comparison) -> str:
    """Say what mends a break that the codes made."""
    keys = {found.key for found in comparison.breaks}
    if comparison.mended is not None:
        how = "en brygga" if comparison.mended.how == BY_BRIDGE else "en och samma modell"
        return f"Brottet är delvis lagat med {how}; se avsnittet längre fram."
    if {"codebook", "model"} & keys:
        return (
            "Ett prov av de tidigare utsagorna som också kodas efter den senare kodboken kan laga "
            "serien. Dra provet med textmine compare … --draw-bridge 200 och läs tillbaka det "
            "med --bridge."
        )
    return ""


def method(comparison: Comparison) -> list[str]:
    """Explain how to read the figures."""
    basis = {comparison.changes.earlier.audited, comparison.changes.later.audited}
    rests = {
        frozenset({True}): "Hur ofta maskinen kodar fel är uppskattat ur de kvalitetsprov som "
        "människor har granskat i båda undersökningarna.",
        frozenset({False}): "Inget kvalitetsprov är granskat. Hur ofta maskinen kodar fel är "
        "därför uppskattat ur modellens egna sannolikheter, och intervallen kan vara för smala.",
    }.get(
        frozenset(basis),
        "Bara den ena undersökningen har ett granskat kvalitetsprov. I den andra är maskinens fel "
        "uppskattade ur modellens egna sannolikheter, och intervallen kan vara för smala.",
    )
    panel = any(cell.panel for cell in comparison.changes.cells)
    out = [
        "Varje respondent räknas en gång i en ruta, oavsett hur många utsagor den har där. Andelen "
        "gäller dem av samma slag som har minst en utsaga i området. Antalen och andelarna för "
        "vart år är räknade på koderna som de står. Förändringen i procentenheter och alla "
        "intervall är rättade för kodningsfel och kan därför avvika från skillnaden mellan talen "
        "i tabellen.",
        "Intervallen visar hur mycket kodningsfel kan påverka förändringen: i 95 fall av 100 ska "
        "den förändring som felfri kodning hade visat ligga inom dem. De visar inte urvalsfel. De "
        "visar inte heller vad det betyder att olika aktörer har svarat de två åren, eller att "
        f"somliga inte har svarat. {rests}",
        "Felen simuleras för sig i var undersökning. Är båda kodade av samma modell "
        "tar lika fel delvis ut varandra i skillnaden, och intervallen är då snarare för breda än "
        "för smala.",
        "▲ och ▼ märker rutor där både antalet och andelen har ändrats mer än vad kodningsfel kan "
        "förklara, △ och ▽ rutor där det gäller antalet men inte andelen.",
    ]
    if panel:
        out.append(
            "Kolumnen för dem som svarade båda gångerna visar hur många av dem som räknas i rutan "
            "den första (före pilen) och den andra gången (efter pilen). Intervallet under gäller "
            "förändringen. Kolumnen påverkas inte av att andra har tillkommit eller fallit bort."
        )
    return out


def sources(comparison: Comparison) -> list[tuple[str, str]]:
    """Files and models."""
    out = []
    for name, year in zip(comparison.names, (comparison.earlier, comparison.later), strict=True):
        run = year.run
        model = Path(str((run.get("model") or {}).get("name") or "")).name
        out += [
            (f"Underlag {name}", str((run.get("input") or {}).get("name") or "")),
            (f"Underlagets SHA-256 {name}", str((run.get("input") or {}).get("sha256") or "")),
            (f"Kodbok och modell {name}", f"{run.get('codebook', '')}; {model}"),
            (
                f"Felbudget {name}",
                decimal(100 * float(run["options"]["error_budget"]), 0) + "\u00a0%",
            ),
        ]
    return [(what, value) for what, value in out if value]


def _by_kind(year: SurveyYear) -> str:
    return all_actors(_kinds(year)) if _kinds(year) else actors(_respondents(year), ALL)


def _respondents(year: SurveyYear) -> int:
    return int(year.answers["respondent"].nunique())


def _kinds(year: SurveyYear) -> dict[str, int]:
    if "actor" not in year.answers:
        return {}
    pairs = year.answers[["actor", "respondent"]].dropna().drop_duplicates()
    found = Counter(str(kind) for kind in pairs["actor"])
    order = [kind for kind in ACTOR_NOUNS if kind in found]
    return {kind: found[kind] for kind in [*order, *sorted(set(found) - set(order))]}
