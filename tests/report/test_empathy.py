"""The empathy map."""

import re
from pathlib import Path

import pandas as pd
import pytest

from textmine.coding.coder import Coder
from textmine.errors import TextmineError
from textmine.report.empathy import draw_empathy_map


def coded() -> pd.DataFrame:
    rows = [
        ("Ringer två gånger om dagen", "gor", 0.6, "smarta", 0.9),
        ("Går långa promenader i skogen", "gor", 0.9, "vinst", 0.8),
        ("Går långa promenader i skogen", "gor", 0.9, "vinst", 0.8),
        ("Undrar om <någon> läser & svarar för $5 eller $6", "tanker", 0.7, "smarta", 0.5),
        ("Öppnar kl. åtta", "gor", 0.5, "neutral", 0.5),
    ]
    return pd.DataFrame(rows, columns=["text", "ruta", "ruta_prob", "utfall", "utfall_prob"])


def written(path: Path) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8"))


def test_each_field_counts_its_notes_and_shows_the_surest_first(tmp_path: Path) -> None:
    draw_empathy_map(coded(), tmp_path / "karta.svg", "Våra möten")
    texts = written(tmp_path / "karta.svg")
    assert {"Våra möten", "5 anteckningar", "Gör · 4", "Tänker · 1", "Känner · 0"} <= set(texts)
    assert {"Smärtor · 2", "Vinster · 2", "Säger · 0"} <= set(texts)
    doing = texts[texts.index("Gör · 4") :]
    assert doing.index("Går långa promenader i skogen") < doing.index("Ringer två gånger om dagen")
    # Once in its field and once among the gains, though two people wrote it.
    assert texts.count("Går långa promenader i skogen") == 2
    assert "Undrar om &lt;någon&gt; läser &amp; svarar för $5 eller $6" in texts


def test_the_same_notes_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "a.svg", "b.svg", "a.pdf", "b.pdf"):
        draw_empathy_map(coded(), tmp_path / name)
    for kind in ("png", "svg", "pdf"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_many_and_long_notes_keep_to_their_field(tmp_path: Path) -> None:
    long = "Berättar om " + "kön till utredning " * 20
    many = pd.DataFrame({"text": [f"{i} {long}" for i in range(50)]})
    draw_empathy_map(many.assign(ruta="sager", utfall="smarta"), tmp_path / "karta.svg")
    texts = written(tmp_path / "karta.svg")
    # Two lines a note at most, and as many as there is room for.
    assert sum(text.endswith(" …") for text in texts) == 9
    assert texts.count("•") == 9


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextmineError, match="no column 'ruta'; code them with"):
        draw_empathy_map(coded().drop(columns="ruta"), tmp_path / "karta.svg")
    with pytest.raises(TextmineError, match=r"karta\.doc: the map can be"):
        draw_empathy_map(coded(), tmp_path / "karta.doc")


def test_the_shipped_coder_tells_the_fields_apart() -> None:
    texts = {
        '"Jag orkar inte ringa en gång till"': "sager",
        "Går alltid hem före lunch och låser dörren": "gor",
        "Klump i magen inför varje möte": "kanner",
        "Undrar om det är hennes eget fel": "tanker",
    }
    notes = pd.DataFrame({"text": list(texts)})
    assert Coder.load("empatikarta").predict(notes)["ruta"].tolist() == list(texts.values())
