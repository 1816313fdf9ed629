"""The log brought into the results: tables, counts and workbook as they stand after review."""

import json
import shutil
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from textmine.errors import Attention, TextmineError
from textmine.files import staged_folder
from textmine.hashing import file_hash
from textmine.pipeline import ANSWERS, RUN, STATEMENTS, WORKBOOK, Tally
from textmine.report.facts import facts_of
from textmine.report.workbook import write_workbook
from textmine.review import LOG_FILE
from textmine.review.audit import audit
from textmine.review.counts.estimates import estimate_counts
from textmine.review.desk import Desk
from textmine.review.excel.from_sheet import take_in
from textmine.review.log import Log
from textmine.review.queues import Queues
from textmine.review.results import estimation_table, reviewed_statements
from textmine.review.standing import Key
from textmine.review.survey import APPLIED, MACHINE, Survey
from textmine.splitting.splitter import count_statements
from textmine.tables import COMMENT, SOURCE

COUNTS = "counts.parquet"


@dataclass(frozen=True)
class Applied:
    """What `apply_review` did.

    Attributes
    ----------
    taken_in
        Statements decided or commented in the workbook; 0 without one.
    kept
        Where the edited workbook now lies, if it lay in the folder.
    """

    run: Mapping[str, Any]
    taken_in: int
    kept: Path | None


def apply_review(
    folder: Path,
    *,
    edited: Path | None = None,
    coder: str = "",
    prefer: str | None = None,
    log: str | None = None,
) -> Applied:
    """Put people's decisions in the place of the machine's codes, and count again.

    Parameters
    ----------
    folder
        Written by `textmine code`. Its files are written anew; what the machine said is kept in
        `machine.parquet`.
    edited
        A workbook of this folder that somebody edited, whose decisions are brought in first.
    coder, prefer
        As for `take_in`.
    log
        URL of the review log, if it is not in the folder.

    Raises
    ------
    TextmineError
        If there are no results or no decisions, the workbook holds something that is not allowed,
        or the folder's own workbook was edited and is not the one given.
    """
    survey = Survey.load(folder)
    if log is None and edited is None and not (folder / LOG_FILE).is_file():
        raise TextmineError(
            f"{folder} has not been reviewed (no {LOG_FILE}): review it with 'textmine review "
            f"{folder}', or give an edited workbook with --from."
        )
    kept = _spare_edited(survey, edited)
    store = Log(log) if log else Log.of_folder(folder)
    try:
        desk = Desk(survey, store)
        taken_in = take_in(desk, edited, coder, prefer) if edited else 0
        run = _write(desk, kept)
    finally:
        store.close()
    return Applied(run, taken_in, kept)


def _spare_edited(survey: Survey, edited: Path | None) -> Path | None:
    """Find where the folder's own workbook is to be kept, if somebody edited it."""
    own = survey.folder / WORKBOOK
    if not own.is_file() or file_hash(own) == survey.run["outputs"].get(WORKBOOK):
        return None
    if edited is None or not edited.exists() or not own.samefile(edited):
        raise TextmineError(
            f"{own} has been changed since it was written, perhaps by someone who reviewed it. "
            f"Bring its decisions in with --from {own}, or move it away."
        )
    number = 1
    while (kept := survey.folder / f"{own.stem}-redigerad-{number}{own.suffix}").exists():
        number += 1
    return kept


def _write(desk: Desk, kept: Path | None) -> dict[str, Any]:
    """Write the results of a folder anew."""
    survey, standing = desk.survey, desk.standing
    book = survey.codebook
    table = reviewed_statements(standing)
    audited = Queues(desk).audited()
    counts = estimate_counts(estimation_table(standing, audited), book)
    tally = Tally(book)
    tally.add(table)
    answers = count_statements(survey.answers, table)
    run = _describe(desk, tally, table, audited)
    with staged_folder(survey.folder) as stage:
        before = MACHINE if APPLIED in survey.run else STATEMENTS
        shutil.copyfile(survey.folder / before, stage / MACHINE)
        if kept is not None:
            shutil.copyfile(survey.folder / WORKBOOK, stage / kept.name)
        _write_statements(stage / STATEMENTS, table, survey)
        answers.to_parquet(stage / ANSWERS, index=False)
        counts.to_parquet(stage / COUNTS, index=False)
        write_workbook(
            stage / WORKBOOK,
            stage / STATEMENTS,
            survey.veil.answers,
            tally.summary(),
            facts_of(run, book),
            book,
            log_position=standing.last,
            run_key=survey.run.get("key"),
            estimates=counts,
        )
        files = (STATEMENTS, ANSWERS, WORKBOOK, COUNTS, MACHINE)
        run["outputs"] = {name: file_hash(stage / name) for name in files}
        text = json.dumps(run, indent=2, ensure_ascii=False, default=str)
        (stage / RUN).write_text(text + "\n", encoding="utf-8")
    return run


def _write_statements(path: Path, table: pd.DataFrame, survey: Survey) -> None:
    """Write the statements in the form that `textmine code` gave them, and two columns more."""
    machine = MACHINE if APPLIED in survey.run else STATEMENTS
    schema = pq.read_schema(survey.folder / machine)
    for name in (SOURCE, COMMENT):
        if name in schema.names:
            schema = schema.remove(schema.get_field_index(name))
        schema = schema.append(pa.field(name, pa.string()))
    written = pa.Table.from_pandas(table, schema=schema, preserve_index=False)
    pq.write_table(written.replace_schema_metadata(None), path, compression="zstd")


def _describe(desk: Desk, tally: Tally, table: pd.DataFrame, audited: set[Key]) -> dict[str, Any]:
    """Bring `run.json` up to date, and say what people did."""
    run = dict(desk.survey.run)
    pace = run["review_pace"]
    run |= {
        "statements": tally.statements,
        "review": tally.review,
        "review_share": round(tally.review / max(1, tally.statements), 4),
        "review_hours": round(tally.review / pace, 1),
        "expected_error": tally.expected_error(),
        "personal": desk.survey.veil.found,
    }
    sources = {str(k): int(v) for k, v in table[SOURCE].value_counts().sort_index().items()}
    run[APPLIED] = {
        "log": desk.standing.last,
        "coders": len([c for c, events in desk.standing.by_coder.items() if events]),
        "sources": sources,
        "audit": {
            name: {
                "n": one.n,
                "wrong": one.wrong,
                "error": [round(share, 4) for share in one.error],
            }
            for name, one in audit(desk.standing, audited).items()
        },
    }
    _warn_of_lost(desk)
    return run


def _warn_of_lost(desk: Desk) -> None:
    """Say how many decisions are about answers that the results do not hold."""
    known = desk.survey.passages.keys() | {""}
    lost = {key for key in desk.standing.events if key not in known}
    if lost:
        warnings.warn(
            f"The review log also holds decisions on {len(lost)} answers that are not among these "
            "results (they were changed or left out); those decisions were not used.",
            Attention,
            stacklevel=3,
        )
