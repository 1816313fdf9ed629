"""Tables from files: xlsx, csv, tsv, jsonl, parquet and sav, chosen by the file's name."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from textmine.errors import TextmineError
from textmine.read.columns import recognise
from textmine.read.excel import read_excel

_FIELD_LIMIT = 10_000_000  # characters in one csv field; an answer may be a pasted document


def read_table(
    path: Path, *, mapping: Mapping[str, str] | None = None, sheet: str | None = None
) -> pd.DataFrame:
    """Read a table of texts with its own column names.

    Parameters
    ----------
    path
        A file ending in .xlsx, .csv, .tsv, .jsonl, .parquet or .sav.
    mapping
        Column names chosen by the user; they help to find the header and the sheet.
    sheet
        The sheet of a workbook; needed only when several hold a text column.

    Raises
    ------
    TextmineError
        If the file is absent, damaged, of another kind, or empty.
    """
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "does not exist"
        raise TextmineError(f"{path} {kind}; give a file with answers.")
    readers: dict[str, Callable[[], pd.DataFrame]] = {
        ".xlsx": lambda: read_excel(path, mapping=mapping, sheet=sheet),
        ".csv": lambda: _read_delimited(path, mapping),
        ".tsv": lambda: _read_delimited(path, mapping),
        ".jsonl": lambda: _read_jsonl(path),
        ".parquet": lambda: _read_parquet(path),
        ".sav": lambda: _read_spss(path),
    }
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise TextmineError(
            f"{path}: cannot read '{suffix or 'a file without ending'}'; "
            f"allowed: {', '.join(readers)}. Save older Excel files (.xls) as .xlsx."
        )
    if path.stat().st_size == 0:
        raise TextmineError(f"{path} is empty (0 bytes); save it again with its answers.")
    try:
        table = readers[suffix]()
    except PermissionError as error:
        raise TextmineError(
            f"{path}: no permission to read it; close it elsewhere or ask for access."
        ) from error
    if table.empty:
        raise TextmineError(f"{path} has a header but no rows; nothing to do.")
    return table


def decode(data: bytes, source: str) -> str:
    """Decode text as UTF-8 (with or without BOM), UTF-16 with BOM, else as cp1252 or latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TextmineError(f"{source}: its characters cannot be read; save it as UTF-8.")


def _read_delimited(path: Path, mapping: Mapping[str, str] | None) -> pd.DataFrame:
    """Read csv or tsv; the delimiter is the one under which most columns are recognised."""
    text = decode(path.read_bytes(), str(path))
    csv.field_size_limit(_FIELD_LIMIT)

    def header(delimiter: str) -> list[str]:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])

    delimiter = max(
        ("\t", ";", ",") if path.suffix.lower() == ".tsv" else (";", ",", "\t"),
        key=lambda mark: (len(recognise(header(mark), mapping)), len(header(mark))),
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
        rows = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(names):
                raise TextmineError(
                    f"{path}, line {reader.line_num}: {len(row)} fields, but the header has "
                    f"{len(names)}. Put quotes around texts that hold '{delimiter}'."
                )
            rows.append(row + [""] * (len(names) - len(row)))
    except csv.Error as error:
        raise TextmineError(f"{path}, line {reader.line_num}: {error}.") from error
    return pd.DataFrame(rows, columns=_named(names), dtype="str")


def _named(names: list[str]) -> list[str]:
    return [name or f"Kolumn {number}" for number, name in enumerate(names, start=1)]


def _read_jsonl(path: Path) -> pd.DataFrame:
    """Read one JSON object a line; nested values stay as they are."""
    rows = []
    lines = decode(path.read_bytes(), str(path)).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise TextmineError(
                f"{path}, line {number}: not valid JSON ({error.msg} at column {error.colno})."
            ) from error
        if not isinstance(row, dict):
            raise TextmineError(f"{path}, line {number}: not a JSON object; one object a line.")
        rows.append(row)
    return pd.DataFrame(rows)


def _read_parquet(path: Path) -> pd.DataFrame:
    from pyarrow.lib import ArrowInvalid

    try:
        return pd.read_parquet(path)
    except (ArrowInvalid, OSError) as error:
        raise TextmineError(f"{path}: not a readable parquet file ({error}).") from error


def _read_spss(path: Path) -> pd.DataFrame:
    """Read an SPSS file with value labels in place of codes."""
    import pyreadstat

    try:
        table, meta = pyreadstat.read_sav(str(path), apply_value_formats=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise TextmineError(f"{path}: not a readable SPSS file ({error}).") from error
    labels = meta.column_names_to_labels
    # SPSS names are cut short; the label is what the survey called the column.
    if not recognise(list(table.columns)) or "text" not in recognise(list(table.columns)):
        table = table.rename(columns={name: labels[name] or name for name in table.columns})
    return table
