"""Projects as other programs write them, each with its ways; what was left out is listed."""

from pathlib import Path
from typing import Any

import pytest
from exchange.small_survey import BOOK, imported, project_file

from textmine.codebook import Codebook
from textmine.errors import TextmineError
from textmine.exchange.imported import bring_in
from textmine.exchange.positions import Claim, Counting, Text, choose
from textmine.exchange.qdpx_in import read_qdpx

U, C1, C2, C3, S1, S2, CASE, V1, V2, N1 = (
    f"0000000{n}-ABCD-4000-8000-00000000000{n}" for n in range(10)
)
X = "99999999-ABCD-4000-8000-00000000{:04d}"


def selection(start: int, end: int, *codes: str, name: str = "", number: int = 0) -> str:
    codings = "".join(
        f'<Coding guid="{X.format(1000 + number + i)}" creatingUser="{U}">'
        f'<CodeRef targetGUID="{code}"/></Coding>'
        for i, code in enumerate(codes)
    )
    return (
        f'<PlainTextSelection guid="{X.format(number)}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}">{codings}</PlainTextSelection>'
    )


CODES = (
    f'<CodeBook><Codes><Code guid="{C1}" name="Roll" isCodable="true">'
    f'<Code guid="{C2}" name="Aktivitet" isCodable="true"/>'
    f'<Code guid="{C3}" name="Effekt" isCodable="true"/></Code></Codes></CodeBook>'
)


def qde(
    sources: str, *, origin: str = "", codes: str = CODES, more: str = "", namespace: str = "1.0"
) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project name="Studie" origin="{origin}" xmlns="urn:QDA-XML:project:{namespace}">'
        f'<Users><User guid="{U}" name="Bo"/></Users>{codes}{more}'
        f"<Sources>{sources}</Sources></Project>"
    )


def inline(text: str, parts: str = "", name: str = "D") -> str:
    return (
        f'<TextSource guid="{S1}" name="{name}"><PlainTextContent>{text}</PlainTextContent>'
        f"{parts}</TextSource>"
    )


def brief(statements: Any) -> list[tuple[str, Any]]:
    return list(zip(statements["text"], statements["roll"], strict=True))


WINDOWS = "Rad ett.\r\nVi bygger.\r\n\r\nDet blev bättre 😀 sedan. Slut."
# Positions as ATLAS.ti counts them (a line end is one) and as NVivo does (two).
ATLAS, NVIVO = ((9, 19), (21, 44)), ((10, 20), (24, 47))


@pytest.mark.parametrize(
    ("origin", "spans", "names"),
    [
        ("ATLAS.ti 23.1.2", ATLAS, ("", "")),
        ("NVivo 14", NVIVO, ("", "")),
        ("MAXQDA 24", NVIVO, ("Enkät 1", "Enkät 1")),
        # Names that begin as the text does tell more than what a program is known to do.
        ("ATLAS.ti 25", NVIVO, ("Vi bygger.", "Det blev bättre...")),
        ("", ATLAS, ("Vi bygger.", "Det  blev\nbättre…")),
    ],
)
def test_windows_line_ends_are_counted_as_the_program_does(
    tmp_path: Path, origin: str, spans: tuple[tuple[int, int], ...], names: tuple[str, ...]
) -> None:
    parts = "".join(
        selection(*span, code, name=name, number=n)
        for n, (span, code, name) in enumerate(zip(spans, (C2, C3), names, strict=True))
    )
    source = (
        f'<TextSource guid="{S1}" name="E" plainTextPath="internal://{S1}.txt">{parts}</TextSource>'
    )
    texts = {f"sources/{S1}.txt": WINDOWS.encode("utf-8-sig")}
    path = project_file(tmp_path, qde(source, origin=origin), texts)
    answers, statements, left_out = imported(path)
    assert answers["text"].tolist() == [WINDOWS.replace("\r\n", "\n")]
    assert brief(statements) == [
        ("Vi bygger.", "aktivitet"),
        ("Det blev bättre 😀 sedan", "effekt"),
    ]
    assert left_out == []


def test_positions_in_utf16_are_recognised_by_names(tmp_path: Path) -> None:
    text = "😀😀 Vi bygger. 😀 Det blev bättre."
    spans = ((5, 15), (19, 35))  # as JavaScript and .NET count
    parts = selection(*spans[0], C2, name="Vi bygger.") + selection(
        *spans[1], C3, name="Det blev…", number=9
    )
    source = inline(text, parts)
    _, statements, _ = imported(project_file(tmp_path, qde(source)))
    assert statements["text"].tolist() == ["Vi bygger.", "Det blev bättre."]


def test_every_way_to_count_finds_the_same_place() -> None:
    raw = "a\r\n😀b\r\nc\rd"
    plain = "a\n😀b\nc\nd"
    for windows in (False, True):
        for utf16 in (False, True):
            theirs = raw if windows else plain
            text = Text(raw, Counting(windows, utf16))
            assert text.content == plain
            for at, sign in enumerate(plain):
                if sign in "abcd😀":
                    before = theirs[: theirs.index(sign)]
                    unit = len(before.encode("utf-16-le")) // 2 if utf16 else len(before)
                    assert text.place(unit) == at
            whole = len(theirs.encode("utf-16-le")) // 2 if utf16 else len(theirs)
            assert text.length == whole
            assert text.place(whole) == len(plain)


def test_a_blank_at_the_end_is_no_sign_of_utf16() -> None:
    claims = [Claim(0, 6, "abcd\U00010000")]
    assert choose([("abcd\U00010000 ", claims)], "NVivo") == Counting(True, False)


def test_where_nothing_tells_the_standard_holds() -> None:
    assert choose([("inga radslut", [Claim(0, 4, "xxxx")])], "Okänd") == Counting(True, False)
    assert choose([("a\r\nb", [Claim(0, 1, "Dokument 1")])], "atlas.ti") == Counting(False, False)


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        (f"internal://{S1}.txt", f"sources/{S1}.txt"),
        (f"internal://{S1}.txt", f"Sources/{S1}.txt"),
        (f"internal://{{{S1}}}.txt", f"sources/{S1.lower()}.TXT"),
        (f"internal://{S1.lower()}.txt", f"Sources/{{{S1}}}.txt"),
        (f"sources/{S1}.txt", f"sources/{S1}.txt"),
        (f"relative:///{S1}.txt", f"sources\\{S1}.txt"),
        (f"{S1}.txt", f"{S1}.txt"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_are_found_however_they_are_called(
    tmp_path: Path, reference: str, entry: str, encoding: str
) -> None:
    source = (
        f'<TextSource guid="{{{S1}}}" name="Ö" plainTextPath="{reference}">'
        f"{selection(0, 4, f'{{{C2.lower()}}}')}</TextSource>"
    )
    path = project_file(tmp_path, qde(source), {entry: "Ökad ro".encode(encoding)})
    _, statements, left_out = imported(path)
    assert brief(statements) == [("Ökad", "aktivitet")]
    assert statements["coder"].tolist() == ["Bo"]
    assert left_out == []


@pytest.mark.parametrize("namespace", ["1.0", "1.5"])
def test_any_namespace_will_do(tmp_path: Path, namespace: str) -> None:
    source = inline("abcd", selection(0, 2, C2))
    xml = qde(source, namespace=namespace)
    _, statements, _ = imported(project_file(tmp_path, xml))
    assert brief(statements) == [("ab", "aktivitet")]
    bare = xml.replace(f' xmlns="urn:QDA-XML:project:{namespace}"', "")
    _, statements, _ = imported(project_file(tmp_path, bare))
    assert brief(statements) == [("ab", "aktivitet")]


def test_selections_of_one_span_are_one_statement_and_others_may_overlap(tmp_path: Path) -> None:
    """NVivo writes a selection for each coding; a code over the document is one over all of it."""
    parts = (
        selection(0, 4, C2, number=1)
        + selection(0, 4, C3, number=2)
        + selection(2, 8, C3, number=3)
        + selection(5, 7, C2, number=4)
        + selection(6, 6, C2, number=5)
        + selection(4, 99, C2, number=6)
        + selection(5, 3, C2, number=7)
        + '<PlainTextSelection guid="x" startPosition="NaN" endPosition="3"/>'
        + f'<Coding guid="{X.format(77)}"><CodeRef targetGUID="{C1}"/></Coding>'
    )
    source = inline("abcdefgh", parts)
    answers, statements, left_out = imported(project_file(tmp_path, qde(source)))
    assert brief(statements) == [
        ("abcd", ["aktivitet", "effekt"]),
        ("abcdefgh", ["roll"]),
        ("cdefgh", ["effekt"]),
        ("fg", ["aktivitet"]),
    ]
    assert left_out == [
        "selections whose place is not in the text: 3 (D)",
        "empty selections: 1 (D)",
    ]
    assert answers["respondent"].tolist() == ["D"]


def test_maxqda_survey_a_document_an_answer_with_variables(tmp_path: Path) -> None:
    more = (
        f'<Variables><Variable guid="{V1}" name="Område" typeOfVariable="Text"/>'
        f'<Variable guid="{V2}" name="År" typeOfVariable="Integer"/></Variables>'
        f'<Cases><Case guid="{CASE}" name="Region Skåne"><CodeRef targetGUID="{C2}"/>'
        f'<VariableValue><VariableRef targetGUID="{V2}"/><IntegerValue>2021</IntegerValue>'
        f'</VariableValue><SourceRef targetGUID="{S1}"/><SourceRef targetGUID="{S2}"/></Case>'
        "</Cases>"
    )
    sources = "".join(
        f'<TextSource guid="{guid}" name="1"><PlainTextContent>abcd</PlainTextContent>'
        f"{selection(0, n, C2, number=n)}"
        f'<VariableValue><VariableRef targetGUID="{V1}"/><TextValue>unga</TextValue>'
        "</VariableValue></TextSource>"
        for n, guid in ((2, S1), (3, S2))
    )
    answers, statements, left_out = imported(project_file(tmp_path, qde(sources, more=more)))
    columns = ["answer_id", "respondent", "area", "year", "text"]
    assert answers[columns].values.tolist() == [
        ["1", "Region Skåne", "unga", 2021, "abcd"],
        ["1 2", "Region Skåne", "unga", 2021, "abcd"],
    ]
    assert statements["answer_id"].tolist() == ["1", "1 2"]
    assert left_out == ["codes of whole cases: 1 (Region Skåne)"]


def test_what_has_no_place_is_listed(tmp_path: Path) -> None:
    more_sources = (
        '<PictureSource guid="p" name="a.png"/><PDFSource guid="q" name="b.pdf"/>'
        '<AudioSource guid="r" name="c.mp3"/><VideoSource guid="s" name="d.mp4"/>'
        '<VideoSource guid="t" name="e.mp4"/>'
        '<TextSource guid="u" name="utan text" plainTextPath="absolute:///etc/passwd"/>'
        '<TextSource guid="v" name="bara rtf" richTextPath="internal://v.docx"/>'
    )
    noted = selection(0, 2, C2).replace(
        "</PlainTextSelection>", f'<NoteRef targetGUID="{N1}"/></PlainTextSelection>'
    )
    text = inline("abcd", noted)
    xml = qde(text + more_sources).replace(
        "</Project>",
        f'<Notes><Note guid="{N1}" name="PM"><PlainTextContent>a</PlainTextContent></Note></Notes>'
        f'<Links><Link guid="l" name="orsakar"/></Links><Sets><Set guid="m" name="Urval"/></Sets>'
        f'<Graphs><Graph guid="g" name="Karta"/></Graphs></Project>',
    )
    _, statements, left_out = imported(project_file(tmp_path, xml))
    assert len(statements) == 1
    assert left_out == [
        "pictures: 1 (a.png)",
        "PDF documents: 1 (b.pdf)",
        "sound recordings: 1 (c.mp3)",
        "films: 2 (d.mp4, e.mp4)",
        "documents whose text is not in the file: 2 (utan text, bara rtf)",
        "notes on documents and selections: 1 (D)",
        "notes: 1 (PM)",
        "links: 1 (orsakar)",
        "graphs: 1 (Karta)",
        "sets: 1 (Urval)",
    ]


def test_codes_of_a_project_find_their_place_in_a_codebook(tmp_path: Path) -> None:
    """By names, whatever case and level: Roll/EFFEKT, samverkan alone, Nya former in trauma."""
    codes = (
        f'<CodeBook><Codes><Code guid="{C1}" name="ROLL"><Code guid="{C2}" name="EFFEKT"/>'
        f'<Code guid="{V1}" name="aktivitet"/></Code>'
        f'<Code guid="{C3}" name="Nya former:  samverkan"/><Code guid="{V2}" name="Citat"/>'
        "</Codes></CodeBook>"
    )
    parts = selection(0, 2, C2, C3, V2, number=1) + selection(2, 4, C2, V1, number=5)
    source = inline("abcd", parts)
    _, statements, left_out = imported(project_file(tmp_path, qde(source, codes=codes)), BOOK)
    codes_given = statements[["role", "category", "level", "flags"]].astype(object)
    assert codes_given.where(codes_given.notna(), None).values.tolist() == [
        ["effekt", "samverkan", None, []],
        ["aktivitet", None, None, []],  # of two codes the first in the codebook
    ]
    assert left_out == [
        "codes that the codebook does not have: 1 (Citat)",
        "further codes of Roll on a statement: 1 (D)",
    ]


def test_a_dimension_is_single_where_nobody_gave_two(tmp_path: Path) -> None:
    for parts, several in (
        (selection(0, 2, C2) + selection(2, 4, C3), False),
        (selection(0, 2, C2, C3), True),
    ):
        path = project_file(tmp_path, qde(inline("abcd", parts)))
        book = bring_in(read_qdpx(path), "x").codebook
        assert book.dimensions["roll"].multiple is several
        assert list(book.dimensions["roll"].codes) == ["aktivitet", "effekt"]  # no code on Roll
        book.save(tmp_path / "b.yaml")
        assert Codebook.load(tmp_path / "b.yaml") == book


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (qde("", codes=CODES), "holds no texts"),
        (
            qde(
                f'<TextSource guid="{S1}"><PlainTextContent>a</PlainTextContent></TextSource>',
                codes="",
            ),
            "holds no codes",
        ),
    ],
)
def test_a_project_of_nothing_is_refused(tmp_path: Path, xml: str, words: str) -> None:
    path = project_file(tmp_path, xml)
    with pytest.raises(TextmineError, match=words) as caught:
        imported(path)
    assert str(path) in str(caught.value)
