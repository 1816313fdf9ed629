"""Four coders at once, and the process killed again and again: nothing confirmed is lost."""

import random
import re
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest

from textmine.review.events import Kind, fold, same_codes
from textmine.review.log import Log

CODERS = ("Åsa", "Örjan", "Siv", "Bo")
DECISIONS, KILLS = 2000, 20
ROLES = ("aktivitet", "prestation", "mal")

# Processes are forked from one that has loaded what they need: twenty starts take seconds.
context = get_context("forkserver")
context.set_forkserver_preload(["textmine.review.web.serve", "textmine.coding.coder"])


def run_server(folder: Path, link: Connection) -> None:
    from textmine.review.web.serve import serve

    def say(line: str) -> None:
        if "http" in line:
            link.send(line.split()[-1])

    serve(folder, port=0, open_browser=False, learn=False, say=say)


class Server:
    """A review that is killed without warning, and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.kills = -1
        self.kill()

    def kill(self) -> None:
        with self.lock:
            self.kills += 1
            if self.kills:
                assert self.process.pid is not None
                self.process.kill()
                self.process.join()
                assert self.process.exitcode == -signal.SIGKILL
            receiver, sender = context.Pipe(duplex=False)
            self.process = context.Process(target=run_server, args=(self.folder, sender))
            self.process.start()
            assert receiver.poll(60), "the review did not start"
            self.link: str = receiver.recv()

    def stop(self) -> None:
        self.process.kill()
        self.process.join()


class Browser:
    """A coder at work, who asks again when the answer does not come."""

    def __init__(self, server: Server, coder: str) -> None:
        self.server, self.coder = server, coder
        self.confirmed: dict[str, tuple[str, str]] = {}  # request → passage and role
        self.conflicts = 0
        self.random = random.Random(coder)
        self.client = httpx.Client()
        self.enter()

    def enter(self) -> None:
        """Open the link, as a person would after a restart."""
        while True:
            with self.server.lock:
                link = self.server.link
            base = link.split("/?")[0]
            self.client.close()
            self.client = httpx.Client(base_url=base, follow_redirects=True, timeout=20)
            try:
                page = self.client.get(link).text
                token = re.search(r'name="csrf" value="([^"]+)"', page)
                assert token
                data = {"csrf": token[1], "name": self.coder}
                self.client.post("/login", data=data).raise_for_status()
                page = self.client.get("/?queue=alla").text
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            found = re.search(r'"X-CSRF-Token": "([^"]+)"', page)
            assert found
            self.client.headers["x-csrf-token"] = found[1]
            self.page = page
            return

    def fields(self) -> dict[str, str] | None:
        names = ("passage", "version", "start", "end")
        found = {n: re.search(rf'name="{n}" value="([^"]*)"', self.page) for n in names}
        return {n: m[1] for n, m in found.items() if m} if all(found.values()) else None

    def work(self, until: threading.Event) -> None:
        while not until.is_set():
            fields = self.fields()
            if fields is None:  # the last one: from the beginning
                self.page = self.send("GET", "/?queue=alla", {})[1]
                continue
            role = self.random.choice(ROLES)
            codes = {"code.role": role, "code.category": self.category()}
            request = uuid.uuid4().hex
            place = {"queue": "alla", "request": request}
            status, page = self.send("POST", "/decide", {**fields, **codes, **place})
            if status == 200:
                self.confirmed[request] = (fields["passage"], role)
            else:
                assert status == 409
                self.conflicts += 1
            before = fields
            self.page = page
            if self.fields() in (None, before):
                self.page = self.send("GET", "/?queue=alla", {})[1]

    def category(self) -> str:
        found = re.search(r'name="code.category" value="([^"]+)"', self.page)
        assert found
        return found[1]

    def send(self, verb: str, path: str, data: dict[str, str]) -> tuple[int, str]:
        """Ask until there is an answer, always with the same request."""
        while True:
            try:
                answer = self.client.request(verb, path, data=data)
            except httpx.TransportError:
                self.enter()
                continue
            if answer.status_code == 403:  # another process than the one we knew
                self.enter()
                continue
            return answer.status_code, answer.text


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    made = Server(folder)
    yield made
    made.stop()


def test_nothing_confirmed_is_lost_and_nothing_overwritten_in_silence(
    server: Server, folder: Path
) -> None:
    browsers = [Browser(server, coder) for coder in CODERS]
    until = threading.Event()
    failures: list[Exception] = []

    def work(browser: Browser) -> None:
        try:
            browser.work(until)
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)
            until.set()

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()

    def confirmed() -> int:
        return sum(len(browser.confirmed) for browser in browsers)

    while server.kills < KILLS and not until.is_set():
        wanted = (server.kills + 1) * DECISIONS // (KILLS + 1)
        while confirmed() < wanted and not until.is_set():
            time.sleep(0.005)
        server.kill()
    while confirmed() < DECISIONS and not until.is_set():
        time.sleep(0.01)
    until.set()
    for thread in threads:
        thread.join(60)
    for browser in browsers:
        browser.client.close()
    assert not failures, failures
    check_log(folder, browsers)


def check_log(folder: Path, browsers: list[Browser]) -> None:
    log = Log.of_folder(folder)
    events = log.since(0)
    log.close()
    known = {event.request: event for event in events}
    for browser in browsers:
        for request, (passage, role) in browser.confirmed.items():
            event = known[request]  # not lost
            assert (event.coder, event.passage) == (browser.coder, passage)
            assert event.after["codes"]["role"] == role
    assert len(known) == len(events)  # nor taken twice
    passages = Counter(event.passage for event in events)
    for passage, n in passages.items():
        own = [event for event in events if event.passage == passage]
        assert [event.version for event in own] == list(range(1, n + 1))
        for at, event in enumerate(own):
            if event.kind is Kind.DECIDE:  # it says what it replaced, and that was in force
                decision = fold(own[:at]).agreed(event.span)
                before: dict[str, Any] | None = event.before.get("codes")
                assert (decision is None) == (before is None)
                assert decision is None or same_codes(decision.codes, before or {})
