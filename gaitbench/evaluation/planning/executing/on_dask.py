"""The executor `dask`: the tasks of a plan done by a cluster; names travel, what is made stays in the store."""

from __future__ import annotations

import contextlib
import importlib
import logging
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from gaitbench.errors import ConfigError, GaitbenchError, UnreachableError
from gaitbench.evaluation.planning.executing.session import OtherKeysError, do_named, identity_of, introduce
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.rounds import rounds
from gaitbench.evaluation.planning.task import Task
from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import digest
from gaitbench.store.atomic import write_whole

__all__ = ["connected", "do_on_dask", "send"]

log = logging.getLogger(__name__)

#: Seconds for a scheduler to answer, and for a worker to join it.
_ANSWER, _JOIN = 10, 60
#: Workers that may be lost in the middle of a task before it is left to the run itself.
_LOST = 3


def do_on_dask(
    run: RunContext,
    request: Request,
    address: str | None,
    *,
    pictures: bool = True,
    told: Callable[[float, str], None] = lambda done, text: None,
) -> list[str]:
    """Have everything that is not in the store made by a dask cluster.

    Parameters
    ----------
    run : RunContext
    request : Request
        The same run, by names.
    address : str or None
        Of a scheduler; None starts a cluster of `run.jobs` processes on this machine, and ends it.
    told : callable
        Told the share of tasks that are done, and the last of them.

    Returns
    -------
    list of str
        Tasks that are left to the run itself, with the reason.

    Raises
    ------
    ConfigError
        In one line, before anything runs: no `distributed`, a scheduler that does not answer, workers of another
        version, a store that they cannot see; or a scheduler that is lost. What is finished is kept.
    """
    plan = plan_of(run, pictures=pictures)
    if not any(task.kind != "rest" for task in plan.todo()):
        return []
    left: list[str] = []
    with connected(address, run.jobs) as client:
        _check(client, run)
        for tasks in rounds(run, plan, pictures=pictures):
            left += send(client, request, pictures, tasks, told)
    return left


@contextlib.contextmanager
def connected(address: str | None, jobs: int) -> Iterator[Any]:
    """A client of a scheduler that answers and has workers."""
    distributed = _distributed()
    logging.getLogger("distributed").setLevel(logging.ERROR)
    with contextlib.ExitStack() as opened:
        where: Any = address
        if address is None:
            where = opened.enter_context(
                distributed.LocalCluster(
                    n_workers=jobs, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address=None,
                    silence_logs=logging.ERROR,
                )
            )  # fmt: skip
        try:
            client = opened.enter_context(distributed.Client(where, timeout=_ANSWER, set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            raise ConfigError(
                f"the scheduler at {address} does not answer ({_short(error)}); start it, or give its address as "
                "--executor dask=tcp://HOST:8786"
            ) from error
        try:
            client.wait_for_workers(1, timeout=_JOIN if address is None else _ANSWER)
        except TimeoutError as error:
            raise ConfigError(
                f"the scheduler at {address or 'this machine'} has no workers; start some: "
                "dask worker ADDRESS --nthreads 1"
            ) from error
        yield client


def _distributed() -> Any:
    """The package, which is an extra."""
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise ConfigError("--executor dask needs the package distributed; install gaitbench[dask]") from None


def _check(client: Any, run: RunContext) -> None:
    """Refuse workers of another version, and those that do not see the store."""
    token, answer = f".seen-{secrets.token_hex(8)}", secrets.token_hex(16)
    root = run.store.root.absolute()
    back = root / f"{token}.back"
    try:
        root.mkdir(parents=True, exist_ok=True)
        write_whole(root / token, answer.encode(), shared=True)
        found = client.run(introduce, str(root), token, answer, on_error="return")
        mine = identity_of()
        for worker, told in found.items():
            if isinstance(told, BaseException):
                raise ConfigError(
                    f"the worker at {worker} cannot be asked ({_short(told)}); install gaitbench {mine.version} "
                    "there, of this very code"
                )
            identity, trouble = told
            other = mine.differs_in(identity)
            if other:
                raise ConfigError(f"the worker at {worker} is refused: {other}; install the same there")
            if trouble:
                raise ConfigError(
                    f"the worker at {worker} does not see the store: {trouble}; give a --store that all machines see"
                )
        if not back.exists() or back.read_text("utf-8") != answer:
            raise ConfigError(
                f"what workers write to {root} is not seen here; give a --store that all machines see"
            )
    except OSError as error:
        raise ConfigError(f"the store at {root} cannot be used ({error.strerror or error})") from error
    finally:
        for path in (root / token, back):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def send(
    client: Any, request: Request, pictures: bool, tasks: list[Task], told: Callable[[float, str], None]
) -> list[str]:
    """Do tasks, each behind those that it needs; what is left, with the reason."""
    distributed = _distributed()
    futures: dict[str, Any] = {}
    names: dict[str, str] = {}
    for task in tasks:
        needs = [futures[name] for name in task.needs if name in futures]
        # the future of a task is called as its artifacts are: two fronts that ask for one wait for the same
        key = f"{task.kind}-{task.makes[0][1] if len(task.makes) == 1 else digest(task.name, task.makes)}"
        names[key] = task.name
        futures[task.name] = client.submit(
            do_named, request, pictures, task.name, task.makes, task.known, *needs, key=key, pure=False,
            retries=_LOST - 1,
        )  # fmt: skip
    left = []
    try:
        for number, future in enumerate(
            distributed.as_completed(list(futures.values()), loop=client.loop), start=1
        ):
            name = names[future.key]
            if future.status in ("cancelled", "lost"):
                raise ConfigError(_gone(None))
            told(number / len(tasks), name)
            if future.status == "finished":
                continue
            error = future.exception()
            if isinstance(error, OtherKeysError):
                raise ConfigError(
                    f"a worker has other keys for {error}: its data, code or libraries are others than here; "
                    "make them the same"
                )
            if isinstance(error, UnreachableError):
                raise error  # this process would find out the same with every task
            if isinstance(error, GaitbenchError):
                raise ConfigError(f"a worker cannot do {name}: {error}")
            why = (
                "the workers that did it were lost"
                if isinstance(error, distributed.KilledWorker)
                else _short(error)
            )
            left.append(f"{name}: {why}")
    except (OSError, TimeoutError) as error:
        raise ConfigError(_gone(error)) from error
    return left


def _gone(error: BaseException | None) -> str:
    why = f" ({_short(error)})" if error is not None else ""
    return f"the scheduler is gone{why}; what is finished is kept: start it and run the same command again"


def _short(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
