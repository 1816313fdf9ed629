"""A results folder as a comparison sees it: its codebook, answers, and statements after review."""

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook, folded
from textmine.coding.targets import contexts_of
from textmine.errors import Attention, TextmineError
from textmine.hashing import text_hash
from textmine.personal.mask import FILL, tidy
from textmine.personal.veil import Veil
from textmine.pipeline import ANSWERS, STATEMENTS
from textmine.report.summary import Layout
from textmine.results import read_run
from textmine.review import LOG_FILE
from textmine.review.counts.counting import respondents_of
from textmine.review.results import AUDITED, FLAGGED
from textmine.review.survey import APPLIED, MACHINE
from textmine.shipped import CODER_FILE, find_model
from textmine.tables import REVIEW, SOURCE, dimension_columns

BY_MACHINE = "machine"
_MASK = re.compile(rf"\[[\w-]*{FILL}*\]|{FILL}{FILL}")  # as long as what it covers


@dataclass(frozen=True)
class SurveyYear:
    """One of the two surveys.

    Attributes
    ----------
    label
        What it is called: its year, or its folder's name.
    answers, statements
        The statements in the form that `estimate_counts` takes.
    texts, names
        Of statements by their id, and of respondents, with personal data masked.
    """

    folder: Path
    label: str
    run: Mapping[str, Any]
    codebook: Codebook
    answers: pd.DataFrame
    statements: pd.DataFrame
    texts: Mapping[str, str]
    names: Mapping[str, str]

    @staticmethod
    def load(folder: Path) -> "SurveyYear":
        """Read a folder that `textmine code` wrote, reviewed or not.

        Raises
        ------
        TextmineError
            If it holds no results, or the codebook is not to be found.
        """
        run = read_run(folder)
        codebook = _codebook(folder, run)
        answers, shown = (_table(folder, name) for name in (ANSWERS, STATEMENTS))
        for name in codebook.dimensions:
            for column in (*dimension_columns(name), REVIEW):
                if column not in shown:
                    raise TextmineError(
                        f"{folder / STATEMENTS} has no column '{column}', which the codebook "
                        f"{codebook.name} asks for; code the answers again."
                    )
        statements = _statements(folder, run, codebook, answers, shown)
        veil = Veil(answers, codebook.context_columns())
        masked = veil.over(statements)
        return SurveyYear(
            folder,
            _label(folder, answers),
            run,
            codebook,
            answers,
            statements,
            texts=_texts(veil.answers, statements),
            names=_names(statements, masked),
        )

    @property
    def layout(self) -> Layout:
        """What is counted."""
        return Layout.of(self.codebook)

    @property
    def share_reviewed(self) -> float:
        """Share of the statements that people decided."""
        return float((self.statements[SOURCE] != BY_MACHINE).mean()) if len(self.statements) else 0

    @property
    def contexts(self) -> list[str]:
        """Each statement's context, '' where there is none; as `CellTable` names them."""
        column = self.layout.context
        if not column or column not in self.statements:
            return [""] * len(self.statements)
        values = self.statements[column]
        known = {v: self.codebook.resolve(column, v) or str(v) for v in values.unique()}
        return [known[value] for value in values]

    @property
    def who(self) -> list[str]:
        """Each statement's respondent; failing that its answer."""
        return [str(name).split(" ", 1)[1] for name in respondents_of(self.statements)]

    @property
    def has_respondents(self) -> bool:
        """Whether respondents can be recognised from one survey to another."""
        return "respondent" in self.statements and bool(self.statements["respondent"].notna().any())

    def seed(self, seed: int) -> int:
        """Draw from what is compared, so that equal tables have equal draws.

        A survey beside itself then differs nowhere, and neither of two surveys' draws depends on
        which of them is the earlier.
        """
        kept = [c for c in self.statements if c not in ("novelty", "passage")]
        rows = pd.util.hash_pandas_object(self.statements[kept].astype("string"), index=False)
        return int(text_hash(str(seed), rows.to_numpy().tobytes().hex())[:12], 16)


def _codebook(folder: Path, run: Mapping[str, Any]) -> Codebook:
    """Read the codebook out of the model; a shipped one may stand in for a model that is gone."""
    name = str((run.get("model") or {}).get("name") or "")
    model = find_model(name, CODER_FILE) if name else None
    if model is not None:
        try:
            data = json.loads((model / CODER_FILE).read_text(encoding="utf-8"))
            return Codebook.model_validate(data["codebook"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TextmineError(
                f"{model / CODER_FILE} is damaged ({type(error).__name__}); copy or train the "
                "model anew."
            ) from error
    book, _, version = str(run.get("codebook", "")).rpartition(" ")
    try:
        codebook = Codebook.load(book)
    except TextmineError:
        codebook = None
    if codebook is not None and codebook.version == version:
        return codebook
    raise TextmineError(
        f"{folder} was coded with the model '{name or '(unknown)'}' by the codebook {book} "
        f"{version}, and neither is found. The codebook lies in the model's folder: put that back "
        "where it was, or where 'textmine models' lists yours."
    )


def _names(statements: pd.DataFrame, masked: pd.DataFrame) -> dict[str, str]:
    """What respondents are called where they are shown."""
    pairs = zip(respondents_of(statements), respondents_of(masked), strict=True)
    return {one.split(" ", 1)[1]: two.split(" ", 1)[1] for one, two in pairs}


def _table(folder: Path, name: str) -> pd.DataFrame:
    try:
        return pd.read_parquet(folder / name)
    except (OSError, ValueError) as error:
        raise TextmineError(
            f"{folder / name} cannot be read ({error}); code the answers again with 'textmine "
            "code'."
        ) from error


def _statements(
    folder: Path,
    run: Mapping[str, Any],
    codebook: Codebook,
    answers: pd.DataFrame,
    shown: pd.DataFrame,
) -> pd.DataFrame:
    """Give the statements with what the machine had said of those that people decided."""
    if APPLIED in run and (folder / LOG_FILE).is_file():
        found = find_model(str(run["model"]["name"]), CODER_FILE)
        if found is not None:
            return _from_log(folder, run)
    if APPLIED in run:
        warnings.warn(
            f"{folder} has been reviewed, but its log ({LOG_FILE}) or model is not there: what the "
            "quality sample told of the machine's errors is not known, and intervals rest on the "
            "model's own probabilities.",
            Attention,
            stacklevel=4,
        )
    table = shown.copy()
    said = _table(folder, MACHINE) if APPLIED in run else shown
    before = said.set_index("statement_id")
    ids = table["statement_id"]
    for name in codebook.dimensions:
        code, prob, _, _ = dimension_columns(name)
        for column, kept in ((f"{name}_machine", code), (f"{name}_machine_prob", prob)):
            table[column] = ids.map(dict(zip(before.index, before[kept], strict=True)))
    if SOURCE not in table:
        table[SOURCE] = BY_MACHINE
    flagged = dict(zip(before.index, before[REVIEW], strict=True))
    table[FLAGGED] = [bool(flagged.get(i, False)) for i in ids]
    table[AUDITED] = False
    return table.assign(passage=_passages(table, codebook, answers))


def _passages(table: pd.DataFrame, codebook: Codebook, answers: pd.DataFrame) -> list[str]:
    """Tell answers apart by what the machine saw: statements alike in alike answers are one."""
    contexts = [
        contexts_of(answers, d, codebook) for d in codebook.dimensions.values() if d.by in answers
    ]
    questions = answers["question"] if "question" in answers else [None] * len(answers)
    parts = zip(answers["text"], questions, *contexts, strict=True)
    keys = dict(
        zip(answers["answer_id"], (text_hash(*map(str, part)) for part in parts), strict=True)
    )
    return [keys.get(answer, str(answer)) for answer in table["answer_id"]]


def _from_log(folder: Path, run: Mapping[str, Any]) -> pd.DataFrame:
    """Read a reviewed folder by way of its log, which knows the quality sample."""
    from textmine.review.desk import Desk
    from textmine.review.log import Log
    from textmine.review.queues import Queues
    from textmine.review.results import estimation_table
    from textmine.review.survey import Survey

    store = Log.of_folder(folder)
    try:
        desk = Desk(Survey.load(folder), store)
        if desk.standing.last != run[APPLIED]["log"]:
            warnings.warn(
                f"{folder}: decisions have been made since the review was last applied. They are "
                f"counted here; run 'textmine apply {folder}' so that its own files have them too.",
                Attention,
                stacklevel=5,
            )
        return estimation_table(desk.standing, Queues(desk).audited())
    finally:
        store.close()


def _texts(masked: pd.DataFrame, statements: pd.DataFrame) -> dict[str, str]:
    """Cut statements out of masked answers; a mask that a border goes through is shown whole."""
    whole = dict(zip(masked["answer_id"], masked["text"].fillna("").astype(str), strict=True))
    inside = {
        name: [found.span() for found in _MASK.finditer(text)] for name, text in whole.items()
    }
    out = {}
    for name, answer, start, end in zip(
        statements["statement_id"].astype(str), statements["answer_id"], statements["start"],
        statements["end"], strict=True,
    ):  # fmt: skip
        cut = [(first, last) for first, last in inside[answer] if first < end and last > start]
        first = min([start, *(at for at, _ in cut)])
        last = max([end, *(at for _, at in cut)])
        out[name] = tidy(whole[answer][int(first) : int(last)])
    return out


def _label(folder: Path, answers: pd.DataFrame) -> str:
    """Name a survey after its year if it is of one year, and otherwise after its folder."""
    years = list(answers["year"].dropna().unique()) if "year" in answers else []
    return str(years[0]) if len(years) == 1 else folder.resolve().name


def named_apart(earlier: SurveyYear, later: SurveyYear) -> tuple[str, str]:
    """Name two surveys so that they are told apart."""
    if folded(earlier.label) != folded(later.label):
        return earlier.label, later.label
    folders = earlier.folder.resolve().name, later.folder.resolve().name
    if folders[0] != folders[1]:
        return folders
    return f"{earlier.label} (tidigare)", f"{later.label} (senare)"
