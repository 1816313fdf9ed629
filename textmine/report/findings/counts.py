"""The sentences on how many report what: one for each category of an area."""

from collections.abc import Mapping, Sequence

from textmine.report.findings.cells import Key
from textmine.report.findings.logic import EFFECT, INITIATIVE
from textmine.report.findings.model import ALL, Count, Group
from textmine.report.findings.suppression import WITHHELD
from textmine.report.swedish import ACTOR_NOUNS, actors, joined, number, sentence


def count_sentences(
    categories: Sequence[tuple[str, str]],
    groups: Sequence[Group],
    counts: Mapping[Key, Count],
    kinds: Sequence[str],
) -> tuple[str, ...]:
    """Say of each category who reports initiatives and effects; else, who is in each group.

    Parameters
    ----------
    categories
        Codes and names.
    kinds
        Kinds of actors that answered; empty if nobody's is known.
    """
    named = kinds or (ALL,)
    out = []
    for code, name in categories:
        of_group = {g.key: {k: counts[code, g.key, k] for k in named} for g in groups}
        if INITIATIVE in of_group:
            out.append(_initiatives(name, of_group[INITIATIVE], of_group[EFFECT]))
        else:
            out.append(_plain(name, groups, of_group))
    return tuple(out)


def _initiatives(name: str, initiatives: Mapping[str, Count], effects: Mapping[str, Count]) -> str:
    what = initiatives_in(name)
    if not any(_some(count) for count in initiatives.values()):
        text = f"Inga {what} redovisas."
    else:
        text = sentence(f"{who(initiatives)} redovisar {what}.")
    if any(_some(count) for count in effects.values()):
        return f"{text} Effekter redovisas av {who(effects)}."
    return f"{text} Effekter har inte identifierats."


def _plain(name: str, groups: Sequence[Group], counts: Mapping[str, Mapping[str, Count]]) -> str:
    """A sentence for codes that are not those of a logic model."""
    if len(groups) == 1 and not groups[0].codes:
        return f"{name}: {who(counts[groups[0].key])}."
    some = [g for g in groups if any(_some(count) for count in counts[g.key].values())]
    if not some:
        return f"{name}: {who(next(iter(counts.values())))}." if counts else f"{name}."
    parts = [f"{lowered(g.name)} hos {who(counts[g.key])}" for g in some]
    return f"{name}: {joined(parts)}."


def who(counts: Mapping[str, Count]) -> str:
    """Count actors of several kinds, with bounds: `18 regioner (minst 16) och 107 kommuner`."""
    some = {kind: count for kind, count in counts.items() if _some(count)}
    if not some:
        return actors(0, next(iter(counts)))
    return joined(_how_many(kind, count) for kind, count in some.items())


def _how_many(kind: str, count: Count) -> str:
    if count.hidden:
        many = ACTOR_NOUNS.get(kind, ACTOR_NOUNS[ALL])[1]
        return f"{few_or_some(count)} {many}"
    text = actors(count.counted, kind)
    if count.counted == count.of > 2:
        text = f"samtliga {text}"
    bounds = _bounds(count)
    return f"{text} ({bounds})" if bounds else text


def few_or_some(count: Count) -> str:
    """Speak of a hidden count without a figure."""
    return "ett ej angivet antal" if count.label == WITHHELD else "ett fåtal"


def _bounds(count: Count) -> str:
    least = f"minst {number(count.least)}" if count.least < count.counted else ""
    if not count.least and count.counted:
        least = "osäkert"
    most = f"som mest {number(count.most)}" if count.most > count.counted else ""
    return joined(part for part in (least, most) if part)


def _some(count: Count) -> bool:
    """Whether a cell is known to be filled, or hidden."""
    return count.hidden or count.counted > 0


def initiatives_in(name: str) -> str:
    """Put a category's name in a sentence: `insatser inom samverkan`, `tidiga insatser`."""
    low = lowered(name)
    return low if low.endswith("insatser") else f"insatser inom {low}"


def lowered(name: str) -> str:
    """Write a head within a sentence: small initial, except where an abbreviation begins."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
