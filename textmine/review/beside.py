"""What the process beside the page is asked: to read the log, and to learn from what it holds.

It reads the log itself. The page would need seconds to put the tables of a large survey together,
and somebody is waiting for the next statement.
"""

from functools import cache
from pathlib import Path

import sqlalchemy as sa

from textmine.review.desk import Desk
from textmine.review.lesson import Lesson, learn
from textmine.review.log import Log
from textmine.review.queues import Queues
from textmine.review.results import estimation_table
from textmine.review.survey import Survey
from textmine.review.training import decided_statements


@cache
def _desk(folder: str, log: sa.URL) -> Desk:
    """Open the log once; it is read along from then on."""
    return Desk(Survey.load(Path(folder)), Log(log))


def learn_from_log(folder: str, log: sa.URL) -> Lesson:
    """Learn from the decisions that stand in a log now."""
    desk = _desk(folder, log)
    desk.refresh()
    audited = Queues(desk).audited()
    return learn(
        folder, decided_statements(desk.standing), estimation_table(desk.standing, audited)
    )
