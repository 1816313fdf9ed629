"""guide.yaml: read, and refused with one clear message."""

from pathlib import Path

import pytest

from textmine.cluster.guide import read_guide
from textmine.errors import TextmineError


def test_a_guide_is_read(tmp_path: Path) -> None:
    path = tmp_path / "guide.yaml"
    path.write_text(
        "- name: Juridiska frågor\n  description: Sekretess och samtycke\n"
        "- name: Möten\n  examples: [Vi vill ses oftare]\n  note_ids: [n1, n2]\n",
        encoding="utf-8",
    )
    law, meetings = read_guide(path)
    assert (law.name, law.description) == ("Juridiska frågor", "Sekretess och samtycke")
    assert meetings.examples == ("Vi vill ses oftare",)
    assert meetings.note_ids == ("n1", "n2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- name: A\n  exempel: [x]\n", "group 1, exempel: .*allowed: name, description"),
        ("- description: B\n", "group 1, name: Field required"),
        ("- name: A\n- name: a\n", "the name 'a' stands twice"),
        ("- name: ' '\n", "group 1 has an empty name"),
        ("name: A\n", "a guide is a list of groups"),
        ("", "a guide is a list of groups"),
        ("- name: [A\n", "line 2: not YAML"),
    ],
)
def test_a_wrong_guide_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "guide.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TextmineError, match=message) as caught:
        read_guide(path)
    assert str(path) in str(caught.value)


def test_a_guide_that_is_not_there_is_refused() -> None:
    with pytest.raises(TextmineError, match=r"borta.yaml: No such file"):
        read_guide("borta.yaml")
