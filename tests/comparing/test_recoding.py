"""Real results: reviewed ones, and another model of the same codes."""

import shutil
from pathlib import Path

import pytest
from review.conftest import survey_answers

from textmine.coding.coder import Coder
from textmine.comparing.breaks import find_breaks
from textmine.comparing.changes import compare_counts
from textmine.comparing.mending import BY_MODEL, can_recode, mend_by_model, recoded
from textmine.comparing.year import SurveyYear
from textmine.pipeline import code_answers
from textmine.review.apply import apply_review
from textmine.review.desk import Action, Desk
from textmine.review.log import Log
from textmine.review.survey import Survey
from textmine.shipped import CODER


@pytest.fixture(scope="module")
def results(shipped_coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("kodat") / "resultat"
    provenance = {"model": {"name": CODER, "identity": "1"}, "input": {"name": "svar.xlsx"}}
    code_answers(survey_answers(), shipped_coder, out, provenance=provenance)
    return out


def test_another_model_of_the_same_codes_codes_the_earlier_survey(
    results: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(results, tmp_path / "andra"))
    run = (other / "run.json").read_text(encoding="utf-8")
    (other / "run.json").write_text(run.replace('"identity": "1"', '"identity": "2"'), "utf-8")
    earlier, later = SurveyYear.load(results), SurveyYear.load(other)
    # The earlier codes are made wrong, as by a worse model.
    table = earlier.statements
    effects = table["role"] == "effekt"
    assert effects.any()
    table.loc[effects, ["role", "role_machine"]] = "mal"
    assert can_recode(earlier, later)
    assert [b.key for b in find_breaks(earlier, later, ("1", "2"))] == ["model"]
    changes = compare_counts(earlier, later, draws=20)
    mended = mend_by_model(earlier, later, changes, draws=20, seed=0)
    assert mended.how == BY_MODEL
    assert mended.before > 0
    assert (mended.after, mended.gone) == (0, 1)


def test_what_people_decided_stands_when_it_is_coded_anew(results: Path) -> None:
    year = SurveyYear.load(results)
    table = year.statements
    table.loc[0, "source"] = "human"
    table.loc[0, "role"] = "ovrigt" if table.loc[0, "role"] != "ovrigt" else "effekt"
    anew = recoded(year, year).statements
    assert anew.loc[0, "role"] == table.loc[0, "role"]
    assert anew.loc[0, "role_machine"] != table.loc[0, "role"]
    machine = table["source"] == "machine"
    assert (anew.loc[machine, "role"] == table.loc[machine, "role"]).all()


def test_a_reviewed_folder_brings_its_quality_sample(results: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(results, tmp_path / "granskad"))
    log = Log.of_folder(folder)
    desk = Desk(Survey.load(folder), log)
    for number, item in enumerate(list(desk.standing.all_items())):
        version = desk.standing.state(item.passage).version
        action = Action("Åsa", f"r{number}", item.passage, version, item.start, item.end)
        desk.decide(action, item.codes)
    log.close()
    apply_review(folder)
    year = SurveyYear.load(folder)
    assert year.share_reviewed == 1
    assert year.statements["audited"].any()
    changes = compare_counts(SurveyYear.load(results), year, draws=20)
    assert changes.later.audited
    assert not changes.earlier.audited
    # Decided by people: certain.
    assert all(cell.later.low == cell.later.high for cell in changes.cells)
    (folder / "review.sqlite").unlink()
    with pytest.warns(match="its log"):
        without = SurveyYear.load(folder)
    assert without.share_reviewed == 1
    assert not without.statements["audited"].any()


def test_personal_data_is_masked_where_it_is_shown(shipped_coder: Coder, tmp_path: Path) -> None:
    answers = survey_answers(4)
    answers.loc[0, "text"] = "Vi anställde en samordnare. Ring 070-174 06 58 för mer om insatsen."
    provenance = {"model": {"name": CODER}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, tmp_path / "ut", provenance=provenance)
    year = SurveyYear.load(tmp_path / "ut")
    assert not any("070-174" in text for text in year.texts.values())
