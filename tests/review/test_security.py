"""Who may see the page, and what a forged or hostile request gets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from textmine.review.log import Log
from textmine.review.survey import Survey
from textmine.review.web.app import create_app
from textmine.review.web.room import Room
from textmine.review.web.security import HEADERS, Keeper

ORIGIN = "http://127.0.0.1:8765"


@pytest.fixture
def room(folder: Path) -> Iterator[Room]:
    log = Log.of_folder(folder)
    yield Room(Survey.load(folder), log)
    log.close()


@pytest.fixture
def keeper() -> Keeper:
    return Keeper(8765, coder="Åsa")


def browser(room: Room, keeper: Keeper) -> TestClient:
    return TestClient(create_app(room, keeper), base_url=ORIGIN, follow_redirects=False)


@pytest.fixture
def known(room: Room, keeper: Keeper) -> TestClient:
    """A browser that opened the link."""
    client = browser(room, keeper)
    client.get("/", params={"token": keeper.token})
    return client


def csrf_of(page: str) -> str:
    found = re.search(r'"X-CSRF-Token": "([^"]+)"', page)
    assert found
    return found[1]


def fields(page: str) -> dict[str, str]:
    names = ("passage", "version", "start", "end")
    found = {n: re.search(rf'name="{n}" value="([^"]*)"', page) for n in names}
    return {name: match[1] for name, match in found.items() if match}


PATHS = (
    "/",
    "/item",
    "/step",
    "/jump",
    "/laget",
    "/dubbelkodning",
    "/sok?q=a",
    "/logg",
    "/kontroll",
)


@pytest.mark.parametrize("path", PATHS)
def test_without_the_link_nothing_is_shown(room: Room, keeper: Keeper, path: str) -> None:
    answer = browser(room, keeper).get(path)
    assert answer.status_code == 403
    assert "utbildat" not in answer.text


def test_a_wrong_token_opens_nothing(room: Room, keeper: Keeper) -> None:
    client = browser(room, keeper)
    assert client.get("/", params={"token": "å" + keeper.token[1:]}).status_code == 403
    assert client.get("/").status_code == 403


def test_the_token_leaves_the_address_and_the_cookie_is_for_this_page_only(
    room: Room, keeper: Keeper
) -> None:
    answer = browser(room, keeper).get("/", params={"token": keeper.token, "queue": "alla"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?queue=alla"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert keeper.token.lower() not in cookie


@pytest.mark.parametrize("path", ["/", "/static/review.css", "/finns-inte", "/login"])
def test_every_answer_has_the_headers(known: TestClient, path: str) -> None:
    answer = known.get(path)
    own = {"Cache-Control": "no-cache"} if path.startswith("/static/") else {}
    for name, value in (HEADERS | own).items():
        assert answer.headers[name] == value
    assert "server" not in answer.headers


def test_another_name_for_this_machine_is_refused(known: TestClient) -> None:
    """A page elsewhere must not reach this one by a name of its own (DNS rebinding)."""
    answer = known.get("/", headers={"host": "evil.example:8765"})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-csrf-token": "fel"},
        {"x-csrf-token": "RIGHT", "origin": "http://evil.example"},
        {"x-csrf-token": "RIGHT", "sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/decide", "/blind", "/settle", "/skip", "/comment", "/borders", "/undo", "/redo"]
)
def test_forged_changes_are_refused(
    known: TestClient, room: Room, path: str, headers: dict[str, str]
) -> None:
    page = known.get("/").text
    sent = {k: csrf_of(page) if v == "RIGHT" else v for k, v in headers.items()}
    answer = known.post(path, data=fields(page) | {"code.role": "mal"}, headers=sent)
    assert answer.status_code == 403
    assert room.log.since(0) == []


def test_a_change_of_our_own_is_taken(known: TestClient, room: Room) -> None:
    page = known.get("/").text
    headers = {"x-csrf-token": csrf_of(page), "origin": ORIGIN, "sec-fetch-site": "same-origin"}
    answer = known.post("/skip", data=fields(page), headers=headers)
    assert answer.status_code == 200
    assert [event.coder for event in room.log.since(0)] == ["Åsa"]


def test_hostile_answers_stay_text(known: TestClient) -> None:
    found = known.get("/sok", params={"q": "<script>"}).text
    assert "&lt;script&gt;alert(&#39;hej&#39;)&lt;/script&gt;" in found
    assert "<script>alert" not in found
    url = re.search(r'class="apart result" href="([^"]+)"', found)
    assert url
    page = known.get(url[1].replace("&amp;", "&")).text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page  # and no template of ours


def test_hostile_words_of_coders_stay_text(known: TestClient) -> None:
    page = known.get("/").text
    headers = {"x-csrf-token": csrf_of(page)}
    hostile = '"><img src=x onerror=alert(1)>'
    answer = known.post("/comment", data=fields(page) | {"comment": hostile}, headers=headers)
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text
    assert "<img" not in known.get("/sok", params={"q": hostile}).text


@pytest.mark.parametrize(
    "data",
    [
        {"passage": "finns-inte", "version": "0", "start": "0", "end": "5"},
        {"passage": "", "version": "-1", "start": "x", "end": ""},
        {"version": "9" * 30, "start": "0", "end": "1", "passage": "'; DROP TABLE events; --"},
    ],
)
def test_nonsense_is_refused_without_a_trace(
    known: TestClient, room: Room, data: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"x-csrf-token": csrf_of(known.get("/").text)}
    assert known.post("/decide", data=data, headers=headers).status_code == 404
    assert room.log.since(0) == []
    assert capfd.readouterr() == ("", "")


def test_an_error_of_ours_says_where_but_quotes_nothing(
    known: TestClient,
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Anna Svensson 19800101-1234 ringde")

    monkeypatch.setattr(room, "next", fail)
    answer = known.get("/")
    assert answer.status_code == 500
    logged = capfd.readouterr().err
    assert "RuntimeError in " in logged
    for told in (answer.text, logged):
        assert "Svensson" not in told


def test_files_outside_the_page_are_not_served(known: TestClient) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fsecurity.py"):
        assert known.get(path).status_code == 404


class TestPassword:
    """The page on another address than loopback."""

    @pytest.fixture
    def keeper(self) -> Keeper:
        return Keeper(8765, password="ett långt lösenord")

    @pytest.fixture
    def guest(self, room: Room, keeper: Keeper) -> TestClient:
        client = browser(room, keeper)
        client.get("/login")
        return client

    def enter(self, client: TestClient, password: str, name: str = "Örjan") -> int:
        page = client.get("/login").text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token
        data = {"csrf": token[1], "name": name, "password": password}
        status: int = client.post("/login", data=data).status_code
        return status

    def test_the_token_in_the_link_is_no_way_in(self, room: Room, keeper: Keeper) -> None:
        client = browser(room, keeper)
        assert client.get("/", params={"token": keeper.token}).status_code == 403

    @pytest.mark.parametrize("path", PATHS)
    def test_strangers_are_shown_the_door(self, guest: TestClient, path: str) -> None:
        answer = guest.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login"

    def test_the_right_password_opens_with_a_new_cookie(self, guest: TestClient) -> None:
        before = dict(guest.cookies)
        assert self.enter(guest, "ett långt lösenord") == 303
        assert dict(guest.cookies) != before
        assert guest.get("/").status_code == 200

    def test_a_wrong_one_does_not_and_guessing_ends(self, guest: TestClient) -> None:
        for _ in range(10):
            assert self.enter(guest, "fel") == 403
        assert self.enter(guest, "ett långt lösenord") == 429
        assert guest.get("/").status_code == 303

    def test_names_of_coders_are_not_for_strangers(self, guest: TestClient, room: Room) -> None:
        room.desk.standing.by_coder["Hemlige Hans"] = []
        assert "Hans" not in guest.get("/login").text

    def test_a_stranger_cannot_change_anything(self, guest: TestClient, room: Room) -> None:
        page = guest.get("/login").text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token
        item = next(iter(room.desk.standing.all_items()))
        data = {
            "csrf": token[1],
            "passage": item.passage,
            "version": "0",
            "start": str(item.start),
            "end": str(item.end),
        }
        assert guest.post("/skip", data=data).status_code == 403
        assert room.log.since(0) == []
