"""Groups that the researcher already has in mind: `guide.yaml`, and notes sorted by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from scipy import sparse

from textmine.cluster.graph import linked, nearest
from textmine.cluster.space import Floats
from textmine.errors import TextmineError

Rows = npt.NDArray[np.intp]

_ROUNDS = 30  # of spreading along the graph
_KEEP = 0.5  # how much a text keeps of what it is like by itself, in each round
_SHARP = 20.0  # what cosines are multiplied by before they become shares
_FOLLOW = 0.3  # what each text of a group counts for in its middle, against 1 for an example
_DESCRIBED = 3.0  # what a name with its description counts for, against 1 for an example


class Guided(BaseModel):
    """One group of a guide: a name and, if there are any, a description, examples, note ids."""

    model_config = ConfigDict(extra="forbid")

    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    note_ids: tuple[str, ...] = ()


_GUIDE = TypeAdapter(tuple[Guided, ...])


def read_guide(source: str | Path | Sequence[Mapping[str, Any]]) -> tuple[Guided, ...]:
    """Read a guide from a YAML file, or from a list of mappings as the file would hold.

    Raises
    ------
    TextmineError
        If it cannot be read, has keys of its own, no groups, or a name twice.
    """
    where = str(source) if isinstance(source, str | Path) else "guide"
    content: object = source
    if isinstance(source, str | Path):
        try:
            content = YAML(typ="safe").load(Path(source).read_text(encoding="utf-8"))
        except OSError as error:
            raise TextmineError(f"{where}: {error.strerror or error}.") from error
        except UnicodeDecodeError as error:
            raise TextmineError(f"{where} is not in UTF-8; save it as UTF-8.") from error
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or "cannot be read"
            raise TextmineError(f"{where}{line}: not YAML: {problem}.") from error
    if not content or not isinstance(content, Sequence) or isinstance(content, str):
        raise TextmineError(f"{where}: a guide is a list of groups: '- name: Juridiska frågor'.")
    try:
        guide = _GUIDE.validate_python(list(content))
    except ValidationError as error:
        first = error.errors()[0]
        place, *key = first["loc"]
        raise TextmineError(
            f"{where}: group {int(place) + 1}, {'.'.join(map(str, key)) or 'entry'}: "
            f"{first['msg']}; allowed: name, description, examples, note_ids."
        ) from error
    names = [group.name.casefold().strip() for group in guide]
    for i, name in enumerate(names):
        if not name:
            raise TextmineError(f"{where}: group {i + 1} has an empty name.")
        if name in names[:i]:
            raise TextmineError(f"{where}: the name '{guide[i].name}' stands twice.")
    return guide


def written(group: Guided) -> str:
    """The text that stands for a group: its name and description."""
    return f"{group.name}: {group.description}" if group.description else group.name


@dataclass(frozen=True)
class Shown:
    """What a guide shows of its groups, as places.

    Attributes
    ----------
    places
        (shown, dimensions): names with descriptions, examples, and notes that were pointed out.
    owner
        (shown,): the group of each.
    weights
        (shown,).
    """

    places: Floats
    owner: Rows
    weights: npt.NDArray[np.float64]

    def beside(self, groups: Sequence[Floats]) -> "Shown":
        """Show further groups by their texts, all together as much as a name with description."""
        first = int(self.owner.max()) + 1
        owner = [np.full(len(texts), first + i) for i, texts in enumerate(groups)]
        weights = [np.full(len(texts), _DESCRIBED / len(texts)) for texts in groups]
        return Shown(
            np.vstack([self.places, *groups]),
            np.concatenate([self.owner, *owner]).astype(np.intp),
            np.concatenate([self.weights, *weights]),
        )


def show(
    guide: Sequence[Guided], described: Floats, examples: Floats, pointed: Sequence[Floats]
) -> Shown:
    """Put together what a guide shows: places of descriptions, of examples, of notes by group."""
    places = [described, examples, *pointed]
    each = np.arange(len(guide))
    owner = [each, np.repeat(each, [len(group.examples) for group in guide])]
    owner += [np.full(len(rows), i) for i, rows in enumerate(pointed)]
    weights = [np.full(len(guide), _DESCRIBED), np.ones(sum(map(len, places[1:])))]
    return Shown(np.vstack(places), np.concatenate(owner).astype(np.intp), np.concatenate(weights))


@dataclass(frozen=True)
class Sorted:
    """Texts sorted by what is shown of groups.

    Attributes
    ----------
    shares
        (texts, groups), rows summing to 1.
    middles
        (groups, dimensions): where each group lies in the end, unit rows.
    """

    shares: npt.NDArray[np.float64]
    middles: Floats


def sort_by_guide(places: Floats, shown: Shown) -> Sorted:
    """Sort texts into the groups that are shown.

    Each text begins with how near it lies to what is shown of each group; then texts that are near
    each other draw each other along (label spreading: Zhou et al., 2004), and groups' middles
    follow their texts, the more the more these are.
    """
    belonging = np.zeros((len(shown.places), int(shown.owner.max()) + 1))
    belonging[np.arange(len(shown.owner)), shown.owner] = shown.weights
    graph = linked(*nearest(places))
    degree = np.asarray(graph.sum(axis=1)).ravel()
    step = sparse.csr_matrix(graph.multiply(1 / np.maximum(degree, 1e-12)[:, None]))
    taught = belonging.T @ shown.places
    centres = _unit(taught)
    shares = _shares(places @ centres.T)
    for _ in range(_ROUNDS):
        centres = _unit(taught + _FOLLOW * (shares.T @ places))
        shares = _KEEP * _shares(places @ centres.T) + (1 - _KEEP) * (step @ shares)
        shares /= shares.sum(axis=1, keepdims=True)
    return Sorted(shares, centres.astype(np.float32))


def _unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    unit: npt.NDArray[np.float64] = rows / np.maximum(
        np.linalg.norm(rows, axis=1, keepdims=True), 1e-12
    )
    return unit


def _shares(cosines: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Shares by nearness to the groups' middles."""
    from scipy.special import softmax

    return np.asarray(softmax(_SHARP * cosines, axis=1))
