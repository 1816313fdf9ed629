"""The comparison's page in a real browser: for everybody, and with nothing asked of the network."""

import shutil
from pathlib import Path

import pytest

from textmine.comparing.build import compare_folders


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_page_is_for_everybody(tmp_path: Path, pair: tuple[Path, Path], colours: str) -> None:
    api = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    compare_folders(*pair, tmp_path / "ut")
    page_file = tmp_path / "ut" / "compare.html"
    asked: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(color_scheme=colours, bypass_csp=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        found = axe.run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert asked == [page_file.as_uri()]
    assert wide
