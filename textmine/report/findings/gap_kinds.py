"""What is looked for in *Vad som saknas*, and how each row is worded."""

from collections.abc import Callable
from dataclasses import dataclass

from textmine.report.findings.logic import (
    EFFECT,
    ENABLED,
    GOAL,
    HINDERED,
    PAID_ELSEWHERE,
    PLANNED,
    Logic,
)
from textmine.report.findings.said import Said
from textmine.report.findings.user_words import has_user_voice

WITHOUT_GOAL, WITHOUT_USERS, WITHOUT_EFFECT, ONLY_PLANNED = (
    "utan-mal",
    "utan-brukarperspektiv",
    "utan-effekt",
    "enbart-planerat",
)
_NOTED = {
    PAID_ELSEWHERE: (
        "Annan finansiering",
        "Aktörer som uppger att något av det de redovisar har betalats med andra medel än "
        "överenskommelsens.",
        "uppger att något har betalats med andra medel än överenskommelsens",
    ),
    HINDERED: (
        "Pandemin som hinder",
        "Aktörer som uppger att pandemin har stoppat eller försenat något.",
        "uppger att pandemin har stoppat eller försenat något",
    ),
    ENABLED: (
        "Pandemin som drivkraft",
        "Aktörer som uppger att pandemin har påskyndat eller möjliggjort något.",
        "uppger att pandemin har påskyndat eller möjliggjort något",
    ),
}


@dataclass(frozen=True)
class Kind:
    """One row of the table.

    Attributes
    ----------
    verb
        What the respondents do, after their number.
    lacking
        Whether respondents count who report initiatives and made no statement of the sort; else
        those count who made one.
    told
        Tells such a statement.
    role
        The role that such a statement has, if that is what makes it one.
    """

    key: str
    name: str
    explanation: str
    verb: str
    lacking: bool
    told: Callable[[Said], bool]
    role: str = ""


def kinds_of(logic: Logic) -> list[Kind]:
    """List the rows that a codebook has the codes for."""
    out = []
    if GOAL in logic.roles:
        out.append(
            Kind(
                WITHOUT_GOAL,
                "Insatser utan mål",
                "Aktörer som redovisar insatser men inget mål i samma kategori "
                "(totalt: i hela området).",
                "nämner inget mål för sina insatser",
                lacking=True,
                told=lambda one: GOAL in one.roles,
                role=GOAL,
            )
        )
    out += [
        Kind(
            WITHOUT_USERS,
            "Insatser utan brukarperspektiv",
            "Aktörer som redovisar insatser utan att det framgår att patienter, brukare, "
            "närstående eller unga har deltagit, tillfrågats eller kommit till tals. "
            "Uppgiften bygger på en ordlista och är ungefärlig.",
            "beskriver inte hur patienter, brukare eller närstående har kommit till tals",
            lacking=True,
            told=lambda one: has_user_voice(one.text),
        ),
        Kind(
            WITHOUT_EFFECT,
            "Insatser utan redovisad effekt",
            "Aktörer som redovisar insatser men ingen effekt i samma kategori "
            "(totalt: i hela området).",
            "redovisar ingen effekt av sina insatser",
            lacking=True,
            told=lambda one: EFFECT in one.roles,
            role=EFFECT,
        ),
    ]
    if PLANNED in logic.known_flags:
        out.append(
            Kind(
                ONLY_PLANNED,
                "Enbart planerade insatser",
                "Aktörer vars samtliga insatser i kategorin (totalt: i hela området) är planerade "
                "eller inte påbörjade.",
                "redovisar enbart planerade insatser",
                lacking=True,
                told=_under_way(logic),
            )
        )
    out += [
        Kind(code, *texts, lacking=False, told=_flagged(code))
        for code, texts in _NOTED.items()
        if code in logic.known_flags
    ]
    return out


def _under_way(logic: Logic) -> Callable[[Said], bool]:
    initiative = set(logic.initiative)
    return lambda one: bool(initiative & set(one.roles)) and PLANNED not in one.flags


def _flagged(code: str) -> Callable[[Said], bool]:
    return lambda one: code in one.flags
