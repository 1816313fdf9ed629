"""A folder of results, as it may be shown: what `textmine code` wrote, personal data masked."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.coder import Coder
from textmine.errors import TextmineError
from textmine.personal.veil import Veil
from textmine.pipeline import ANSWERS, RUN, STATEMENTS


@dataclass(frozen=True)
class Results:
    """What a folder of results holds.

    Attributes
    ----------
    answers, statements
        As written, but nothing in them is personal data: masks cover those in the answers, which
        alone hold the original, and keep their length.
    """

    folder: Path
    run: dict[str, Any]
    codebook: Codebook
    answers: pd.DataFrame
    statements: pd.DataFrame

    @staticmethod
    def load(folder: Path) -> "Results":
        """Read a folder, and the codebook of the model that its answers were coded with.

        Raises
        ------
        TextmineError
            If the folder holds no results, or its model is gone.
        """
        run = read_run(folder)
        codebook = Coder.load(model_of(folder, run)).require_codebook()
        try:
            answers = pd.read_parquet(folder / ANSWERS)
            statements = pd.read_parquet(folder / STATEMENTS)
        except (OSError, ValueError) as error:
            raise TextmineError(
                f"{STATEMENTS} or {ANSWERS} in {folder} cannot be read ({error}); code the "
                "answers again with 'textmine code'. Decisions of a review are kept."
            ) from error
        veil = Veil(answers, codebook.context_columns())
        return Results(folder, run, codebook, veil.answers, veil.over(statements))


def read_run(folder: Path) -> dict[str, Any]:
    """Read `run.json` of a results folder."""
    try:
        run: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except OSError as error:
        raise TextmineError(
            f"{folder} holds no results of 'textmine code' (no {RUN}); code the answers first: "
            f"textmine code ANSWERS --out {folder}"
        ) from error
    except ValueError as error:
        raise TextmineError(
            f"{folder / RUN} is damaged ({error}); code the answers again."
        ) from error
    return run


def model_of(folder: Path, run: dict[str, Any]) -> str:
    """Name the model that a folder's answers were coded with."""
    name = (run.get("model") or {}).get("name")
    if not name:
        raise TextmineError(
            f"{folder / RUN} does not say which model coded the answers, so its codebook is "
            "not known; code them with 'textmine code'."
        )
    return str(name)
