"""Respondents by their many names, matched to Sweden's 21 regions and 290 municipalities.

The names and codes are those of Statistics Sweden's (SCB) list of counties and municipalities.
"""

import csv
import re
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
from rapidfuzz import fuzz, process

from textmine.errors import Attention
from textmine.tables import RESPONDENT_CODE, RESPONDENT_WRITTEN

ACTORS = {
    "region": ("region", "regioner", "landsting", "regionen"),
    "kommun": ("kommun", "kommuner", "stad", "kommunen"),
    "lan": ("lan", "län", "länet", "länsgemensamt"),
}
# Names in use that no rule derives from the official ones.
_OTHER_NAMES = {
    "vgr": ("14", "region"),
    "västra götalandsregionen": ("14", "region"),
    "sörmland": ("04", "lan"),
    "sörmlands län": ("04", "lan"),
    "jämtland härjedalen": ("23", "region"),
    "jämtlands läns landsting": ("23", "region"),
    "falu": ("2080", "kommun"),
    "malung": ("2023", "kommun"),
    "upplands bro": ("0139", "kommun"),
}
_KINDS = re.compile(
    r"\b(kommun(en)?s?|stads?|region(en)?s?|län(et)?s?|landsting(et)?s?( i)?"
    r"|kommunstyrelse(n)?s?)\b"
)
_PLURAL = re.compile(r"\b(kommuner|regioner|landsting och|län och)")  # not one place
_NEAR = 88  # rapidfuzz ratio (0-100) from which a misspelling is taken for the name
_KNOWN_SHARE = 0.5  # misspellings are looked for only where at least this share is known


@dataclass(frozen=True)
class Place:
    """A region, a county or a municipality: SCB code, kind, and official name."""

    code: str
    actor: str
    name: str
    official: str


@cache
def places() -> dict[tuple[str, str], Place]:
    """All places by (code, actor)."""
    text = resources.files("textmine.read").joinpath("respondents.csv").read_text(encoding="utf-8")
    rows = [Place(**row) for row in csv.DictReader(text.splitlines())]
    return {(place.code, place.actor): place for place in rows}


def _fold(name: object) -> str:
    composed = unicodedata.normalize("NFC", str(name))
    return " ".join(re.sub(r"[^\w\s]", " ", composed.casefold()).split())


def _bare(folded: str) -> str:
    """Take away the words that say what kind of body it is: 'kinda kommun' → 'kinda'."""
    return " ".join(_KINDS.sub(" ", folded).split())


@cache
def _names() -> dict[str, list[Place]]:
    """Every folded name of a place, with and without its kind and its genitive s."""
    names: dict[str, list[Place]] = {}

    def add(name: str, place: Place) -> None:
        known = names.setdefault(name, [])
        if place not in known:
            known.append(place)

    for place in places().values():
        for text in (place.name, place.official):
            for name in {_fold(text), _bare(_fold(text))}:
                add(name, place)
        add(f"{_fold(place.name)}s", place)
    for name, key in _OTHER_NAMES.items():
        add(name, places()[key])
    return names


def _stated_actor(folded: str) -> str | None:
    words = {word.removesuffix("s") for word in folded.split()}
    if words & {"kommun", "kommunen", "stad"}:
        return "kommun"
    if words & {"region", "regionen", "landsting", "landstinget"}:
        return "region"
    return "lan" if words & {"län", "länet"} else None


def find_place(name: str, actor: str | None = None) -> Place | None:
    """Find the place that a name means; None if no name is the same.

    Parameters
    ----------
    name
        As the respondent wrote it: 'Dalarna', 'region dalarna ', 'Falu kommun'.
    actor
        'region', 'kommun' or 'lan' if known; it decides between Uppsala and Uppsala.
    """
    folded = _fold(name)
    candidates = _names().get(folded) or _names().get(_bare(folded)) or []
    stated = _stated_actor(folded)
    for kind in (actor, stated, "kommun", "region", "lan"):
        for place in candidates:
            if place.actor == kind:
                return place
    return None


def match_respondents(answers: pd.DataFrame) -> pd.DataFrame:
    """Bring the respondents of an answers table to their official names.

    Adds `respondent_code` (SCB code or null) and, where a name was changed, keeps what was
    written in `respondent_written`. Names near a known one are taken for it, with a warning, if
    at least half of the distinct names are known; all others are kept as they are. An empty
    `actor` is filled in.
    """
    if "respondent" not in answers.columns:
        return answers
    written = answers["respondent"].astype("string").str.strip()
    actors = _actors(answers)
    pairs = list(dict.fromkeys(zip(written.fillna(""), actors, strict=True)))
    found = {(name, actor): find_place(name, actor) if name else None for name, actor in pairs}
    unknown = sorted({name for (name, _), place in found.items() if name and place is None})
    distinct = {name for name, _ in pairs if name}
    if distinct and len(unknown) <= len(distinct) * (1 - _KNOWN_SHARE):
        nearest = _nearest(unknown)
        for name, actor in pairs:
            if name in nearest:
                found[name, actor] = find_place(nearest[name], actor)
    matched = [found[pair] for pair in zip(written.fillna(""), actors, strict=True)]
    out = answers.copy()
    out["respondent"] = pd.Series(
        [place.official if place else name for place, name in zip(matched, written, strict=True)],
        index=answers.index,
        dtype="string",
    )
    out[RESPONDENT_CODE] = pd.Series(
        [place.code if place else None for place in matched], index=answers.index, dtype="string"
    )
    out["actor"] = pd.Series(
        [
            actor or (place.actor if place else None)
            for place, actor in zip(matched, actors, strict=True)
        ],
        index=answers.index,
        dtype="string",
    )
    changed = (out["respondent"] != written).fillna(value=False)
    if changed.any():
        out[RESPONDENT_WRITTEN] = answers["respondent"].astype("string").where(changed)
    return out


def _actors(answers: pd.DataFrame) -> Sequence[str | None]:
    """Give the actor of each row: its kind, else as written; None if blank."""
    if "actor" not in answers.columns:
        return [None] * len(answers)
    kinds = {name: kind for kind, names in ACTORS.items() for name in names}
    texts = answers["actor"].astype("string").fillna("").str.strip()
    return [kinds.get(text.casefold(), text or None) for text in texts]


def _nearest(unknown: Sequence[str]) -> dict[str, str]:
    """Find the known name nearest to each unknown one, and say which were taken."""
    taken = {}
    for name in unknown:
        if _PLURAL.search(_fold(name)):
            continue
        hit = process.extractOne(
            _bare(_fold(name)), list(_names()), scorer=fuzz.ratio, score_cutoff=_NEAR
        )
        if hit:
            stated = _stated_actor(_fold(name))
            place = find_place(hit[0], stated)
            if place:
                taken[name] = place.official
    if taken:
        pairs = ", ".join(f"'{name}' → {official}" for name, official in taken.items())
        warnings.warn(
            f"Respondents taken for the nearest known name: {pairs}.", Attention, stacklevel=2
        )
    return taken
