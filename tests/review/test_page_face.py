"""The review page's templates and scripts, against rendered templates and no app."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import textmine
from textmine.codebook import Codebook

WEB = Path(textmine.__file__).parent / "review" / "web"
CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = (
    "<script>alert(1)</script> {{ 7*7 }} \"'\u202e😀 "
    "Vi åkte, för att nå fler.\r\n– Två möten & ett till"
)
BASE = {"held": 0, "coder": "Åsa <b>", "survey": "svar.xlsx", "csrf": "to'k\"en", "version": "1"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PROGRESS = {
    "done": 3, "left": 7, "total": 10, "minutes_left": 95, "pace": 118.4, "stable": True,
    "accuracy": [{"name": "Roll", "now": 0.914}, {"name": "Nivå", "now": None}],
    "stable_text": "Du kan sluta.", "learnt_text": "",
}  # fmt: skip

BOOK = Codebook.load("psykisk-halsa-2020")
templates = Environment(
    loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined
)


def an_item(spans: list[list[int]] | None = None, **changes: Any) -> dict[str, Any]:
    """An item about a hostile answer of three statements, the second one in hand."""
    cuts = [HOSTILE.index("Vi"), HOSTILE.index(", för"), HOSTILE.index("för"), HOSTILE.index("\r")]
    spans = spans or [cuts[:2], cuts[2:], [HOSTILE.index("Två"), len(HOSTILE)]]
    pieces, at = [], 0
    for number, (start, end) in enumerate(spans):
        pieces.append({"text": HOSTILE[at:start], "kind": "between", "start": at, "end": start})
        kind = "this" if number == 1 else "other"
        url = f"/item?passage=p&start={start}"
        piece = {"text": HOSTILE[start:end], "kind": kind, "start": start, "end": end, "url": url}
        pieces.append(piece | {"statement_id": f"s-{number}", "decided": number == 0})
        at = end
    chosen = {"role": "prestation", "category": "kompetens"}
    dimensions = [
        {"key": key, "name": dimension.name, "multiple": dimension.multiple, "when": dimension.when,
         "options": [
             {"code": code, "name": dimension.code_name(code), "number": number,
              "definition": dimension.codes[code].definition, "include": ["så <i>"], "exclude": [],
              "prob": None if changes.get("blind") else 0.25, "second": False,
              "chosen": chosen.get(key) == code and not changes.get("blind"),
              "proposed": (chosen | {"level": "individ"}).get(key) == code}
             for number, code in enumerate(dimension.allowed("mobila-losningar"), 1)]}
        for key, dimension in BOOK.dimensions.items()
    ]  # fmt: skip
    return {
        "passage": "p", "version": 4, "start": spans[1][0], "end": spans[1][1], "number": 2,
        "statement_id": "s-1", "left": 7, "queue": "doubt", "respondent": '<b>"X"</b>', "actor": "",
        "year": 2021, "area": "Mobila lösningar", "question": "Vad {{ 1+1 }}?", "alike": 1,
        "pieces": pieces, "reason": "Osäkert: <i>roll</i>", "blind": False, "settle": False,
        "decided": None, "comment": "</textarea><b>", "dimensions": dimensions, "conflict": None,
        "nearest": [{"text": "<u>när</u>", "codes": "Effekt", "by": "person", "likeness": 0.9,
                     "url": "/item?passage=q&start=0"}], "settle_codings": [],
    } | changes  # fmt: skip


def render(name: str, **context: Any) -> str:
    page = context.pop("page", name.removesuffix(".html"))
    return templates.get_template(name).render(**BASE, page=page, message=None, **context)


def partial(item: dict[str, Any] | None, message: dict[str, str] | None = None) -> str:
    context = {"item": item, "message": message, "held": 0, "progress": PROGRESS}
    return "".join(
        templates.get_template(name).render(context) for name in ("item.html", "progress.html")
    )


def whole(item: dict[str, Any] | None) -> str:
    queues = [{"key": "doubt", "name": "Mest tveksamma", "n_left": 7, "chosen": True}]
    area = {"value": 'Barn & "unga"', "name": "Barn <unga>", "chosen": True, "n": 2}
    filters = [{"key": "area", "name": "Område", "options": [area]}]
    return render("review.html", item=item, progress=PROGRESS, queues=queues, filters=filters)


class Elements(HTMLParser):
    """All elements of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


EVIL = "<script>alert(1)</script>"
ROW = {"text": EVIL, "respondent": EVIL, "area": "", "codes": EVIL, "decided": EVIL, "url": "/"}
PAGES: dict[str, Callable[[], str]] = {
    "review": lambda: whole(an_item()),
    "blind": lambda: whole(an_item(blind=True)),
    "settle": lambda: whole(
        an_item(settle=True, settle_codings=[{"coder": EVIL, "codes": {"role": [EVIL]}}])
    ),
    "conflict": lambda: whole(
        an_item(conflict={"coder": EVIL, "at": "10:00", "codes": EVIL, "yours": EVIL})
    ),
    "empty": lambda: whole(None),
    "login": lambda: render("login.html", names=[EVIL], needs_password=True, error=EVIL),
    "error": lambda: render("error.html", title=EVIL, text=EVIL),
    "status": lambda: render(
        "status.html", progress=PROGRESS,
        audits=[{"name": "Roll", "n": 9, "wrong": 1, "error": (0.1, 0.0, 0.4)}],
        hours=[{"hour": 0, "done": 3, "accuracy": [0.9, None]}],
        dimensions=["Roll", "Nivå"], coders=[{"name": EVIL, "n": 3, "per_hour": None}],
        learning={"state": EVIL, "decisions": 3, "last": "10:00",
                  "gains": [{"name": "Roll", "before": 0.8, "after": 0.9, "n": 9}]},
    ),
    "double": lambda: render(
        "double.html", n=100, disagreements=1, samples=[{"coder": EVIL, "done": 1, "total": 2}],
        agreement=[{"name": "Roll", "n": 9, "within": None, "human_kappa": None}
                   | dict.fromkeys(("accuracy", "kappa", "alpha", "machine_kappa"), [0.8, 0.7, 1])],
        by_code=[{"dimension": "Roll", "code": EVIL, "n": 3, "agreement": None}],
    ),
    "search": lambda: render("search.html", q=EVIL, more=False, results=[ROW]),
    "log": lambda: render(
        "log.html", more=True, events=[{"id": 7, "at": "10:00", "coder": EVIL, "what": EVIL,
                                        "statement_id": "s-1", "url": "/", "undone": True}],
    ),
    "check": lambda: render(
        "check.html", rare=[], unclear=[{"code": EVIL, "dimension": "Roll", "share": 0.3}],
        contradictions=[ROW | {"dimension": "Roll", "given": EVIL, "suggested": EVIL, "prob": 0.97,
                               "coder": EVIL}],
        confusions=[{"dimension": "Roll", "one": EVIL, "other": "B", "n": 2, "examples": [EVIL]}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_what_people_wrote_stays_text(name: str) -> None:
    html = PAGES[name]()
    assert "alert(1)" in html or name == "empty"
    assert EVIL not in html
    assert "49" not in re.findall(r"\b49\b", html)  # {{ 7*7 }} was not worked out
    tags = [tag for tag, _ in Elements(html).all]
    assert not {"i", "u"} & set(tags)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_keeps_to_the_security_policy_and_has_one_heading(name: str) -> None:
    elements = Elements(PAGES[name]()).all
    assert [tag for tag, _ in elements].count("h1") == 1
    assert [tag for tag, _ in elements].count("main") == 1
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in elements:
        assert tag != "style"
        assert not [key for key in attributes if key == "style" or key.startswith(("on", "hx-on"))]
        if tag == "script":
            assert (attributes["src"] or "").startswith("/static/")
        for key in ("src", "href", "action"):
            assert (attributes.get(key) or "/").startswith(("/", "#"))


def test_forms_send_the_fields_that_the_app_reads() -> None:
    named = {a["name"] for _, a in Elements(partial(an_item())).all if a.get("name")}
    codes = {f"code.{key}" for key in ("role", "category", "level", "flags")}
    assert named == codes | {"passage", "version", "start", "end", "comment"}
    actions = {
        kind: next(a["action"] for t, a in Elements(partial(item)).all if t == "form")
        for kind, item in {
            "open": an_item(),
            "blind": an_item(blind=True),
            "settle": an_item(settle=True),
        }.items()
    }
    assert actions == {"open": "/decide", "blind": "/blind", "settle": "/settle"}


def test_a_blind_coder_sees_nothing_of_what_others_think() -> None:
    item = an_item(blind=True, nearest=[], reason="Osäkert: roll")
    elements = Elements(partial(item)).all
    assert not [a for _, a in elements if "checked" in a or "data-proposed" in a]
    assert "Osäkert" not in partial(item)


def test_the_page_is_light() -> None:
    files = [path for path in (WEB / "static").rglob("*") if path.suffix in {".js", ".css", ".svg"}]
    weight = sum(path.stat().st_size for path in files) + len(whole(an_item()).encode())
    assert weight <= 200_000


class Server:
    """Answers the page's requests as the app would, and remembers them."""

    def __init__(self) -> None:
        self.item: dict[str, Any] | None = None
        self.message: dict[str, str] | None = None
        self.posts: list[tuple[str, dict[str, list[str]]]] = []
        self.shown: list[str] = []


TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            file = WEB / url.path[1:]
            if url.path.startswith("/static/") and file.is_file():
                self.reply(file.read_bytes(), TYPES[file.suffix], "max-age=600")
            elif url.path == "/":
                self.reply(whole(server.item).encode(), "text/html")
            else:
                server.shown.append(self.path)
                self.reply(partial(server.item, server.message).encode(), "text/html")

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            fields = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            known = self.headers["X-CSRF-Token"] == BASE["csrf"]
            server.posts.append((self.path if known else "forged", fields))
            self.reply(partial(server.item, server.message).encode(), "text/html")

        def reply(self, body: bytes, kind: str, cache: str = "no-store") -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", CSP)
            self.send_header("Cache-Control", cache)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Server, str]]:
    server = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(server)) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield server, f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium.new_context(viewport={"width": 1280, "height": 800})
        chromium.close()


@pytest.fixture
def server(running: tuple[Server, str]) -> Server:
    running[0].__init__()  # type: ignore[misc]
    running[0].item = an_item()
    return running[0]


@pytest.fixture
def page(browser: Any, server: Server, running: tuple[Server, str]) -> Iterator[Any]:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(running[1])
    page.wait_for_selector("[data-active]")
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
    assert not errors


def keys(page: Any, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def after(page: Any, *names: str) -> None:
    """Press keys, and wait for the answer to the last one."""
    keys(page, *names[:-1])
    with page.expect_response(lambda response: "/static/" not in response.url):
        keys(page, names[-1])
    page.wait_for_function("document.activeElement.id.endsWith('-title')")


def code(page: Any, dimension: str) -> str | None:
    return page.evaluate(
        "key => document.querySelector(`[name='code.${key}']:checked`)?.value", dimension
    )


def test_enter_accepts_what_is_proposed(page: Any, server: Server) -> None:
    after(page, "Enter")
    path, fields = server.posts[0]
    assert path == "/decide"
    assert fields["code.role"] == ["prestation"]
    assert fields["code.level"] == [""]  # applies to effects only
    assert fields["comment"] == ["</textarea><b>"]
    assert fields["version"] == ["4"]
    assert fields["area"] == ['Barn & "unga"']


def test_digits_choose_and_go_on_to_the_next_dimension_that_applies(
    page: Any, server: Server
) -> None:
    keys(page, "5")  # effekt: the level opens with its proposal
    assert page.evaluate("document.querySelector('[data-active]').dataset.dimension") == "category"
    assert page.inner_text(".accept .label") == "Spara ändring"
    after(page, "1", "2", "1", "3", "Enter")
    fields = server.posts[0][1]
    assert (fields["code.role"], fields["code.category"]) == (["effekt"], ["mobil-digital"])
    assert fields["code.level"] == ["individ"]
    assert fields["code.flags"] == ["pandemi-hinder", "planerad"]


def test_a_role_without_category_closes_it_and_sends_none(page: Any, server: Server) -> None:
    after(page, "6", "Enter")
    assert server.posts[0][1]["code.category"] == [""]


def test_blind_coding_asks_for_a_code_before_it_sends(page: Any, server: Server) -> None:
    server.item = an_item(blind=True)
    page.reload()
    keys(page, "Enter")
    assert "Välj kod i Roll" in page.inner_text("#item .message:not(.draft)")
    after(page, "6", "Enter")
    assert [path for path, _ in server.posts] == ["/blind"]


def test_typing_a_code_picks_it(page: Any, server: Server) -> None:
    keys(page, "t")
    page.keyboard.type("effe")
    assert page.get_attribute("#type-code", "aria-expanded") == "true"
    keys(page, "Enter")
    assert code(page, "role") == "effekt"
    assert not server.posts


def test_leafing_keeps_what_was_changed(page: Any, server: Server) -> None:
    keys(page, "2", "k")
    page.keyboard.type("!")
    keys(page, "Escape")
    first = server.item
    server.item = an_item(passage="other")
    after(page, "ArrowRight")
    assert code(page, "role") == "prestation"
    server.item = first
    after(page, "ArrowLeft")
    assert code(page, "role") == "aktivitet"
    assert page.input_value("#comment").endswith("!")
    assert page.is_visible("#item .draft")
    after(page, "s")
    after(page, "z")
    after(page, "y")
    assert [path for path, _ in server.posts] == ["/skip", "/undo", "/redo"]
    assert "direction=next" in server.shown[0]
    assert "passage=p" in server.shown[0]


def test_a_lost_answer_is_asked_for_again_with_the_same_id(page: Any, server: Server) -> None:
    lost: list[str] = []

    def lose(route: Any) -> None:
        lost.append(route.request.post_data)
        route.abort()

    page.route("**/decide", lose, times=1)
    keys(page, "5", "Enter")
    page.wait_for_selector("#failure:not([hidden])")
    assert "Inget är förlorat" in page.inner_text("#failure")
    keys(page, "1")  # the form is closed until it is known what became of it
    assert code(page, "role") == "effekt"
    after(page, "Enter")
    assert [parse_qs(body, keep_blank_values=True) for body in lost] == [server.posts[0][1]]
    assert page.is_hidden("#failure")


def test_a_conflict_is_not_settled_by_a_hasty_enter(page: Any, server: Server) -> None:
    conflict = {"coder": "Bo", "at": "10:00", "codes": "Effekt", "yours": "Aktivitet"}
    server.item = an_item(conflict=conflict, version=5)
    after(page, "2", "Enter")
    keys(page, "Enter")
    assert len(server.posts) == 1
    assert code(page, "role") == "aktivitet"  # what I had chosen
    server.item = an_item(passage="next")
    with page.expect_response("**/decide"):
        page.click("[data-do=replace]")
    _, fields = server.posts[1]
    assert (fields["replace"], fields["version"]) == (["1"], ["5"])
    assert fields["code.role"] == ["aktivitet"]
    assert fields["request"] != server.posts[0][1]["request"]


def sent_spans(server: Server) -> list[str]:
    spans = json.loads(server.posts[-1][1]["spans"][0])
    return [HOSTILE[start:end] for start, end in spans]


def test_borders_count_code_points(page: Any, server: Server) -> None:
    keys(page, "g", "ArrowLeft", "ArrowUp")  # the end to 'nå', the cursor to 'åkte'
    after(page, "d", "Enter")
    assert sent_spans(server) == ["Vi", "åkte", "för att nå", "Två möten & ett till"]
    assert server.posts[0][0] == "/borders"


def test_borders_are_kept_when_left_and_moved_through_neighbours(page: Any, server: Server) -> None:
    keys(page, "g", "Shift+ArrowLeft", "Escape")
    assert page.is_hidden("#borders")
    after(page, "g", "m", "Shift+ArrowLeft", "Enter")  # 'Vi' would be left without words
    assert sent_spans(server) == ["Vi", HOSTILE[HOSTILE.index("åkte") :]]


def test_borders_by_mouse(page: Any, server: Server) -> None:
    keys(page, "g")
    box = page.locator(".seg", has_text=re.compile("^nå$")).bounding_box()
    handle = page.locator(".handle[data-handle=end]").bounding_box()
    page.mouse.move(handle["x"] + 3, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 4, box["y"] + 8, steps=4)
    page.mouse.up()
    gap = page.locator(".seg.gap.hand").first.bounding_box()
    page.mouse.click(gap["x"] + gap["width"] / 2, gap["y"] + gap["height"] / 2)
    with page.expect_response("**/borders"):
        page.click("[data-tool=save]")
    assert sent_spans(server) == ["Vi åkte", "för", "att nå", "Två möten & ett till"]


def test_letters_can_be_switched_off(page: Any, server: Server) -> None:
    keys(page, "?")
    page.uncheck("#letters")
    keys(page, "Escape", "5", "s", "g", "?")
    assert code(page, "role") == "prestation"
    assert page.is_hidden("#help")
    assert page.is_hidden("#borders")
    after(page, "Enter")
    assert [path for path, _ in server.posts] == ["/decide"]


def test_a_definition_shows_on_focus_and_goes_on_escape(page: Any) -> None:
    keys(page, "o")
    assert page.locator(".definition:visible").count() == 1
    keys(page, "Escape")
    assert page.locator(".definition:visible").count() == 0
    page.hover(".option >> nth=1")
    page.wait_for_selector(".definition:visible")


AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def test_the_page_has_no_accessibility_violations(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for doing in ("g", "Escape", "?"):  # border mode, the plain page, the help
        keys(page, doing)
        found = axe.run(page, options=AXE).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
