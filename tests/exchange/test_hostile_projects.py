"""Files that are damaged or mean harm: one clear message, nothing read from elsewhere."""

import struct
import zipfile
from pathlib import Path

import pytest
from exchange.small_survey import packed, project_file

from textmine.errors import TextmineError
from textmine.exchange import archive
from textmine.exchange.qdpx_in import read_qdpx

_SOURCE = '<TextSource guid="1" name="D" plainTextPath="{}"/>'
_TEXT = f'<Project name="x"><Sources>{_SOURCE}</Sources></Project>'


def refused(path: Path) -> str:
    with pytest.raises(TextmineError) as caught:
        read_qdpx(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged or no REFI-QDA project"),
        (b"<Project/>", "damaged or no REFI-QDA project"),
        (packed({"project.qde": b"x" * 5000})[:80], "damaged or no REFI-QDA project"),
        (packed({"a.txt": b"x"}), "holds no project"),
        (packed({"project.qde": b"<Project><Users>"}), "line 1: not well-formed XML"),
        (packed({"project.qde": b""}), "not well-formed XML"),
        (packed({"project.qde": b"<CodeBook/>"}), "begins with 'CodeBook'"),
        (packed({"project.qde": b"<Project/>", "../../x.txt": b""}), "reaches outside of it"),
        (packed({"project.qde": b"<Project/>", "/etc/x.txt": b""}), "reaches outside of it"),
        (packed({"project.qde": b"<Project/>", "..\\x.txt": b""}), "reaches outside of it"),
    ],
)
def test_what_is_no_sound_project_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "fel.qdpx"
    path.write_bytes(data)
    assert words in refused(path)


def test_a_project_that_is_not_there() -> None:
    assert "does not exist" in refused(Path("ingen.qdpx"))


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    data = bytearray(
        packed({"project.qde": b"<Project name='" + bytes(range(65, 90)) * 9 + b"'/>"})
    )
    data[60] ^= 0xFF
    path = tmp_path / "fel.qdpx"
    path.write_bytes(bytes(data))
    assert "damaged" in refused(path)


def test_a_password_is_named(tmp_path: Path) -> None:
    data = bytearray(packed({"project.qde": b"<Project/>"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + at
        data[place : place + 2] = struct.pack("<H", 1)
    path = tmp_path / "låst.qdpx"
    path.write_bytes(bytes(data))
    assert "protected by a password" in refused(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    for declared in (levels, '<!ENTITY e11 SYSTEM "file:///etc/passwd">', '<!ENTITY % x "y">'):
        xml = (
            f"<!DOCTYPE p [{declared}]><Project name='x'><Description>&e11;</Description></Project>"
        )
        path = project_file(tmp_path, xml)
        message = refused(path)
        assert "declares a document type" in message or "not well-formed" in message


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_XML", 1_000_000)
    monkeypatch.setattr(archive, "_MOST_TEXT", 1_000_000)
    monkeypatch.setattr(archive, "_MOST_TEXTS", 1_500_000)
    path = tmp_path / "bomb.qdpx"
    path.write_bytes(packed({"project.qde": b"<Project>" + b" " * 2_000_000 + b"</Project>"}))
    assert "may be an attack" in refused(path)
    one = project_file(
        tmp_path, _TEXT.format("internal://1.txt"), {"sources/1.txt": b" " * 2_000_000}
    )
    assert "may be an attack" in refused(one)
    sources = "".join(f'<TextSource guid="{n}" plainTextPath="internal://{n}.txt"/>' for n in "12")
    many = project_file(
        tmp_path,
        f"<Project name='x'><Sources>{sources}</Sources></Project>",
        {f"sources/{n}.txt": b" " * 900_000 for n in "12"},
    )
    assert "may be an attack" in refused(many)


def test_a_size_that_lies_gives_no_more_than_it_says(tmp_path: Path) -> None:
    data = bytearray(packed({"project.qde": b"<Project/>" + b" " * 100_000}))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 10)
    path = tmp_path / "lögn.qdpx"
    path.write_bytes(bytes(data))
    assert "damaged" in refused(path)


@pytest.mark.parametrize(
    "reference",
    ["absolute:///{}", "file://{}", "{}", "relative:///../{}", "internal://../../{}"],
)
def test_files_outside_the_project_are_never_read(tmp_path: Path, reference: str) -> None:
    secret = tmp_path / "hemlig.txt"
    secret.write_text("lösenord", encoding="utf-8")
    path = project_file(tmp_path, _TEXT.format(reference.format(secret)))
    project = read_qdpx(path)
    assert project.sources == []
    assert project.left_out.lines() == ["documents whose text is not in the file: 1 (D)"]


def test_deeply_nested_codes_do_no_harm(tmp_path: Path) -> None:
    depth = 5000
    xml = "<Project name='x'><CodeBook><Codes>" + "<Code name='a'>" * depth
    path = project_file(tmp_path, xml + "</Code>" * depth + "</Codes></CodeBook></Project>")
    assert "not well-formed XML" in refused(path)


def test_nothing_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(zipfile.ZipFile, "extractall", forbidden)
    monkeypatch.setattr(zipfile.ZipFile, "extract", forbidden)
    path = project_file(tmp_path, _TEXT.format("internal://1.txt"), {"sources/1.txt": b"hej"})
    assert [source.text for source in read_qdpx(path).sources] == ["hej"]
    assert list(tmp_path.iterdir()) == [path]
