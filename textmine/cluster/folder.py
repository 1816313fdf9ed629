"""A grouping on disk: what is needed to go on with it as it was left, and to put new notes in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.cluster.state import Group, State
from textmine.errors import TextmineError
from textmine.tables import CLUSTER, CLUSTER_PROB, CLUSTER_REASON

NOTES, GROUPS, FIRST, OPERATIONS = (
    "notes.parquet",
    "clusters.json",
    "first.parquet",
    "operations.jsonl",
)
SCHEMA = 1
_COORDINATES = ["x", "y"]


@dataclass(frozen=True)
class Kept:
    """What a folder holds of a grouping.

    Attributes
    ----------
    notes
        As they were given, with ids.
    first
        The grouping before any operation.
    layout
        (distinct texts, 2).
    settings, operations
        How it was made, and what was done to it.
    """

    notes: pd.DataFrame
    first: State
    layout: npt.NDArray[np.float32]
    settings: dict[str, Any]
    operations: list[dict[str, Any]]


def write_folder(
    folder: Path,
    table: pd.DataFrame,
    units: npt.NDArray[np.intp],
    first: State,
    layout: npt.NDArray[np.float32],
    summary: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    operations: Sequence[Mapping[str, Any]],
) -> None:
    """Write a grouping to a folder that exists."""
    placed = table.copy()
    placed[_COORDINATES] = layout[units]
    placed.to_parquet(folder / NOTES, index=False)
    reasons = [first.reasons.get(unit) for unit in range(len(first.labels))]
    pd.DataFrame(
        {
            "label": first.labels,
            "probability": first.probabilities,
            "pinned": first.pinned,
            "reason": pd.Series(reasons, dtype="string"),
            "x": layout[:, 0],
            "y": layout[:, 1],
        }
    ).to_parquet(folder / FIRST, index=False)
    content = {
        "schema": SCHEMA,
        "settings": settings,
        "clusters": summary,
        "first": {"groups": [asdict(group) for group in first.groups], "made": first.made},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / GROUPS).write_text(f"{text}\n", encoding="utf-8")
    lines = [f"{json.dumps(operation, ensure_ascii=False)}\n" for operation in operations]
    (folder / OPERATIONS).write_text("".join(lines), encoding="utf-8")


def read_folder(folder: Path) -> Kept:
    """Read a grouping from its folder."""
    for name in (NOTES, GROUPS, FIRST, OPERATIONS):
        if not (folder / name).is_file():
            raise TextmineError(f"{folder} holds no grouping: {name} is missing.")
    content: dict[str, Any] = json.loads((folder / GROUPS).read_text(encoding="utf-8"))
    if content.get("schema") != SCHEMA:
        raise TextmineError(
            f"{folder / GROUPS}: schema {content.get('schema')!r}, but this version of textmine "
            f"reads schema {SCHEMA}; use the version that made it."
        )
    table, first = pd.read_parquet(folder / NOTES), pd.read_parquet(folder / FIRST)
    groups = content["first"]["groups"]
    reasons = first["reason"].astype(object).to_numpy()
    return Kept(
        notes=table.drop(columns=[CLUSTER, CLUSTER_PROB, CLUSTER_REASON, *_COORDINATES]),
        first=State(
            groups=tuple(
                Group(**{**group, "names_before": tuple(group["names_before"])}) for group in groups
            ),
            labels=first["label"].to_numpy(np.intp),
            probabilities=first["probability"].to_numpy(np.float64),
            pinned=first["pinned"].to_numpy(np.bool_),
            made=content["first"]["made"],
            reasons={unit: why for unit, why in enumerate(reasons) if isinstance(why, str)},
        ),
        layout=first[_COORDINATES].to_numpy(np.float32),
        settings=content["settings"],
        operations=read_operations(folder / OPERATIONS),
    )


def read_operations(path: Path) -> list[dict[str, Any]]:
    """Read `operations.jsonl`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TextmineError(f"{path}: {getattr(error, 'strerror', None) or error}.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            operation = json.loads(line)
        except json.JSONDecodeError as error:
            raise TextmineError(f"{path}, line {number}: not JSON ({error.msg}).") from error
        if not isinstance(operation, dict) or "operation" not in operation:
            raise TextmineError(
                f"{path}, line {number}: no operation, such as "
                '{"operation": "rename", "cluster": "C01", "name": "Juridiska frågor"}.'
            )
        found.append(operation)
    return found
