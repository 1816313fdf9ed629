"""Codebooks: named dimensions with their codes, read from YAML and checked on load."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from textmine.errors import TextmineError, did_you_mean
from textmine.files import staged_file

Loc = tuple[str | int, ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ContextValue(_Part):
    """A value of an answer's column that codes may depend on, such as an area."""

    name: str = ""
    aliases: tuple[str, ...] = ()


class Code(_Part):
    """One code: what it is called, what it covers, and what it does not.

    `contexts` (YAML: `in`) lists the column values under which the code exists (empty: all);
    `names` gives it another name under some of them.
    """

    name: str = ""
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    contexts: tuple[str, ...] = Field(default=(), alias="in")
    names: dict[str, str] = {}


class Dimension(_Part):
    """One axis of coding.

    `by` names the answer's column that decides which codes are allowed; `when` says for which
    codes of an earlier dimension this one applies at all (elsewhere it stays empty).
    """

    name: str = ""
    codes: dict[str, Code] = Field(min_length=1)
    by: str | None = None
    when: dict[str, tuple[str, ...]] = {}
    multiple: bool = False
    ordered: bool = False

    @field_validator("codes", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """Accept `[a, b]` and `{a: definition}` beside the full form."""
        if isinstance(value, Sequence) and not isinstance(value, str):
            for at, code in enumerate(value):
                if not isinstance(code, str):
                    raise ValueError(
                        f"a list holds codes alone, as in [a, b], but item {at + 1} is more; "
                        "with definitions, leave the '-' out: 'a: definition'"
                    )
                if code in value[:at]:
                    raise ValueError(f"code '{code}' stands twice; each may stand once")
            value = {code: {} for code in value}
        if isinstance(value, Mapping):
            value = {
                code: {"definition": body}
                if isinstance(body, str)
                else ({} if body is None else body)
                for code, body in value.items()
            }
        return value

    @model_validator(mode="after")
    def _fill_names(self) -> "Dimension":
        named = {
            key: code if code.name else code.model_copy(update={"name": key})
            for key, code in self.codes.items()
        }
        object.__setattr__(self, "codes", named)
        return self

    def allowed(self, context: str | None) -> list[str]:
        """Codes that exist under a value of the `by` column; all of them if there is no `by`.

        An unknown context (None) allows nothing.
        """
        if self.by is None:
            return list(self.codes)
        return [
            key
            for key, code in self.codes.items()
            if context is not None and (not code.contexts or context in code.contexts)
        ]

    def code_name(self, code: str, context: str | None = None) -> str:
        """Return what a code is called, under a context where that differs."""
        return self.codes[code].names.get(context or "", self.codes[code].name)


class Codebook(_Part):
    """Dimensions with their codes, and the column values that they depend on."""

    name: str
    version: str = "1"
    title: str = ""
    description: str = ""
    columns: dict[str, dict[str, ContextValue]] = {}
    dimensions: dict[str, Dimension] = Field(min_length=1)

    @field_validator("columns", mode="before")
    @classmethod
    def _empty_values(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {
            column: {key: item or {} for key, item in values.items()}
            if isinstance(values, Mapping)
            else values
            for column, values in value.items()
        }

    @model_validator(mode="after")
    def _fill_names(self) -> "Codebook":
        named = {
            key: dimension if dimension.name else dimension.model_copy(update={"name": key})
            for key, dimension in self.dimensions.items()
        }
        object.__setattr__(self, "dimensions", named)
        return self

    @staticmethod
    def load(source: str | Path) -> "Codebook":
        """Read a codebook from a YAML file, or a shipped one by name (`psykisk-halsa-2020`).

        Raises
        ------
        TextmineError
            If there is no such codebook, or something in it is wrong; the message names the
            file, the line and what is allowed.
        """
        path = Path(source)
        if path.is_file():
            return parse(_read(path), str(path))
        shipped = {
            item.name.removesuffix(".yaml"): item
            for item in resources.files("textmine").joinpath("codebooks").iterdir()
            if item.name.endswith(".yaml")
        }
        if str(source) in shipped:
            return parse(shipped[str(source)].read_text(encoding="utf-8"), f"{source}.yaml")
        raise TextmineError(
            f"No codebook '{source}': neither a file nor a shipped one; "
            f"{did_you_mean(str(source), sorted(shipped))}."
        )

    def save(self, path: str | Path) -> None:
        """Write the codebook as YAML, as `load` reads it."""
        yaml = YAML()
        yaml.width = 100
        yaml.indent(mapping=2, sequence=4, offset=2)
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        with staged_file(Path(path)) as stage, stage.open("w", encoding="utf-8") as out:
            yaml.dump(data, out)

    def resolve(self, column: str, value: object) -> str | None:
        """Find the context value that a cell means, by key, name or alias; None if unknown."""
        wanted = folded(str(value))
        for key, item in self.columns.get(column, {}).items():
            if wanted and wanted in map(folded, (key, item.name, *item.aliases)):
                return key
        return None

    def context_columns(self) -> list[str]:
        """Columns of the answers table that some dimension depends on."""
        return sorted({d.by for d in self.dimensions.values() if d.by})


class _Constructor(RoundTripConstructor):
    """Reads every scalar but null as the text that stands in the file: a code may be called 01."""


for _kind in ("int", "float", "bool", "timestamp"):
    _Constructor.add_constructor(
        f"tag:yaml.org,2002:{_kind}", RoundTripConstructor.construct_scalar
    )


def parse(text: str, source: str) -> Codebook:
    """Read a codebook from YAML text; `source` is what error messages call it."""
    yaml = YAML()
    yaml.Constructor = _Constructor
    try:
        data = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise TextmineError(f"{source}, line {line}: not valid YAML: {error.problem}.") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise TextmineError(
            f"{source}, line {line}: a character that YAML does not allow "
            f"(U+{ord(text[error.position]):04X})."
        ) from error
    if not isinstance(data, Mapping):
        raise TextmineError(
            f"{source}, line 1: a codebook begins with keys such as 'name:' and 'dimensions:'."
        )
    try:
        codebook = Codebook.model_validate(_plain(data))
    except ValidationError as error:
        first = error.errors()[0]
        raise _problem(source, data, first["loc"], _explain(first)) from error
    for loc, complaint in _inconsistencies(codebook):
        raise _problem(source, data, loc, complaint)
    return codebook


def _read(path: Path) -> str:
    """Read a file of UTF-8 text, with or without a byte-order mark."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TextmineError(
            f"{path}, line {line}: not UTF-8 text; save the codebook with the encoding UTF-8."
        ) from error


def folded(text: str) -> str:
    """Fold case, blanks and the two ways to write 'å' for comparison."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _plain(data: Any) -> Any:
    """Turn ruamel's mappings and scalars into plain Python ones."""
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return str(data) if isinstance(data, str) else data


# What pydantic's complaints mean to somebody who writes YAML.
_EXPECTED = {
    "string_type": "a text is expected here",
    "tuple_type": "a list is expected here, such as [a, b]",
    "dict_type": "keys are expected here, such as 'a: …'",
    "model_type": "keys are expected here, such as 'name: …'",
    "too_short": "at least one is needed here",
    "bool_parsing": "allowed: true, false",
    "bool_type": "allowed: true, false",
}


def _explain(error: Any) -> str:
    """Say in one sentence what pydantic found and what would have been right."""
    kind, loc = error["type"], error["loc"]
    if kind == "missing":
        return f"'{loc[-1]}' is missing"
    if kind == "extra_forbidden":
        part: type[_Part] = Codebook
        if "codes" in loc[:-1]:
            part = Code
        elif loc[0] == "dimensions":
            part = Dimension
        elif loc[0] == "columns":
            part = ContextValue
        keys = [field.alias or name for name, field in part.model_fields.items()]
        return f"unknown key '{loc[-1]}'; {did_you_mean(str(loc[-1]), keys)}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    message = error["msg"][0].lower() + error["msg"][1:]
    return f"{_EXPECTED.get(kind, message)} (found: {error['input']!r:.60})"


def _inconsistencies(codebook: Codebook) -> Iterator[tuple[Loc, str]]:
    """Find references to columns, values, dimensions and codes that do not exist."""
    earlier: dict[str, Dimension] = {}
    for key, dimension in codebook.dimensions.items():
        here: Loc = ("dimensions", key)
        if dimension.by and not codebook.columns.get(dimension.by):
            yield (
                (*here, "by"),
                f"column '{dimension.by}' has no values listed under 'columns'; "
                f"{did_you_mean(dimension.by, codebook.columns)}",
            )
        for code_key, code in dimension.codes.items():
            for loc, complaint in _wrong_contexts(codebook, dimension, code):
                yield (*here, "codes", code_key, *loc), complaint
        for loc, complaint in _wrong_conditions(dimension, earlier):
            yield (*here, *loc), complaint
        if not dimension.multiple:
            earlier[key] = dimension


def _wrong_contexts(
    codebook: Codebook, dimension: Dimension, code: Code
) -> Iterator[tuple[Loc, str]]:
    """Find values that a code names and the dimension's column does not have."""
    values = codebook.columns.get(dimension.by or "", {})
    for field, used in (("in", code.contexts), ("names", tuple(code.names))):
        if used and not dimension.by:
            yield (field,), f"'{field}' needs a 'by:' column in its dimension"
            continue
        for value in used:
            if value not in values:
                yield (
                    (field,),
                    f"'{value}' is no value of '{dimension.by}'; {did_you_mean(value, values)}",
                )


def _wrong_conditions(
    dimension: Dimension, earlier: Mapping[str, Dimension]
) -> Iterator[tuple[Loc, str]]:
    """Find dimensions and codes in `when` that do not stand above."""
    for other, codes in dimension.when.items():
        if other not in earlier:
            yield (
                ("when", other),
                f"'{other}' is no single-code dimension above this one; "
                f"{did_you_mean(other, earlier)}",
            )
            continue
        for code in codes:
            if code not in earlier[other].codes:
                yield (
                    ("when", other),
                    f"'{code}' is no code of '{other}'; {did_you_mean(code, earlier[other].codes)}",
                )


def _problem(source: str, data: Any, loc: Loc, complaint: str) -> TextmineError:
    """Point at the line of the innermost part of `loc` that stands in the file."""
    line, node = 1, data
    for step in loc:
        if isinstance(node, Mapping) and step in node:
            line = node.lc.key(step)[0] + 1  # type: ignore[attr-defined]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0] + 1  # type: ignore[attr-defined]
        else:
            break
        node = node[step]
    place = " → ".join(str(step) for step in loc)
    return TextmineError(f"{source}, line {line} ({place}): {complaint}.")
