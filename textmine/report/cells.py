"""What a cell of a workbook can hold, and how values are shown in it."""

import datetime
import math
import re
from functools import lru_cache
from typing import Any

import pandas as pd

from textmine.codebook import Dimension

_CELL_LENGTH = 32_767  # Excel's characters in a cell
_EXCERPT = 1_500  # characters of an answer shown beside each of its statements
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=256)  # statements of one answer follow each other, each with its whole text
def cell_text(text: str) -> str:
    """Make a text fit for a cell: without control characters, within Excel's length."""
    clean = _UNWRITABLE.sub("", text)
    # Excel counts in UTF-16, where an emoji is two.
    units = clean.encode("utf-16-le")
    if len(units) > 2 * _CELL_LENGTH:
        mark = " … [avkortat; hela texten finns i answers.parquet]"
        return units[: 2 * (_CELL_LENGTH - len(mark))].decode("utf-16-le", "ignore") + mark
    return clean


def excerpt(text: str, start: int, end: int) -> str:
    """Show an answer around one of its statements: whole, or marked with … where it is long."""
    if len(text) <= _EXCERPT:
        return text
    before = max(0, start - _EXCERPT // 2)
    after = min(len(text), max(end, before + _EXCERPT))
    return f"{'… ' if before else ''}{text[before:after]}{' …' if after < len(text) else ''}"


def plain_value(value: Any) -> str | int | float | None:
    """Turn any value into a text, a number, or nothing."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, list | tuple | dict):
        return str(value)
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value)
    return str(list(value)) if hasattr(value, "__len__") else str(value)


def code_names(value: Any, dimension: Dimension, context: str | None) -> str | None:
    """Name a code, or several, as people call them under a context."""
    if isinstance(value, str):
        return dimension.code_name(value, context)
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return ", ".join(dimension.code_name(str(code), context) for code in value)
