"""From notes to groups: a researcher's session, saved and loaded."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from textmine.cluster.state import TOO_SHORT
from textmine.clusters import Clusters
from textmine.errors import TextmineError

SPORT = """
Laget vann finalen efter förlängning
Målvakten räddade två straffar
Hon slog svenskt rekord i höjd
Matchen ställdes in på grund av snö
Tränaren bytte tre spelare i halvlek
Skidåkaren föll i sista backen
Publiken jublade när segermålet kom
Klubben värvar en back från Norge
Löparen bröt efter tre mil
Domaren visade rött kort redan i första halvlek
""".strip().split("\n")
MAT = """
Soppan kokades på morötter och ingefära
Baka degen i ugnen en halvtimme
Fisken stektes i smör och dill
Kocken serverade kantareller på rostat bröd
Salta grytan först när den kokat klart
Sylten ska sjuda med lite socker
Brödet jäser bäst i rumstemperatur
Servera pannkakorna med grädde och sylt
Såsen reds av med mjöl och grädde
Vispa äggen med socker till kakan
""".strip().split("\n")
VARD = """
Läkaren skrev ut penicillin mot infektionen
Sjuksköterskan tog blodtryck och prover
Patienten opererades i knäet
Vaccinet ges i två doser
Akuten var full av patienter med influensa
Såret syddes med fem stygn på vårdcentralen
Barnmorskan lyssnade på hjärtljuden
Röntgen visade ett brott på handleden
Medicinen ger biverkningar som yrsel
Läkaren remitterade patienten till kliniken
""".strip().split("\n")


def notes() -> pd.DataFrame:
    texts = [*SPORT, *MAT, *VARD, "-", "laget vann finalen, efter förlängning!"]
    return pd.DataFrame({"text": texts, "möte": ["Umeå", "Lund"] * 16})


@pytest.fixture(scope="module")
def clusters() -> Clusters:
    return Clusters.fit(notes(), 3)


def themes(table: pd.DataFrame) -> list[str | None]:
    """The commonest group of each theme."""
    return [table["cluster"][at : at + 10].mode()[0] for at in (0, 10, 20)]


def test_notes_on_a_theme_meet(clusters: Clusters) -> None:
    table = clusters.table()
    found = themes(table)
    assert len(set(found)) == 3
    right = sum(
        (table["cluster"][at : at + 10] == c).sum()
        for at, c in zip((0, 10, 20), found, strict=True)
    )
    assert right >= 24
    assert table["möte"].tolist() == notes()["möte"].tolist()
    assert table["cluster_prob"].dropna().between(0, 1).all()


def test_every_note_has_a_group_or_a_reason(clusters: Clusters) -> None:
    table = clusters.table()
    assert (table["cluster"].isna() == table["cluster_reason"].notna()).all()
    assert table["cluster_reason"][30] == TOO_SHORT


def test_the_same_text_has_the_same_group(clusters: Clusters) -> None:
    table = clusters.table()
    assert table["cluster"][31] == table["cluster"][0]
    assert table["cluster_prob"][31] == table["cluster_prob"][0]


def test_the_same_seed_gives_the_same_groups(clusters: Clusters) -> None:
    pd.testing.assert_frame_equal(Clusters.fit(notes(), 3).table(), clusters.table())


def test_summaries_describe_the_groups(clusters: Clusters) -> None:
    summary = clusters.summary()
    assert [group["id"] for group in summary] == ["C01", "C02", "C03"]
    sizes = [group["size"] for group in summary]
    assert sum(sizes) == clusters.table()["cluster"].notna().sum()
    assert sizes == sorted(sizes, reverse=True)
    by_id = {group["id"]: group for group in summary}
    food = by_id[themes(clusters.table())[1]]
    assert {"sylt", "grädde", "socker"} & set(food["keywords"])
    assert food["proposed"]
    in_food = clusters.table().set_index("note_id")["cluster"]
    assert (in_food[food["representatives"]] == food["id"]).all()


def test_a_session_is_saved_loaded_undone_and_replayed(tmp_path: Path) -> None:
    session = Clusters.fit(notes(), 3)
    sport, food, care = themes(session.table())
    session.rename(sport, "Idrott").rename(food, "Mat").merge(sport, care).split(sport)
    session.move(["n00011"], sport).pin(["n00012"]).drop(["n00013"]).estimate()
    session.save(tmp_path / "grupper")
    lines = (tmp_path / "grupper" / "operations.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {"operation": "rename", "cluster": sport, "name": "Idrott"}
    assert len(lines) == 8
    loaded = Clusters.load(tmp_path / "grupper")
    pd.testing.assert_frame_equal(loaded.table(), session.table())
    assert loaded.summary() == session.summary()
    again = Clusters.fit(notes(), 3).replay(tmp_path / "grupper" / "operations.jsonl")
    pd.testing.assert_frame_equal(again.table(), session.table())
    for _ in range(8):
        loaded.undo()
    pd.testing.assert_frame_equal(loaded.table(), Clusters.fit(notes(), 3).table())
    with pytest.raises(TextmineError, match="nothing to undo"):
        loaded.undo()


def test_new_notes_go_to_their_groups(clusters: Clusters) -> None:
    new = pd.DataFrame(
        {"text": ["Spelaren gjorde mål i sista minuten", "Koka upp såsen med grädde", SPORT[0]]}
    )
    out = clusters.assign(new)
    sport, food, _ = themes(clusters.table())
    assert out["cluster"].tolist() == [sport, food, sport]
    assert out["cluster_prob"].between(0, 1).all()


def test_a_guide_names_groups_and_what_fits_none_forms_others() -> None:
    guide = [
        {"name": "Idrott", "description": "Matcher, lag och tävlingar"},
        {"name": "Matlagning", "examples": ["Grädda kakan i ugnen", "Koka soppan länge"]},
        {"name": "Sjukvård", "note_ids": ["n00021", "n00022"]},
    ]
    guided = Clusters.fit(notes(), 3, guide=guide)
    table = guided.table()
    assert [group["name"] for group in guided.summary()] == ["Idrott", "Matlagning", "Sjukvård"]
    right = sum(
        (table["cluster"][at : at + 10] == c).sum()
        for at, c in ((0, "C01"), (10, "C02"), (20, "C03"))
    )
    assert right >= 27
    assert table["cluster"][20] == "C03"
    assert table["cluster_prob"][20] == 1.0


@pytest.mark.parametrize("number", [3, "auto"])
def test_a_theme_that_the_guide_lacks_forms_a_group(number: int | str) -> None:
    guide = [
        {"name": "Idrott", "description": "Matcher, lag och tävlingar"},
        {"name": "Sjukvård", "description": "Läkare, patienter, vaccin och mediciner"},
    ]
    guided = Clusters.fit(notes(), number, guide=guide)
    summary = guided.summary()
    assert [group["proposed"] for group in summary] == [False, False, True]
    in_group = guided.table()["cluster"]
    assert (in_group[10:20] == "C03").sum() >= 8
    assert (in_group[:10] == "C01").sum() >= 8
    assert (in_group[20:30] == "C02").sum() >= 8


def test_as_many_groups_as_the_notes_have_themes() -> None:
    assert 3 <= len(Clusters.fit(notes(), "auto").state.groups) <= 4


def test_the_tree_joins_all_groups(clusters: Clusters) -> None:
    written = clusters.tree().splitlines()
    assert len(written) == 5  # three groups and two joints
    assert all(sum(group["id"] in line for line in written) == 1 for group in clusters.summary())
    assert sorted(map(len, clusters.level(2))) == [1, 2]
    assert clusters.level(3) == [[i] for (i,) in clusters.level(3)]


def test_groups_know_their_nearest(clusters: Clusters) -> None:
    for group in clusters.summary():
        assert sorted([group["id"], *group["nearest"]]) == ["C01", "C02", "C03"]


def test_pictures_are_drawn(clusters: Clusters, tmp_path: Path) -> None:
    clusters.picture(tmp_path / "karta.svg")
    drawn = (tmp_path / "karta.svg").read_text(encoding="utf-8").casefold()
    assert all(group["keywords"][0] in drawn for group in clusters.summary())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_clusters": 40}, "40 groups of 30 distinct notes; give 2 to 15"),
        ({"n_clusters": "många"}, "många groups"),
        ({"guide": [{"name": "A", "note_ids": ["n9"]}]}, "group 'A' names no note 'n9'"),
        ({"guide": [{"name": f"G{i}"} for i in range(4)], "n_clusters": 3}, "the guide has 4"),
    ],
)
def test_what_cannot_be_grouped_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(TextmineError, match=message):
        Clusters.fit(notes(), **arguments)  # type: ignore[arg-type]


def test_too_few_notes_are_refused() -> None:
    with pytest.raises(TextmineError, match="Only 2 distinct notes"):
        Clusters.fit(pd.DataFrame({"text": ["Mer tid till oss", "Fler kurser tack", "-"]}))
    twice = pd.DataFrame({"note_id": ["a", "a"], "text": ["Mer tid", "Fler kurser"]})
    with pytest.raises(TextmineError, match="note_id 'a' stands twice"):
        Clusters.fit(twice)


def test_a_text_lies_alone_whatever_stands_beside_it(clusters: Clusters) -> None:
    new = pd.DataFrame({"text": [*VARD[:4], "Koka upp såsen med grädde"]})
    together = clusters.assign(new)
    alone = clusters.assign(new.iloc[[4]])
    assert together["cluster"].iloc[4] == alone["cluster"].iloc[0]
    assert np.isclose(together["cluster_prob"].iloc[4], alone["cluster_prob"].iloc[0], atol=1e-6)


def test_without_groups_there_is_no_tree_and_no_codebook() -> None:
    dropped = Clusters.fit(notes(), 2).drop(cluster="C01").drop(cluster="C02")
    with pytest.raises(TextmineError, match="no groups any more"):
        dropped.tree()
    with pytest.raises(TextmineError, match="no groups any more"):
        dropped.to_codebook()


def test_a_group_without_notes_is_still_a_code() -> None:
    guide = [{"name": "Idrott"}, {"name": "Mat", "description": "Matlagning"}]
    session = Clusters.fit(notes(), 2, guide=guide)
    in_sport = session.table().query("cluster == 'C01'")["note_id"].tolist()
    session.drop(in_sport)
    codes = session.to_codebook().dimensions["tema"].codes
    assert codes["idrott"].definition == ""
    assert codes["idrott"].include == ()
    assert codes["mat"].definition == "Matlagning"


def test_notes_are_masked_before_they_are_grouped_or_shown(tmp_path: Path) -> None:
    who = ("Skolan", "Vården", "Kommunen", "Regionen", "Länet")
    texts = [f"{one} behöver {what}" for one in who for what in ("mer stöd", "fler lokaler")]
    notes = pd.DataFrame({"text": [*texts[:3], "Ring Gunvor Tistelblad på 0470-00 00 12", *texts]})
    groups = Clusters.fit(notes, n_clusters=2)
    assert not groups.notes["text"].str.contains("Gunvor").any()
    assert groups.notes["text"].iloc[3] == "Ring [namn] på [telefon]"
    groups.save(tmp_path)
    assert "Tistelblad" not in (tmp_path / "map.html").read_text(encoding="utf-8")
    assert groups.assign(notes)["text"].iloc[3] == "Ring [namn] på [telefon]"
