"""The board: what is done on it is done to the groups, and what the groups are is what it shows."""

import base64
import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import textmine.notebook
from textmine.cluster.state import DROPPED, NONE, TOO_SHORT, Group, State
from textmine.clusters import Clusters
from textmine.errors import TextmineError

pytest.importorskip("anywidget")
from textmine.notebook.board import Board

SCRIPT = Path(textmine.notebook.__file__).with_name("board.js")
HOSTILE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\">"
TEXTS = [
    *[f"Mötet {i} drog ut på tiden" for i in range(12)],
    *[f"Sekretessen hindrar {i}" for i in range(3)],
    HOSTILE,
    "–",
    "Mötet 0 drog ut på tiden",
]


def clusters() -> Clusters:
    """Meetings (C01, named), law (C02), a note without a group, and one that is said twice."""
    axes = np.eye(2, 8)
    own = np.concatenate([np.repeat(axes, [12, 4], axis=0), [axes.mean(axis=0)]])
    vectors = own + np.random.default_rng(0).normal(scale=0.02, size=own.shape)
    labels = np.array([0] * 12 + [1] * 4 + [NONE], np.intp)
    state = State(
        groups=(Group("C01", name="Möten"), Group("C02")),
        labels=labels,
        probabilities=np.where(labels == NONE, np.nan, np.linspace(0.9, 0.5, 17)),
        pinned=np.zeros(17, np.bool_),
        made=2,
        reasons={16: TOO_SHORT},
    )
    ids = pd.Series([f"n{i}" for i in range(18)], dtype="string")
    notes = pd.DataFrame({"note_id": ids, "text": TEXTS})
    return Clusters(notes, [*range(17), 0], vectors.astype(np.float32), state, {"seed": 0})


@pytest.fixture
def board() -> Board:
    return Board(clusters())


def told(board: Board, **message: Any) -> dict[str, Any]:
    """Give the board a message as the front end sends it, and see what it shows then."""
    board._handle_custom_msg(message, [])
    view: dict[str, Any] = board.view
    return view


def groups(view: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {group["id"]: (group["name"], group["size"]) for group in view["groups"]}


def test_the_board_shows_every_note_once_and_the_most_typical_first(board: Board) -> None:
    meetings, law = board.view["groups"]
    assert (meetings["name"], meetings["size"], meetings["proposed"]) == ("Möten", 13, False)
    assert law["keywords"]
    assert law["proposed"]
    typical = board.clusters.summary()[0]["representatives"]
    assert meetings["notes"][: len(typical)] == typical
    rest = [n for n in ("n0", "n17", *(f"n{i}" for i in range(1, 12))) if n not in typical]
    assert meetings["notes"][len(typical) :] == rest  # the surest first
    assert board.view["without"] == [{"id": "n16", "reason": TOO_SHORT}]
    shown = [*meetings["notes"], *law["notes"], "n16"]
    assert sorted(shown) == sorted(board.texts)
    assert board.texts["n15"] == HOSTILE


def test_each_act_is_an_operation_on_the_groups(board: Board) -> None:
    view = told(board, act="rename", cluster="C02", name=" Juridik ")
    assert groups(view)["C02"] == ("Juridik", 4)
    assert re.fullmatch("”.+” heter nu ”Juridik”.", view["said"])
    view = told(board, act="move", notes=["n15", "n16"], cluster="C01")
    assert groups(view) == {"C01": ("Möten", 15), "C02": ("Juridik", 3)}
    assert view["said"] == "Flyttade 2 anteckningar till ”Möten”."
    view = told(board, act="drop", notes=["n15"])
    assert view["without"] == [{"id": "n15", "reason": DROPPED}]
    assert view["said"] == "Tog bort 1 anteckning."
    view = told(board, act="merge", clusters=["C02", "C01"])
    assert groups(view) == {"C02": ("Juridik", 17)}
    assert view["said"] == "Slog ihop ”Juridik” och ”Möten”."
    view = told(board, act="split", cluster="C02")
    assert list(groups(view)) == ["C02", "C03"]
    assert view["said"] == "Delade ”Juridik” i två; den nya gruppen C03 ligger sist."
    view = told(board, act="drop", cluster="C03")
    assert list(groups(view)) == ["C02"]
    kinds = [operation["operation"] for operation in board.clusters.operations]
    assert kinds == ["rename", "move", "drop", "merge", "split", "drop"]


def test_undo_goes_back_to_the_first_grouping(board: Board) -> None:
    first = board.view
    assert first["undo"] is None
    told(board, act="merge", clusters=["C01", "C02"])
    view = told(board, act="rename", cluster="C01", name="Allt")
    assert view["undo"] == "namnbyte"
    view = told(board, act="undo")
    assert (view["said"], view["undo"]) == ("Ångrade: namnbyte.", "sammanslagning")
    view = told(board, act="undo")
    assert (view["groups"], view["undo"]) == (first["groups"], None)
    assert board.clusters.operations == []


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"act": "rename", "cluster": "C09", "name": "Lag"}, "No group 'C09'"),
        ({"act": "rename", "cluster": "C01", "name": " "}, "An empty name"),
        ({"act": "merge", "clusters": ["C01", "C01"]}, "two groups or more"),
        ({"act": "move", "notes": ["n99"], "cluster": "C01"}, "No note 'n99'"),
        ({"act": "undo"}, "nothing to undo"),
        ({"act": "save"}, "knows no message like {'act': 'save'}"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    board: Board, message: dict[str, Any], why: str
) -> None:
    before = board.view
    view = told(board, **message)
    assert view["failed"]
    assert view["said"].startswith("Det gick inte: ")
    assert why in view["said"]
    assert view["turn"] > before["turn"]
    assert (view["groups"], view["without"]) == (before["groups"], before["without"])
    assert board.clusters.operations == []


def test_the_board_does_not_hang_on_a_mistake_in_python(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(board.clusters, "undo", broken)
    view = told(board, act="undo")
    assert (view["said"], view["failed"]) == ("Något gick fel i Python; se loggen.", True)


def test_what_other_cells_did_is_shown_after_refresh(board: Board) -> None:
    board.clusters.rename("C02", "Juridik").move(["n16"], "C02")
    assert "Juridik" not in str(board.view)
    board.refresh()
    assert groups(board.view)["C02"] == ("Juridik", 5)
    assert (board.view["said"], board.view["undo"]) == ("", "flytt")


def test_a_group_without_notes_is_still_shown(board: Board) -> None:
    view = told(board, act="move", notes=["n12", "n13", "n14", "n15"], cluster="C01")
    assert (view["groups"][1]["size"], view["groups"][1]["notes"]) == (0, [])


def test_a_notebook_keeps_no_note_in_the_text_of_its_output(board: Board) -> None:
    assert repr(board) == "Board(18 notes, 2 groups)"


def test_without_anywidget_the_board_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "textmine.notebook.board")
    with pytest.raises(TextmineError, match=r"pip install 'textmine\[notebook\]'"):
        import textmine.notebook.board  # noqa: F401


# In a browser

PAGE = """<!doctype html><meta charset="utf-8"><body><div id="here"></div><pre id="out"></pre>
<script type="module">
import board from "%(script)s";
const state = %(state)s;
const sent = [];
let renew;
const model = {
  get: name => state[name], on: (event, call) => renew = call, off: () => renew = null,
  send: message => sent.push(message),
};
const here = document.getElementById("here");
const leave = board.render({model, el: here});
const find = selector => here.querySelector(selector);
const all = selector => [...here.querySelectorAll(selector)];
const card = number => all(".card")[number];
const press = (node, label) =>
  [...node.querySelectorAll("button")].find(b => b.textContent.startsWith(label)).click();
const type = (node, key) => node.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const choose = (select, value) => {
  select.value = value;
  select.dispatchEvent(new Event("change"));
};
const drag = (from, to) => {
  const dataTransfer = new DataTransfer();
  for (const [node, kind] of [[from, "dragstart"], [to, "dragover"], [to, "drop"]])
    node.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer}));
};
const answer = (news = {}) => { // what Python does after each message
  state.view = {...state.view, said: "Klart.", failed: false, ...news};
  renew();
};
const seen = {};
%(acts)s
await new Promise(go => setTimeout(go, 200));
document.getElementById("out").textContent = JSON.stringify(
  {sent, seen, hacked: document.body.dataset.hacked ?? null});
</script>"""


def browsed(board: Board, acts: str, folder: Path) -> dict[str, Any]:
    """Show the board in a browser with nobody behind it, act, and see what it sends."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium")
    script = "data:text/javascript;base64," + base64.b64encode(SCRIPT.read_bytes()).decode()
    state = json.dumps({"texts": board.texts, "view": board.view})
    page = folder / "board.html"
    page.write_text(PAGE % {"script": script, "state": state, "acts": acts}, encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000"]
    shown = subprocess.run(
        [*command, page.as_uri()], capture_output=True, encoding="utf-8", timeout=120, check=True
    ).stdout
    out = re.search('<pre id="out">(.*?)</pre>', shown, re.DOTALL)
    assert out, shown[-2000:]
    found: dict[str, Any] = json.loads(html.unescape(out[1]))
    return found


def test_notes_are_shown_and_never_run(board: Board, tmp_path: Path) -> None:
    board.clusters.rename("C02", HOSTILE)
    board.clusters.drop(["n15"])
    board.refresh()
    acts = """
    seen.text = card(2).querySelector(".text").textContent;
    seen.name = card(1).querySelector(".name").textContent;
    seen.reason = card(2).querySelector("small").textContent;
    seen.images = all("img").length;
    """
    found = browsed(board, acts, tmp_path)
    assert found["hacked"] is None
    assert found["seen"] == {"text": HOSTILE, "name": HOSTILE, "reason": DROPPED, "images": 0}


def test_a_card_shows_some_notes_and_more_on_demand(board: Board, tmp_path: Path) -> None:
    acts = """
    const shown = () => card(0).querySelectorAll(".note").length;
    seen.first = shown();
    seen.label = card(0).querySelector(".more").textContent;
    press(card(0), "Visa fler");
    seen.then = shown();
    seen.focus = document.activeElement === card(0).querySelectorAll("input")[8];
    """
    found = browsed(board, acts, tmp_path)
    assert found["seen"] == {"first": 8, "label": "Visa fler (5 till)", "then": 13, "focus": True}


def test_dragging_sends_what_it_means(board: Board, tmp_path: Path) -> None:
    acts = """
    const head = number => card(number).querySelector("header");
    const note = number => card(number).querySelector(".note");
    drag(note(1), card(0)); answer();
    drag(note(1), all(".chip")[0]); answer();
    drag(note(0), card(2)); answer();
    drag(head(1), card(0)); answer();
    drag(head(1), card(2)); answer();
    drag(note(0), card(0)); drag(head(0), card(0)); // to where it is already
    note(0).querySelector("input").click();
    card(0).querySelectorAll(".note input")[1].click();
    drag(note(0), card(1));
    """
    meetings, law = (group["notes"] for group in board.view["groups"])
    assert browsed(board, acts, tmp_path)["sent"] == [
        {"act": "move", "notes": [law[0]], "cluster": "C01"},
        {"act": "move", "notes": [law[0]], "cluster": "C01"},
        {"act": "drop", "notes": [meetings[0]]},
        {"act": "merge", "clusters": ["C01", "C02"]},
        {"act": "drop", "cluster": "C02"},
        {"act": "move", "notes": meetings[:2], "cluster": "C02"},
    ]


def test_the_keyboard_does_what_the_mouse_does(board: Board, tmp_path: Path) -> None:
    board.clusters.rename("C01", "Möten")
    board.refresh()
    acts = """
    const [goal, other] = [find(".bar select"), () => card(0).querySelector("select")];
    const check = number => card(number).querySelector(".note input").click();
    press(here, "Ångra"); answer();
    press(card(0), "Dela i två"); answer();
    press(card(1), "Ta bort"); answer();
    choose(other(), "C02"); press(card(0), "Slå ihop"); answer();
    check(1); seen.count = find(".count").textContent;
    choose(goal, "C01"); press(here, "Flytta hit"); answer({failed: true, said: "Nej."});
    seen.kept = find(".count").textContent;
    press(card(0), "Flytta hit"); answer();
    seen.left = find(".count").textContent;
    check(0); press(all(".bar")[1], "Ta bort"); answer();
    check(0); press(here, "Avmarkera"); seen.none = all(":checked[type=checkbox]").length;
    """
    meetings, law = (group["notes"] for group in board.view["groups"])
    found = browsed(board, acts, tmp_path)
    assert found["sent"] == [
        {"act": "undo"},
        {"act": "split", "cluster": "C01"},
        {"act": "drop", "cluster": "C02"},
        {"act": "merge", "clusters": ["C01", "C02"]},
        {"act": "move", "notes": [law[0]], "cluster": "C01"},
        {"act": "move", "notes": [law[0]], "cluster": "C01"},
        {"act": "drop", "notes": [meetings[0]]},
    ]
    assert found["seen"] == {"count": "1 vald", "kept": "1 vald", "left": "Inga valda", "none": 0}


def test_a_name_is_written_in_its_place(board: Board, tmp_path: Path) -> None:
    acts = """
    const name = number => card(number).querySelector(".name");
    const write = (number, text) => {
      name(number).value = text;
      name(number).dispatchEvent(new Event("input"));
    };
    name(0).dispatchEvent(new MouseEvent("dblclick"));
    seen.field = [name(0).tagName, document.activeElement === name(0)];
    write(0, " Tid "); answer(); // as other cells may
    seen.draft = name(0).value;
    type(name(0), "Enter"); answer();
    seen.focus = document.activeElement === name(0);
    type(name(0), "Enter"); write(0, "Nej"); type(name(0), "Escape");
    type(name(0), "Enter"); type(name(0), "Enter"); // as it was
    type(name(1), "Enter"); type(name(1), "Enter"); answer(); // the proposed name is taken
    press(card(1), "Byt namn"); write(1, "Lag"); name(1).blur();
    """
    found = browsed(board, acts, tmp_path)
    assert found["sent"] == [
        {"act": "rename", "cluster": "C01", "name": "Tid"},
        {"act": "rename", "cluster": "C02", "name": board.view["groups"][1]["name"]},
        {"act": "rename", "cluster": "C02", "name": "Lag"},
    ]
    assert found["seen"] == {"field": ["INPUT", True], "draft": " Tid ", "focus": True}


def test_nothing_more_is_sent_until_python_has_answered(board: Board, tmp_path: Path) -> None:
    acts = """
    const status = find("[role=status]");
    press(card(0), "Dela i två"); press(card(1), "Dela i två");
    seen.waiting = [sent.length, status.textContent];
    answer({failed: true, said: "Det gick inte: nej."});
    seen.answered = [status.textContent, status.classList.contains("failed")];
    press(card(1), "Dela i två");
    leave();
    seen.left = renew;
    """
    found = browsed(board, acts, tmp_path)
    assert [message["cluster"] for message in found["sent"]] == ["C01", "C02"]
    assert found["seen"] == {
        "waiting": [1, "Arbetar …"], "answered": ["Det gick inte: nej.", True], "left": None,
    }  # fmt: skip
