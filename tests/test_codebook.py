"""Codebooks load, refuse what is wrong with file and line, and know their codes and contexts."""

import re
import unicodedata
from pathlib import Path

import pytest

from textmine.codebook import Code, Codebook, Dimension, parse
from textmine.errors import TextmineError

MANUAL = {
    "mobila-losningar": {"mobil-digital", "verksamhet", "kompetens"},
    "barn-unga": {"verksamhet", "kompetens", "metod", "uppfoljning"},
    "ungdomsmottagningar": {"samverkan", "verksamhet", "kompetens", "tillganglighet"},
    "samsjuklighet": {"samverkan", "sip", "kompetens", "uppfoljning", "ovrigt"},
    "kunskapsbaserad-vard": {"riktlinjer", "patientsakerhet", "uppfoljning", "ovrigt"},
    "brukarmedverkan": {"samverkan", "kompetens", "verksamhet", "uppfoljning"},
    "suicidprevention": {"tjanster", "kompetens", "handlingsplan", "samverkan", "ovrigt"},
    "traumavard": {"kompetens", "behandling", "tidiga", "verksamhet"},
}


@pytest.fixture(scope="module")
def shipped() -> Codebook:
    return Codebook.load("psykisk-halsa-2020")


def codes(shipped: Codebook) -> list[tuple[str, str, Code]]:
    return [
        (name, key, code)
        for name, dimension in shipped.dimensions.items()
        for key, code in dimension.codes.items()
    ]


# The shipped codebook


def test_shipped_table_equals_manual(shipped: Codebook) -> None:
    category = shipped.dimensions["category"]
    assert set(shipped.columns["area"]) == set(MANUAL)
    assert {area: set(category.allowed(area)) for area in MANUAL} == MANUAL
    assert set(category.codes) == set().union(*MANUAL.values())


def test_shipped_dimensions(shipped: Codebook) -> None:
    assert list(shipped.dimensions) == ["role", "category", "level", "flags"]
    role, category, level, flags = shipped.dimensions.values()
    assert list(role.codes) == ["resurs", "aktivitet", "mal", "prestation", "effekt", "ovrigt"]
    assert category.by == "area"
    assert set(category.when["role"]) == set(role.codes) - {"ovrigt"}
    assert list(level.codes) == ["verksamhet", "individ"]
    assert level.when == {"role": ("effekt",)}
    assert list(flags.codes) == [
        "pandemi-hinder",
        "pandemi-mojlig",
        "planerad",
        "annan-finansiering",
        "personuppgift",
    ]
    assert [d.multiple for d in shipped.dimensions.values()] == [False, False, False, True]
    assert shipped.context_columns() == ["area"]
    assert shipped.version == "1.0"


def test_every_shipped_code_is_explained(shipped: Codebook) -> None:
    poor = [
        f"{name}/{key}"
        for name, key, code in codes(shipped)
        if not (code.name and code.definition.strip() and code.include and code.exclude)
    ]
    assert poor == []


def test_shipped_examples_point_to_existing_codes(shipped: Codebook) -> None:
    for name, key, code in codes(shipped):
        dimension = shipped.dimensions[name]
        for example in code.exclude:
            target = example.rpartition(" → ")[2]
            allowed = {*dimension.codes, "ingen flagga"} if name == "flags" else dimension.codes
            assert target in allowed, f"{name}/{key}: {example}"
            assert target != key, f"{name}/{key}: {example}"


def test_shipped_example_stands_once(shipped: Codebook) -> None:
    seen: set[tuple[str, str]] = set()
    for name, key, code in codes(shipped):
        for example in code.include:
            assert (name, example) not in seen, f"{name}/{key}: {example}"
            seen.add((name, example))


def test_shipped_aliases_are_unambiguous(shipped: Codebook) -> None:
    for column, values in shipped.columns.items():
        for key, item in values.items():
            for text in (key, item.name, *item.aliases):
                assert shipped.resolve(column, text) == key, f"{column}/{key}: {text}"


# Short forms


FORMS = {
    "list": "codes: [ris, ros]",
    "definitions": "codes: {ris: Klander, ros: Beröm}",
    "full": """
      codes:
        ris: {name: ris, definition: Klander, include: [för dyrt], exclude: [billigt → ros]}
        ros: {definition: Beröm}
    """,
}


@pytest.mark.parametrize("form", FORMS)
def test_three_forms_of_a_plain_dimension(form: str) -> None:
    book = parse(f"name: x\ndimensions:\n  ton:\n    {FORMS[form].strip()}\n", "x.yaml")
    ton = book.dimensions["ton"]
    assert list(ton.codes) == ["ris", "ros"]
    assert [code.name for code in ton.codes.values()] == ["ris", "ros"]
    assert ton.codes["ros"].definition == ("" if form == "list" else "Beröm")
    assert ton.codes["ris"].include == (("för dyrt",) if form == "full" else ())
    assert ton.allowed(None) == ton.allowed("vad som helst") == ["ris", "ros"]
    assert not ton.multiple
    assert not ton.ordered


def test_code_without_definition() -> None:
    book = parse("name: x\ndimensions:\n  d:\n    codes:\n      a:\n      b: två\n", "x.yaml")
    assert {k: c.definition for k, c in book.dimensions["d"].codes.items()} == {"a": "", "b": "två"}


def test_numbers_stay_as_written() -> None:
    book = parse(
        """
name: 2020
version: 1.10
columns:
  year:
    2020: {name: förra året}
    2021:
dimensions:
  svar:
    by: year
    multiple: yes
    codes:
      01: ja
      2: {name: 2, in: [2020], names: {2020: två}, include: [5, 1.50]}
      true: sant
  grad:
    codes: [1.0, 2.50, no]
""",
        "x.yaml",
    )
    assert (book.name, book.version) == ("2020", "1.10")
    svar = book.dimensions["svar"]
    assert list(svar.codes) == ["01", "2", "true"]
    assert svar.multiple is True
    assert svar.codes["2"].include == ("5", "1.50")
    assert svar.allowed("2021") == ["01", "true"]
    assert svar.allowed("2020") == ["01", "2", "true"]
    assert svar.code_name("2", "2020") == "två"
    assert list(book.dimensions["grad"].codes) == ["1.0", "2.50", "no"]
    assert book.resolve("year", 2020) == "2020"


def test_numbers_in_when() -> None:
    book = parse(
        "name: x\ndimensions:\n  1: {codes: [1, 2]}\n  b: {when: {1: [2]}, codes: [c]}\n", "x.yaml"
    )
    assert book.dimensions["b"].when == {"1": ("2",)}


# Errors


HEAD = "name: x\ncolumns:\n  area:\n    norr:\n    soder:\n"
ERRORS = {
    # What is wrong: (YAML, line, what the message holds)
    "unclosed list": ("name: x\ndimensions: [a\n", 3, ["not valid YAML"]),
    "tab": ("name: x\n\ttitle: y\n", 2, ["not valid YAML"]),
    "control character": ("name: x\ntitle: \a\n", 2, ["U+0007"]),
    "two documents": ("name: x\n---\nname: y\n", 2, ["not valid YAML"]),
    "undefined alias": ("name: x\ntitle: *y\n", 2, ["not valid YAML", "alias"]),
    "duplicate key": ("name: x\ntitle: a\nname: y\n", 3, ["duplicate key", '"name"']),
    "duplicate code": (
        "name: x\ndimensions:\n  d:\n    codes:\n      a: en\n      b: två\n      a: tre\n",
        7,
        ["duplicate key", '"a"'],
    ),
    "duplicate code in list": (
        "name: x\ndimensions:\n  d:\n    codes: [a, b, a]\n",
        4,
        ["'a' stands twice"],
    ),
    "no mapping": ("- a\n- b\n", 1, ["'name:'", "'dimensions:'"]),
    "empty": ("", 1, ["'name:'", "'dimensions:'"]),
    "unknown key": (
        "name: x\ntitel: y\ndimensions:\n  d: {codes: [a]}\n",
        2,
        ["unknown key 'titel'", "did you mean 'title'?", "allowed: name, version, title"],
    ),
    "unknown key of a dimension": (
        "name: x\ndimensions:\n  d:\n    codes: [a]\n    multipel: true\n",
        5,
        ["'multipel'", "did you mean 'multiple'?", "allowed: name, codes, by, when"],
    ),
    "unknown key of a code": (
        "name: x\ndimensions:\n  d:\n    codes:\n      1:\n        defintion: y\n",
        6,
        ["'defintion'", "did you mean 'definition'?", "include, exclude, in, names"],
    ),
    "unknown key of a context": (
        "name: x\ncolumns:\n  area:\n    norr:\n      alias: [n]\ndimensions:\n  d: {codes: [a]}\n",
        5,
        ["'alias'", "did you mean 'aliases'?", "allowed: name, aliases"],
    ),
    "name missing": ("dimensions:\n  d: {codes: [a]}\n", 1, ["'name' is missing"]),
    "dimensions missing": ("name: x\n", 1, ["'dimensions' is missing"]),
    "codes missing": (
        "name: x\ndimensions:\n  c: {codes: [a]}\n  d:\n    name: D\n",
        4,
        ["'codes' is missing", "dimensions → d"],
    ),
    "no dimension": ("name: x\ndimensions: {}\n", 2, ["at least one"]),
    "no code": ("name: x\ndimensions:\n  d:\n    codes: {}\n", 4, ["at least one"]),
    "codes empty": ("name: x\ndimensions:\n  d:\n    codes:\n", 4, ["keys are expected"]),
    "dimension as list": ("name: x\ndimensions:\n  d: [a, b]\n", 3, ["keys are expected"]),
    "definitions in a list": (
        "name: x\ndimensions:\n  d:\n    codes:\n      - a: en\n      - b: två\n",
        4,
        ["item 1", "'a: definition'"],
    ),
    "text for list": (
        "name: x\ndimensions:\n  d:\n    codes:\n      a:\n        include: ett\n",
        6,
        ["a list is expected", "[a, b]", "'ett'"],
    ),
    "list for text": (
        "name: x\ndimensions:\n  d:\n    codes:\n      a:\n        name: [b]\n",
        6,
        ["a text is expected"],
    ),
    "neither true nor false": (
        "name: x\ndimensions:\n  d:\n    codes: [a]\n    multiple: kanske\n",
        5,
        ["allowed: true, false", "'kanske'"],
    ),
    "context as list": (
        "name: x\ncolumns:\n  area: [norr]\ndimensions:\n  d: {codes: [a]}\n",
        3,
        ["keys are expected"],
    ),
    "unknown context": (
        f"{HEAD}dimensions:\n  d:\n    by: area\n    codes:\n      a:\n        in: [norr, söder]\n",
        11,
        ["'söder' is no value of 'area'", "did you mean 'soder'?", "allowed: norr, soder"],
    ),
    "unknown context in names": (
        f"{HEAD}dimensions:\n  d:\n    by: area\n    codes:\n      a:\n        names: {{nor: A}}\n",
        11,
        ["'nor' is no value of 'area'", "did you mean 'norr'?"],
    ),
    "in without by": (
        f"{HEAD}dimensions:\n  d:\n    codes:\n      a:\n        in: [norr]\n",
        10,
        ["'in' needs a 'by:' column"],
    ),
    "names without by": (
        f"{HEAD}dimensions:\n  d:\n    codes:\n      a:\n        names: {{norr: A}}\n",
        10,
        ["'names' needs a 'by:' column"],
    ),
    "by without columns": (
        "name: x\ndimensions:\n  d:\n    codes: [a]\n    by: area\n",
        5,
        ["column 'area' has no values", "allowed: (none)"],
    ),
    "by an unknown column": (
        f"{HEAD}dimensions:\n  d:\n    codes: [a]\n    by: omrade\n",
        9,
        ["column 'omrade' has no values", "allowed: area"],
    ),
    "when names a later dimension": (
        "name: x\ndimensions:\n  a:\n    codes: [b]\n    when:\n      c: [d]\n  c: {codes: [d]}\n",
        6,
        ["'c' is no single-code dimension above", "allowed: (none)"],
    ),
    "when names an unknown dimension": (
        "name: x\ndimensions:\n  roll: {codes: [b]}\n  c:\n    codes: [d]\n    when: {rol: [b]}\n",
        6,
        ["'rol' is no", "did you mean 'roll'?", "allowed: roll"],
    ),
    "when names itself": (
        "name: x\ndimensions:\n  a:\n    codes: [b]\n    when: {a: [b]}\n",
        5,
        ["'a' is no single-code dimension above"],
    ),
    "when names a multi-label dimension": (
        "name: x\ndimensions:\n  a: {codes: [b], multiple: true}\n  c:\n    codes: [d]\n"
        "    when: {a: [b]}\n",
        6,
        ["'a' is no single-code dimension above"],
    ),
    "when names an unknown code": (
        "name: x\ndimensions:\n  a: {codes: [effekt]}\n  c:\n    codes: [d]\n"
        "    when:\n      a: [efekt]\n",
        7,
        ["'efekt' is no code of 'a'", "did you mean 'effekt'?", "allowed: effekt"],
    ),
}


@pytest.mark.parametrize("fault", ERRORS)
def test_error_names_file_line_and_what_is_allowed(fault: str, tmp_path: Path) -> None:
    text, line, parts = ERRORS[fault]
    path = tmp_path / "min kodbok.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TextmineError) as caught:
        Codebook.load(path)
    message = str(caught.value)
    assert re.match(rf"{re.escape(str(path))}, line {line}[ :]", message)
    for part in parts:
        assert part in message
    assert "pydantic" not in message


def test_other_encoding_is_refused_with_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("name: x\ntitle: Hälsa\n".encode("cp1252"))
    with pytest.raises(TextmineError, match=r"latin\.yaml, line 2: .*UTF-8"):
        Codebook.load(path)


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_text("name: x\r\ndimensions:\r\n  d: {codes: [å]}\r\n", encoding="utf-8-sig")
    assert list(Codebook.load(path).dimensions["d"].codes) == ["å"]


def test_unknown_codebook() -> None:
    with pytest.raises(TextmineError, match=r"did you mean 'psykisk-halsa-2020'\? allowed: "):
        Codebook.load("psykisk-hälsa-2020")


# Questions to a codebook


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("barn-unga", "barn-unga"),
        ("Barn och unga, BUP", "barn-unga"),
        ("BUP", "barn-unga"),
        ("bup", "barn-unga"),
        ("  MOBILA   lösningar\n", "mobila-losningar"),
        (unicodedata.normalize("NFD", "Mobila lösningar"), "mobila-losningar"),
        ("Psykiatrisk\u00a0traumavård", "traumavard"),
        ("Sömn", None),
        ("", None),
        (None, None),
        (float("nan"), None),
        (7, None),
    ],
)
def test_resolve(shipped: Codebook, cell: object, key: str | None) -> None:
    assert shipped.resolve("area", cell) == key


def test_resolve_in_unknown_column(shipped: Codebook) -> None:
    assert shipped.resolve("länge", "BUP") is None


def test_blank_cell_is_never_a_value_without_a_name() -> None:
    book = parse(f"{HEAD}dimensions:\n  d: {{codes: [a]}}\n", "x.yaml")
    assert book.resolve("area", "") is None
    assert book.resolve("area", "NORR ") == "norr"


def test_code_name_by_context(shipped: Codebook) -> None:
    category = shipped.dimensions["category"]
    assert category.code_name("samverkan") == "Samverkan"
    assert category.code_name("samverkan", "samsjuklighet") == "Nya samverkansformer"
    assert category.code_name("samverkan", "brukarmedverkan") == "Samverkan"
    assert category.code_name("samverkan", "okänt") == "Samverkan"
    assert shipped.dimensions["role"].code_name("mal", "samsjuklighet") == "Mål"


def test_allowed_under_unknown_context_is_nothing(shipped: Codebook) -> None:
    assert shipped.dimensions["category"].allowed(None) == []
    assert shipped.dimensions["category"].allowed("okänt") == []


def test_code_without_contexts_exists_under_all() -> None:
    book = parse(
        f"{HEAD}dimensions:\n  d:\n    by: area\n    codes:\n      a:\n      b: {{in: [norr]}}\n",
        "x.yaml",
    )
    d = book.dimensions["d"]
    assert isinstance(d, Dimension)
    assert (d.allowed("norr"), d.allowed("soder")) == (["a", "b"], ["a"])


def test_codebook_survives_a_model_file(shipped: Codebook) -> None:
    again = Codebook.model_validate_json(shipped.model_dump_json(by_alias=True))
    assert again == shipped
