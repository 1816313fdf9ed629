"""Gaps and segments: whatever is cut, content is kept and only separators fall outside."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from textmine.splitting.gaps import CONJUNCTIONS, Kind, Tokens
from textmine.splitting.swedish import blank_pipeline

PIECES = [
    *("Vi", "har", "startat", "rutin", "åtgärd", "öppet", "SIP", "MHFA", "och", "samt", "Men", "o"),
    *(
        "medan",
        "eller",
        "t.ex.",
        "bl.a.",
        "kl.",
        "tkr",
        "fr.o.m.",
        "12",
        "2,5",
        "2020-03-01",
        "1/3",
    ),
    *("1.", "2)", "a)", "(b)", "iv.", "(2019: 9)", "-", "–", "—", "•", "*", "→", "->", "--", "_"),
    *(",", ";", ":", ".", "!", "?", "…", "...", "(", ")", '"', "”", "/", "&", "+", "%", "@", "#"),
    *(" ", " ", " ", "  ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2028", "\r"),
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
MESSY = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from([" ", "\n", ". "]), st.text(max_size=6)),
    max_size=40,
).map("".join)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank_pipeline()


PIPELINES = {"textmine": blank_pipeline(), "sv": spacy.blank("sv"), "xx": spacy.blank("xx")}


@settings(max_examples=300, deadline=None)
@given(text=MESSY, language=st.sampled_from(sorted(PIPELINES)), data=st.data())
def test_any_cuts_keep_all_content(text: str, language: str, data: st.DataObject) -> None:
    doc = PIPELINES[language].make_doc(text)
    assert doc.text == text
    tokens = Tokens.of(doc)
    content = [i for i, kind in enumerate(tokens.kinds) if kind is Kind.CONTENT]
    assert [(gap.left, gap.right) for gap in tokens.gaps] == list(
        zip(content, content[1:], strict=False)
    )
    cuts = data.draw(st.lists(st.booleans(), min_size=len(tokens.gaps), max_size=len(tokens.gaps)))
    segments = tokens.segments(cuts)
    assert len(segments) == (sum(cuts) + 1 if content else 0)
    inside = [i for first, end in segments for i in range(first, end)]
    assert inside == sorted(set(inside))  # ordered and disjoint
    assert set(content) <= set(inside)
    for first, end in segments:
        assert tokens.kinds[first] is Kind.CONTENT
        assert tokens.kinds[end - 1] in (Kind.CONTENT, Kind.END)
        if end < len(tokens.kinds):
            assert tokens.kinds[end] is not Kind.END
    for i in set(range(len(tokens.kinds))) - set(inside):
        text = tokens.texts[i]
        if any(map(str.isalnum, text)):
            assert tokens.kinds[i] in (Kind.CONJUNCTION, Kind.NUMBER)
            assert tokens.kinds[i] is Kind.NUMBER or text.lower() in CONJUNCTIONS


@settings(max_examples=200, deadline=None)
@given(text=MESSY)
def test_text_with_letters_has_content(text: str) -> None:
    kinds = Tokens.of(PIPELINES["textmine"].make_doc(text)).kinds
    if any(map(str.isalnum, text)):
        assert Kind.CONTENT in kinds


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet='.,:;!?-–•*→()"_/ \n\t\u200b\x00\ufeff\u00ad', max_size=30))
def test_signs_alone_are_no_content(text: str) -> None:
    kinds = Tokens.of(PIPELINES["textmine"].make_doc(text)).kinds
    assert Kind.CONTENT not in kinds


# The boundary model's weights are named after these signs: they must not change unnoticed.
FILLINGS = {
    "Ny rutin. Ny kurs": ["", ".", ""],
    "Rutin, kurs": [","],
    "Rutin; kurs": [";"],
    "Rutin: kurs": [":"],
    "Rutin och kurs": ["och"],
    "Rutin, samt kurs": [", samt"],
    "Rutin & kurs": ["&"],
    "Rutin / kurs": ["/"],
    "Rutin/kurs": ["", ""],
    "Rutin\nkurs": ["¶"],
    "Rutin\r\nkurs": ["¶"],
    "Rutin\n\n\nkurs": ["¶¶"],
    "Rutin\n- kurs": ["¶ -"],
    "Rutin\n•\tkurs": ["¶ -"],
    "Rutin.\r\n→ kurs": [". ¶ -"],
    "Rutin\n2. kurs": ["¶ 1"],
    "Rutin\n2) kurs": ["¶ 1"],
    "Rutin 2) kurs": ["1"],
    "Rutin b) kurs": ["1"],
    "Rutin – kurs": ["-"],
    "Rutin! Och kurs": ["! och"],
    "Rutin… kurs": ["…"],
    "Rutin\u200b": [],
    "Rutin \u200b kurs": [""],
}


@pytest.mark.parametrize("text", FILLINGS)
def test_fillings(nlp: Language, text: str) -> None:
    assert [gap.filling for gap in Tokens.of(nlp.make_doc(text)).gaps] == FILLINGS[text]


def content(nlp: Language, text: str) -> list[str]:
    tokens = Tokens.of(nlp.make_doc(text))
    pairs = zip(tokens.texts, tokens.kinds, strict=True)
    return [token for token, kind in pairs if kind is Kind.CONTENT]


@pytest.mark.parametrize(
    "bullet",
    [*"-–—•·▪●○■□◦‣▸*→►➢✓>+=\uf0b7\uf0a7", "--", "---", "->", "=>", "-->", "1.", "1)", "a)", "12."],
)
def test_bullets_and_numbers_are_no_content(nlp: Language, bullet: str) -> None:
    assert content(nlp, f"{bullet} Rutin\n{bullet}\tKurs\r\n{bullet} Plan") == [
        "Rutin",
        "Kurs",
        "Plan",
    ]


@pytest.mark.parametrize("bullet", [*"-–—•·▪●■*→►>", "1.", "1)", "a)"])
def test_glued_bullets_are_no_content(nlp: Language, bullet: str) -> None:
    assert content(nlp, f"{bullet}Rutin\n{bullet}Kurs") == ["Rutin", "Kurs"]


@pytest.mark.parametrize("row", ["-----", "*****", "_" * 40, "=" * 200, "–––", "~~~", "• • •"])
def test_rows_of_signs_are_no_content(nlp: Language, row: str) -> None:
    assert content(nlp, row) == []
    assert content(nlp, f"{row}\nRutin\n{row}") == ["Rutin"]


@pytest.mark.parametrize(
    "text",
    ["(2019: 9)", "0-3 år", "1/3", "och/eller", "e-tjänst", "IT- och stödfunktioner"],
)
def test_signs_inside_words_and_brackets_are_content(nlp: Language, text: str) -> None:
    tokens = Tokens.of(nlp.make_doc(f"Läget {text} nu"))
    assert not {Kind.BULLET, Kind.NUMBER} & set(tokens.kinds)


@pytest.mark.parametrize(
    "abbreviation",
    [
        "t.ex.",
        "bl.a.",
        "fr.o.m.",
        "t.o.m.",
        "m.m.",
        "kl.",
        "p.g.a.",
        "dvs.",
        "s.k.",
        "osv.",
        "Bl.a.",
    ],
)
def test_abbreviation_is_one_token(nlp: Language, abbreviation: str) -> None:
    doc = nlp.make_doc(f"Vi har {abbreviation} startat en kurs")
    assert abbreviation in [token.text for token in doc]


def test_full_stop_closes_its_segment(nlp: Language) -> None:
    doc = nlp.make_doc("Rutin klar!? Kurs … Plan.")
    tokens = Tokens.of(doc)
    segments = tokens.segments([bool(gap.filling) for gap in tokens.gaps])
    assert [doc[first:end].text for first, end in segments] == ["Rutin klar!?", "Kurs …", "Plan."]


def test_tokenizer_survives_serialisation(nlp: Language) -> None:
    text = f"-Rutin klar.Kurs {'_' * 130}) 2,5 mnkr;plan"
    again = blank_pipeline().from_bytes(nlp.to_bytes())
    assert [t.text for t in again(text)] == [t.text for t in nlp(text)]
