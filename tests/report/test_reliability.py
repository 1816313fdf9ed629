from pathlib import Path

from textmine.codebook import parse
from textmine.report.reliability import draw_reliability

BOOK = parse("name: x\ndimensions:\n  ton: {name: Tonläge, codes: [glad, ledsen]}\n", "x.yaml")
BINS = [
    {"n": 30, "probability": 0.55, "accuracy": 0.5},
    {"n": 90, "probability": 0.95, "accuracy": 1},
]


def test_a_diagram_says_in_swedish_what_it_shows_and_is_the_same_each_time(tmp_path: Path) -> None:
    figures = {"ton": {"n": 120, "reliability": BINS, "ece": 0.0475}, "ingen": {"n": 0}}
    for name in ("one.svg", "two.svg", "one.png", "two.png"):
        draw_reliability(figures, BOOK, tmp_path / name)
    for kind in ("svg", "png"):
        one, two = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("one", "two"))
        assert one == two
    comments = [line for line in (tmp_path / "one.svg").read_text("utf-8").split("<!--")]
    words = {comment.split("-->")[0].strip() for comment in comments[1:]}
    assert {"Modellens sannolikhet", "Andel rätt", "Tonläge", "medelfel 0,048"} <= words


def test_nothing_judged_no_picture(tmp_path: Path) -> None:
    draw_reliability({"ton": {"n": 0}}, BOOK, tmp_path / "none.png")
    assert not list(tmp_path.iterdir())
