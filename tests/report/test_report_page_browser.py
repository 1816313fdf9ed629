"""The report's page in a real browser: numbers lead to statements, on the screen and on paper."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from report.page_sample import small_report

from textmine.report.page.build import write_page

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
STATUS = ".shown [role=status]"
VISIBLE = "#underlag .leaf li:visible"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_page(small_report(), path)
    return path


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
def reading(browser: Any, written: Path) -> Iterator[Callable[..., Any]]:
    """Open the page; at the end see that nothing went wrong or was asked for."""
    trouble: list[str] = []
    asked: list[str] = []
    contexts = []

    def read(**options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.append(said.text))
        page.goto(written.as_uri())
        return page

    yield read
    for context in contexts:
        context.close()
    assert {url.split("#")[0] for url in asked} == {written.as_uri()}
    assert not trouble, trouble


def test_a_number_opens_its_statements_and_one_comes_back(reading: Callable[..., Any]) -> None:
    page = reading()
    assert page.locator(VISIBLE).count() == 0
    counted = page.locator('.counts a[href="#underlag.barn-unga.kompetens.insats"]').first
    assert counted.inner_text() == "2"
    counted.click()
    said = page.locator(VISIBLE).all_inner_texts()
    assert [text.split("\n")[0] for text in said] == [
        "Utbildning i TF-KBT",
        "Fem kurser genomförda",
    ]
    assert page.inner_text(STATUS).replace("\u00a0", " ") == (
        "Visar 2 utsagor från 2 aktörer: Barn och unga › Kompetens › Insatser"
    )
    assert page.input_value("#aktor") == "region"
    assert page.evaluate("location.hash") == "#underlag.barn-unga.kompetens.insats?aktor=region"
    assert page.evaluate("document.activeElement.textContent") == "Insatser"

    page.click("text=Tillbaka till talet")
    assert counted.evaluate("link => link === document.activeElement")
    assert page.evaluate("scrollY") < page.locator("#underlag").bounding_box()["y"]

    page.click("text=Visa alla utsagor")
    assert page.inner_text(STATUS).replace("\u00a0", " ") == "10 utsagor från 5 aktörer"
    assert page.locator("#underlag .area-list:visible").count() == 2
    page.go_back()
    assert page.locator(VISIBLE).count() == 2


def test_an_address_with_a_number_in_it_can_be_passed_on(
    reading: Callable[..., Any], written: Path
) -> None:
    page = reading()
    page.goto(f"{written.as_uri()}#underlag.barn-unga?brist=0&aktor=kommun")
    page.reload()
    assert page.locator(f"{VISIBLE} >> b").all_inner_texts() == ["Ale kommun"] * 2
    assert page.inner_text(STATUS).endswith("Barn och unga › Insatser utan mål")


def test_every_number_leads_to_as_many_actors(reading: Callable[..., Any]) -> None:
    page = reading()
    links = page.locator("td.n a, .effects thead a, .effects li a").all()
    assert len(links) > 25
    for link in links:
        link.evaluate("link => link.click()")
        (actors,) = re.findall(r"från (\d+)\sakt", page.inner_text(STATUS))
        text = link.locator("..").inner_text() if link.evaluate("a => a.closest('li')") else ""
        joined = re.findall(r"\((\d+)\)$", text)
        wanted = (joined or ["1"]) if text else re.findall(r"^\d+", link.inner_text())
        assert [actors] == wanted, link.get_attribute("href")


def test_an_effect_leads_to_those_joined_under_it(reading: Callable[..., Any]) -> None:
    page = reading()
    page.click(".effects a >> text=Ökad kunskap hos personalen")
    assert page.locator(VISIBLE).count() == 2
    assert page.is_visible("text=Personalen kan mer")


def test_a_quote_leads_to_its_statement(reading: Callable[..., Any]) -> None:
    page = reading()
    page.click(".typical summary")
    page.click("text=i underlaget >> nth=0")
    assert page.locator("li.wanted").inner_text().startswith("Utbildning i TF-KBT")
    assert page.is_visible("li.wanted")


def test_a_figure_leads_to_statements_of_its_own_actors(reading: Callable[..., Any]) -> None:
    page = reading()
    page.click(".sankey summary")
    page.click(".sankey a[href='#underlag.barn-unga.kompetens.aktivitet']")
    assert page.input_value("#aktor") == "region"
    assert page.locator(VISIBLE).count() == 1


def test_links_work_without_script(reading: Callable[..., Any]) -> None:
    page = reading(java_script_enabled=False)
    assert not page.is_visible("text=Kopiera tabellen")
    assert not page.is_visible("#sok")
    page.click('.counts a[href="#underlag.barn-unga.kompetens.aktivitet"] >> nth=0')
    assert page.is_visible('[id="underlag.barn-unga.kompetens.aktivitet"]')
    page.click(".effects li a >> nth=0")
    assert page.is_visible('[id="u.b-2"]')


def test_search(reading: Callable[..., Any]) -> None:
    page = reading()
    page.fill("#sok", "KUNSKAP personal")
    page.wait_for_selector('[id="u.b-2"]:visible')
    assert page.locator(VISIBLE).count() == 1
    page.fill("#sok", "län")
    page.wait_for_function("() => document.querySelectorAll('.leaf li:not([hidden])').length === 2")
    page.select_option("#aktor", "kommun")
    page.wait_for_function("() => document.querySelectorAll('.leaf li:not([hidden])').length === 0")
    assert "0\u00a0utsagor" in page.inner_text(STATUS)
    page.click("text=Visa alla utsagor")
    page.check("#osakra")
    page.wait_for_selector('[id="u.b-6"]:visible')
    assert page.locator(VISIBLE).count() == 1


def test_a_table_is_copied_as_a_table(reading: Callable[..., Any]) -> None:
    page = reading(permissions=["clipboard-read", "clipboard-write"])
    read = """async (type) => {
      const [item] = await navigator.clipboard.read();
      return (await item.getType(type)).text();
    }"""
    page.locator(".table", has_text="Tabell 3.").locator("button").click()
    page.wait_for_selector("text=Kopierad")
    lines = page.evaluate(read, "text/plain").split("\n")
    assert lines[0].split("\t") == [
        "Insatskategori", "Aktör", "Insatser", "Aktiviteter", "Mål", "Prestationer", "Effekter",
    ]  # fmt: skip
    assert [len(line.split("\t")) for line in lines] == [7] * 7
    assert lines[2].replace("\u00a0", " ").split("\t")[:3] == ["", "Kommuner", "1 (100 %)"]
    html = page.evaluate(read, "text/html")
    assert 'rowspan="2">Kompetens</th>' in html
    assert "<a" not in html
    assert "<caption" not in html

    page.locator(".table", has_text="Tabell 5.").locator("button").click()
    page.wait_for_function(
        "() => document.querySelectorAll('.effects .copy')[0].textContent === 'Kopierad'"
    )
    assert "<li>Ökad kunskap hos personalen (2)</li>" in page.evaluate(read, "text/html")


def test_by_keyboard(reading: Callable[..., Any]) -> None:
    page = reading()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"
    counted = page.locator('.counts a[href="#underlag.barn-unga.kompetens.effekt"]').first
    counted.focus()
    page.keyboard.press("Enter")
    assert page.locator(VISIBLE).count() == 2
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")  # closes the list
    assert page.locator(VISIBLE).count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(reading: Callable[..., Any], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = reading(color_scheme=scheme, bypass_csp=True)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = axe.run(page, options=AXE).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.mark.parametrize("width", [320, 390, 800])
def test_narrow_screens_scroll_one_way(reading: Callable[..., Any], width: int) -> None:
    page = reading(viewport={"width": width, "height": 800})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_paper(reading: Callable[..., Any]) -> None:
    page = reading()
    page.emulate_media(media="print")
    for hidden in ("nav", ".copy >> nth=0", ".sankey", "#underlag", ".skip", ".screen"):
        assert not page.is_visible(hidden), hidden
    assert page.is_visible("table >> nth=0")
    assert page.is_visible(".flow svg")
    assert page.is_visible(".typical q >> nth=0")  # though nobody opened it

    def sizes() -> list[str]:
        pdf = page.pdf(prefer_css_page_size=True)
        return [
            "across" if float(width) > float(height) else "upright"
            for width, height in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        ]

    without = sizes()
    assert without.count("across") == 1  # the flow diagram
    page.emulate_media(media="screen")
    page.check("#skriv-ut")
    page.emulate_media(media="print")
    assert page.is_visible("#underlag")
    assert page.locator(VISIBLE).count() == 10
    assert len(sizes()) > len(without)
