"""Wide survey exports (a row a respondent, a column a question) turned into answers tables."""

from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from textmine.errors import TextmineError, did_you_mean
from textmine.read.answers import as_text, standard_answers
from textmine.read.columns import tidy
from textmine.read.files import decode, read_table


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid")
    column: str
    area: str | None = None
    question: str | None = None


class Survey(BaseModel):
    """Where a wide export keeps what: the columns of the respondent and of each free text.

    Attributes
    ----------
    respondent, actor, answer_id
        Names of columns; `respondent` is required.
    year
        The year of the survey.
    questions
        The free-text columns, each with its area and its question (the column's name if absent).
    keep
        Further columns to carry through.
    """

    model_config = ConfigDict(extra="forbid")
    respondent: str
    actor: str | None = None
    answer_id: str | None = None
    year: int | None = None
    questions: list[_Question] = Field(min_length=1)
    keep: list[str] = []

    @staticmethod
    def load(path: Path) -> "Survey":
        """Read `survey.yaml`; a TextmineError says which key is wrong."""
        if not path.is_file():
            raise TextmineError(f"{path} does not exist; give the survey's YAML file.")
        try:
            data: Any = YAML(typ="safe").load(decode(path.read_bytes(), str(path)))
            if not isinstance(data, dict):
                raise TextmineError(
                    f"{path}: a survey begins with keys such as 'respondent:' and 'questions:'."
                )
            return Survey.model_validate(data)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise TextmineError(f"{path}, line {line}: not valid YAML: {error.problem}.") from error
        except YAMLError as error:
            raise TextmineError(f"{path}: not valid YAML: {error}.") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = " → ".join(map(str, first["loc"]))
            raise TextmineError(
                f"{path} ({place}): {first['msg']}. Keys: {', '.join(Survey.model_fields)}; "
                "each question has 'column', 'area' and 'question'."
            ) from error


def read_wide(path: str | Path, survey: Survey) -> pd.DataFrame:
    """Read a wide export as an answers table: one row for each filled-in free text.

    Blank cells give no answer. Ids are `<respondent's id or row>-<question's number>`.
    """
    path = Path(path)
    table = read_table(path, mapping={"text": survey.questions[0].column})
    names = {tidy(name): str(name) for name in table.columns}

    def column(wanted: str) -> pd.Series:
        if tidy(wanted) not in names:
            raise TextmineError(
                f"{path}: no column '{wanted}', which the survey names; "
                f"{did_you_mean(wanted, names.values())}."
            )
        return table[names[tidy(wanted)]]

    rows = [str(number) for number in range(1, len(table) + 1)]
    if survey.answer_id:
        rows = [as_text(value).strip() for value in column(survey.answer_id)]
        for number, row in enumerate(rows, start=1):
            if not row or row in rows[: number - 1]:
                what = f"repeats '{row}'" if row else "is blank"
                raise TextmineError(
                    f"{path}: '{survey.answer_id}' {what} in data row {number}. Make it unique, or "
                    "take answer_id out of the survey's YAML and ids are made."
                )
    parts = []
    for number, question in enumerate(survey.questions, start=1):
        part = pd.DataFrame({"respondent": column(survey.respondent)})
        part["answer_id"] = [f"{row}-{number}" for row in rows]
        if survey.actor:
            part["actor"] = column(survey.actor)
        part["area"] = question.area
        part["question"] = question.question or question.column
        part["year"] = survey.year
        part["text"] = column(question.column)
        for kept in survey.keep:
            part[kept] = column(kept)
        parts.append(part)
    # Respondent by respondent, as they stand in the export.
    long = pd.concat(parts).sort_index(kind="stable")
    filled = long["text"].astype("string").str.strip().fillna("") != ""
    if not filled.any():
        raise TextmineError(f"{path}: the columns that the survey names hold no answers.")
    return standard_answers(long[filled], str(path))
