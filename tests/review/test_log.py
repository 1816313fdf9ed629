"""The log: appended, never changed, in SQLite and in PostgreSQL."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from textmine.errors import TextmineError
from textmine.review import LOG_FILE, filesystem
from textmine.review.desk import Action, Conflict, Desk
from textmine.review.events import Event, Kind
from textmine.review.log import Log
from textmine.review.survey import Survey


def event(request: str, version: int, passage: str = "p") -> Event:
    return Event(
        passage=passage,
        version=version,
        kind=Kind.DECIDE,
        coder="Åsa Öhman",
        at="2026-01-01T00:00:00+00:00",
        model="m",
        start=0,
        end=5,
        before={},
        after={"codes": {"role": "mål", "flags": ["a"]}},
        request=request,
        seconds=1.5,
    )


def next_event(request: str) -> Callable[[Callable[[str], list[Event]]], Event]:
    return lambda read: event(request, len(read("p")) + 1)


def find_postgres() -> Path | None:
    """Where PostgreSQL's programs lie, if they are on this machine."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").is_file()), None)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """A real server of our own, gone afterwards."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("no PostgreSQL server on this machine")
    home = tmp_path_factory.mktemp("postgres")
    user = (
        [] if os.geteuid() else ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    )
    if user:  # PostgreSQL refuses to run as root
        for folder in (home, *home.parents[:3]):
            folder.chmod(0o755)
        shutil.chown(home, "nobody", "nogroup")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = home / "data"

    def run(*command: str) -> None:
        subprocess.run([*user, *command], check=True, capture_output=True, cwd=home)

    run(str(programs / "initdb"), "-D", str(data), "-U", "textmine", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home}"
    control = [str(programs / "pg_ctl"), "-D", str(data)]
    run(*control, "-w", "-o", options, "-l", str(home / "log"), "start")
    try:
        yield sa.URL.create(
            "postgresql+psycopg", "textmine", host="127.0.0.1", port=port, database="postgres"
        )
    finally:
        run(*control, "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    """A log of each kind."""
    if request.param == "sqlite":
        made = Log.of_folder(tmp_path)
    else:
        url = request.getfixturevalue("postgres")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        engine.dispose()
        made = Log(url)
    yield made
    made.close()


def test_what_is_appended_comes_back(log: Log) -> None:
    written = log.append("r1", next_event("r1"))
    assert written.id > 0
    assert log.since(0) == [written]
    assert log.since(written.id) == []


def test_a_request_is_taken_once(log: Log) -> None:
    first = log.append("r1", next_event("r1"))
    assert log.append("r1", next_event("r1")) == first
    assert len(log.since(0)) == 1


def test_several_at_once_all_or_none(log: Log) -> None:
    log.append_all(lambda _: [event("a", 1), event("b", 2)])
    with pytest.raises(sa.exc.IntegrityError):
        log.append_all(lambda _: [event("c", 3), event("d", 2)])
    assert [one.request for one in log.since(0)] == ["a", "b"]


@pytest.mark.parametrize("change", ["UPDATE events SET coder = 'x'", "DELETE FROM events"])
def test_nobody_can_change_the_log(log: Log, change: str) -> None:
    log.append("r1", next_event("r1"))
    engine = sa.create_engine(log.url)
    with (
        pytest.raises(sa.exc.DatabaseError, match="never changed"),
        engine.begin() as connection,
    ):
        connection.execute(sa.text(change))
    engine.dispose()
    assert log.since(0)[0].coder == "Åsa Öhman"


def test_writers_at_once_never_take_the_same_version(log: Log) -> None:
    def write(writer: int) -> None:
        own = Log(log.url)
        for number in range(25):
            own.append(f"{writer}-{number}", next_event(f"{writer}-{number}"))
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    events = log.since(0)
    assert [one.version for one in events] == list(range(1, 101))


def test_leases_keep_others_away_for_a_while(log: Log) -> None:
    log.lease("p", 0, "Åsa", now=100.0, seconds=60.0)
    assert log.leased("Örjan", now=110.0) == {("p", 0)}
    assert log.leased("Åsa", now=110.0) == set()
    assert log.leased("Örjan", now=170.0) == set()
    log.lease("q", 3, "Åsa", now=120.0, seconds=60.0)  # one has one statement at a time
    assert log.leased("Örjan", now=130.0) == {("q", 3)}


def test_coders_work_on_either_kind(log: Log, folder: Path) -> None:
    survey = Survey.load(folder)
    one, two = Desk(survey, log), Desk(survey, Log(log.url))
    item = next(iter(one.standing.all_items()))
    seen = {"passage": item.passage, "version": 0, "start": item.start, "end": item.end}
    one.decide(Action("Åsa", "r1", **seen), item.codes)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        two.decide(Action("Örjan", "r2", **seen), item.codes)  # type: ignore[arg-type]
    two.refresh()
    assert two.standing.source(item) == "agreed"
    assert one.undo("Åsa", "r3") is not None
    two.refresh()
    assert two.standing.source(item) == "machine"
    two.log.close()


def test_a_log_of_a_newer_textmine_is_refused(tmp_path: Path) -> None:
    Log.of_folder(tmp_path).close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / LOG_FILE}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(TextmineError, match="newer than this textmine"):
        Log.of_folder(tmp_path)


def test_a_file_that_is_no_log_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / LOG_FILE).write_text("inte en databas" * 100, encoding="utf-8")
    with pytest.raises(TextmineError, match=r"review\.sqlite cannot be opened"):
        Log.of_folder(tmp_path)


@pytest.mark.parametrize(
    ("kind", "shared"), [("ext4", True), ("cifs", False), ("nfs4", False), ("fuse.sshfs", False)]
)
def test_shares_do_without_shared_memory(kind: str, shared: bool, tmp_path: Path) -> None:
    share = tmp_path / "en mapp"
    blank = str(share).replace(" ", r"\040")
    mounts = f"/dev/sda / ext4 rw 0 0\n//server/x {blank} {kind} rw 0 0\n"
    found = filesystem._kind(share / "resultat", mounts)
    assert found == kind
    assert (not found.startswith(filesystem._SHARES)) is shared


def test_on_a_share_the_log_uses_a_rollback_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.review.log.keeps_shared_memory", lambda _: False)
    log = Log.of_folder(tmp_path)
    log.append("r1", next_event("r1"))
    assert not (tmp_path / f"{LOG_FILE}-wal").exists()
    log.close()
