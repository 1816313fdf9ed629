"""The table of identified effects: by category and level, near-identical ones joined."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textmine.report.findings.alike import groups_alike
from textmine.report.findings.cells import Key
from textmine.report.findings.counts import lowered, who
from textmine.report.findings.logic import EFFECT
from textmine.report.findings.model import ALL, Count, Effect, EffectColumn
from textmine.report.findings.pseudonym import pseudonymise
from textmine.report.findings.said import Said
from textmine.report.findings.suppression import few
from textmine.report.findings.wording import EFFECT_LENGTH, printed, shortened
from textmine.report.swedish import all_actors, joined, sentence

_FOR = {"verksamhet": "för verksamheten", "individ": "för individer"}


def effect_columns(
    said: Sequence[Said],
    categories: Sequence[tuple[str, str]],
    levels: Sequence[str],
    counts: Mapping[Key, Count],
    actors: Sequence[str],
    *,
    smallest: int | None = None,
) -> tuple[EffectColumn, ...]:
    """List the effects in each category: by level, those that most respondents report first.

    Parameters
    ----------
    said
        Statements of the area that may be shown.
    levels
        Codes, in order; effects without one come last.
    actors
        ALL, then the kinds.
    smallest
        If set, effects are said to be of fewer respondents than that, or of so many at least.
    """
    out = []
    levels_in_order = [*levels, ""]
    for code, name in categories:
        mine = [one for one in said if EFFECT in one.roles and code in one.categories]
        effects: list[Effect] = []
        for level in levels_in_order:
            effects += _joined([one for one in mine if one.level == level], level)
        heads = {actor: counts[code, EFFECT, actor] for actor in actors}
        if smallest:
            effects = [_roughly(effect, smallest) for effect in effects]
            effects.sort(key=lambda e: (levels_in_order.index(e.level), -e.respondents, e.text))
        out.append(EffectColumn(code, name, heads, tuple(effects)))
    return tuple(out)


def _joined(said: Sequence[Said], level: str) -> list[Effect]:
    texts = [printed(pseudonymise(one.text, one.respondent, one.actor)) for one in said]
    effects = [
        Effect(
            text=shortened(texts[group[0]], EFFECT_LENGTH),
            level=level,
            respondents=len({said[at].who for at in group}),
            statement_ids=tuple(said[at].id for at in sorted(group)),
        )
        for group in groups_alike(texts)
    ]
    return sorted(effects, key=lambda e: (-e.respondents, e.text.casefold(), e.statement_ids))


def _roughly(effect: Effect, smallest: int) -> Effect:
    """Do not tell how many report an effect, nor where each says so."""
    if effect.respondents < smallest:
        return replace(effect, respondents=0, label=few(smallest), statement_ids=())
    return replace(effect, respondents=smallest, label=f"minst {smallest}")


def effects_sentence(
    said: Sequence[Said],
    categories: Sequence[tuple[str, str]],
    levels: Sequence[tuple[str, str]],
    counts: Mapping[Key, Count],
    kinds: Sequence[str],
    *,
    by_level: bool = True,
) -> str:
    """Say who reports effects in the area, on which levels, and where there are none."""
    named = kinds or (ALL,)
    of_all = {kind: counts[ALL, EFFECT, kind] for kind in named}
    if not any(count.hidden or count.counted for count in of_all.values()):
        return "Inga effekter har identifierats."
    text = sentence(f"{who(of_all)} redovisar effekter.")
    if by_level and levels:
        parts: list[str] = []
        for level, name in levels:
            mine = {
                kind: len({o.who for o in said if EFFECT in o.roles and o.level == level
                           and kind in (ALL, o.actor)})
                for kind in named
            }  # fmt: skip
            if any(mine.values()):
                where = _FOR.get(level, f"på nivån {lowered(name)}")
                redovisas = "" if parts else " redovisas"
                parts.append(f"effekter {where}{redovisas} av {all_actors(mine)}")
        if parts:
            told = ", och ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
            text += f" {sentence(told)}."
    without = [
        lowered(name)
        for code, name in categories
        if not any(counts[code, EFFECT, kind].hidden or counts[code, EFFECT, kind].counted
                   for kind in named)
    ]  # fmt: skip
    if without:
        text += f" Inom {joined(without)} har inga effekter identifierats."
    return text
