"""A grouping as it stands: which group each text is in, and what the groups are called."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from textmine.errors import TextmineError, did_you_mean

NONE = -1  # the place of texts without a group

# Why a text has no group, as people read it.
TOO_SHORT = "Säger för lite för att hamna i en grupp"
UNLIKE = "Liknar inga andra anteckningar"
DROPPED = "Bortplockad"


@dataclass(frozen=True)
class Group:
    """One group.

    Attributes
    ----------
    id
        Stays with the group whatever happens to others: C01, C02, …
    name
        By the researcher or the guide; None where one is proposed from its words.
    description
        What belongs here, from the guide; may be empty.
    stability
        How much of the group is found again in other runs, 0 to 1; None once it was changed by
        hand.
    guided
        Whether it comes from the guide.
    names_before
        Names given earlier, by renaming or of groups that were merged into it.
    """

    id: str
    name: str | None = None
    description: str = ""
    stability: float | None = None
    guided: bool = False
    names_before: tuple[str, ...] = ()

    def named(self, name: str) -> "Group":
        """Rename, and remember the name before."""
        before = (*self.names_before, self.name) if self.name else self.names_before
        return replace(self, name=name, names_before=tuple(n for n in before if n != name))


@dataclass(frozen=True)
class State:
    """Groups, and the place in `groups` of each distinct text.

    Attributes
    ----------
    groups
        In the order of their ids.
    labels
        (texts,): places in `groups`, or NONE.
    probabilities
        (texts,): how sure the text's group is, 0 to 1; NaN without a group.
    reasons
        By text: why it has no group.
    pinned
        (texts,): whether a person decided where the text belongs.
    made
        How many groups have been made so far; a new one takes the next number.
    """

    groups: tuple[Group, ...]
    labels: npt.NDArray[np.intp]
    probabilities: npt.NDArray[np.float64]
    pinned: npt.NDArray[np.bool_]
    made: int
    reasons: dict[int, str] = field(default_factory=dict)

    def place(self, group_id: str) -> int:
        """Find a group by its id."""
        ids = [group.id for group in self.groups]
        if group_id not in ids:
            raise TextmineError(f"No group '{group_id}'; {did_you_mean(group_id, ids)}.")
        return ids.index(group_id)

    def members(self, place: int) -> npt.NDArray[np.intp]:
        """The texts of a group."""
        return np.flatnonzero(self.labels == place)


def group_id(number: int) -> str:
    """Name a group by number: 3 → C03."""
    return f"C{number:02d}"
