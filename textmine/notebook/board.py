"""The board: groups of notes as cards, to be tuned with the mouse or the keyboard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textmine.clusters import Clusters
from textmine.errors import TextmineError
from textmine.tables import CLUSTER, CLUSTER_PROB, CLUSTER_REASON, NOTE_ID

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise TextmineError("The board is not installed: pip install 'textmine[notebook]'.") from error

# What is undone, as people read it.
_KINDS = {
    "rename": "namnbyte",
    "merge": "sammanslagning",
    "split": "delning",
    "move": "flytt",
    "pin": "fastsättning",
    "drop": "borttagning",
    "estimate": "ny beräkning",
}


class Board(anywidget.AnyWidget):
    """Groups of notes as cards: drag, rename, merge, split, drop, undo.

    Whatever is done on the board is done to `clusters` and stands in its `operations`; the board
    itself keeps nothing. After calls of `clusters` in other cells, `refresh` shows what they did.
    JupyterLab saves no widgets' state unless asked to; `nbconvert --execute` does, and with it the
    notes.

    Parameters
    ----------
    clusters
        The groups to tune; they are changed, not copied.
    """

    _esm = Path(__file__).with_name("board.js")
    _css = Path(__file__).with_name("board.css")

    texts = traitlets.Dict().tag(sync=True)  # by note id; sent once
    view = traitlets.Dict().tag(sync=True)  # the groups as they stand, and what was just done

    def __init__(self, clusters: Clusters) -> None:
        self.clusters = clusters
        self._turn = 0
        notes = clusters.notes
        ids, texts = notes[NOTE_ID].astype(str).tolist(), notes["text"].astype(str).tolist()
        super().__init__(texts=dict(zip(ids, texts, strict=True)))
        self.on_msg(self._receive)
        self.refresh()

    def __repr__(self) -> str:
        # A notebook keeps what this says; the inherited one would quote notes.
        return f"Board({len(self.texts)} notes, {len(self.clusters.state.groups)} groups)"

    def refresh(self) -> None:
        """Show the groups as they are by now."""
        self._show("")

    def _receive(self, board: object, message: Any, buffers: object) -> None:
        """Do what was done on the board, or say why not."""
        said, failed = "Något gick fel i Python; se loggen.", True
        try:
            said, failed = self._act(message), False
        except TextmineError as error:
            said = f"Det gick inte: {error}"
        finally:
            self._show(said, failed=failed)

    def _act(self, message: Any) -> str:
        """Call the method of `clusters` that a message asks for, and tell what was done."""
        match message:
            case {"act": "rename", "cluster": str(cluster), "name": str(name)}:
                before = self._name(cluster)
                self.clusters.rename(cluster, name)
                return f"{before} heter nu ”{name.strip()}”."
            case {"act": "merge", "clusters": [str(cluster), str(other)]}:
                before = f"{self._name(cluster)} och {self._name(other)}"
                self.clusters.merge(cluster, other)
                return f"Slog ihop {before}."
            case {"act": "split", "cluster": str(cluster)}:
                before = self._name(cluster)
                self.clusters.split(cluster)
                new = self.clusters.state.groups[-1].id
                return f"Delade {before} i två; den nya gruppen {new} ligger sist."
            case {"act": "move", "notes": [*notes], "cluster": str(cluster)}:
                self.clusters.move(notes, cluster)
                return f"Flyttade {_counted(notes)} till {self._name(cluster)}."
            case {"act": "drop", "notes": [*notes]}:
                self.clusters.drop(notes)
                return f"Tog bort {_counted(notes)}."
            case {"act": "drop", "cluster": str(cluster)}:
                before = self._name(cluster)
                self.clusters.drop(cluster=cluster)
                return f"Tog bort gruppen {before}."
            case {"act": "undo"}:
                undone = self._last()
                self.clusters.undo()
                return f"Ångrade: {undone}."
        raise TextmineError(f"The board knows no message like {message!r}.")

    def _show(self, said: str, *, failed: bool = False) -> None:
        """Send the groups as they are, and a line about what was just done."""
        self._turn += 1  # so that the front end hears of it even if nothing changed
        self.view = {
            **_groups(self.clusters),
            "undo": self._last(),
            "said": said,
            "failed": failed,
            "turn": self._turn,
        }

    def _name(self, cluster: str) -> str:
        """What the board calls a group at present."""
        names = {group["id"]: f"”{group['name']}”" for group in self.view["groups"]}
        return names.get(cluster, cluster)

    def _last(self) -> str | None:
        """What undoing would take back."""
        operations = self.clusters.operations
        return _KINDS[operations[-1]["operation"]] if operations else None


def _groups(clusters: Clusters) -> dict[str, Any]:
    """The groups with their notes, the most typical first, and the notes without a group."""
    table = clusters.table()
    table[NOTE_ID] = table[NOTE_ID].astype(str)
    surest = table.sort_values(CLUSTER_PROB, ascending=False, kind="stable")
    members = surest.groupby(CLUSTER)[NOTE_ID].agg(list).to_dict()
    groups = [
        {
            "id": group["id"],
            "name": group["name"],
            "proposed": group["proposed"],
            "size": group["size"],
            "keywords": group["keywords"],
            "notes": list(
                dict.fromkeys([*group["representatives"], *members.get(group["id"], [])])
            ),
        }
        for group in clusters.summary()
    ]
    without = table[table[CLUSTER].isna()]
    reasons = without[CLUSTER_REASON].fillna("").tolist()
    return {
        "groups": groups,
        "without": [
            {"id": note_id, "reason": reason}
            for note_id, reason in zip(without[NOTE_ID].tolist(), reasons, strict=True)
        ],
    }


def _counted(notes: Sequence[object]) -> str:
    return f"{len(notes)} {'anteckning' if len(notes) == 1 else 'anteckningar'}"
