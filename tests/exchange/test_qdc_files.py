"""Codebooks as .qdc: ours come back identical, others' become dimensions."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from exchange.small_survey import BOOK, valid
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from textmine.codebook import Codebook
from textmine.errors import TextmineError
from textmine.exchange.code_tree import CodeNode, CodeSet
from textmine.exchange.codebook_in import understand
from textmine.exchange.codebook_out import code_nodes, code_sets
from textmine.exchange.qdc import read_qdc, write_code_sheet, write_qdc

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@pytest.mark.parametrize("name", ["psykisk-halsa-2020", "empatikarta", "liten"])
def test_a_codebook_comes_back_identical(tmp_path: Path, name: str) -> None:
    book = BOOK if name == "liten" else Codebook.load(name)
    write_qdc(book, tmp_path / "a.qdc")
    valid(etree.parse(tmp_path / "a.qdc").getroot(), "Codebook")
    read = read_qdc(tmp_path / "a.qdc")
    assert read == book
    book.save(tmp_path / "a.yaml")
    read.save(tmp_path / "b.yaml")
    assert (tmp_path / "b.yaml").read_bytes() == (tmp_path / "a.yaml").read_bytes()
    write_qdc(read, tmp_path / "b.qdc")
    assert (tmp_path / "b.qdc").read_bytes() == (tmp_path / "a.qdc").read_bytes()


_WORD = (
    st.text(st.sampled_from("aåB1 :\n\\–»<&\u0301\x07😀"), max_size=8).map(str.strip).filter(bool)
)
_TEXT = st.text(st.sampled_from("aå B:\n\\–<&\x07😀"), max_size=12)
_LIST = st.lists(_TEXT, max_size=2).map(tuple)


@st.composite
def _books(draw: st.DrawFn) -> Codebook:
    values = draw(st.lists(_WORD, min_size=1, max_size=3, unique=True))
    columns = {
        "plats": {v: {"name": draw(_TEXT), "aliases": draw(_LIST)} for v in values},
        draw(_WORD): {},
    }
    dimensions: dict[str, Any] = {}
    for key in draw(st.lists(_WORD, min_size=1, max_size=3, unique=True)):
        by = draw(st.sampled_from([None, "plats"]))
        codes = {}
        for code in draw(st.lists(_WORD, min_size=1, max_size=4, unique=True)):
            there = draw(st.lists(st.sampled_from(values), unique=True)) if by else []
            codes[code] = {
                "name": draw(_TEXT),
                "definition": draw(_TEXT),
                "include": draw(_LIST),
                "exclude": draw(_LIST),
                "in": there,
                "names": {value: draw(_WORD) for value in there},
            }
        single = [k for k, d in dimensions.items() if not d["multiple"]]
        other = draw(st.sampled_from([None, *single]))
        dimensions[key] = {
            "name": draw(_TEXT),
            "codes": codes,
            "by": by,
            "when": {other: [next(iter(dimensions[other]["codes"]))]} if other else {},
            "multiple": draw(st.booleans()),
            "ordered": draw(st.booleans()),
        }
    return Codebook.model_validate(
        {
            "name": draw(_WORD),
            "version": draw(_WORD),
            "title": draw(_TEXT),
            "description": draw(_TEXT),
            "columns": columns,
            "dimensions": dimensions,
        }
    )


@settings(max_examples=80, deadline=None)
@given(_books())
def test_any_codebook_comes_back(tmp_path_factory: pytest.TempPathFactory, book: Codebook) -> None:
    path = tmp_path_factory.mktemp("qdc") / "a.qdc"
    write_qdc(book, path)
    valid(etree.parse(path).getroot(), "Codebook")
    assert read_qdc(path) == book


def test_sets_say_which_codes_an_area_has() -> None:
    names = {node.guid: node.name for top in code_nodes(BOOK) for node in top.below()}
    sets = {one.name: [names[guid] for guid in one.members] for one in code_sets(BOOK)}
    assert sets == {
        "Kodbok: Liten kodbok": ["Roll", "Kategori", "Nivå", "Flaggor"],
        "Barn och unga": ["Samverkan"],
        "Traumavård": ["Samverkan", "Metod"],
    }


NVIVO = (
    "\ufeff"
    + _HEAD
    + """<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo 14">
  <Codes>
    <Code guid="AAAAAAAA-0000-0000-0000-000000000001" name="Hinder" isCodable="true" color="#fff">
      <Description>Det som står i vägen&#13;
för arbetet.</Description>
      <Code guid="aaaaaaaa-0000-0000-0000-000000000002" name="Tid" isCodable="true"/>
      <Code guid="aaaaaaaa-0000-0000-0000-000000000003" name="Pengar" isCodable="true">
        <Code guid="aaaaaaaa-0000-0000-0000-000000000004" name="Engångsmedel" isCodable="true"/>
      </Code>
    </Code>
    <Code guid="aaaaaaaa-0000-0000-0000-000000000005" name="Åsikter &amp; råd" isCodable="false">
      <Code guid="aaaaaaaa-0000-0000-0000-000000000006" name="Råd" isCodable="true"/>
      <Code guid="aaaaaaaa-0000-0000-0000-000000000007" name="RÅD!" isCodable="true"/>
    </Code>
    <Code guid="aaaaaaaa-0000-0000-0000-000000000008" name="Citat" isCodable="true"/>
  </Codes>
  <Sets><Set guid="aaaaaaaa-0000-0000-0000-000000000009" name="Min urvalsgrupp">
    <MemberCode guid="aaaaaaaa-0000-0000-0000-000000000002"/></Set></Sets>
</CodeBook>"""
)


def test_anothers_headings_become_dimensions(tmp_path: Path) -> None:
    (tmp_path / "koder.qdc").write_bytes(NVIVO.encode())
    book = read_qdc(tmp_path / "koder.qdc")
    assert book.name == "koder"
    assert {
        key: (d.name, d.multiple, {code: body.name for code, body in d.codes.items()})
        for key, d in book.dimensions.items()
    } == {
        "hinder": (
            "Hinder",
            True,
            {
                "hinder": "Hinder",
                "tid": "Tid",
                "pengar": "Pengar",
                "pengar-engangsmedel": "Pengar > Engångsmedel",
            },
        ),
        "asikter-rad": ("Åsikter & råd", True, {"rad": "Råd", "rad-2": "RÅD!"}),
        "koder": ("Koder", True, {"citat": "Citat"}),
    }
    definition = book.dimensions["hinder"].codes["hinder"].definition
    assert definition.split() == "Det som står i vägen för arbetet.".split()
    book.save(tmp_path / "koder.yaml")
    assert Codebook.load(tmp_path / "koder.yaml") == book


def test_a_plain_list_becomes_one_dimension(tmp_path: Path) -> None:
    xml = (
        _HEAD
        + "<CodeBook><Codes>"
        + "".join(
            f'<Code guid="{{AAAAAAAA-0000-0000-0000-00000000000{n}}}" name="Kod {n}" '
            'isCodable="true"/>'
            for n in range(3)
        )
    )
    (tmp_path / "k.qdc").write_text(xml + "</Codes></CodeBook>", encoding="utf-8")
    assert {k: list(d.codes) for k, d in read_qdc(tmp_path / "k.qdc").dimensions.items()} == {
        "koder": ["kod-0", "kod-1", "kod-2"]
    }


def test_a_code_that_was_added_elsewhere_joins_our_dimension() -> None:
    nodes = code_nodes(BOOK)
    nodes[0].children.append(CodeNode("ny", "Ny sort", True, "Definierad i NVivo."))
    book = understand(nodes, code_sets(BOOK), "x").codebook
    assert book is not None
    role = book.dimensions["role"]
    assert list(role.codes) == ["aktivitet", "effekt", "ny-sort"]
    assert role.codes["ny-sort"].definition == "Definierad i NVivo."
    assert not role.multiple


def test_a_book_whose_sets_were_lost_is_mended() -> None:
    nodes = [node for node in code_nodes(BOOK) if node.name != "Roll"]
    book = understand(nodes, [CodeSet("g", "Annan")], "x").codebook
    assert book is not None
    category = book.dimensions["category"]
    assert category.by is None
    assert category.when == {}
    assert category.codes["metod"].contexts == ()
    assert category.codes["samverkan"].names == {}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<CodeBook><Codes>", "line 1: not well-formed XML"),
        (b"PK\x03\x04", "not well-formed XML"),
        (b"<Project/>", "no REFI-QDA codebook"),
        (b"<CodeBook><Codes/></CodeBook>", "holds no codes"),
        (
            b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
            b'<CodeBook><Codes><Code name="&b;"/></Codes></CodeBook>',
            "declares a document type",
        ),
        (
            b'<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b'<CodeBook><Codes><Code name="a"><Description>&x;</Description></Code></Codes>'
            b"</CodeBook>",
            "declares a document type",
        ),
    ],
)
def test_what_is_no_codebook_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "fel.qdc"
    path.write_bytes(data)
    with pytest.raises(TextmineError, match=words) as caught:
        read_qdc(path)
    assert str(path) in str(caught.value)


def test_a_codebook_that_is_not_there() -> None:
    with pytest.raises(TextmineError, match="does not exist"):
        read_qdc(Path("ingen.qdc"))


def test_codes_as_maxqda_imports_them(tmp_path: Path) -> None:
    book = BOOK.model_copy(deep=True)
    code = book.dimensions["flags"].codes["hinder"]
    book.dimensions["flags"].codes["hinder"] = code.model_copy(update={"name": "a > b\\c"})
    write_code_sheet(book, tmp_path / "a.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.values)
    assert rows == [
        ("Code", "Memo"),
        ("Roll", None),
        ("Roll > aktivitet", "Det som görs."),
        ("Roll > effekt", "Det som har ändrats."),
        ("Kategori", None),
        ("Kategori > Samverkan", None),
        ("Kategori > Metod", None),
        ("Nivå", None),
        ("Nivå > individ", None),
        ("Nivå > verksamhet", None),
        ("Flaggor", None),
        ("Flaggor > Planerad", None),
        ("Flaggor > a / b/c", None),
    ]
    write_code_sheet(book, tmp_path / "b.xlsx")
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()
