"""Whole review sessions in a real browser, against the real review in a process of its own."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from review.browsing import Person, Review
from review.conftest import survey_answers

from textmine.coding.coder import Coder
from textmine.pipeline import STATEMENTS, code_answers
from textmine.review.apply import apply_review
from textmine.review.events import Kind
from textmine.review.log import Log

EMOJI = "😀👍🏽 Vi startade en grupp för unga, och fler vågar nu söka hjälp hos oss."
HEAVIEST = 300_000  # bytes of a page with all that it loads
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
PAGES = ("/", "/laget", "/dubbelkodning", "/sok?q=vi", "/logg", "/kontroll", "/login")


@pytest.fixture(scope="module")
def surveyed(shipped_coder: Coder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small survey, and an answer that begins with emoji."""
    answers = survey_answers(16)
    lines = [{"answer_id": "lika"}, {"answer_id": "emoji", "text": EMOJI}]
    for line in lines:
        answers.loc[len(answers)] = {**answers.iloc[0], **line}
    out = tmp_path_factory.mktemp("session") / "resultat"
    provenance = {"model": {"name": "psykisk-halsa"}, "input": {"name": "svar.xlsx"}}
    code_answers(answers, shipped_coder, out, provenance=provenance)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def review(surveyed: Path, tmp_path: Path) -> Iterator[Review]:
    made = Review(Path(shutil.copytree(surveyed, tmp_path / "resultat")))
    yield made
    made.kill()


@pytest.fixture
def person(browser: Any, review: Review) -> Iterator[Callable[..., Person]]:
    """Let somebody come in; at the end see whether anything went wrong for anybody."""
    people: list[Person] = []

    def come(name: str, **options: Any) -> Person:
        people.append(Person(browser, review, name, **options))
        people[-1].enter()
        return people[-1]

    yield come
    for one in people:
        one.leave()


def results(folder: Path) -> pd.DataFrame:
    apply_review(folder)
    return pd.read_parquet(folder / STATEMENTS).set_index("statement_id")


def check_codes(table: pd.DataFrame, statement: str, codes: dict[str, list[str]]) -> None:
    for name, given in codes.items():
        found = table.loc[statement, name]
        one = [] if pd.api.types.is_scalar(found) and pd.isna(found) else found
        assert ([one] if isinstance(one, str) else list(one)) == given, (statement, name)


def emoji_rows(table: pd.DataFrame) -> list[str]:
    own = table[table["answer_id"] == "emoji"].sort_values("start")
    for row in own.itertuples():
        assert EMOJI[row.start : row.end] == row.text
    return list(own["text"])


def test_a_session_by_keyboard(person: Callable[..., Person], review: Review) -> None:
    anna = person("Anna Ö")
    decided: dict[str, dict[str, list[str]]] = {}

    def save(*keys: str) -> str:
        anna.keys(*keys)
        statement = anna.statement
        decided[statement] = anna.codes()
        anna.after("Enter")
        return statement

    agreed = save()
    by_digit = save("6")  # övrigt
    assert decided[by_digit]["role"] == ["ovrigt"]
    assert decided[by_digit]["category"] == []

    anna.keys("t")
    anna.page.keyboard.type("aktiv")
    anna.keys("Enter", "d", "2")  # the typed code, past its category, a flag
    while (
        anna.page.evaluate("document.querySelector('[data-active]').dataset.dimension") != "flags"
    ):
        anna.keys("d")
    anna.keys("3", "k")
    anna.page.keyboard.type("Står i avtalet 😀")
    anna.keys("Escape")
    by_name = save()
    assert decided[by_name]["role"] == ["aktivitet"]
    assert "planerad" in decided[by_name]["flags"]

    skipped = anna.statement
    anna.after("s")
    assert anna.statement != skipped
    for words in ("överhoppad", "Kommentaren är som förut", "Beslutet är ångrat", "Beslutet är"):
        anna.after("z")
        assert words in anna.message
    assert anna.statement == by_digit
    for _ in range(4):
        anna.after("y")
        assert "Gjort om" in anna.message
    anna.after("y")
    assert "inget att göra om" in anna.message

    anna.open("/?queue=alla")
    first = anna.statement
    anna.keys("2")
    drafted = anna.codes()
    anna.after("ArrowRight")
    assert anna.statement != first
    anna.after("ArrowLeft")
    assert (anna.statement, anna.codes()) == (first, drafted)
    assert anna.page.is_visible("#item .draft")
    anna.keys("h")
    anna.page.keyboard.type("3")
    anna.after("Enter")
    assert anna.page.inner_text("#item-title") == "Utsaga 3"
    anna.keys("h")
    anna.page.keyboard.type("a15-2")
    anna.after("Enter")
    assert anna.statement == "a15-2"

    anna.find("startade")
    assert anna.text.startswith("😀")
    whole = anna.page.inner_text("#answer").strip()
    assert whole == EMOJI
    anna.keys("g", *["Shift+ArrowRight"] * 2)  # the emoji, and 'Vi'
    anna.keys(*["ArrowDown"] * 4, "d")
    anna.keys("ArrowRight", "ArrowLeft", "ArrowLeft")
    anna.after("Enter")
    assert "Gränserna är sparade" in anna.message
    pieces = anna.page.locator("#answer mark, #answer a").all_inner_texts()
    assert len(pieces) >= 2
    anna.keys("g", "m")
    anna.after("Enter")
    merged = anna.page.locator("#answer mark, #answer a").all_inner_texts()
    assert len(merged) == len(pieces) - 1
    anna.after("z")
    assert anna.page.locator("#answer mark, #answer a").all_inner_texts() == pieces

    anna.open("/")
    for _ in range(40):
        if anna.empty():
            break
        save()
    assert anna.empty()
    assert skipped in decided  # what was left for later came last

    table = results(review.folder)
    for statement, codes in decided.items():
        if not statement.startswith("emoji"):
            check_codes(table, statement, codes)
    assert table.loc[agreed, "source"] == "agreed"
    assert table.loc[by_digit, "source"] == "human"
    assert table.loc[by_name, "comment"] == "Står i avtalet 😀"
    assert not table["review"].any()
    assert emoji_rows(table) == pieces


def test_a_session_by_mouse(person: Callable[..., Person], review: Review) -> None:
    berit = person("Berit")
    page = berit.page
    first = berit.statement
    page.hover(".dimension .option .name")
    page.wait_for_selector(".definition:visible")
    page.click("text=Övrigt >> nth=0")
    page.fill("#comment", "Med musen")
    berit.click("[data-do=comment]")
    assert "sparad" in berit.message
    assert (berit.statement, berit.codes()["role"]) == (first, ["ovrigt"])
    berit.click(".accept")
    second = berit.statement
    berit.click("[data-do=skip]")
    assert berit.statement != second
    berit.click("[data-do=undo]")
    assert berit.statement == second
    berit.click("[data-do=undo]")
    assert berit.statement == first
    berit.click("[data-do=redo]")
    berit.click("[data-do=redo]")
    berit.click("[data-do=next]")
    berit.click("[data-do=previous]")

    page.click(".choose summary")
    page.click("text=Alla utsagor i ordning")
    berit.ready()
    page.click("[data-do=jump]")
    page.fill("#jump-to", "emoji-1")
    berit.click("#jump-form .primary")
    assert berit.text.startswith("😀")
    page.click("[data-do=borders]")
    drag(berit, "start", "grupp")  # after the emoji, and they are no statement
    drag(berit, "end", "unga")
    assert page.inner_text(".seg.hand >> nth=0") == "grupp"
    gap = page.locator(".seg.gap.hand").first  # between 'grupp' and 'för'
    gap.click()
    assert "utsaga 2 av" in page.inner_text("#borders-title")
    page.click("[data-tool=merge-back]")
    page.click("[data-tool=undo]")
    berit.click("[data-tool=save]")
    pieces = page.locator("#answer mark, #answer a").all_inner_texts()
    assert pieces[:2] == ["grupp", "för unga"]

    page.click("[data-do=search]")
    page.fill("#q", "brukarrevision")
    page.click("main button")
    page.click(".result >> nth=0")
    berit.ready()
    assert "brukarrevision" in berit.text
    page.click(".brand")
    berit.ready()
    for _ in range(40):
        if berit.empty():
            break
        berit.click(".accept")
    assert berit.empty()

    table = results(review.folder)
    assert table.loc[first, ["source", "role", "comment"]].tolist() == [
        "human",
        "ovrigt",
        "Med musen",
    ]
    assert not table["review"].any()
    assert emoji_rows(table) == pieces


def drag(person: Person, handle: str, word: str) -> None:
    """Drag an end of the statement in hand to a word."""
    page = person.page
    box = page.locator(f".handle[data-handle={handle}]").bounding_box()
    target = page.locator(".seg:not(.gap)", has_text=re.compile(f"^{word}")).first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=6)
    page.mouse.up()


def code_blind(person: Person, other: str, digits: Callable[[int], str]) -> int:
    """Code a blind sample to its end; look whether anything gives others away."""
    person.open("/?queue=blind")
    n = 0
    while not person.empty():
        html = person.page.content()
        for given_away in (" checked", "data-proposed", 'class="prob"', "Liknande utsagor", other):
            assert given_away not in re.sub(r"<dialog.*?</dialog>", "", html, flags=re.S)
        person.keys(digits(n))
        while person.page.evaluate(
            "() => [...document.querySelectorAll('.dimension:not([disabled], [data-multiple])')]"
            ".some((one) => !one.querySelector('input:checked'))"
        ):
            person.keys("1")
        person.after("Enter")
        n += 1
    return n


def test_double_coding_and_settling(person: Callable[..., Person], review: Review) -> None:
    cecilia, david = person("Cecilia"), person("David")
    cecilia.open("/dubbelkodning")
    cecilia.page.fill("#n", "12")
    cecilia.page.click("text=Dra urvalet")
    cecilia.page.wait_for_selector("text=Koda blint")
    n = code_blind(cecilia, "David", lambda _: "2")
    assert n >= 12
    david.open("/sok?q=Cecilia")
    assert not david.page.locator(".tag", has_text="Cecilia").count()
    david.open("/logg")
    link = david.page.locator("tbody tr", has_text="kodade blint").first.locator("a")
    david.open(link.get_attribute("href"))  # outside the blind queue
    assert "Cecilia" not in david.page.content()
    assert code_blind(david, "Cecilia", lambda at: "5" if at in (1, 4) else "2") == n

    david.open("/logg")
    other = [row for row in david.page.locator("tbody tr").all_inner_texts() if "Cecilia" in row]
    assert len(other) == n + 1
    assert not any("Aktivitet" in row for row in other)  # that she coded, not what

    david.open("/dubbelkodning")
    row = david.page.locator("tr", has=david.page.locator("th", has_text=re.compile("^Roll$")))
    figures = row.first.locator("td").all_inner_texts()
    assert figures[0] == str(n)
    for cell in figures[1:5]:  # with intervals
        assert re.fullmatch(r"[−0-9,]+ \([−0-9,]+–[−0-9,]+\)|–", cell), cell
    assert re.match(r"0,\d\d \(", figures[1])
    assert "inom" in figures[-1] or "utanför" in figures[-1]

    david.page.click("text=Avgör 2 oenigheter")
    david.ready()
    settled = {}
    for chosen in ("Cecilia", "David"):
        shown = david.page.inner_text(".settle")
        assert "Cecilia" in shown
        assert "David" in shown
        button = f".coding-of:has-text('{chosen}') button"
        david.page.click(button)
        settled[david.statement] = david.codes()
        david.after("Enter")
    assert david.empty()
    assert {codes["role"][0] for codes in settled.values()} == {"aktivitet", "effekt"}
    table = results(review.folder)
    for statement, codes in settled.items():
        check_codes(table, statement, codes)
    assert (table["source"] != "machine").sum() >= n


def test_two_coders_at_once(person: Callable[..., Person], review: Review) -> None:
    eva, frank = person("Eva"), person("Frank")
    for _ in range(3):
        assert eva.statement != frank.statement
        eva.after("Enter")
        assert eva.statement != frank.statement
        frank.after("Enter")

    log = Log.of_folder(review.folder)

    def meet(statement: str) -> None:
        """Both open a statement; Eva decides it, then Frank decides otherwise."""
        for one in (eva, frank):
            one.keys("h")
            one.page.keyboard.type(statement)
            one.after("Enter")
            assert one.statement == statement
        eva.after("6", "Enter")
        frank.keys("1")
        n = len(log.since(0))
        frank.after("Enter")
        shown = frank.page.inner_text(".conflict")
        assert "Eva hann före" in shown
        assert "Övrigt" in shown
        assert "Resurs" in shown
        frank.keys("Enter")  # a hasty one decides nothing
        assert len(log.since(0)) == n

    meet("a7-1")
    frank.click("text=Behåll deras")
    meet("a15-1")
    frank.click("text=Ersätt med mitt")
    frank.trouble = [said for said in frank.trouble if "409" not in said]  # Chromium tells of it
    decided = [e for e in log.since(0) if e.kind is Kind.DECIDE]
    log.close()
    assert decided[-1].before["codes"]["role"] == "ovrigt"  # it says whose place it took
    table = results(review.folder)
    assert table.loc["a7-1", "role"] == "ovrigt"
    assert table.loc["a15-1", "role"] == "resurs"


def test_the_review_dies_while_a_decision_is_sent(
    person: Callable[..., Person], review: Review
) -> None:
    greta = person("Greta")
    confirmed = greta.statement
    greta.after("Enter")
    lost = greta.statement
    greta.keys("6", "k")
    greta.page.keyboard.type("Viktigt")
    greta.keys("Escape")
    review.pause()
    greta.keys("Enter")
    review.kill()
    greta.page.wait_for_selector("#failure:visible")
    assert "Inget är förlorat" in greta.page.inner_text("#failure")
    greta.keys("Enter")  # still nobody there
    greta.page.wait_for_timeout(200)
    assert greta.page.is_visible("#failure")
    assert greta.statement == lost
    review.start()
    with greta.page.expect_response("**/decide") as answer:
        greta.page.click("text=Försök igen")
    assert answer.value.status == 403  # another process, that knows nobody yet
    greta.page.wait_for_selector("#item .message:visible")
    assert "logga in igen" in greta.message
    greta.enter()
    greta.trouble.clear()  # Chromium tells of requests that failed

    greta.find(lost)
    assert greta.codes()["role"] == ["ovrigt"]  # the draft
    assert greta.page.input_value("#comment") == "Viktigt"
    greta.after("Enter")
    table = results(review.folder)
    assert table.loc[confirmed, "source"] == "agreed"
    assert table.loc[lost, ["source", "role", "comment"]].tolist() == ["human", "ovrigt", "Viktigt"]


def weight(person: Person, path: str) -> int:
    """Bytes of a page and of all that it loads, where nothing is kept from before."""
    came: list[Any] = []

    def take(response: Any) -> None:
        came.append(response)

    person.page.on("response", take)
    person.open(path)
    person.page.wait_for_load_state("networkidle")
    person.page.remove_listener("response", take)
    return sum(len(one.body()) for one in came if one.ok)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_all_and_is_light(
    person: Callable[..., Person], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    hedda = person("Hedda", color_scheme=scheme)
    hedda.after("Enter")
    fresh = hedda.context.new_cdp_session(hedda.page)
    fresh.send("Network.enable")
    fresh.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for path in PAGES:
        assert 5_000 < weight(hedda, path) <= HEAVIEST
        found = axe.run(hedda.page, options=AXE).response["violations"]
        assert not [(one["id"], one["nodes"][0]["html"]) for one in found], path
