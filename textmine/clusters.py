"""Clusters: notes in groups that a researcher can rename, merge, split and move, and undo."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.cluster.alike import distinct
from textmine.cluster.describe import REPRESENTATIVES, describe, representatives
from textmine.cluster.folder import read_folder, read_operations, write_folder
from textmine.cluster.grouping import first_grouping
from textmine.cluster.guide import read_guide
from textmine.cluster.handover import Theme, codebook_of, codes_of
from textmine.cluster.layout import lay_out
from textmine.cluster.members import Members
from textmine.cluster.operations import Ground, Operation, apply
from textmine.cluster.space import Floats, Space
from textmine.cluster.state import NONE, State
from textmine.cluster.summary import summarise
from textmine.cluster.tree import Branch, cut, drawn, grow, joints, middles
from textmine.codebook import Codebook
from textmine.embed.encoder import embed, load_encoder
from textmine.errors import TextmineError
from textmine.files import staged_file, staged_folder
from textmine.personal.veil import mask_notes
from textmine.read.notes import with_ids
from textmine.report.cluster_workbook import cluster_facts, write_cluster_workbook
from textmine.report.map import draw_map, write_map
from textmine.report.map_picture import write_map_picture
from textmine.shipped import THEMES
from textmine.tables import CLUSTER, CLUSTER_PROB, CLUSTER_REASON, NOTE_ID, NOVELTY

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Shares = npt.NDArray[np.float64]

WORKBOOK, MAP, PICTURES = "clusters.xlsx", "map.html", ("map.png", "map.svg")
NOVEL = 0.95  # share of members that lie nearer to others, from which a new note is like none


class Clusters:
    """Groups of notes, and everything that was done to them.

    Made by `Clusters.fit` or `Clusters.load`. Operations change it and give it back, so that they
    can be chained: `clusters.rename("C03", "Juridiska frågor").merge("C01", "C07")`.

    Attributes
    ----------
    notes : DataFrame
        As given, with `note_id` and `text`.
    operations : list of dict
        What was done, as in `operations.jsonl`.
    settings : dict
        How the first grouping was made.
    """

    def __init__(
        self,
        notes: pd.DataFrame,
        units: Sequence[int],
        vectors: Floats,
        state: State,
        settings: Mapping[str, Any],
    ) -> None:
        self.notes = notes
        self.settings = dict(settings)
        self.operations: list[dict[str, Any]] = []
        self._units = np.asarray(units, np.intp)
        self._first_of = np.unique(self._units, return_index=True)[1]
        self._space = Space.fit(vectors, self._texts())
        ids = notes[NOTE_ID].astype(str).tolist()
        self._ground = Ground(
            self._space.transform(vectors, self._texts()),
            dict(zip(ids, self._units.tolist(), strict=True)),
            int(settings["seed"]),
        )
        self._states = [state]
        self._layout: npt.NDArray[np.float32] | None = None

    @classmethod
    def fit(
        cls,
        notes: pd.DataFrame,
        n_clusters: int | str = "auto",
        guide: str | Path | Sequence[Mapping[str, Any]] | None = None,
        seed: int = 0,
        *,
        encoder: str | Path = THEMES,
        progress: bool = False,
    ) -> "Clusters":
        """Group notes.

        Parameters
        ----------
        notes
            `text`, and `note_id` if they have ids; further columns are kept, personal data masked.
        n_clusters
            How many groups, or "auto". With a guide: how many in all.
        guide
            Groups that you have in mind: a `guide.yaml`, or what it would hold as a list of
            `{"name": …, "description": …, "examples": […], "note_ids": […]}`. They keep their
            names; notes far from all of them form new groups, if they hold together.
        seed
            For everything drawn by lot; the same notes and seed give the same groups.
        encoder
            A name or folder, as for `load_encoder`.
        progress
            Whether to show progress bars.
        """
        notes = mask_notes(with_ids(notes))
        texts = notes["text"].astype(str).tolist()
        units = distinct(texts)
        first_of = np.unique(units, return_index=True)[1]
        own = [texts[row] for row in first_of]
        reader = load_encoder(encoder)
        guided = read_guide(guide) if guide is not None else ()
        vectors = embed(own, reader, progress=progress)
        ids = notes[NOTE_ID].astype(str).tolist()
        state = first_grouping(
            own,
            vectors,
            n_clusters,
            guided,
            dict(zip(ids, units.tolist(), strict=True)),
            reader,
            seed,
            progress=progress,
        )
        settings = {
            "n_clusters": n_clusters,
            "seed": seed,
            "encoder": str(encoder),
            "guide": [group.model_dump() for group in guided],
        }
        return cls(notes, units.tolist(), vectors, state, settings)

    @classmethod
    def load(cls, folder: str | Path) -> "Clusters":
        """Load a grouping from its folder as it was left; what was done can still be undone."""
        kept = read_folder(Path(folder))
        texts = kept.notes["text"].astype(str).tolist()
        units = distinct(texts)
        own = [texts[row] for row in np.unique(units, return_index=True)[1]]
        if len(own) != len(kept.first.labels):
            raise TextmineError(f"{folder}: the files do not belong together; group anew.")
        vectors = embed(own, load_encoder(kept.settings["encoder"]))
        clusters = cls(kept.notes, units.tolist(), vectors, kept.first, kept.settings)
        clusters._layout = kept.layout
        return clusters.replay(kept.operations)

    def save(self, folder: str | Path) -> None:
        """Write the grouping to a folder: for people and for going on with it.

        `clusters.xlsx`, `map.html`, `map.png` and `map.svg` for people; `notes.parquet`,
        `clusters.json`, `first.parquet` and `operations.jsonl` to go on with.
        """
        table, summary = self.table(), self.summary()
        with staged_folder(Path(folder)) as stage:
            write_folder(
                stage,
                table,
                self._units,
                self._states[0],
                self.layout(),
                summary,
                self.settings,
                self.operations,
            )
            facts = cluster_facts(table, summary, self.settings, len(self.operations))
            write_cluster_workbook(stage / WORKBOOK, table, summary, facts)
            spots = self.layout()[self._units]
            write_map(draw_map(table, spots, summary), stage / MAP)
            for picture in PICTURES:
                write_map_picture(table, spots, summary, stage / picture)

    def map(self) -> "Figure":
        """Draw the map: a point a note, coloured by group; hovering shows the note."""
        return draw_map(self.table(), self.layout()[self._units], self.summary())

    def picture(self, path: str | Path) -> None:
        """Draw the map for a printed report, as a `.png` or `.svg` file with the groups' names."""
        layout = self.layout()[self._units]
        with staged_file(Path(path)) as stage:
            write_map_picture(self.table(), layout, self.summary(), stage)

    # What a researcher does

    def rename(self, cluster: str, name: str) -> "Clusters":
        """Name a group."""
        return self._do(operation="rename", cluster=cluster, name=name)

    def merge(self, *clusters: str) -> "Clusters":
        """Put groups into the first of them, which keeps its id; a name that was given stays."""
        return self._do(operation="merge", clusters=list(clusters))

    def split(
        self, cluster: str, into: int = 2, examples: Mapping[str, Sequence[str]] | None = None
    ) -> "Clusters":
        """Split a group in a number of parts, or along examples: note ids by the parts' names."""
        if examples:
            shown = {name: list(note_ids) for name, note_ids in examples.items()}
            return self._do(operation="split", cluster=cluster, examples=shown)
        return self._do(operation="split", cluster=cluster, into=into)

    def move(self, notes: Sequence[str], cluster: str) -> "Clusters":
        """Put notes, by id, in a group; identical notes go with them."""
        return self._do(operation="move", notes=list(notes), cluster=cluster)

    def pin(self, notes: Sequence[str]) -> "Clusters":
        """Keep notes where they are, whatever is estimated anew."""
        return self._do(operation="pin", notes=list(notes))

    def drop(self, notes: Sequence[str] = (), *, cluster: str | None = None) -> "Clusters":
        """Take notes out of their groups, or dissolve a group and take its notes out."""
        if cluster is not None:
            return self._do(operation="drop", cluster=cluster)
        return self._do(operation="drop", notes=list(notes))

    def estimate(self) -> "Clusters":
        """Let all notes that nobody has placed go to the group they are most like by now."""
        return self._do(operation="estimate")

    def undo(self) -> "Clusters":
        """Take the last operation back."""
        if not self.operations:
            raise TextmineError("There is nothing to undo.")
        self.operations.pop()
        self._states.pop()
        return self

    def replay(self, operations: str | Path | Sequence[Operation]) -> "Clusters":
        """Do operations again, from a list or from a file with one a line."""
        if isinstance(operations, str | Path):
            operations = read_operations(Path(operations))
        for number, operation in enumerate(operations, start=1):
            try:
                self._do(**operation)
            except TextmineError as error:
                raise TextmineError(f"Operation {number}: {error}") from error
        return self

    def _do(self, **operation: Any) -> "Clusters":
        self._states.append(apply(self.state, operation, self._ground))
        self.operations.append(operation)
        return self

    # What it looks like

    @property
    def state(self) -> State:
        """The grouping as it stands."""
        return self._states[-1]

    def table(self) -> pd.DataFrame:
        """The notes with `cluster`, `cluster_prob`, `cluster_reason`, in their order."""
        ids = np.array([*(group.id for group in self.state.groups), None], object)
        labels = self.state.labels[self._units]
        reasons = [self.state.reasons.get(int(unit)) for unit in self._units]
        table = self.notes.copy()
        table[CLUSTER] = pd.Series(ids[labels], dtype="string")
        table[CLUSTER_PROB] = self.state.probabilities[self._units]
        table[CLUSTER_REASON] = pd.Series(reasons, dtype="string")
        return table

    def summary(self) -> list[dict[str, Any]]:
        """The groups, in the order of their ids.

        Returns
        -------
        list of dict
            `id`, `name`, `size` (notes), `keywords`, `representatives` (note ids), `stability`
            (0 to 1; None once a group was changed by hand), `nearest` (ids of the groups nearest
            to it), `proposed` (whether the name comes from its words only), `names_before`.
        """
        return summarise(
            self.state,
            self._texts(),
            self._ground.places,
            self._units,
            self.notes[NOTE_ID].astype(str).tolist(),
        )

    def _texts(self) -> list[str]:
        """The distinct texts."""
        return self.notes["text"].astype(str).iloc[self._first_of].tolist()

    def tree(self) -> str:
        """Join groups to larger ones, two and two, as indented lines; a joint has its words."""
        grown = self._grown()
        summary = self.summary()
        names = [f"{group['id']} {group['name']} ({group['size']})" for group in summary]
        members = [
            np.concatenate([self.state.members(leaf) for leaf in joint.leaves])
            for joint in joints(grown)
        ]
        return drawn(grown, names, [about.name for about in describe(self._texts(), members)])

    def level(self, number: int) -> list[list[str]]:
        """Read the tree at a level: the ids of the groups, in a number of larger groups."""
        ids = [group.id for group in self.state.groups]
        return [[ids[leaf] for leaf in branch.leaves] for branch in cut(self._grown(), number)]

    def _require_groups(self) -> None:
        if not self.state.groups:
            raise TextmineError("There are no groups any more; undo, or group anew.")

    def _grown(self) -> Branch:
        self._require_groups()
        places, labels = self._ground.places, self.state.labels
        return grow(middles(places, labels, len(self.state.groups)))

    def layout(self) -> npt.NDArray[np.float32]:
        """Map coordinates of the distinct texts, (texts, 2)."""
        if self._layout is None:
            self._layout = lay_out(self._ground.places, self._ground.seed)
        return self._layout

    # New notes

    def assign(self, notes: pd.DataFrame) -> pd.DataFrame:
        """Put new notes into the groups as they are.

        Returns
        -------
        DataFrame
            The notes with `cluster` (null for those like none of the groups), `cluster_prob`, and
            `novelty` (0 to 1: share of the grouped notes that lie nearer to others than this one).
        """
        notes = mask_notes(with_ids(notes))
        likely, novelty = self.likely(notes["text"].astype(str).tolist())
        ids = np.array([group.id for group in self.state.groups], object)
        found = np.where(novelty >= NOVEL, None, ids[likely.argmax(axis=1)])
        notes[CLUSTER] = pd.Series(found, dtype="string")
        notes[CLUSTER_PROB] = np.where(novelty >= NOVEL, np.nan, likely.max(axis=1))
        notes[NOVELTY] = novelty
        return notes

    def likely(self, texts: Sequence[str]) -> tuple[Shares, Shares]:
        """How likely each group is for new texts, (texts, groups), and how new they are, 0 to 1."""
        has = np.flatnonzero(self.state.labels != NONE)
        if not len(has):
            raise TextmineError("No note has a group; there is nothing to assign to.")
        members = Members.fit(
            self._ground.places[has],
            self.state.labels[has],
            self.state.probabilities[has].clip(min=1e-3),
            len(self.state.groups),
        )
        vectors = embed(texts, load_encoder(self.settings["encoder"]))
        places = self._space.transform(vectors, texts)
        return members.probabilities(places), members.novelty(places)

    # On to coding

    def to_codebook(self, name: str = "grupper", dimension: str = "tema") -> Codebook:
        """Make a codebook of the groups, so that `train` and `code` go on from here.

        Each group is a code: its name, its description (or its keywords) as definition, and its
        most typical notes as examples, of those that a person placed if there are enough.
        Personal data are masked as far as they were found: read the examples all the same.
        """
        self._require_groups()
        texts, themes = self._texts(), []
        for place, group in enumerate(self.summary()):
            described = self.state.groups[place].description
            rows = self.state.members(place)
            shown = rows[self.state.pinned[rows]]
            enough = shown if len(shown) >= REPRESENTATIVES else rows
            typical = representatives(self._ground.places, enough) if len(enough) else []
            words = group["keywords"]
            themes.append(
                Theme(
                    group["name"],
                    described or (f"Handlar om {', '.join(words)}." if words else ""),
                    [texts[unit] for unit in typical],
                )
            )
        return codebook_of(themes, name, dimension, "Tema")

    def coded(self, dimension: str = "tema", *, placed_only: bool = False) -> pd.DataFrame:
        """Give the notes that have a group as coded statements, for `Coder.fit`.

        The codes are those of `to_codebook`. Where nobody has looked, a group is a guess: a coder
        that learns from guesses, and is judged by them, seems better than it is. `placed_only`
        gives the notes that a person moved, pinned or showed.
        """
        codes = np.array([*codes_of([group["name"] for group in self.summary()]), None], object)
        table = self.notes.copy()
        table[dimension] = codes[self.state.labels[self._units]]
        wanted = table[dimension].notna()
        if placed_only:
            wanted &= self.state.pinned[self._units]
        return table[wanted].reset_index(drop=True)
