"""Tables from files: xlsx, csv, tsv, jsonl, parquet and sav, chosen by the file's name."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from textmine.errors import TextmineError
from textmine.read.columns import recognise
from textmine.read.excel import read_excel

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
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
        ".sav": lambda: _read_spss(path, mapping),
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
    if not len(table.columns):
        raise TextmineError(f"{path} holds nothing but blanks; nothing to do.")
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
        try:
            return _first_filled(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            return []

    delimiter = max(
        ("\t", ";", ",") if path.suffix.lower() == ".tsv" else (";", ",", "\t"),
        key=lambda mark: (len(recognise(header(mark), mapping)), len(header(mark))),
    )
    # Strict: a quotation mark that is never closed would swallow all rows below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    started = 1
    try:
        names = [name.strip() for name in _first_filled(reader)]
        started, rows = reader.line_num + 1, []
        for row in reader:
            started = reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(names):
                raise TextmineError(
                    f"{path}, line {reader.line_num}: {len(row)} fields, but the header has "
                    f"{len(names)}. Put quotes around texts that hold '{delimiter}'."
                )
            rows.append(row + [""] * (len(names) - len(row)))
    except csv.Error as error:
        raise TextmineError(
            f"{path}, the row that begins on line {started}: {error}. A text in quotation marks "
            'ends with one, and a mark within it is written twice: "en ""stor"" grupp".'
        ) from error
    return pd.DataFrame(rows, columns=_named(names), dtype="str")


def _first_filled(rows: Iterable[list[str]]) -> list[str]:
    return next((row for row in rows if any(cell.strip() for cell in row)), [])


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
        except RecursionError as error:
            raise TextmineError(f"{path}, line {number}: values nested too deep.") from error
        if not isinstance(row, dict):
            raise TextmineError(f"{path}, line {number}: not a JSON object; one object a line.")
        if _ESCAPED_SURROGATE.search(line):  # half a character can be neither encoded nor written
            row = json.loads(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
        rows.append(row)
    return pd.DataFrame(rows)


def _read_parquet(path: Path) -> pd.DataFrame:
    from pyarrow.lib import ArrowInvalid

    try:
        table = pd.read_parquet(path)
    except (ArrowInvalid, OSError) as error:
        raise TextmineError(f"{path}: not a readable parquet file ({error}).") from error
    # A named index is a column that pandas set aside when the file was written.
    return table if table.index.names == [None] else table.reset_index()


def _read_spss(path: Path, mapping: Mapping[str, str] | None) -> pd.DataFrame:
    """Read an SPSS file with value labels in place of codes."""
    import pyreadstat

    try:
        table, meta = pyreadstat.read_sav(str(path), apply_value_formats=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise TextmineError(f"{path}: not a readable SPSS file ({error}).") from error
    names = list(table.columns)
    labels = [meta.column_names_to_labels[name] or name for name in names]
    by_name, by_label = recognise(names, mapping), recognise(labels, mapping)
    # SPSS names are cut short; the label is what the survey called the column.
    if "text" not in by_name:
        return table.set_axis(labels, axis=1)
    for column, position in by_label.items():
        if column not in by_name and position not in by_name.values():
            names[position] = labels[position]
    return table.set_axis(names, axis=1)
