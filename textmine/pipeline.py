"""From a table of answers to a folder of results: the one place where the stages meet."""

import json
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from textmine import remember
from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.engine import THREADS, Engine
from textmine.errors import Attention, TextmineError
from textmine.files import staged_folder
from textmine.hashing import file_hash, text_hash
from textmine.personal.veil import Veil, masks_identity
from textmine.report.facts import facts_of
from textmine.report.summary import occurrences, summarise
from textmine.report.workbook import write_workbook
from textmine.splitting.splitter import boundary_identity, count_statements
from textmine.tables import (
    COMMENT,
    N_STATEMENTS,
    NOVELTY,
    REASON,
    REVIEW,
    SOURCE,
    STATEMENT_COLUMNS,
    dimension_columns,
)

STATEMENTS, ANSWERS, WORKBOOK, RUN = (
    "statements.parquet",
    "answers.parquet",
    "coding.xlsx",
    "run.json",
)
_PORTION = 200  # answers that are split, embedded and coded together
_PACE = 120  # statements that a person reviews in an hour, half a minute each


@dataclass
class Tally:
    """What is counted while portions of statements go by."""

    codebook: Codebook
    statements: int = 0
    review: int = 0
    alone: dict[str, list[float]] = field(default_factory=dict)
    found: list[pd.DataFrame] = field(default_factory=list)
    uncoded_contexts: dict[str, int] = field(default_factory=dict)

    def add(self, coded: pd.DataFrame) -> None:
        """Count one portion."""
        self.statements += len(coded)
        self.review += int(coded[REVIEW].sum())
        for name, dimension in self.codebook.dimensions.items():
            prob = dimension_columns(name)[1]
            sums = self.alone.setdefault(name, [0.0, 0.0])
            certain = coded.loc[~coded[REVIEW], prob].dropna()
            sums[0] += float((1 - certain).sum())
            sums[1] += len(certain)
            if dimension.by and dimension.by not in coded:
                key = f"no column '{dimension.by}'"
                self.uncoded_contexts[key] = self.uncoded_contexts.get(key, 0) + len(coded)
            elif dimension.by:
                for value, n in coded[dimension.by].value_counts(dropna=False).items():
                    if self.codebook.resolve(dimension.by, value) is None:
                        key = "(tomt)" if value is pd.NA or value is None else str(value)
                        self.uncoded_contexts[key] = self.uncoded_contexts.get(key, 0) + int(n)
        self.found.append(occurrences(coded, self.codebook))

    def expected_error(self) -> dict[str, float | None]:
        """Expected share of wrong codes among what needs no review, per dimension."""
        return {name: round(doubt / n, 4) if n else None for name, (doubt, n) in self.alone.items()}

    def summary(self) -> pd.DataFrame:
        """Counts of respondents over all portions."""
        return summarise(pd.concat(self.found, ignore_index=True), self.codebook)


@dataclass(frozen=True)
class Result:
    """What `code_answers` did."""

    folder: Path
    run: Mapping[str, Any]
    fresh: bool = True  # False: the folder held these very results already


def code_answers(
    answers: pd.DataFrame,
    coder: Coder,
    out: Path,
    *,
    unit: str = "answer",
    engine: Engine = THREADS,
    provenance: Mapping[str, Any] | None = None,
    progress: bool = False,
) -> Result:
    """Split, code and write a table of answers.

    Parameters
    ----------
    answers
        As `read_answers` gives them.
    coder
        A fitted coder; its `error_budget` decides what is left for review.
    out
        Folder for `statements.parquet`, `answers.parquet`, `coding.xlsx` and `run.json`. Personal
        data are masked in all of them but `answers.parquet`.
    unit
        What a row is: an `answer` (to be divided) or a `statement`.
    engine
        Where the answers are coded; the results are the same.
    provenance
        Kept in `run.json`: the input file and its hash, the model.

    Raises
    ------
    TextmineError
        If nothing can be coded, or the results cannot be written; nothing is left half-written.
    """
    codebook, rule = coder.require_codebook(), coder.rule()
    answers = _set_aside(answers, codebook)
    key = _key(answers, coder, unit)
    if (previous := _previous(out)) is not None:
        if previous["key"] == key and key is not None:
            _warn_of_contexts(codebook, previous["run"]["unknown_contexts"])
            return Result(out, previous["run"], fresh=False)
        if WORKBOOK in previous["changed"]:
            raise TextmineError(
                f"{out / WORKBOOK} has been changed since it was written, perhaps by someone who "
                "reviewed it. Give another folder with --out, or move the workbook away."
            )
    seconds: dict[str, float] = {}
    tally = Tally(codebook)
    with staged_folder(out) as stage:
        counts: list[pd.DataFrame] = []
        with _timed(seconds, "mask"):
            veil = Veil(answers, codebook.context_columns())
        with (
            _Writer(stage / STATEMENTS, veil.answers, codebook) as writer,
            tqdm(
                total=len(answers),
                desc="coding",
                unit="answer",
                disable=None if progress else True,
            ) as bar,
        ):
            began = time.perf_counter()
            for portion, uncertain in engine.code(_portions(answers), coder, unit):
                coded = rule.apply(uncertain, codebook)
                with _timed(seconds, "write"):
                    coded = veil.over(coded.drop(columns="answer_text"))
                    tally.add(coded)
                    writer.write(coded)
                    counts.append(count_statements(portion, coded))
                bar.update(len(portion))
            seconds["split and code"] = time.perf_counter() - began - seconds["write"]
        if not tally.statements:
            raise TextmineError("None of the answers holds any text to code; nothing was written.")
        _warn_of_contexts(codebook, tally.uncoded_contexts)
        with _timed(seconds, "write"):
            counted = pd.concat(counts, ignore_index=True)
            counted.to_parquet(stage / ANSWERS, index=False)
            run = _describe(tally, answers, coder, unit, provenance or {}) | {
                "personal": veil.found
            }
            write_workbook(
                stage / WORKBOOK,
                stage / STATEMENTS,
                veil.answers,
                tally.summary(),
                facts_of(run, codebook),
                codebook,
                run_key=key,
            )
        run["key"] = key
        run["outputs"] = {name: file_hash(stage / name) for name in (STATEMENTS, ANSWERS, WORKBOOK)}
        run["seconds"] = {step: round(value, 3) for step, value in seconds.items()}
        text = json.dumps(run, indent=2, ensure_ascii=False, default=str)
        (stage / RUN).write_text(text + "\n", encoding="utf-8")
    if previous is not None:  # what a review had made of them, say
        for name in previous["run"]["outputs"].keys() - run["outputs"].keys() - previous["changed"]:
            (out / name).unlink(missing_ok=True)
    return Result(out, run)


def _key(answers: pd.DataFrame, coder: Coder, unit: str) -> str | None:
    """Hash all that the results depend on; None for a coder that was never saved."""
    if coder.learnt_.identity is None:
        return None
    rows = pd.util.hash_pandas_object(answers.astype("string"), index=False).to_numpy()
    return text_hash(
        *(str(column) for column in answers),
        rows.tobytes().hex(),
        coder.learnt_.identity,
        boundary_identity(),
        remember.code_identity(),
        masks_identity(),
        unit,
        repr(coder.error_budget),
        version("textmine"),
    )


def _previous(out: Path) -> dict[str, Any] | None:
    """Look at the results of an earlier run in a folder: their key, and which files changed."""
    try:
        run = json.loads((out / RUN).read_text(encoding="utf-8"))
        outputs = run["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    there = {name for name in outputs if (out / name).is_file()}
    changed = {name for name in there if file_hash(out / name) != outputs[name]}
    whole = not changed and there == set(outputs)
    return {"run": run, "key": run.get("key") if whole else None, "changed": changed}


def _set_aside(answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Rename columns of the input whose names the results need: `role` becomes `role_given`."""
    taken = {c for name in codebook.dimensions for c in dimension_columns(name)}
    taken |= {*STATEMENT_COLUMNS, "answer_text", N_STATEMENTS, REVIEW, REASON, NOVELTY} - {"text"}
    taken |= {SOURCE, COMMENT}
    return answers.rename(columns={c: f"{c}_given" for c in answers if c in taken})


def _portions(answers: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for at in range(0, max(1, len(answers)), _PORTION):
        yield answers.iloc[at : at + _PORTION]


def _warn_of_contexts(codebook: Codebook, unknown: Mapping[str, int]) -> None:
    """Say which areas (or the like) the codebook lacks; their statements are left to people."""
    if not unknown:
        return
    column = ", ".join(codebook.context_columns())
    found = ", ".join(f"'{name}' ({n})" for name, n in sorted(unknown.items()))
    warnings.warn(
        f"The codebook {codebook.name} does not know this {column}; what depends on it is left for "
        f"review (number of statements in brackets): {found}.",
        Attention,
        stacklevel=3,
    )


class _Writer:
    """Writes portions of coded statements to one parquet file of a fixed schema."""

    def __init__(self, path: Path, answers: pd.DataFrame, codebook: Codebook) -> None:
        carried = pa.Schema.from_pandas(
            answers.drop(columns="text"), preserve_index=False
        ).remove_metadata()
        fields = [pa.field("statement_id", pa.string())]
        fields += [
            pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) else f.type)
            for f in carried
        ]
        fields += [pa.field("start", pa.int64()), pa.field("end", pa.int64())]
        fields.append(pa.field("text", pa.string()))
        for name, dimension in codebook.dimensions.items():
            code, prob, second, second_prob = dimension_columns(name)
            kind = pa.list_(pa.string()) if dimension.multiple else pa.string()
            fields += [pa.field(code, kind), pa.field(prob, pa.float64())]
            fields += [pa.field(second, pa.string()), pa.field(second_prob, pa.float64())]
        fields += [
            pa.field(REVIEW, pa.bool_()),
            pa.field(REASON, pa.string()),
            pa.field(NOVELTY, pa.float64()),
        ]
        self.schema = pa.schema(fields)
        self._writer = pq.ParquetWriter(path, self.schema, compression="zstd")

    def write(self, coded: pd.DataFrame) -> None:
        """Add some rows."""
        table = pa.Table.from_pandas(coded, schema=self.schema, preserve_index=False)
        self._writer.write_table(table.replace_schema_metadata(None))

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.close()


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds[step] = seconds.get(step, 0.0) + time.perf_counter() - began


def _describe(
    tally: Tally, answers: pd.DataFrame, coder: Coder, unit: str, provenance: Mapping[str, Any]
) -> dict[str, Any]:
    """Put together `run.json`, but for the seconds."""
    packages = ("textmine", "numpy", "pandas", "scikit-learn", "spacy", "onnxruntime")
    return {
        "versions": {name: version(name) for name in packages},
        **provenance,
        "codebook": f"{tally.codebook.name} {tally.codebook.version}",
        "options": {"unit": unit, "error_budget": coder.error_budget},
        "answers": len(answers),
        "statements": tally.statements,
        "review": tally.review,
        "review_share": round(tally.review / max(1, tally.statements), 4),
        "review_pace": _PACE,
        "review_hours": round(tally.review / _PACE, 1),
        "expected_error": tally.expected_error(),
        "thresholds": dict(coder.rule().thresholds),
        "unknown_contexts": tally.uncoded_contexts,
    }
