"""A survey of two areas made by hand, small enough for every figure to be checked by eye."""

from typing import Any

import pandas as pd

from textmine.codebook import Codebook, parse
from textmine.report.findings.build import build_report
from textmine.report.findings.model import Area, Report

BOOK = """
name: liten
title: Liten enkät 2020
columns:
  area:
    vard: {name: Mobil vård}
    unga: {name: Unga}
    tom: {name: Tomt område}
dimensions:
  role:
    name: Roll
    codes:
      resurs: {name: Resurs}
      aktivitet: {name: Aktivitet}
      mal: {name: Mål}
      prestation: {name: Prestation}
      effekt: {name: Effekt}
      ovrigt: {name: Övrigt}
  category:
    name: Insatskategori
    by: area
    when: {role: [resurs, aktivitet, mal, prestation, effekt]}
    codes:
      mobil: {name: Mobila insatser, in: [vard]}
      samverkan: {name: Samverkan, in: [unga]}
      kompetens: {name: Kompetens, names: {unga: Utbildning}}
  level:
    name: Nivå
    when: {role: [effekt]}
    codes:
      verksamhet: {name: Verksamhet}
      individ: {name: Individ}
  flags:
    name: Flaggor
    multiple: true
    codes: [pandemi-hinder, pandemi-mojlig, planerad, annan-finansiering, personuppgift]
"""
# Answer, who, kind, area; then role, category, level, flags, text; then what is open, with its
# runner-up role and category.
ANSWERS: list[tuple[str, str, str, str, list[tuple[Any, ...]]]] = [
    ("a1", "Region Ek", "region", "vard", [
        ("resurs", "mobil", "", [], "400 tkr till ett mobilt team"),
        ("aktivitet", "mobil", "", [], "Teamet i Region Ek söker upp äldre i hemmet varje vecka"),
        ("effekt", "mobil", "individ", [], "Färre äldre läggs in."),
    ]),
    ("a2", "Region Asp", "region", "vard", [
        ("prestation", "mobil", "", [], "Två sjuksköterskor är anställda i det mobila teamet"),
        ("mal", "mobil", "", [], "Målet är att färre äldre ska behöva läggas in på sjukhus"),
        ("effekt", "mobil", "individ", [], "färre äldre läggs in sedan teamet startade"),
        ("effekt", "mobil", "verksamhet", [], "kortare restid", "prestation", ""),
    ]),
    ("a3", "Ale kommun", "kommun", "vard", [
        ("aktivitet", "mobil", "", ["planerad"], "Ett mobilt team ska starta nästa år"),
        ("aktivitet", "kompetens", "", ["planerad"], "En kurs i bemötande planeras till våren"),
    ]),
    ("a4", "Mora kommun", "kommun", "vard", [
        ("prestation", "kompetens", "", [], "Tolv boendestödjare har gått kursen i bemötande"),
        ("effekt", "kompetens", "verksamhet", [], "Ökad trygghet hos boendestödjarna"),
        ("ovrigt", "", "", ["pandemi-hinder"], "Pandemin stoppade två kurser"),
    ]),
    ("a5", "Vara kommun", "kommun", "vard", [
        ("aktivitet", "mobil", "", [], "Boendestödet ringer upp på skärm", "ovrigt", "kompetens"),
        ("prestation", "kompetens", "", ["annan-finansiering"],
         "Brukarrådet i Vara fick en kurs som länsstyrelsen betalade"),
    ]),
    ("a6", "Region Ek", "region", "vard", [
        ("aktivitet", "mobil", "", [], "Vi utvecklar appen för egenvård"),
    ]),
    ("b1", "Eks län", "lan", "unga", [
        ("aktivitet", "samverkan", "", [], "Vi träffar elevhälsan varje månad"),
        ("mal", "samverkan", "", [], "Målet är att unga får hjälp i tid"),
        ("effekt", "samverkan", "verksamhet", [], "Tätare samarbete med skolan"),
        ("prestation", "kompetens", "", [], "Två kursdagar har hållits"),
    ]),
    ("b2", "Asps län", "lan", "unga", [
        ("prestation", "samverkan", "", ["pandemi-mojlig"], "Ett digitalt nätverk har bildats"),
        ("effekt", "kompetens", "individ", [], "Fler unga vågar söka hjälp"),
        ("aktivitet", "samverkan", "", ["personuppgift"], "[namn······] leder gruppen i länet"),
    ]),
]  # fmt: skip
RUN: dict[str, Any] = {"options": {"error_budget": 0.1}, "review": 2, "statements": 22}


def codebook() -> Codebook:
    return parse(BOOK, "liten.yaml")


def statements() -> pd.DataFrame:
    rows = []
    for answer, who, kind, area, said in ANSWERS:
        for n, (role, category, level, flags, text, *second) in enumerate(said, start=1):
            role_second, category_second = second or ("aktivitet", "kompetens")
            rows.append(
                {
                    "statement_id": f"{answer}-{n}", "answer_id": answer, "respondent": who,
                    "actor": kind, "area": area, "year": 2020, "text": text,
                    "role": role, "role_prob": 0.9, "role_second": role_second,
                    "category": category or None, "category_prob": 0.9,
                    "category_second": category_second or None,
                    "level": level or None, "level_prob": 0.9 if level else None,
                    "level_second": None, "flags": flags, "flags_prob": 0.99,
                    "flags_second": "planerad", "review": bool(second),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def answers() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"answer_id": a, "respondent": who, "actor": kind, "area": area, "year": 2020}
            for a, who, kind, area, _ in ANSWERS
        ]
    )


def report(**options: Any) -> Report:
    return build_report(
        options.pop("statements", statements()), answers(), codebook(), RUN, **options
    )


def area(key: str, **options: Any) -> Area:
    return next(area for area in report(**options).areas if area.key == key)
