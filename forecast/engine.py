"""Who does many tasks that do not know of each other: this process, or several.

An engine is anything whose `map(function, tasks)` gives the results in the order of the tasks, as
`types.Engine` has it; the client of a cluster will do.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from forecast.threads import cores

__all__ = ["Serial", "processes"]

Task = TypeVar("Task")
Result = TypeVar("Result")

# Two fresh processes take 4 to 8 s to import statsforecast. On two cores that other jobs used too,
# 40 automatic ETS of 48 months took 2.8 s here and 10 s there, 500 of them 34 s and 32 s.
SECONDS_ALONE = 8.0
AT_ONCE = 8  # tasks that travel together


class Serial:
    """One after the other, here."""

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results, as they are asked for."""
        return map(function, tasks)


class _Processes:
    """Here for as long as that is quicker than starting others, then in several processes."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.pool: ProcessPoolExecutor | None = None
        self.alone = SECONDS_ALONE

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results in order; function and tasks have to be such as pickle takes."""
        done = 0
        while self.pool is None and done < len(tasks):
            if self.alone <= 0 and len(tasks) - done > self.count:
                self.pool = self._started()
                break
            began = time.monotonic()
            yield function(tasks[done])
            self.alone -= time.monotonic() - began
            done += 1
        if self.pool is not None:
            yield from self.pool.map(function, tasks[done:], chunksize=AT_ONCE)

    def _started(self) -> ProcessPoolExecutor:
        # A fork would copy TensorFlow's threads half alive; a fresh process knows nothing of them.
        fresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.count, mp_context=fresh)


@contextmanager
def processes(count: int | None = None) -> Iterator[Serial | _Processes]:
    """An engine of so many processes, None for as many as this one may use cores.

    They are fresh ones, which know nothing of TensorFlow, and are started only when this process
    has been busy with tasks for SECONDS_ALONE.

    Example:
        >>> with processes(1) as engine:
        ...     list(engine.map(abs, [-1, 2]))
        [1, 2]
    """
    wanted = count or cores()
    if wanted == 1:
        yield Serial()
        return
    engine = _Processes(wanted)
    try:
        yield engine
    finally:
        if engine.pool is not None:
            engine.pool.shutdown(cancel_futures=True)
