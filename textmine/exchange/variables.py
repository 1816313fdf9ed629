"""Columns of a table as typed variables, as REFI-QDA knows them."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from textmine.exchange.refi import Element, local_name, writable

TEXT, BOOLEAN, INTEGER, FLOAT, DATETIME = "Text", "Boolean", "Integer", "Float", "DateTime"


@dataclass(frozen=True)
class Variable:
    """A column: its GUID, its name and its type."""

    guid: str
    name: str
    kind: str


def kind_of(column: pd.Series) -> str:
    """The type of a column."""
    if types.is_bool_dtype(column):
        return BOOLEAN
    if types.is_integer_dtype(column):
        return INTEGER
    if types.is_float_dtype(column):
        return FLOAT
    if types.is_datetime64_any_dtype(column):
        return DATETIME
    return TEXT


def as_value(value: Any, kind: str) -> str | None:
    """Write a cell as its type wants it; None for what has no value."""
    if isinstance(value, list | np.ndarray):
        return json.dumps(list(value), ensure_ascii=False, default=str)
    if pd.isna(value):
        return None
    if kind == BOOLEAN:
        return "true" if value else "false"
    if kind == INTEGER:
        return str(int(value))
    if kind == FLOAT:
        number = Decimal(repr(float(value)))
        return f"{number:f}" if number.is_finite() else None
    if kind == DATETIME:
        return str(pd.Timestamp(value).isoformat())
    return writable(str(value))


def read_value(element: Element) -> Any:
    """Read a `VariableValue`; a value that does not fit its type stays a text."""
    for child in element:
        kind = local_name(child).removesuffix("Value")
        if kind != "VariableRef" and child.text:
            return typed(child.text, kind)
    return None


def typed(text: str, kind: str) -> Any:
    """Give a text its type; one that does not fit stays as it is."""
    try:
        return _converted(text, kind)
    except ValueError:
        return text


def _converted(text: str, kind: str) -> Any:
    if kind == BOOLEAN:
        return text.lower() in ("true", "1")
    if kind == INTEGER:
        return int(text)
    if kind == FLOAT:
        return float(text)
    return text
