"""The log of a review: events that are appended and never changed, in SQLite or PostgreSQL.

Appends happen one at a time (a write lock in SQLite, an advisory lock in PostgreSQL), so whoever
writes has seen everything before, and ids are in the order in which events became visible.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from textmine.errors import TextmineError
from textmine.review import LOG_FILE
from textmine.review.events import Event, Kind
from textmine.review.filesystem import keeps_shared_memory

_PATIENCE = 30  # seconds to wait for another's write
_LOCK = 20_201_122  # of PostgreSQL's advisory locks, the one that is ours

METADATA = sa.MetaData()
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("passage", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("coder", sa.String(200), nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("model", sa.String(64), nullable=False),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("request", sa.String(64), nullable=False),
    sa.Column("undoes", sa.Integer, sa.ForeignKey("events.id")),
    sa.Column("queue", sa.String(32), nullable=False),
    sa.Column("seconds", sa.Float),
    sa.UniqueConstraint("passage", "version", name="one_event_a_version"),
    sa.UniqueConstraint("request", name="a_request_once"),
)
LEASES = sa.Table(
    "leases",
    METADATA,
    sa.Column("passage", sa.String(64), primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True),
    sa.Column("coder", sa.String(200), nullable=False),
    sa.Column("until", sa.Float, nullable=False),
)


class Log:
    """The events of one results folder.

    Parameters
    ----------
    url
        Of the database, as SQLAlchemy writes it.

    Raises
    ------
    TextmineError
        If the database cannot be opened, or was written by a newer textmine.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self.url = sa.make_url(url)
        try:
            self._engine = _engine(self.url)
            from textmine.review.migrate import migrate

            with self._writing() as connection:
                migrate(connection)
        except (DatabaseError, sa.exc.ArgumentError, sa.exc.NoSuchModuleError, OSError) as error:
            raise _cannot_open(self.url, error) from error
        except ModuleNotFoundError as error:
            raise TextmineError(
                f"The driver of {self.url.drivername} is not installed ({error.name}): "
                "pip install 'textmine[postgres]'."
            ) from error

    @staticmethod
    def of_folder(folder: Path) -> "Log":
        """Open the log in a results folder; made if there is none."""
        return Log(sa.URL.create("sqlite", database=str(folder / LOG_FILE)))

    def append(self, request: str, make: Callable[[Callable[[str], list[Event]]], Event]) -> Event:
        """Append the event that `make` gives, with nobody writing meanwhile.

        Parameters
        ----------
        request
            Of who asks; the event will have it.
        make
            Gets a function that reads a passage's events as they are now; gives an event without
            `id` and with the `version` after the last, or raises.

        Returns
        -------
        Event
            As it stands in the log, on disk. An event with the same `request` that stands there
            already is given instead: it was confirmed, and perhaps the answer was lost.
        """
        with self._writing() as connection:

            def passage(key: str) -> list[Event]:
                return _read(connection, EVENTS.c.passage == key)

            if known := _read(connection, EVENTS.c.request == request):
                return known[0]
            return _insert(connection, make(passage))

    def append_all(
        self, make: Callable[[Callable[[str], list[Event]]], list[Event]]
    ) -> list[Event]:
        """Append all events that `make` gives, or none; otherwise as `append`."""
        with self._writing() as connection:

            def passage(key: str) -> list[Event]:
                return _read(connection, EVENTS.c.passage == key)

            return [_insert(connection, event) for event in make(passage)]

    def since(self, last: int) -> list[Event]:
        """Events after the one with an id, in order."""
        with self._engine.connect() as connection:
            return _read(connection, EVENTS.c.id > last)

    def lease(self, passage: str, start: int, coder: str, now: float, seconds: float) -> None:
        """Note that a coder has a statement in front of them, until a time; others leave it."""
        mine = LEASES.c.coder == coder
        here = (LEASES.c.passage == passage) & (LEASES.c.start == start)
        with self._writing() as connection:
            connection.execute(LEASES.delete().where(mine | here | (LEASES.c.until < now)))
            connection.execute(
                LEASES.insert().values(
                    passage=passage, start=start, coder=coder, until=now + seconds
                )
            )

    def leased(self, coder: str, now: float) -> set[tuple[str, int]]:
        """Statements that others have in front of them."""
        query = sa.select(LEASES.c.passage, LEASES.c.start).where(
            LEASES.c.coder != coder, LEASES.c.until >= now
        )
        with self._engine.connect() as connection:
            return {(passage, start) for passage, start in connection.execute(query)}

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """Give a transaction in which nobody else writes."""
        with self._engine.execution_options(alone=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection


def _engine(url: sa.URL) -> sa.Engine:
    """Open a database; SQLite so that a confirmed write stands on disk."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    database = Path(url.database or "")
    journal = "WAL" if keeps_shared_memory(database.parent) else "DELETE"
    engine = sa.create_engine(url, connect_args={"timeout": _PATIENCE})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        alone = connection.get_execution_options().get("alone", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if alone else "BEGIN")

    return engine


def _insert(connection: sa.Connection, event: Event) -> Event:
    done = connection.execute(EVENTS.insert().values(**_row(event)))
    (number,) = done.inserted_primary_key or (0,)
    return replace(event, id=number)


def _read(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Event]:
    query = sa.select(EVENTS).where(which).order_by(EVENTS.c.id)
    return [_event(row._mapping) for row in connection.execute(query)]


def _event(row: Any) -> Event:
    fields = dict(row)
    fields["kind"] = Kind(fields["kind"])
    fields["before"], fields["after"] = json.loads(fields["before"]), json.loads(fields["after"])
    return Event(**fields)


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Event.__dataclass_fields__}


def _row(event: Event) -> dict[str, Any]:
    row = _fields(event) | {"kind": event.kind.value}
    del row["id"]
    for part in ("before", "after"):
        row[part] = json.dumps(row[part], ensure_ascii=False, sort_keys=True)
    return row


def _cannot_open(url: sa.URL, error: Exception) -> TextmineError:
    where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
    cause = error.orig if isinstance(error, DatabaseError) and error.orig is not None else error
    reason = " ".join(str(cause).split())
    advice = (
        "another program holds it; close that and try again"
        if isinstance(error, OperationalError) and "locked" in reason
        else "check that it is there, may be written, and is a log of textmine's"
    )
    return TextmineError(f"The review log {where} cannot be opened ({reason}): {advice}.")
