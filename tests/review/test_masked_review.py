"""Reviewers see masks; the machine reads what was written."""

from pathlib import Path

import pandas as pd
import pytest
from review.conftest import other_role, survey_answers

from textmine.coding.coder import Coder
from textmine.pipeline import code_answers
from textmine.review.apply import apply_review
from textmine.review.borders import propose
from textmine.review.desk import Action, Desk
from textmine.review.log import Log
from textmine.review.survey import Survey
from textmine.review.training import decided_statements

TEXT = "Handlingsplanen är antagen. Kontakta Gunvor Tistelblad, 0470-00 00 12, vid frågor."
SECRETS = ("Gunvor", "Tistelblad", "0470-00 00 12")


@pytest.fixture
def desk(shipped_coder: Coder, tmp_path: Path) -> Desk:
    answers = survey_answers(6).assign(Kontaktperson="Moa Lindqvist-Ek")
    answers.loc[0, "text"] = TEXT
    provenance = {"model": {"name": "psykisk-halsa"}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, tmp_path, provenance=provenance)
    return Desk(Survey.load(tmp_path), Log.of_folder(tmp_path))


def test_what_is_shown_is_masked_and_keeps_its_length(desk: Desk) -> None:
    passage = next(p for p in desk.survey.passages.values() if p.original == TEXT)
    assert len(passage.text) == len(TEXT)
    assert passage.text.startswith("Handlingsplanen är antagen. Kontakta [namn··")
    assert not any(secret in passage.text for secret in SECRETS)
    assert "Moa" not in desk.survey.shown(0, "Kontaktperson")
    assert not any("Moa" in str(value) for value in desk.survey.statements["Kontaktperson"])


def test_the_machine_reads_the_original_where_borders_are_drawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    code = desk.survey.coder.code

    def spy(table: pd.DataFrame) -> pd.DataFrame:
        read.extend(table["answer_text"])
        return code(table)

    monkeypatch.setattr(desk.survey.coder, "code", spy)
    passage = next(p for p in desk.survey.passages.values() if p.original == TEXT)
    propose(desk.survey, passage, [(0, 27)], {(0, 27)})
    assert read == [TEXT]


def test_decisions_teach_by_the_original_and_are_applied_with_masks(desk: Desk) -> None:
    passage = next(p for p in desk.survey.passages.values() if p.original == TEXT)
    for number, item in enumerate(desk.standing.items(passage.key)):
        version = desk.standing.state(passage.key).version
        action = Action("Åsa", f"r{number}", passage.key, version, *item.span)
        desk.decide(action, other_role(item))
    decided = decided_statements(desk.standing)
    assert any("Gunvor Tistelblad" in text for text in decided["text"])
    assert all(
        text in whole for text, whole in zip(decided["text"], decided["answer_text"], strict=True)
    )
    folder = desk.survey.folder
    desk.log.close()
    apply_review(folder)
    written = pd.read_parquet(folder / "statements.parquet")
    assert (written["source"] == "human").any()
    assert not any(secret in written.to_csv() for secret in (*SECRETS, "Moa"))
    assert "Gunvor" in pd.read_parquet(folder / "answers.parquet")["text"].str.cat()
