"""From groups to a codebook."""

from pathlib import Path

from textmine.cluster.handover import Theme, codebook_of, codes_of
from textmine.codebook import Codebook

THEMES = [
    Theme("Juridiska frågor", "Sekretess: vem får veta vad?", ["Får vi ringa skolan?", "- nej"]),
    Theme("Mat & måltider", "", []),
]


def test_names_become_codes() -> None:
    names = ["Juridiska frågor", "Mat & måltider", "Å!", "juridiska Frågor", "???"]
    codes = ["juridiska-fragor", "mat-maltider", "a", "juridiska-fragor-2", "grupp"]
    assert codes_of(names) == codes


def test_a_codebook_is_written_and_read_again(tmp_path: Path) -> None:
    book = codebook_of(THEMES, "behov", "tema", "Tema")
    book.save(tmp_path / "kodbok.yaml")
    assert Codebook.load(tmp_path / "kodbok.yaml") == book
    text = (tmp_path / "kodbok.yaml").read_text(encoding="utf-8")
    assert "Juridiska frågor" in text
    assert book.dimensions["tema"].codes["juridiska-fragor"].include == (
        "Får vi ringa skolan?",
        "- nej",
    )
