"""What is written as a project is valid, exact to the character, and comes back whole."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange.small_survey import (
    BOOK,
    NS,
    TEXTS,
    codings,
    document,
    imported,
    material,
    project_file,
    valid,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from textmine.coding.coded import read_coded
from textmine.exchange.documents import Sources, plain
from textmine.exchange.imported import bring_in
from textmine.exchange.qdpx_in import read_qdpx
from textmine.exchange.qdpx_out import write_qdpx

Write = Callable[..., Path]


@pytest.mark.parametrize("sources", list(Sources))
@pytest.mark.parametrize("reviewed", [True, False])
def test_everything_comes_back(written: Write, sources: Sources, *, reviewed: bool) -> None:
    given = material(reviewed=reviewed)
    path = written(given, sources)
    valid(document(path), "Project")
    answers, statements, left_out = imported(path)
    assert left_out == []
    assert codings(statements) == codings(given.statements)
    assert bring_in(read_qdpx(path), "x").codebook == BOOK
    kept = given.answers[given.answers["text"] != ""].set_index("answer_id")
    answers = answers.set_index("answer_id").loc[kept.index]
    for column in ("respondent", "actor", "area", "question", "year", "vikt"):
        assert answers[column].tolist() == kept[column].tolist()
    assert [x or None for x in answers["kontakt"]] == kept["kontakt"].tolist()
    assert answers["text"].tolist() == [plain(text) for text in kept["text"]]
    if reviewed:
        assert set(statements["coder"]) == {"textmine 9 · m", "Åsa Öberg"}
        assert set(statements.loc[statements["source"] == "human", "coder"]) == {"Åsa Öberg"}


_TEXT = st.text(
    st.one_of(
        st.sampled_from(" \r\n\t.åäö•–\u0301\u200d\ufeff\x00\x0b\x85\u2028"),
        st.sampled_from("👩🏽‍⚕️𝒜"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@example(["abc\U00010000 "], Sources.respondent)
@given(st.lists(_TEXT, min_size=1, max_size=5), st.sampled_from(list(Sources)))
def test_any_text_comes_back(texts: list[str], sources: Sources) -> None:
    given = material(tuple(texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.qdpx"
        write_qdpx(given, path, sources)
        valid(document(path), "Project")
        if not any(plain(text).strip() for text in texts):
            return
        _, statements, left_out = imported(path)
    assert left_out == []
    there = given.statements[
        given.statements["answer_id"].isin(
            [f"a{n}" for n, text in enumerate(texts) if plain(text).strip()]
        )
    ]
    assert codings(statements) == codings(there)


@pytest.mark.parametrize("sources", list(Sources))
def test_selections_are_where_other_programs_look(written: Write, sources: Sources) -> None:
    """Read as the standard says: files in UTF-8, code points from 0, ends exclusive."""
    given = material()
    path = written(given, sources)
    texts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist()[1:]:
            data = archive.read(name)
            assert b"\r" not in data
            assert not data.startswith(b"\xef\xbb\xbf")
            texts[f"internal://{name.removeprefix('sources/')}"] = data.decode("utf-8")
    expected = {
        row["statement_id"]: plain(row["text"]) for row in given.statements.to_dict("records")
    }
    found = {}
    for source in document(path).iterfind(".//r:TextSource", NS):
        text = texts[source.get("plainTextPath")]
        for selection in source.iterfind("r:PlainTextSelection", NS):
            described = selection.findtext("r:Description", namespaces=NS)
            kind, _, name = described.split("\n")[0].partition(": ")
            if kind == "Utsaga":
                place = slice(
                    int(selection.get("startPosition")), int(selection.get("endPosition"))
                )
                found[name] = text[place]
    # A line end that was cut in two is a blank in one statement and a line feed in the next.
    assert found.keys() == expected.keys()
    assert {k: v.split() for k, v in found.items()} == {k: v.split() for k, v in expected.items()}


def test_a_document_reads_like_a_filled_in_form(written: Write) -> None:
    path = written(material(("Vi bygger.", "Bättre.", "Annat.")))
    with zipfile.ZipFile(path) as archive:
        texts = sorted(archive.read(name).decode() for name in archive.namelist()[1:])
    assert texts == [
        "Barn och unga: Vad gjordes?\nVi bygger.\n\n"
        "Barn och unga: Vad blev resultatet: kort?\nBättre.",
        "Traumavård: Vad gjordes?\nAnnat.",
    ]


def test_who_and_how_sure_stand_with_the_coding(written: Write) -> None:
    project = document(written())
    users = {user.get("guid"): user.get("name") for user in project.iterfind(".//r:User", NS)}
    assert list(users.values()) == ["textmine 9 · m", "Åsa Öberg"]
    notes = {note.get("guid"): note for note in project.iterfind(".//r:Note", NS)}
    names = [note.get("name") for note in notes.values()]
    assert len(names) == len(set(names))
    seen = set()
    for selection in project.iterfind(".//r:PlainTextSelection", NS):
        for coding in selection.iterfind("r:Coding", NS):
            reference = coding.find("r:NoteRef", NS)
            who = users[coding.get("creatingUser")]
            seen.add((who, reference is not None))
            if who == "Åsa Öberg":
                assert coding.get("creationDateTime") == "2021-03-04T05:06:07Z"
    # Answers' own codes have no probability; people's neither.
    assert seen == {("textmine 9 · m", True), ("textmine 9 · m", False), ("Åsa Öberg", False)}
    percent = {name.removeprefix("Sannolikhet ").removesuffix(" %") for name in names}
    assert all(0 <= int(one) <= 100 for one in percent)


def test_respondents_are_cases_with_typed_variables(written: Write) -> None:
    project = document(written())
    kinds = {v.get("name"): v.get("typeOfVariable") for v in project.iterfind(".//r:Variable", NS)}
    assert kinds["year"] == "Integer"
    assert kinds["vikt"] == "Float"
    assert kinds["actor"] == "Text"
    cases = {case.get("name"): case for case in project.iterfind(".//r:Case", NS)}
    assert list(cases) == ["Ort 0", "Ort 1", "Ort 2"]
    sources = {s.get("guid"): s.get("name") for s in project.iterfind(".//r:TextSource", NS)}
    for name, case in cases.items():
        references = [one.get("targetGUID") for one in case.iterfind("r:SourceRef", NS)]
        assert [sources[one] for one in references] == [name]
        assert case.findtext(".//r:IntegerValue", namespaces=NS) == "2021"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / "a.qdpx", tmp_path / "b.qdpx"]
    for file in files:
        write_qdpx(material(), file)
    assert files[0].read_bytes() == files[1].read_bytes()
    with zipfile.ZipFile(files[0]) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_program_reads_it_alike(written: Write, tmp_path: Path) -> None:
    """Read by pyrefiqda, made from the standard's schemas, which refuses what they do not allow."""
    refi = pytest.importorskip("pyrefiqda")
    given = material()
    project = refi.RefiProject.load(written(given), tmp_path / "utpackat")
    selections = [s for source in project.sources.text_source for s in source.plain_text_selection]
    assert len(selections) == len(given.statements) + sum(text != "" for text in TEXTS)


def test_what_is_brought_in_can_be_learnt_from(written: Write, tmp_path: Path) -> None:
    given = material()
    bring_in(read_qdpx(written(given)), "x").save(tmp_path / "kodade.jsonl")
    table = read_coded(tmp_path / "kodade.jsonl", BOOK)
    assert codings(table) == codings(given.statements)


def test_a_researchers_changes_replace_what_the_machine_said(
    written: Write, tmp_path: Path
) -> None:
    """Recode one statement as QDA programs do: another code, by another user, the rest kept."""
    path = written(material(("Vi bygger",), reviewed=False))
    project = document(path)
    codes = {code.get("name"): code.get("guid") for code in project.iterfind(".//r:Code", NS)}
    reference = next(
        one
        for one in project.iterfind(".//r:Coding/r:CodeRef", NS)
        if one.get("targetGUID") == codes["aktivitet"]
    )
    reference.set("targetGUID", codes["effekt"])
    user = "{11111111-AAAA-3333-4444-555555555555}"
    reference.getparent().set("creatingUser", user)
    etree.SubElement(project.find("r:Users", NS), f"{{{NS['r']}}}User", guid=user, name="Bo")
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()[1:]}
    changed = project_file(tmp_path, etree.tostring(project, encoding="unicode"), texts)
    _, statements, _ = imported(changed)
    row = statements.iloc[0]
    assert (row["role"], row["coder"], row["source"]) == ("effekt", "Bo", "human")
    assert "role_prob" not in row
    assert row["category_prob"] == 0.5
    assert not row["review"]


def test_a_large_survey_stays_handy(written: Write) -> None:
    """Two thousand statements: few notes, and little more text than the codings need."""
    given = material(("Vi bygger. " * 19 + "Vi bygger.",) * 100)
    assert len(given.statements) > 2000
    path = written(given)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("project.qde").file_size < 2000 * 2500
    assert path.stat().st_size < 2000 * 250
    assert len(document(path).findall(".//r:Note", NS)) <= 101
    _, statements, _ = imported(path)
    assert codings(statements) == codings(given.statements)
