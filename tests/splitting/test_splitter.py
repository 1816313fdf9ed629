"""Answers become statements: exact offsets, nothing lost, atoms whole, tables kept."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

import textmine
from textmine.errors import TextmineError
from textmine.splitting.components import FACTORY, HEADINGS, STATEMENTS
from textmine.splitting.splitter import count_statements, split, split_text, statement_pipeline
from textmine.splitting.swedish import blank_pipeline

CORPUS = Path(__file__).parents[2] / "corpora" / "answers-2020.jsonl"
PIECES = [
    *(
        "Vi har startat en grupp",
        "utbildning i SIP",
        "Ny rutin",
        "vilket gett ökad trygghet",
        "för att",
    ),
    *(
        "och",
        "samt",
        "men",
        "Medan",
        "eller",
        "o",
        "&",
        "+",
        "Följande har gjorts:",
        "RESULTAT",
        "Mvh",
    ),
    *("t.ex.", "bl.a.", "ca", "tkr", "kl. 8", "fr.o.m.", "m.m.", "2,5 mnkr", "1 250 000 kr", "1/3"),
    *(
        "1.",
        "2)",
        "a)",
        "(b)",
        "iv.",
        "(2019: 9)",
        "-",
        "–",
        "•",
        "*",
        "→",
        "->",
        "--",
        "___",
        "12",
    ),
    *(",", ";", ":", ".", "!", "?", "…", "...", "(", ")", '"', "”", "/", "%", "@", "#", "."),
    *(" ", " ", " ", "  ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2028", "\r", "\n- ", "\r\n• "),
    *(
        "👍",
        "👩‍👩‍👧",
        "🇸🇪",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\u0308",
        "e\u0301",
        "\x00",
        "\x1f",
    ),
    *("a.b@c.se", "https://www.example.com/a?b=c;d", "漢字", "عربي", "²", "½", "ß", "İ", "\ue000"),
]
MESSY = st.one_of(
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.sampled_from([" ", "\n", ". "]), st.text(max_size=6)),
        max_size=40,
    ).map("".join),
    st.text(),
)
INVISIBLE = set(map(chr, range(0x20))) | set(" \u200b\u200d\u200e\ufeff\u00ad\u00a0")
CONJUNCTIONS = {"och", "samt", "men", "medan", "eller", "o"}
ENUMERATOR = re.compile(r"\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}")


def statements(text: str) -> list[str]:
    return [text[start:end] for start, end in split_text(text)]


def headings(text: str) -> list[str]:
    doc = statement_pipeline()(text)
    return [span.text for span in doc.spans[HEADINGS]]


def lost(piece: str) -> Iterator[str]:
    """Words outside every span that are neither a conjunction nor a list number."""
    for word in re.finditer(r"[^\W_]+", piece):
        number = ENUMERATOR.fullmatch(word.group()) and piece[word.end() : word.end() + 1] in {
            ".",
            ")",
        }
        if not number and word.group().lower() not in CONJUNCTIONS:
            yield word.group()


def check(doc: Doc, text: str) -> None:
    """All that must hold of any division of any text."""
    assert doc.text == text
    found = [(s.start_char, s.end_char, s.text) for s in doc.spans[STATEMENTS]]
    heads = [(s.start_char, s.end_char, s.text) for s in doc.spans[HEADINGS]]
    assert found == sorted(found)
    assert heads == sorted(heads)
    position = 0
    for start, end, words in sorted(found + heads):
        assert position <= start < end <= len(text)
        assert text[start:end] == words
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert not set(words) <= INVISIBLE
        assert list(lost(text[position:start])) == []
        position = end
    assert list(lost(text[position:])) == []
    if any(map(str.isalnum, text)):
        assert found


# Properties


@settings(max_examples=500, deadline=None)
@given(text=MESSY)
@example(text="")
@example(text="1) 2) 3)")
@example(text="och men\n- samt")
@example(text="-Utbildning\r\n-Rutin\r\n\r\n•Kurs\x00")
def test_offsets_are_exact_and_nothing_is_lost(text: str) -> None:
    doc = statement_pipeline()(text)
    check(doc, text)
    spans = split_text(text)
    assert spans == [(s.start_char, s.end_char) for s in doc.spans[STATEMENTS]]


OTHERS = {name: spacy.blank(name) for name in ("sv", "xx")}
for _other in OTHERS.values():
    _other.add_pipe(FACTORY)


@settings(max_examples=150, deadline=None)
@given(text=MESSY, language=st.sampled_from(sorted(OTHERS)))
def test_nothing_is_lost_in_plain_pipelines(text: str, language: str) -> None:
    check(OTHERS[language](text), text)


FRESH = blank_pipeline()
FRESH.add_pipe(FACTORY)


def divide_fresh(text: str) -> list[tuple[int, int]]:
    doc = FRESH(text)
    return [(s.start_char, s.end_char) for s in doc.spans[STATEMENTS]]


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(MESSY, min_size=1, max_size=4))
def test_same_text_same_spans(texts: list[str]) -> None:
    one = [split_text(text) for text in texts]
    two = [divide_fresh(text) for text in reversed(texts)]
    assert one == two[::-1]
    assert one == [split_text(text) for text in texts]


def test_corpus_answers_are_divided_without_loss() -> None:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()[::9]
    texts = [json.loads(line)["text"] for line in lines]
    several = 0
    for text in texts:
        check(statement_pipeline()(text), text)
        several += len(split_text(text)) > 1
    assert several > len(texts) / 3


# Lists


BULLETS = ["- ", "• ", "* ", "– ", "→ ", "-", "•", "–", "*", "→", "\uf0b7 ", "▪\t", "-> "]


@pytest.mark.parametrize("bullet", BULLETS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
def test_bullets(bullet: str, newline: str) -> None:
    items = ["Utbildning i SIP för personal", "Ny rutin för samverkan", "Handledning av behandlare"]
    assert statements(newline.join(bullet + item for item in items)) == items


@pytest.mark.parametrize(
    "numbers", ["1. 2. 3.", "1) 2) 3)", "a) b) c)", "10. 11. 12.", "(1) (2) (3)"]
)
@pytest.mark.parametrize("blank", [" ", "\t", ""])
def test_numbered_lists(numbers: str, blank: str) -> None:
    items = ["Utbildning i SIP för personal", "Ny rutin för samverkan", "Handledning av behandlare"]
    text = "\n".join(f"{n}{blank}{item}" for n, item in zip(numbers.split(), items, strict=True))
    if blank or "(" not in numbers:
        assert statements(text) == items


def test_inline_numbers() -> None:
    assert statements("1) Utbildning i SIP, 2) ny rutin för samverkan, 3) handledning") == [
        "Utbildning i SIP",
        "ny rutin för samverkan",
        "handledning",
    ]


def test_semicolon_list() -> None:
    assert statements("Utbildning i SIP; ny rutin;handledning av personal.") == [
        "Utbildning i SIP",
        "ny rutin",
        "handledning av personal.",
    ]


def test_heading_is_no_statement() -> None:
    text = "Följande har gjorts:\n- Vi har utbildat 40 lärare\n- Ny rutin för SIP är framtagen"
    assert headings(text) == ["Följande har gjorts"]
    assert statements(text) == ["Vi har utbildat 40 lärare", "Ny rutin för SIP är framtagen"]


@pytest.mark.parametrize(
    "items",
    [
        ["Utbildning", "Handledning"],
        ["Kurs i MHFA", "Rutin"],
        ["SIP", "Samtalsgrupp", "YAM"],
    ],
)
def test_short_items_are_statements(items: list[str]) -> None:
    text = "Följande har gjorts:\n" + "\n".join(f"- {item}" for item in items)
    assert statements(text) == items


# Sentences


@pytest.mark.parametrize(
    "text",
    [
        "Utb MHFA 3 ggr, 45 pers",
        "Utbildning i MHFA, YAM och ASIST har genomförts.",
        "Inget",
        "Inget att redovisa",
        "Se bilaga",
        "Se bilaga 2.",
        "Men",
        "och",
        "12.",
        "12",
        "Ja!",
        "👍",
        "?!? ja",
    ],
)
def test_one_statement(text: str) -> None:
    assert len(statements(text)) == 1


@pytest.mark.parametrize("text", ["Utb MHFA 3 ggr, 45 pers", "Se bilaga", "Men", "12.", "Ja!"])
def test_one_statement_is_the_whole(text: str) -> None:
    assert statements(text) == [text]
    assert statements(f" \n{text}\r\n ") == [text]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\n\r\n\t", "-", "–", "--", "---", "_____", "*", "•", "- \n- \n-", ".", "..."),
        *("…", "?", "()", "( - )", "./.", "\u200b", "\ufeff", "\x00", "\u00ad", "\u200e\n", '""'),
    ],
)
def test_no_statement(text: str) -> None:
    assert statements(text) == []
    assert headings(text) == []


def test_sentences_are_cut() -> None:
    parts = [
        "Vi har startat en samtalsgrupp för unga.",
        "Rutinen för SIP är framtagen!",
        "Personalen känner sig tryggare i samtal om suicid.",
    ]
    assert statements(" ".join(parts)) == parts
    assert statements("\n".join(parts)) == parts


def test_full_stop_without_blank() -> None:
    assert statements("Rutinen är klar.Vi har anställt en kurator.") == [
        "Rutinen är klar.",
        "Vi har anställt en kurator.",
    ]


def test_conjunction_and_comma_stand_outside() -> None:
    text = "Vi har anställt en kurator, och vi har tagit fram en rutin för SIP."
    assert statements(text) == [
        "Vi har anställt en kurator",
        "vi har tagit fram en rutin för SIP.",
    ]


# Atoms


ATOMS = [
    *("t.ex.", "bl.a.", "fr.o.m.", "t.o.m.", "m.m.", "p.g.a.", "kl. 8.30", "ca 40", "380 tkr"),
    *("2,5", "0.5", "2020-03-01", "1/3", "31/12-2020", "1 250 000 kr", "1.250.000 kr", "2,5 mnkr"),
    *(
        "(2019: 9)",
        "(2019: 64 %)",
        "anna.svensson@region.se",
        "https://www.example.com/a-b?x=1;y=2",
    ),
    *("www.example.se/rapport.pdf", "070-123 45 67", "e-hälsa", "och/eller", "0,2–0,5", "13:30"),
]
FRAMES = [
    "Vi har redovisat {} till nämnden under året.",
    "Kursen gavs {} för personal; ny rutin är framtagen.",
    "- Utbildning {} i länet\n- Ny rutin",
    "Antal SIP {}\nVi har anställt en kurator.",
    "{}",
    "1) Stöd {} 2) Handledning",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("atom", ATOMS)
def test_atoms_are_never_cut(frame: str, atom: str) -> None:
    text = frame.format(atom)
    first = text.index(atom)
    last = first + len(atom.rstrip("."))
    doc = statement_pipeline()(text)
    spans = [*doc.spans[STATEMENTS], *doc.spans[HEADINGS]]
    assert any(s.start_char <= first and last <= s.end_char for s in spans), [s.text for s in spans]


# Components


@pytest.mark.parametrize("language", ["sv", "xx"])
def test_component_joins_a_plain_pipeline(language: str) -> None:
    nlp = spacy.blank(language)
    nlp.add_pipe("textmine_statements")
    doc = nlp("Vi har anställt en kurator. Ny rutin är framtagen.")
    assert [s.text for s in doc.spans["statements"]] == [
        "Vi har anställt en kurator.",
        "Ny rutin är framtagen.",
    ]
    assert len(doc.spans["headings"]) == 0


def test_component_refuses_an_unknown_model() -> None:
    with pytest.raises(TextmineError, match="finns-inte"):
        spacy.blank("sv").add_pipe("textmine_statements", config={"model": "finns-inte"})


# Tables


def test_split_keeps_order_columns_and_ids() -> None:
    answers = pd.DataFrame(
        {
            "answer_id": ["a17", "a3", "a9"],
            "area": ["barn-unga", None, "traumavard"],
            "text": ["- Ny rutin\n- Ny kurs i SIP", "-", "Se bilaga"],
            "vikt": [1.5, 2.5, 3.5],
        },
        index=[7, 7, 1],
    )
    before = answers.copy(deep=True)
    table = split(answers)
    assert list(table["statement_id"]) == ["a17-1", "a17-2", "a9-1"]
    assert list(table["text"]) == ["Ny rutin", "Ny kurs i SIP", "Se bilaga"]
    assert list(table["vikt"]) == [1.5, 1.5, 3.5]
    assert list(table["area"]) == ["barn-unga", "barn-unga", "traumavard"]
    assert list(table.columns) == [
        *("statement_id", "answer_id", "area", "vikt", "answer_text", "start", "end", "text")
    ]
    for row in table.itertuples():
        assert row.answer_text[row.start : row.end] == row.text
    assert list(table.index) == [0, 1, 2]
    pd.testing.assert_frame_equal(answers, before)
    counted = count_statements(answers, table)
    assert list(counted["n_statements"]) == [2, 0, 1]


def test_split_without_answer_id() -> None:
    table = split(pd.DataFrame({"text": ["Ny rutin", "", "Ny rutin; ny kurs"]}))
    assert list(table["statement_id"]) == ["s00001-1", "s00003-1", "s00003-2"]
    assert list(table["answer_id"]) == ["s00001", "s00003", "s00003"]


def test_split_is_public() -> None:
    assert callable(textmine.split)
    table = textmine.split(pd.DataFrame({"text": ["Ny rutin"]}))
    assert list(table["statement_id"]) == ["s00001-1"]


def test_unit_statement_keeps_rows_whole() -> None:
    texts = ["  Ny rutin. Vi har anställt en kurator.\n", "- a\n- b", "  ", "-"]
    table = split(pd.DataFrame({"answer_id": list("abcd"), "text": texts}), unit="statement")
    assert list(table["text"]) == ["Ny rutin. Vi har anställt en kurator.", "- a\n- b", "-"]
    assert list(table["statement_id"]) == ["a-1", "b-1", "d-1"]
    assert list(table["start"]) == [2, 0, 0]


@pytest.mark.parametrize("unit", ["answer", "statement"])
def test_statements_can_be_split_again(unit: str) -> None:
    once = split(pd.DataFrame({"answer_id": ["a"], "text": ["Ny rutin; ny kurs"]}))
    again = split(once, unit=unit)
    assert list(again["statement_id"]) == ["a-1", "a-2"]
    assert list(again["text"]) == ["Ny rutin", "ny kurs"]
    assert list(again["start"]) == [0, 0]


@pytest.mark.parametrize("unit", ["answer", "statement"])
@pytest.mark.parametrize(
    "texts", [[], [None], [float("nan")] * 2, [None, pd.NA, float("nan"), ""], ["-"][:0]]
)
def test_tables_without_content(texts: list[object], unit: str) -> None:
    table = split(pd.DataFrame({"text": texts}), unit=unit)
    assert len(table) == 0
    assert {"statement_id", "answer_id", "answer_text", "start", "end", "text"} == set(table)
    assert table["start"].dtype == table["end"].dtype == "int64"


def test_null_texts_give_no_row() -> None:
    answers = pd.DataFrame({"answer_id": list("abc"), "text": [None, "Ny rutin", pd.NA]})
    assert list(split(answers)["statement_id"]) == ["b-1"]


def test_null_answer_ids_do_not_spoil_the_others() -> None:
    answers = pd.DataFrame({"answer_id": ["a", None], "text": ["Ny rutin", "Ny kurs"]})
    assert split(answers)["statement_id"].iloc[0] == "a-1"


def test_split_refuses_a_table_without_text() -> None:
    with pytest.raises(TextmineError, match=r"no column 'text' \(its columns: svar\)"):
        split(pd.DataFrame({"svar": ["x"]}))


def test_split_refuses_an_unknown_unit() -> None:
    with pytest.raises(TextmineError, match="allowed are 'answer' and 'statement'"):
        split(pd.DataFrame({"text": ["x"]}), unit="svar")


# Size


def long_answer() -> str:
    text = ""
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        text += json.loads(line)["text"] + "\n"
        if len(text) >= 50_000:
            return text[:50_000]
    raise AssertionError("the corpus is too short")


@pytest.mark.parametrize(
    "text",
    [
        long_answer(),
        *(sign * 50_000 for sign in ("a", "_", "-", "(", "!", "$", "👍", "\n", "\u200b")),
        *(pair * 25_000 for pair in ("a)", "x\n", "1.", "a,", "- ", "ny ", "e\u0301")),
        *(some * 10_000 for some in ("och, ", "a; b ", "1) a ", "(a) ")),
        "/".join(["utbildning"] * 5_000),
    ],
    ids=lambda text: repr(text[:6]),
)
def test_long_answers_take_seconds(text: str) -> None:
    begun = time.perf_counter()
    doc = statement_pipeline()(text)
    assert time.perf_counter() - begun < 10
    check(doc, text)
