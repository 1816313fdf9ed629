"""What a reader should know before using the figures, and where they come from."""

from collections.abc import Iterator, Mapping
from typing import Any

from textmine.report.findings.material import Material
from textmine.report.swedish import in_words, number


def notes_of(material: Material, run: Mapping[str, Any], smallest: int | None) -> Iterator[str]:
    """Write the notes: what is under review, unknown or not shown."""
    if material.open:
        noun = "utsaga" if material.statements == 1 else "utsagor"
        yield (
            f"{number(material.open)} av {number(material.statements)} {noun} återstår att granska."
            " Där de kan ändra ett antal anges också hur lågt och hur högt det kan bli."
        )
    if run.get("unknown_contexts"):
        yield (
            "Några svar hör till områden som kodboken inte känner; de står sist, utan kategorier."
        )
    if smallest:
        yield (
            f"Antal under {in_words(smallest)} visas inte, och inte heller de antal som de kunde "
            "räknas fram ur. Utsagorna bakom dem är utelämnade, liksom vem som har sagt vad. "
            "Antalet utsagor avser de som visas."
        )


def sources_of(run: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """List what the figures can be traced by."""
    told = (
        ("Fil", run.get("input", {}).get("name")),
        ("Filens SHA-256", run.get("input", {}).get("sha256")),
        ("Kodbok", run.get("codebook")),
        ("Modell", run.get("model", {}).get("name")),
        ("Körning", run.get("key")),
        ("Programversion", run.get("versions", {}).get("textmine")),
    )
    return tuple((what, str(value)) for what, value in told if value)
