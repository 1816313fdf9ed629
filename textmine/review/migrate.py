"""Bringing a log's tables to the form that this version uses (Alembic)."""

from pathlib import Path

import sqlalchemy as sa

from textmine.errors import TextmineError

NEWEST = "0001"  # the last of migrations/versions
_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(connection: sa.Connection) -> None:
    """Make or bring up to date the tables of a log, in the transaction of a connection.

    Raises
    ------
    TextmineError
        If the log was written by a newer version.
    """
    version = None
    if sa.inspect(connection).has_table("alembic_version"):
        version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if version == NEWEST:
        return
    if version is not None and version > NEWEST:
        raise TextmineError(
            f"The review log is of version {version}, newer than this textmine knows ({NEWEST}); "
            "install the newer textmine."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
