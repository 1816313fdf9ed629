"""Where answers are coded: in threads of this process, or by the workers of a Dask cluster."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from textmine import remember
from textmine.coding.coder import Coder
from textmine.errors import TextmineError
from textmine.hashing import text_hash
from textmine.splitting.splitter import boundary_identity

_HERE = "127.0.0.1:0"  # any free port, closed to other machines
_PATIENCE = 30  # seconds to wait for a scheduler and its first worker


class Engine(Protocol):
    """Codes portions of answers, several at a time."""

    name: str

    def code(
        self, portions: Iterable[pd.DataFrame], coder: Coder, unit: str
    ) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Give every portion with what `remember.code_answers` makes of it, in order."""
        ...


class Threads:
    """Two portions at a time in this process.

    Embedding, which uses all cores, leaves Python free to split the next portion meanwhile.
    """

    name = "local"

    def code(
        self, portions: Iterable[pd.DataFrame], coder: Coder, unit: str
    ) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Give every portion with its coded statements, in order."""
        workers = ThreadPoolExecutor(2)

        def submit(portion: pd.DataFrame) -> Future[pd.DataFrame]:
            return workers.submit(remember.code_answers, portion, coder, unit)

        try:
            yield from _in_order(portions, submit, 2)
        finally:  # after an error or Ctrl-C nothing more is begun
            workers.shutdown(cancel_futures=True)


THREADS = Threads()


@dataclass(frozen=True)
class Dask:
    """The workers of a Dask cluster, which get the answers and give back their codes.

    Each worker needs this version of textmine and the model, at the same name or path.

    Parameters
    ----------
    model
        Name or folder of the coder, as `Coder.load` takes it.
    scheduler
        Its address, such as `tls://host:8786`. By default a cluster is started on this machine, a
        process a core, closed to others and gone after the run.
    """

    model: str
    scheduler: str | None = None
    name = "dask"

    def code(
        self, portions: Iterable[pd.DataFrame], coder: Coder, unit: str
    ) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Give every portion with its coded statements, in order.

        Raises
        ------
        TextmineError
            If no cluster is to be had, or its workers have another textmine or another model.
        """
        folder = Path(self.model)
        model = str(folder.resolve()) if folder.is_dir() else self.model
        identity = _identity(coder)
        with _client(self.scheduler) as client:

            def submit(portion: pd.DataFrame) -> Any:
                task = _Task(portion, model, identity, unit)
                return client.submit(_code_there, task, pure=False)

            threads = sum(client.nthreads().values())
            yield from _in_order(portions, submit, 2 * threads)


class _Promise(Protocol):
    def result(self) -> pd.DataFrame: ...


def _in_order(
    portions: Iterable[pd.DataFrame], submit: Callable[[pd.DataFrame], _Promise], at_a_time: int
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Keep some portions under way; give the results in the order of the portions."""
    waiting: deque[tuple[pd.DataFrame, _Promise]] = deque()
    for portion in portions:
        waiting.append((portion, submit(portion)))
        if len(waiting) > at_a_time:
            done, promise = waiting.popleft()
            yield done, promise.result()
    while waiting:
        done, promise = waiting.popleft()
        yield done, promise.result()


@dataclass(frozen=True)
class _Task:
    """What a worker is to do; a log of it must not show the answers."""

    portion: pd.DataFrame = field(repr=False)
    model: str
    identity: str
    unit: str


def _code_there(task: _Task) -> pd.DataFrame:
    """Code a portion in a worker's process."""
    coder = _coder(task.model)
    if _identity(coder) != task.identity:
        raise TextmineError(
            f"A worker of the cluster has another version of textmine or of the model {task.model} "
            "than this machine; give both the same."
        )
    return remember.code_answers(task.portion, coder, task.unit)


def _identity(coder: Coder) -> str:
    """Hash all that codes depend on beside the answers."""
    return text_hash(coder.learnt_.identity or "", boundary_identity(), remember.code_identity())


@cache
def _coder(model: str) -> Coder:
    """Load a coder once a process."""
    return Coder.load(model)


@contextmanager
def _client(scheduler: str | None) -> Iterator[Any]:
    """Connect to a cluster with workers, or start one for the while; errors in one sentence."""
    try:
        from distributed import Client, KilledWorker, LocalCluster
    except ImportError as error:
        raise TextmineError(
            "The engine 'dask' is not installed: pip install 'textmine[dask]'."
        ) from error
    where = f"at {scheduler}" if scheduler else "on this machine"
    with ExitStack() as stack:
        try:
            cluster = scheduler or stack.enter_context(
                LocalCluster(
                    threads_per_worker=1,
                    dashboard_address=_HERE,
                    security=True,
                    silence_logs=logging.CRITICAL,
                )
            )
            client = stack.enter_context(Client(cluster, timeout=_PATIENCE))
        except (OSError, ValueError) as error:
            raise TextmineError(f"No Dask cluster {where}: {error}.") from error
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise TextmineError(
                f"The Dask cluster {where} has no workers; start some with 'dask worker ADDRESS'."
            ) from error
        try:
            yield client
        except (KilledWorker, CancelledError) as error:
            raise TextmineError(
                "The Dask cluster was lost, or its workers died, perhaps for want of memory. "
                "Nothing was written."
            ) from error
