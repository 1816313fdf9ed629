"""What the sheet *Om körningen* says of a run, in Swedish."""

from collections.abc import Mapping
from typing import Any

from textmine.codebook import Codebook


def facts_of(run: Mapping[str, Any], codebook: Codebook) -> list[tuple[str, object]]:
    """Say in Swedish what `run.json` says, for the sheet Om körningen."""
    budget = run["options"]["error_budget"]
    facts: list[tuple[str, object]] = [
        ("Underlag", None),
        ("Fil", run.get("input", {}).get("name", "")),
        ("Filens SHA-256", run.get("input", {}).get("sha256", "")),
        ("Svar", run["answers"]),
        ("Utsagor", run["statements"]),
        ("Dolda personuppgifter", _masked(run.get("personal", {}))),
        ("Kodning", None),
        ("Modell", run.get("model", {}).get("name", "")),
        ("Kodbok", run["codebook"]),
        ("Felbudget (högsta andel fel bland det som inte granskas)", budget),
        ("Att granska", run["review"]),
        ("Andel att granska", float(run["review_share"])),
        (
            f"Granskningstid vid {run['review_pace']} utsagor i timmen",
            f"{run['review_hours']:.1f} timmar".replace(".", ","),
        ),
    ]
    for name, dimension in codebook.dimensions.items():
        error = run["expected_error"][name]
        facts.append(
            (
                f"Förväntat fel utan granskning: {dimension.name.lower()}",
                "alla granskas" if error is None else float(error),
            )
        )
    if "applied" in run:
        facts += _review_facts(run["applied"], codebook)
    facts += [
        ("Så läses arbetsboken", None),
        (
            "Sannolikhet",
            "Kalibrerad mot svar som modellen inte har sett: av utsagor med 80 % är ungefär "
            "åtta av tio rätt kodade. Rosa: under 50 %. Gult: 50–75 %.",
        ),
        (
            "Granska",
            "Utsagor där någon kod är så osäker att felbudgeten annars inte skulle hållas, "
            "osäkrast först. Övriga utsagor är kodade av maskinen ensam.",
        ),
        (
            "Ovanlighet",
            "0–100 %: hur olik utsagan är det som modellen har lärt sig av. "
            "99 % betyder att 99 av 100 kända utsagor är vanligare.",
        ),
        ("Programversion", f"textmine {run['versions']['textmine']}"),
    ]
    return facts


def _masked(found: Mapping[str, int]) -> str:
    """Count what was masked, by kind."""
    return ", ".join(f"{kind} {n}" for kind, n in found.items() if n) or "inga"


def _review_facts(review: Mapping[str, Any], codebook: Codebook) -> list[tuple[str, object]]:
    """Say what people did, and how often the machine was wrong where they looked at random."""
    sources = review["sources"]
    facts: list[tuple[str, object]] = [
        ("Granskning", None),
        ("Utsagor som människor har kodat om", sources.get("human", 0)),
        ("Utsagor som människor har bekräftat", sources.get("agreed", 0)),
        ("Utsagor som bara maskinen har kodat", sources.get("machine", 0)),
        ("Personer som har granskat", review["coders"]),
    ]
    for name, audit in review["audit"].items():
        error, low, high = (f"{100 * share:.1f}".replace(".", ",") for share in audit["error"])
        facts.append(
            (
                f"Maskinens fel i kvalitetsprovet: {codebook.dimensions[name].name.lower()}",
                f"{error} % (95 % intervall {low}–{high} %), {audit['wrong']} av {audit['n']}",
            )
        )
    return facts
