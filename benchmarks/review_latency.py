"""How long a coder waits from a key to the next statement on the screen.

    python benchmarks/review_latency.py FOLDER [ROUNDS]        (some minutes)

FOLDER is what `textmine code` wrote; a copy of it is reviewed in Chromium (needs the extra `dev`,
and Chromium on the path). Every other statement is accepted with Enter, every other given another
role by its digit first. Time runs from the keydown event to the second animation frame after the
next statement has been put in the page; the server's share is what the browser waits for its
answer. Measured with learning off, while the process beside reads all statements, and while it
learns from the decisions. With each figure: how many processes wanted a core meanwhile.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROUNDS = 200
LONGEST_READING = 1800  # seconds until the model has read

# Counts statements that have come to the screen since an Enter, and how long each took.
WATCH = """() => {
  performance.setResourceTimingBufferSize(5000);
  performance.clearResourceTimings();
  window.took = [];
  let pressed = null;
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") pressed = event.timeStamp;
  }, true);
  document.body.addEventListener("htmx:afterSettle", () => {
    const since = pressed;
    if (since === null) return;
    pressed = null;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.took.push(performance.now() - since);
    }));
  });
}"""
LACKING = """() => [...document.querySelectorAll(".dimension:not([disabled], [data-multiple])")]
  .some((one) => !one.querySelector("input:checked"))"""
SERVER = """() => performance.getEntriesByType("resource")
  .filter((one) => one.name.endsWith("/decide"))
  .map((one) => one.responseStart - one.requestStart)"""


@contextmanager
def reviewed(folder: Path, *options: str) -> Iterator[str]:
    """Start a review of a copy of a folder; give its link."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = shutil.copytree(folder, Path(temporary) / "survey")
        for log in copy.glob("review.sqlite*"):
            log.unlink()
        command = [str(Path(sys.executable).parent / "textmine"), "review", str(copy)]
        process = subprocess.Popen(
            [*command, "--no-browser", "--port", "0", "--coder", "Bo", *options],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(r"http\S+", line):
                    yield found[0]
                    break
            else:
                sys.exit("the review did not start")
        finally:
            process.terminate()
            process.wait(30)


def work(page: Page, link: str, rounds: int) -> tuple[list[float], list[float]]:
    """Decide statements one after the other; give the waits, and the server's part of them."""
    page.goto(link)
    page.wait_for_selector("[data-active]")
    page.evaluate(WATCH)
    for number in range(rounds):
        if number % 2:
            page.keyboard.press(str(1 + number // 2 % 2))
            while page.evaluate(LACKING):
                page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_function("n => window.took.length > n", arg=number)
    return page.evaluate("window.took"), page.evaluate(SERVER)


def report(name: str, figures: tuple[list[float], list[float]]) -> None:
    load = os.getloadavg()[0]
    for part, values in zip(("key to statement", "server"), figures, strict=True):
        low, high = np.percentile(values, [50, 95])
        print(
            f"{name:22} {part:17} median {low:4.0f} ms  95 % {high:4.0f} ms  "
            f"longest {max(values):4.0f} ms  n {len(values)}  load {load:.1f}",
            flush=True,
        )


def has_read(page: Page, link: str) -> None:
    """Wait until the process beside has read all statements."""
    until = time.monotonic() + LONGEST_READING
    while "Modellen läser" in page.inner_text("#content"):
        if time.monotonic() > until:
            sys.exit("the model has not read all statements in half an hour")
        time.sleep(5)
        page.goto(link)


def main(folder: Path, rounds: int) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        with reviewed(folder, "--no-learn") as link:
            report("learning off", work(page, link, rounds))
        with reviewed(folder) as link:
            report("while it reads", work(page, link, rounds))
            began = time.monotonic()
            status = re.sub(r"/\?.*", "/laget", link)
            page.goto(status)
            has_read(page, status)
            print(f"(read {time.monotonic() - began:.0f} s later)", flush=True)
            report("while it learns", work(page, re.sub(r"\?.*", "", link), rounds))
        chromium.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
