"""`textmine compare` as people run it: files, exit codes, and what the page says."""

import re
import sys
import zipfile
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from comparing.conftest import EARLIER, LATER, TONE, Row

from textmine.cli.app import main
from textmine.comparing.build import compare_folders
from textmine.comparing.year import SurveyYear


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["textmine", "compare", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        output = capsys.readouterr()
        return int(stop.value.code or 0), output.out, output.err

    return call


class _Links(HTMLParser):
    """Collects what a page would fetch, and the text of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "data", "poster", "action", "srcset") or (
                name == "href" and tag != "a" and not str(value).startswith("#")
            ):
                self.fetched.append(f"{tag} {name}={value}")
            if name == "href" and tag == "a":
                self.targets.append(str(value))
            if name == "id":
                self.ids.append(str(value))


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_files_and_exit_code_of_an_unbroken_series(
    run: Callable[..., tuple[int, str, str]], pair: tuple[Path, Path], tmp_path: Path
) -> None:
    code, out, err = run(*pair, "--out", tmp_path / "ut")
    assert (code, err) == (0, "")
    assert "2020 → 2021" in out
    names = {path.name for path in (tmp_path / "ut").iterdir()}
    assert names == {"compare.html", "compare.xlsx", "compare.json", "compare_figures"}
    figures = {path.name for path in (tmp_path / "ut" / "compare_figures").iterdir()}
    assert {"forandring-norr-region.svg", "forandring-norr-region.png"} <= figures
    assert all((name[:-3] + "png" in figures) for name in figures if name.endswith("svg"))


def test_a_broken_series_needs_attention(
    run: Callable[..., tuple[int, str, str]], make: Callable[..., Path], tmp_path: Path
) -> None:
    pair = make("a", EARLIER), make("b", LATER, year=2021, questions={"norr": "Något annat?"})
    code, _, err = run(*pair, "--out", tmp_path / "ut")
    assert code == 1
    assert "Attention: The series is broken: the wording of questions differs in 1 area(s)." in err
    page = plain((tmp_path / "ut" / "compare.html").read_text(encoding="utf-8"))
    assert "Serien är bruten" in page
    assert "Frågornas ordalydelse har ändrats i ett område." in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["saknas", "a"], "holds no results"),
        (["a", "a", "--bridge", "ingen.xlsx"], "does not exist"),
        (["a", "a", "--draw-bridge", "3"], "too weak"),
    ],
)
def test_wrong_input_is_one_line(
    run: Callable[..., tuple[int, str, str]],
    make: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    make("a", EARLIER)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*words, "--out", "ut")
    assert code == 2
    assert err.startswith("Error: ")
    assert message in err
    assert not (tmp_path / "ut").exists()


def test_a_bridge_is_drawn_once_and_never_overwritten(
    run: Callable[..., tuple[int, str, str]], make: Callable[..., Path], tmp_path: Path
) -> None:
    rows: list[Row] = [(f"Region {i}", *EARLIER[0][1:]) for i in range(40)]
    pair, out = (make("a", rows), make("b", rows, year=2021)), tmp_path / "ut"
    code, said, _ = run(*pair, "--out", out, "--draw-bridge", 25)
    assert code == 0
    assert "25 statements to code" in said
    before = (out / "bridge.xlsx").read_bytes()
    code, _, err = run(*pair, "--out", out, "--draw-bridge", 25)
    assert code == 2
    assert "Move it away" in err
    assert (out / "bridge.xlsx").read_bytes() == before


def test_the_page_fetches_nothing_and_its_links_hold(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    compare_folders(*pair, tmp_path / "ut", draws=50)
    html = (tmp_path / "ut" / "compare.html").read_text(encoding="utf-8")
    page = _Links()
    page.feed(html)
    assert page.fetched == []
    assert len(page.ids) == len(set(page.ids))
    assert all(target[1:] in page.ids for target in page.targets)
    assert "default-src 'none'" in unescape(html)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/)", html)


def test_what_the_page_says(pair: tuple[Path, Path], tmp_path: Path) -> None:
    compare_folders(*pair, tmp_path / "ut", draws=200)
    page = plain((tmp_path / "ut" / "compare.html").read_text(encoding="utf-8"))
    assert "Jämförelse mellan 2020 och 2021" in page
    assert (
        "Antalet kommuner som redovisar insatser i kategorin ”Skola” inom Norr steg från 1 till 3 "
        "(+2; 95-procentigt intervall +1 till +3). Andelen ökade från 50 % till 100 %."
    ) in page
    assert "Områden borta: Söder." in page
    assert "Region C Norr Skola (effekter); Vård (insatser)" in page


def test_hostile_texts_do_no_harm(make: Callable[..., Path], tmp_path: Path) -> None:
    evil = '<script>alert("å")</script>\x07=cmd|x!A1'
    rows: list[Row] = [(evil, "norr", "aktivitet", "vard", 0.99, False)] * 3
    other: list[Row] = [(evil, "norr", "effekt", "skola", 0.99, False)] * 3
    texts = [f"{evil} {i}" for i in range(3)]
    pair = make("a", rows, texts=texts), make("b", other, texts=texts, year=2021)
    compare_folders(*pair, tmp_path / "ut", draws=20)
    html = (tmp_path / "ut" / "compare.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "\x07" not in html
    book = openpyxl.load_workbook(tmp_path / "ut" / "compare.xlsx")
    cells = [cell for sheet in book for row in sheet.rows for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_a_codebook_without_a_logic_model(make: Callable[..., Path], tmp_path: Path) -> None:
    glad: Row = ("Person 1", "", "glad", None, 0.95, False)
    sad: Row = ("Person 2", "", "ledsen", None, 0.95, False)
    bare = {"book": TONE, "drop": ["area", "actor"]}
    changed: Row = ("Person 1", "", "ledsen", None, 0.95, False)
    pair = make("a", [glad, sad], **bare), make("b", [changed, sad], **bare)
    compare_folders(*pair, tmp_path / "ut", draws=20)
    page = plain((tmp_path / "ut" / "compare.html").read_text(encoding="utf-8"))
    assert "Insatser" not in page
    assert "ledsen" in page


def test_the_workbook_has_every_filled_cell(pair: tuple[Path, Path], tmp_path: Path) -> None:
    done = compare_folders(*pair, tmp_path / "ut", draws=50)
    book = openpyxl.load_workbook(tmp_path / "ut" / "compare.xlsx")
    sheet = book["Förändringar"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (c.value for c in row), strict=True)) for row in sheet.iter_rows(2)]
    assert len(rows) == sum(cell.filled for cell in done.comparison.changes.cells)
    one = next(
        row
        for row in rows
        if (row["Område"], row["Insatskategori"], row["Grupp"], row["Aktör"])
        == ("Norr", "Skola", "Insatser", "Kommun")
    )
    assert (one["2020: respondenter"], one["2021: respondenter"]) == (1, 3)
    assert one["Förändring: respondenter"] == 2
    assert one["Antalet ändrat mer än kodningsfelet"] == "Ja"
    turned = [[cell.value for cell in row] for row in book["Respondenter"].iter_rows(2)]
    assert ["Kommun E", "Kommun", "Norr", "Skola", "Effekter", "föll bort"] in [
        row[:6] for row in turned
    ]
    sure = [row[6] for row in turned]
    assert sure == sorted(sure, reverse=True)


def test_the_same_input_gives_the_same_bytes(pair: tuple[Path, Path], tmp_path: Path) -> None:
    for name in ("ett", "två"):
        compare_folders(*pair, tmp_path / name, draws=50)
    for path in sorted((tmp_path / "ett").rglob("*")):
        if path.is_file():
            other = tmp_path / "två" / path.relative_to(tmp_path / "ett")
            assert path.read_bytes() == other.read_bytes(), path.name
    with zipfile.ZipFile(tmp_path / "ett" / "compare.xlsx") as archive:
        assert archive.testzip() is None


def test_an_edited_comparison_is_never_overwritten(
    tmp_path: Path, pair: tuple[Path, Path], run: Callable[..., tuple[int, str, str]]
) -> None:
    run(*pair, "--out", tmp_path / "ut")
    (tmp_path / "ut" / "compare.xlsx").write_bytes(b"with somebody's notes")
    code, _, error = run(*pair, "--out", tmp_path / "ut")
    assert code == 2
    assert "compare.xlsx has been changed since it was written" in error


def test_a_mask_that_a_statement_ends_within_is_shown_whole(make: Callable[..., Path]) -> None:
    text = "Mejla gunvor.ek@kommun.se för mer."
    folder = make("a", EARLIER[:1], texts=[text])
    file = folder / "statements.parquet"
    table = pd.read_parquet(file)
    torn = text.index("@")
    table.assign(end=torn, text=text[:torn]).to_parquet(file, index=False)
    (shown,) = SurveyYear.load(folder).texts.values()
    assert shown == "Mejla [e-post]"
