"""A researcher's whole session: from notes to groups, ten operations, a codebook, and coding."""

import json
from pathlib import Path

import pandas as pd
import pytest

import textmine as tm

CORPUS = Path(__file__).parents[1] / "corpora" / "notes.jsonl"


@pytest.fixture(scope="module")
def notes() -> pd.DataFrame:
    table = tm.read_notes(CORPUS)
    return table[table["inquiry"] == "brukardialog-socialtjanst"].reset_index(drop=True)


def test_from_notes_to_coding_what_comes_later(notes: pd.DataFrame, tmp_path: Path) -> None:
    first, later = notes[:150][["note_id", "text"]], notes[150:].reset_index(drop=True)
    clusters = tm.Clusters.fit(first, 6)
    groups = clusters.summary()
    assert sum(group["size"] for group in groups) >= 135  # at most a tenth without a group

    largest, second, *_, smallest = (group["id"] for group in groups)
    clusters.rename(largest, "Möten och besked")
    clusters.rename(second, "Stöd i hemmet")
    clusters.split(largest)
    part = clusters.summary()[-1]["id"]
    clusters.rename(part, "Besked")
    table = clusters.table().set_index("note_id")["cluster"]
    mine = table.index[table == second].tolist()
    clusters.split(second, examples={"Stöd i hemmet": mine[:3], "Boende": mine[3:6]})
    clusters.merge(smallest, part)
    taken = clusters.summary()[0]["representatives"][:2]
    clusters.move(taken, second)
    clusters.pin(mine[6:8])
    clusters.drop([mine[8]])
    clusters.estimate()
    assert len(clusters.operations) == 10

    names = {group["name"] for group in clusters.summary()}
    assert {"Möten och besked", "Stöd i hemmet", "Boende", "Besked"} <= names
    placed = clusters.table().set_index("note_id")
    assert (placed.loc[taken, "cluster"] == second).all()
    assert placed.loc[mine[8], "cluster_reason"] == "Bortplockad"

    clusters.save(tmp_path / "grupper")
    lines = (tmp_path / "grupper" / "operations.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == clusters.operations
    clusters = tm.Clusters.load(tmp_path / "grupper")

    book = clusters.to_codebook("brukardialog")
    book.save(tmp_path / "kodbok.yaml")
    assert tm.Codebook.load(tmp_path / "kodbok.yaml") == book
    codes = book.dimensions["tema"].codes
    assert "moten-och-besked" in codes
    assert all(code.definition and code.include for code in codes.values())

    coder = tm.Coder(book).fit(clusters.coded().rename(columns={"note_id": "statement_id"}))
    coded = coder.predict(later[["text"]])
    assert set(coded["tema"]) <= set(codes)
    # Both ways to place new notes build on the same groups.
    assigned = clusters.assign(later[["text"]])
    name_of = {group["id"]: group["name"] for group in clusters.summary()}
    both = assigned["cluster"].notna()
    by_groups = assigned.loc[both, "cluster"].map(name_of)
    by_coder = coded.loc[both, "tema"].map({key: code.name for key, code in codes.items()})
    assert (by_groups == by_coder).mean() > 2 / len(codes)

    only = clusters.coded(placed_only=True)
    assert set(only["note_id"]) <= {*mine[:8], *taken}
    assert len(only) >= 8
