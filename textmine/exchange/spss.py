"""Coded statements as an SPSS file: codes as numbers with labels, several codes as yes and no."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook, Dimension
from textmine.coding.targets import codes_in
from textmine.exchange.flat import CODER, CODER_TITLE
from textmine.exchange.material import Material
from textmine.exchange.variables import as_value, kind_of
from textmine.files import staged_file
from textmine.report.names import SOURCES, TITLES
from textmine.tables import COMMENT, REASON, SOURCE, dimension_columns

NOT_ASKED = 0  # the code where a dimension does not apply, declared as missing
_NOT_ASKED_LABEL = "Ej aktuell"
_YES_NO = {0: "Nej", 1: "Ja"}
_LABEL, _VALUE_LABEL, _STRING, _NAME = 255, 120, 32_767, 64  # bytes that SPSS allows
_RESERVED = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
_DATE_AT, _DATE = 92, b"01 Jan 0000:00:00"  # where the time of writing stands in the header


@dataclass
class _File:
    """The variables of the file as they come together."""

    columns: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[int | float, str]] = field(default_factory=dict)
    missing: dict[str, list[Any]] = field(default_factory=dict)
    measure: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, label: str, values: Sequence[str | None]) -> None:
        name = self._take(name, label, "nominal")
        self.columns[name] = [_cut(value or "", _STRING) for value in values]

    def number(self, name: str, label: str, values: Iterable[Any], form: str = "F8.0") -> None:
        name = self._take(name, label, "scale")
        self.columns[name] = pd.Series(list(values), dtype="float64").tolist()
        self.formats[name] = form

    def codes(
        self,
        name: str,
        label: str,
        values: Sequence[Any],
        names: dict[int, str],
        measure: str = "nominal",
        missing: Collection[int] = (),
    ) -> None:
        name = self._take(name, label, measure)
        self.columns[name] = pd.Series(values, dtype="float64").tolist()
        self.values[name] = {code: _cut(text, _VALUE_LABEL) for code, text in names.items()}
        self.formats[name] = "F4.0"
        if missing:
            self.missing[name] = list(missing)

    def _take(self, name: str, label: str, measure: str) -> str:
        name = spss_name(name, self.columns)
        self.labels[name] = _cut(label, _LABEL)
        self.measure[name] = measure
        return name


def write_sav(material: Material, path: Path) -> None:
    """Write one statement a row."""
    import pyreadstat

    file = _file(material)
    with staged_file(path) as stage:
        pyreadstat.write_sav(
            pd.DataFrame(file.columns),
            stage,
            file_label=_cut("Kodade utsagor", 64),
            column_labels=file.labels,
            variable_value_labels=file.values,
            missing_ranges=file.missing,
            variable_measure=file.measure,
            variable_format=file.formats,
            row_compress=True,
        )
        with stage.open("r+b") as out:  # the same input gives the same file
            out.seek(_DATE_AT)
            out.write(_DATE)


def spss_name(name: str, taken: Collection[str]) -> str:
    """Make a name that SPSS takes: a letter first, no blanks, not two that differ in case only."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_.]+", "_", plain).strip("._")
    if not plain[:1].isalpha() or plain.upper() in _RESERVED:
        plain = f"v_{plain}"
    plain = plain[:_NAME].rstrip("._") or "v"
    used = {one.upper() for one in taken}
    candidate, number = plain, 1
    while candidate.upper() in used:
        number += 1
        candidate = f"{plain[: _NAME - 6]}_{number}"
    return candidate


def _file(material: Material) -> _File:
    statements, book = material.statements, material.codebook
    file = _File()
    machine = {c for name in book.dimensions for c in dimension_columns(name)[1:]}
    for column in map(str, statements):
        if column in book.dimensions:
            _add_dimension(file, statements, book, column)
        elif column not in machine:
            _add_column(file, statements[column], book, column)
    if SOURCE in statements:
        names = statements["statement_id"].astype(str)
        coders = [material.people[n].coder if n in material.people else None for n in names]
        file.text(CODER, CODER_TITLE, coders)
    return file


def _add_column(file: _File, values: pd.Series, book: Codebook, column: str) -> None:
    """Add a column that is no dimension, as what it is."""
    own = {SOURCE: "Källa", COMMENT: "Kodarens kommentar", REASON: "Skäl att granska"}
    label = own.get(column) or TITLES.get(column, column)
    known = list(book.columns.get(column, {}))
    keys = [book.resolve(column, value) for value in values] if known else []
    kind = kind_of(values)
    if known and all(key is not None for key in keys):
        places = {key: number for number, key in enumerate(known, start=1)}
        names = {places[key]: book.columns[column][key].name or key for key in known}
        file.codes(column, label, [places[key] for key in keys if key is not None], names)
    elif column == SOURCE:
        places = {key: number for number, key in enumerate(SOURCES, start=1)}
        labels = {places[key]: name for key, name in SOURCES.items()}
        file.codes(column, label, [places.get(value) for value in values], labels)
    elif kind == "Boolean":
        file.codes(column, label, [int(value) for value in values], _YES_NO)
    elif kind in ("Integer", "Float"):
        numbers = pd.to_numeric(values).astype("float64")
        whole = bool((numbers.dropna() % 1 == 0).all())
        file.number(column, label, numbers, "F8.0" if whole else "F8.4")
    else:
        file.text(column, label, [as_value(value, kind) for value in values.tolist()])


def _add_dimension(file: _File, statements: pd.DataFrame, book: Codebook, name: str) -> None:
    dimension = book.dimensions[name]
    given = [codes_in(value, multiple=dimension.multiple) for value in statements[name]]
    if dimension.multiple:
        for code, body in dimension.codes.items():
            chosen = [int(code in codes) for codes in given]
            file.codes(f"{name}_{code}", f"{dimension.name}: {body.name}", chosen, _YES_NO)
    else:
        _add_single(file, statements, name, dimension, given)
    _, prob, second, second_prob = dimension_columns(name)
    if prob in statements:
        file.number(prob, f"{dimension.name}: sannolikhet", statements[prob], "F6.4")
    if second in statements:
        places = {code: number for number, code in enumerate(dimension.codes, start=1)}
        names = {places[code]: body.name for code, body in dimension.codes.items()}
        values = [places.get(value) for value in statements[second]]
        file.codes(second, f"{dimension.name}: näst troligast", values, names)
        title = f"{dimension.name}: det näst troligastes sannolikhet"
        file.number(second_prob, title, statements[second_prob], "F6.4")


def _add_single(
    file: _File,
    statements: pd.DataFrame,
    name: str,
    dimension: Dimension,
    given: Sequence[Sequence[str]],
) -> None:
    """One code a statement, numbered as in the codebook."""
    places = {code: number for number, code in enumerate(dimension.codes, start=1)}
    names = {places[code]: body.name for code, body in dimension.codes.items()}
    numbers = [places[codes[0]] if codes else None for codes in given]
    for other, allowed in dimension.when.items():
        if other in statements:
            applies = statements[other].isin(list(allowed)) | statements[other].isna()
            numbers = [
                number if number or ok else NOT_ASKED
                for number, ok in zip(numbers, applies, strict=True)
            ]
    missing = (NOT_ASKED,) if dimension.when else ()
    names |= {NOT_ASKED: _NOT_ASKED_LABEL} if missing else {}
    measure = "ordinal" if dimension.ordered else "nominal"
    file.codes(name, dimension.name, numbers, names, measure, missing)


def _cut(text: str, most: int) -> str:
    """Shorten a text to some bytes of UTF-8."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
