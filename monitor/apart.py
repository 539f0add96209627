"""Work in a process of its own that ends with it: what it took of memory goes back to the system."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from monitor.errors import OperationError, XunchaError

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def apart(work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs) -> Result:
    """What a function of a module returns for what can be pickled. Cancelled, it ends the process.

    Raises what the function raises of ours, and ``OperationError`` for any other end.
    """
    context = multiprocessing.get_context("spawn")  # a fork would share the database and the event loop
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_carry_out, args=(theirs, work, args, named), daemon=True)
    process.start()
    theirs.close()
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(ours.fileno(), heard.set)
    try:
        await heard.wait()
        answer = ours.recv()
    except EOFError:
        raise OperationError("另起的进程意外退出（内存不足，或被人结束），下一次再试") from None
    finally:
        loop.remove_reader(ours.fileno())
        ours.close()
        process.terminate()
        await asyncio.to_thread(process.join)
    if isinstance(answer, XunchaError):
        raise answer
    result: Result = answer[0]
    return result


def _carry_out(pipe: Connection, work: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> None:
    answer: tuple[Any] | XunchaError
    with suppress(KeyboardInterrupt):
        try:
            answer = (work(*args, **named),)
        except XunchaError as error:
            answer = error
        except Exception as error:
            log.exception("%s failed in a process of its own", work.__name__)
            answer = OperationError(f"{type(error).__name__}: {error}")
        pipe.send(answer)
