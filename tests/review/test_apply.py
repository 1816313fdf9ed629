"""Decisions in the results: codes, counts, workbook, and the way by Excel."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from review.conftest import other_role
from sklearn.base import clone

from textmine.coding.coder import Coder
from textmine.errors import TextmineError
from textmine.pipeline import ANSWERS, RUN, STATEMENTS, WORKBOOK, code_answers
from textmine.review.apply import COUNTS, apply_review
from textmine.review.desk import Action, Desk
from textmine.review.log import Log
from textmine.review.survey import MACHINE, Survey
from textmine.review.training import read_decided

Act = Callable[..., Action]


def statements(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / STATEMENTS).set_index("statement_id")


def edit(path: Path, statement: str, **cells: str) -> None:
    """Write into the row of a statement in *Granska*, or in *Utsagor* if it is not there."""
    book = openpyxl.load_workbook(path)
    for name in ("Granska", "Utsagor"):
        sheet = book[name]
        head = next(r for r in sheet.iter_rows() if any(c.value == "Utsagans id" for c in r))
        titles = {cell.value: cell.column for cell in head}
        for row in range(head[0].row + 1, sheet.max_row + 1):
            if sheet.cell(row, titles["Utsagans id"]).value == statement:
                for title, value in cells.items():
                    sheet.cell(row, titles[title]).value = value
                book.save(path)
                return
    raise AssertionError(statement)


def flagged(folder: Path) -> str:
    """A statement that the machine left for review, with a role that has a category."""
    table = statements(folder)
    found = table[table["review"] & table["category"].notna()]
    return str(found.index[0])


def test_people_replace_the_machine_and_the_machine_is_kept(
    desk: Desk, act: Act, folder: Path
) -> None:
    before = statements(folder)
    kept, changed = list(desk.standing.all_items())[:2]
    desk.decide(act(kept), kept.codes)
    desk.decide(act(changed), other_role(changed))
    desk.comment(act(changed), "Står i lokalavtalet")
    done = apply_review(folder)
    after = statements(folder)
    assert list(after.index) == list(before.index)
    assert set(after.loc[kept.statement_ids, "source"]) == {"agreed"}
    row = after.loc[changed.statement_ids[0]]
    assert (row["source"], row["role"], row["comment"]) == (
        "human",
        "ovrigt",
        "Står i lokalavtalet",
    )
    assert pd.isna(row["role_prob"])
    assert not row["review"]
    untouched = after["source"] == "machine"
    columns = [c for c in before if c in after]
    pd.testing.assert_frame_equal(
        after.loc[untouched, columns], before[untouched], check_dtype=False
    )
    machine = pd.read_parquet(folder / MACHINE).set_index("statement_id")
    pd.testing.assert_frame_equal(machine, before)
    assert done.run["applied"]["sources"] == after["source"].value_counts().sort_index().to_dict()
    assert json.loads((folder / RUN).read_text(encoding="utf-8"))["review"] == after["review"].sum()


def test_applying_again_starts_from_the_machine_and_the_log(
    desk: Desk, act: Act, folder: Path
) -> None:
    item = next(iter(desk.standing.all_items()))
    desk.decide(act(item), other_role(item))
    apply_review(folder)
    first = {name: (folder / name).read_bytes() for name in (STATEMENTS, COUNTS, WORKBOOK, RUN)}
    apply_review(folder)
    assert {name: (folder / name).read_bytes() for name in first} == first
    desk.undo("Åsa", "u1")
    apply_review(folder)
    assert set(statements(folder)["source"]) == {"machine"}


def test_new_borders_are_new_rows_in_order(desk: Desk, act: Act, folder: Path) -> None:
    item = next(iter(desk.standing.all_items()))
    rest = [one.span for one in desk.standing.items(item.passage)[1:]]
    middle = item.start + 9
    desk.set_borders(act(item), [(item.start, middle), (middle, item.end), *rest])
    apply_review(folder)
    table = pd.read_parquet(folder / STATEMENTS)
    answers = pd.read_parquet(folder / ANSWERS).set_index("answer_id")
    texts = answers["text"]
    for row in table.itertuples():
        assert texts[row.answer_id][row.start : row.end] == row.text
    for _, several in table.groupby("answer_id"):
        assert several["start"].is_monotonic_increasing
    counts = table["answer_id"].value_counts()
    assert (answers["n_statements"] == counts.reindex(answers.index).fillna(0)).all()
    assert not table["statement_id"].duplicated().any()


def test_counts_come_with_intervals_and_are_certain_where_all_is_decided(
    desk: Desk, act: Act, folder: Path
) -> None:
    for item in list(desk.standing.all_items()):
        desk.decide(act(item), item.codes)
    apply_review(folder)
    counts = pd.read_parquet(folder / COUNTS)
    for column in ("certain", "estimate", "low", "high"):
        assert (counts[column] == counts["counted"]).all()
    book = openpyxl.load_workbook(folder / WORKBOOK)
    assert "Skattade antal" in book.sheetnames


def test_excel_and_back(folder: Path) -> None:
    name = flagged(folder)
    edit(folder / WORKBOOK, name, Roll="Övrigt", Kommentar="Åtgärdat")
    done = apply_review(folder, edited=folder / WORKBOOK, coder="Åsa")
    row = statements(folder).loc[name]
    assert (row["role"], row["source"], row["comment"]) == ("ovrigt", "human", "Åtgärdat")
    assert pd.isna(row["category"])
    assert done.taken_in == 1
    assert done.kept is not None
    assert openpyxl.load_workbook(done.kept)["Granska"].max_row > 1
    events = Log.of_folder(folder).since(0)
    assert {event.coder for event in events} == {"Åsa"}
    again = apply_review(folder, edited=done.kept, coder="Åsa")  # the same file once more
    assert again.taken_in == 0


def test_confirming_in_excel_is_agreement(folder: Path) -> None:
    name = flagged(folder)
    edit(folder / WORKBOOK, name, Klar="Ja")
    apply_review(folder, edited=folder / WORKBOOK, coder="Åsa")
    assert statements(folder).loc[name, "source"] == "agreed"


def test_one_illegal_cell_and_nothing_is_applied(folder: Path) -> None:
    table = statements(folder)
    first, second = table[table["review"]].index[:2]
    edit(folder / WORKBOOK, str(first), Klar="Ja")
    edit(folder / WORKBOOK, str(second), Roll="Hittepå")
    before = (folder / STATEMENTS).read_bytes()
    with pytest.raises(TextmineError, match=r"Granska!?.*Hittepå"):
        apply_review(folder, edited=folder / WORKBOOK, coder="Åsa")
    assert Log.of_folder(folder).since(0) == []
    assert (folder / STATEMENTS).read_bytes() == before
    assert not (folder / MACHINE).exists()


def test_decisions_made_since_are_shown_and_neither_side_is_lost(
    desk: Desk, act: Act, folder: Path, tmp_path: Path
) -> None:
    name = flagged(folder)
    edited = Path(shutil.copy(folder / WORKBOOK, tmp_path / "min.xlsx"))
    edit(edited, name, Roll="Övrigt")
    item = next(i for i in desk.standing.all_items() if name in i.statement_ids)
    desk.decide(act(item, "Örjan"), item.codes)
    with pytest.raises(TextmineError, match=rf"{name}\): Örjan decided .*Roll: \w+, here ovrigt"):
        apply_review(folder, edited=edited, coder="Åsa")
    assert len(desk.log.since(0)) == 1
    apply_review(folder, edited=edited, coder="Åsa", prefer="log")
    assert statements(folder).loc[name, "source"] == "agreed"
    apply_review(folder, edited=edited, coder="Åsa", prefer="sheet")
    assert statements(folder).loc[name, "role"] == "ovrigt"
    last = desk.log.since(0)[-1]
    assert last.before["codes"] == item.codes  # what Örjan decided stands in the log


def test_a_workbook_that_somebody_edited_is_not_overwritten(
    desk: Desk, act: Act, folder: Path
) -> None:
    edit(folder / WORKBOOK, flagged(folder), Klar="Ja")
    item = next(iter(desk.standing.all_items()))
    desk.decide(act(item), item.codes)
    with pytest.raises(TextmineError, match="Bring its decisions in with --from"):
        apply_review(folder)


def test_a_workbook_of_other_results_is_refused(folder: Path, coded: Path) -> None:
    run = json.loads((folder / RUN).read_text(encoding="utf-8"))
    (folder / RUN).write_text(json.dumps(run | {"key": "en annan körning"}), encoding="utf-8")
    with pytest.raises(TextmineError, match="belongs to other results"):
        apply_review(folder, edited=coded / WORKBOOK, coder="Åsa")


def test_a_folder_without_a_review_or_without_results_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(TextmineError, match="has not been reviewed"):
        apply_review(folder)
    with pytest.raises(TextmineError, match="no results of 'textmine code'"):
        apply_review(tmp_path)


def test_decisions_are_training_data(desk: Desk, act: Act, folder: Path) -> None:
    with pytest.raises(TextmineError, match="Nobody has decided anything"):
        read_decided(folder)
    item = next(iter(desk.standing.all_items()))
    desk.decide(act(item), other_role(item))
    decided = read_decided(folder)
    assert len(decided) == 1  # though two answers are alike
    row = decided.iloc[0]
    assert row["role"] == "ovrigt"
    assert row["answer_text"][row["start"] : row["end"]] == row["text"]


def test_coding_anew_keeps_the_decisions(
    desk: Desk, act: Act, folder: Path, shipped_coder: Coder
) -> None:
    item = next(iter(desk.standing.all_items()))
    desk.decide(act(item), other_role(item))
    apply_review(folder)
    assert (folder / COUNTS).exists()
    strict = clone(shipped_coder).set_params(error_budget=0.05)
    strict.learnt_ = shipped_coder.learnt_
    answers = pd.read_parquet(folder / ANSWERS).drop(columns="n_statements")
    code_answers(answers, strict, folder, provenance={"model": {"name": "psykisk-halsa"}})
    assert not (folder / COUNTS).exists()  # of a review that is not in these results
    assert not (folder / MACHINE).exists()
    assert "source" not in statements(folder)
    again = Desk(Survey.load(folder), Log.of_folder(folder))
    assert again.standing.source(again.standing.items(item.passage)[0]) == "human"
    apply_review(folder)
    assert set(statements(folder).loc[item.statement_ids, "source"]) == {"human"}
