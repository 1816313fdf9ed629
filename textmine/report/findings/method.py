"""How the report came about, as in the section on method of a Swedish report."""

from collections.abc import Iterator, Mapping
from typing import Any

from textmine.codebook import Codebook
from textmine.report.findings.counts import lowered
from textmine.report.findings.material import Material
from textmine.report.findings.quality import by_people, share_of
from textmine.report.swedish import in_words, joined, number, percent, sentence

_PERSONAL = {
    "personnummer": ("personnummer", "personnummer"),
    "telefon": ("telefonnummer", "telefonnummer"),
    "e-post": ("e-postadress", "e-postadresser"),
    "adress": ("adress", "adresser"),
    "namn": ("personnamn", "personnamn"),
}


def method_of(
    material: Material,
    codebook: Codebook,
    run: Mapping[str, Any],
    evaluation: Mapping[str, Any] | None,
    *,
    logic: bool,
    estimated: bool,
) -> tuple[str, ...]:
    """Write the section: material and coding, review, how right it is, what the counts mean.

    Parameters
    ----------
    logic
        Whether the codebook is a logic model.
    estimated
        Whether the report has counts corrected for the machine's error.
    """
    paragraphs = (
        _coding(material, codebook, run, logic=logic),
        _review(material, codebook, run),
        _accuracy(codebook, run, evaluation),
        _meaning(material, logic=logic, estimated=estimated),
        _personal(run),
    )
    return tuple(text for text in paragraphs if text)


def _coding(material: Material, codebook: Codebook, run: Mapping[str, Any], *, logic: bool) -> str:
    version = run.get("versions", {}).get("textmine", "")
    model = run.get("model", {}).get("name", "")
    what = (
        "som var och en redovisar en sak: en resurs, en aktivitet, ett mål, en prestation eller en "
        "effekt"
        if logic
        else "som var och en handlar om en sak"
    )
    names = [lowered(dimension.name) for dimension in codebook.dimensions.values()]
    text = (
        f"Underlaget är {number(material.answers)} fritextsvar från {material.who}. "
        f"Svaren har delats in i {number(material.statements)} utsagor, {what}. Utsagorna har "
        f"kodats maskinellt enligt kodboken {codebook.title or codebook.name}, version "
        f"{codebook.version}, efter {joined(names)}"
    )
    if version:
        text += f", med programmet textmine {version}"
    if model:
        text += f" och modellen {model}"
    corpus = run.get("model", {}).get("statements")
    if corpus:
        text += f". Modellen har lärt sig av {number(corpus)} utsagor som människor har kodat"
    return f"{text}."


def _review(material: Material, codebook: Codebook, run: Mapping[str, Any]) -> str:
    parts: list[str] = []
    budget = run.get("options", {}).get("error_budget")
    text = (
        "För varje kod anger modellen hur säker den är. Utsagor där någon kod är för osäker lämnas "
        "till granskning, liksom utsagor som är alltför olika dem som modellen har lärt sig av"
    )
    if "applied" not in run and run.get("statements"):
        share = percent(run["review"] / run["statements"])
        text += f": {number(run['review'])} av {number(run['statements'])} ({share})"
    parts.append(f"{text}.")
    if budget is not None:
        text = (
            f"Gränsen är satt så att högst {percent(budget)} av de koder som modellen sätter på "
            "egen hand ska vara fel."
        )
        expected = [
            f"{percent(error, 1)} för {lowered(codebook.dimensions[name].name)}"
            for name, error in run.get("expected_error", {}).items()
            if error is not None and name in codebook.dimensions
        ]
        if expected:
            text += f" Enligt modellens egna sannolikheter är felet {joined(expected)}."
        parts.append(text)
    parts += _decided(run)
    if material.open:
        left = "utsaga återstår" if material.open == 1 else "utsagor återstår"
        parts.append(f"{sentence(in_words(material.open))} {left} att granska.")
    return " ".join(parts)


def _decided(run: Mapping[str, Any]) -> Iterator[str]:
    applied = run.get("applied")
    if not applied:
        yield "Ingen har ännu granskat kodningen."
        return
    sources = applied["sources"]
    agreed, changed = sources.get("agreed", 0), sources.get("human", 0)
    people = applied.get("coders", 0)
    who = "en person" if people == 1 else f"{in_words(people)} personer"
    yield (
        f"{sentence(in_words(agreed + changed))} utsagor ({percent(by_people(run))}) har granskats "
        f"av {who}, som bekräftade koderna i {in_words(agreed)} fall och ändrade någon kod i "
        f"{in_words(changed)}."
    )


def _accuracy(
    codebook: Codebook, run: Mapping[str, Any], evaluation: Mapping[str, Any] | None
) -> str:
    parts = []
    audit = run.get("applied", {}).get("audit", {})
    if audit:
        found = [
            f"{share_of(figures['error'])} för {_the(codebook, name)}"
            for name, figures in audit.items()
            if name in codebook.dimensions
        ]
        parts.append(
            "I ett kvalitetsprov har människor granskat ett slumpvis urval av det som modellen "
            f"hade kodat på egen hand. Där var andelen fel {joined(found)}. Inom parentes står "
            "95-procentiga konfidensintervall."
        )
    judged = {
        name: figures
        for name, figures in (evaluation or {}).get("dimensions", {}).items()
        if figures.get("n") and name in codebook.dimensions
    }
    if judged:
        parts.append(_agreement(codebook, judged))
    elif test := run.get("model", {}).get("test", {}):
        found = [
            f"{percent(figures['accuracy'])} för {_the(codebook, name)}"
            for name, figures in test.items()
            if name in codebook.dimensions and figures.get("accuracy") is not None
        ]
        parts.append(
            "När modellen prövades på handkodade svar som den inte hade sett var andelen rätta "
            f"koder, för samtliga utsagor och utan granskning, {joined(found)}."
        )
    return " ".join(parts)


def _agreement(codebook: Codebook, judged: Mapping[str, Mapping[str, Any]]) -> str:
    found = [
        f"{share_of(figures['accuracy'])} för {_the(codebook, name)}"
        for name, figures in judged.items()
    ]
    most = max(figures["n"] for figures in judged.values())
    text = (
        f"Överensstämmelsen med mänsklig kodning har prövats på {number(most)} handkodade utsagor. "
        f"Där var andelen rätta koder {joined(found)}, med 95-procentiga konfidensintervall inom "
        "parentes."
    )
    if any(figures.get("coders", {}).get("coder_coder") for figures in judged.values()):
        text += (
            " Kvalitetstabellen visar också hur väl två människor som kodar samma utsagor stämmer "
            "överens."
        )
    return text


def _meaning(material: Material, *, logic: bool, estimated: bool) -> str:
    text = (
        "Antalen avser aktörer, inte utsagor. En aktör räknas en gång i varje ruta, oavsett hur "
        "många utsagor den har där, men kan finnas i flera rutor. Antalen ska därför inte summeras."
    )
    if material.open:
        text += (
            " ”Minst” och ”som mest” anger hur lågt och hur högt antalet kan bli när de utsagor "
            "som återstår har granskats."
        )
    if estimated:
        text += (
            " I de skattade antalen är maskinens fel inräknade, efter hur ofta granskningen visar "
            "att den kodar fel. De anges med 95-procentigt konfidensintervall."
        )
    text += " Resultaten bygger på vad aktörerna själva har beskrivit i sina svar."
    if logic:
        text += (
            " Att en effekt redovisas betyder inte att den är uppmätt eller att den beror på "
            "insatsen, och att något inte redovisas betyder inte att det saknas."
        )
    return text


def _personal(run: Mapping[str, Any]) -> str:
    found = {kind: n for kind, n in (run.get("personal") or {}).items() if n}
    if not found:
        return ""
    parts = []
    for kind, n in found.items():
        one, many = _PERSONAL.get(kind, (kind, kind))
        parts.append(f"{number(n)} {one if n == 1 else many}")
    return (
        "Personuppgifter i svaren har sökts upp maskinellt och maskerats: "
        f"{joined(parts)}. Enstaka uppgifter kan ha missats."
    )


def _the(codebook: Codebook, name: str) -> str:
    return lowered(codebook.dimensions[name].name)
