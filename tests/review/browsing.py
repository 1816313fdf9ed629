"""People with browsers, and a review in a process of its own that they visit."""

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

context = get_context("forkserver")  # forked from one that has loaded what all need
context.set_forkserver_preload(["textmine.review.web.serve", "textmine.coding.coder"])


def run_review(folder: Path, port: int, link: Connection) -> None:
    from textmine.review.web.serve import serve

    def say(line: str) -> None:
        if "http" in line:
            link.send(line.split()[-1])

    serve(folder, port=port, open_browser=False, learn=False, say=say)


class Review:
    """`textmine review`, that can be killed without warning and started again at its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.link = ""
        self.start()

    def start(self) -> None:
        receiver, sender = context.Pipe(duplex=False)
        port = urlsplit(self.link).port or 0
        self.process = context.Process(target=run_review, args=(self.folder, port, sender))
        self.process.start()
        assert receiver.poll(60), "the review did not start"
        self.link = receiver.recv()

    @property
    def base(self) -> str:
        return self.link.split("/?")[0]

    def pause(self) -> None:
        """Let requests come, and answer none."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


class Person:
    """A coder with a browser of their own, in which nothing may go wrong unnoticed."""

    def __init__(self, browser: Any, review: Review, name: str, **options: Any) -> None:
        self.review, self.name = review, name
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        self.context.add_init_script(
            "window.shown = 0;"
            "document.addEventListener('htmx:afterSettle', () => { window.shown += 1; });"
        )
        self.trouble: list[str] = []
        self.asked: list[str] = []
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", self.hear)

    def hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    def enter(self) -> None:
        """Open the link and say who one is, by keyboard."""
        self.page.goto(self.review.link)
        self.page.wait_for_selector("#name")
        assert "token" not in self.page.url
        self.page.keyboard.type(self.name)
        self.page.keyboard.press("Enter")
        self.ready()

    def open(self, path: str) -> None:
        self.page.goto(self.review.base + path)
        if self.page.locator("body.page-review").count():
            self.ready()

    def ready(self) -> None:
        self.page.wait_for_selector("[data-active], .empty")

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def after(self, *names: str) -> None:
        """Press keys, and wait for what the last one brings."""
        self.keys(*names[:-1])
        self.done(lambda: self.keys(names[-1]))

    def click(self, what: str) -> None:
        """Click, and wait for what it brings."""
        self.done(lambda: self.page.click(what))

    def done(self, act: Callable[[], object]) -> None:
        before = self.page.evaluate("window.shown")
        act()
        self.page.wait_for_function("n => window.shown > n", arg=before)

    def empty(self) -> bool:
        return bool(self.page.locator("#item .empty").count())

    @property
    def statement(self) -> str:
        """Which statement is in hand."""
        return str(self.page.get_attribute("#coding", "data-statement"))

    @property
    def text(self) -> str:
        return str(self.page.inner_text("#statement"))

    @property
    def message(self) -> str:
        return " ".join(self.page.locator("#item .message:visible").all_inner_texts())

    def codes(self) -> dict[str, list[str]]:
        """What is chosen now."""
        return self.page.evaluate("""() => Object.fromEntries(
            [...document.querySelectorAll(".dimension")].map((one) => [one.dataset.dimension,
              one.disabled ? [] : [...one.querySelectorAll("input:checked")].map((i) => i.value)]))
        """)

    def find(self, words: str) -> None:
        """Look a statement up and open it, by keyboard."""
        self.keys("f")
        self.page.wait_for_selector("#q")
        self.page.keyboard.type(words)
        self.keys("Enter")
        self.page.wait_for_selector(".result")
        self.page.focus(".result")
        self.keys("Enter")
        self.page.wait_for_url("**/?passage=*")
        self.ready()

    def leave(self) -> None:
        hosts = {urlsplit(url).hostname for url in self.asked if not url.startswith("data:")}
        self.context.close()
        assert hosts <= {"localhost", "127.0.0.1"}
        assert not self.trouble, self.trouble
