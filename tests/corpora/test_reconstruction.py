"""The survey round of 2020, put together anew."""

import collections
import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from scripts import load

build = load("reconstruction/reconstruct")
COUNTS = Path(__file__).parents[3] / "shared" / "report-statements" / "published-counts.csv"


def test_all_have_reported_and_all_texts_fit_their_area() -> None:
    answers = build.load_answers()
    reported = collections.defaultdict(set)
    for row in build.survey():
        reported[row["actor"]].add(row["respondent"])
        assert row["area"] == answers[row["source_id"]]["area"]
    assert {actor: len(names) for actor, names in reported.items()} == {
        "lan": 21,
        "region": 21,
        "kommun": 285,
    }


@pytest.mark.skipif(not COUNTS.is_file(), reason="the published counts are not here")
def test_hand_codes_give_the_published_counts(capsys: pytest.CaptureFixture[str]) -> None:
    build.compare(*build.read_counts(COUNTS))
    assert "0 counts differ" in capsys.readouterr().out


def test_the_head_of_a_table_outranks_the_prose(tmp_path: Path) -> None:
    table = tmp_path / "counts.csv"
    table.write_text(
        "area,category,role,actor,count,of,exact,quote,source\n"
        "samsjuklighet,sip,effekt,lan,6,17,yes,,Prosa\n"
        "samsjuklighet,sip,effekt,lan,13,,yes,,Tabell 6\n"
        "samsjuklighet,sip,effekt,lan,2,,yes,,Prosa\n"
        "samsjuklighet,,insats,lan,18,,yes,,Prosa\n"
        "samsjuklighet,,other,lan,20,,yes,,Prosa\n",
        encoding="utf-8",
    )
    assert build.read_counts(table) == (
        {("samsjuklighet", "lan", "effekt", "sip"): 13},
        {("samsjuklighet", "lan", "insats", ""): 18},
    )


def test_it_is_written_with_codes_and_without(tmp_path: Path) -> None:
    build.write(tmp_path)
    coded = (tmp_path / "coded-2020.jsonl").read_text(encoding="utf-8").splitlines()
    bare = (tmp_path / "svar-2020.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(coded) == len(bare) > 900
    assert "statements" in json.loads(coded[0])
    assert "statements" not in json.loads(bare[0])
