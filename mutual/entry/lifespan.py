"""What runs beside the pages in the web process: the jobs in the demo, the relay's client.

In production jobs run apart (``mutual work``); the demo's one process runs them as a task.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from mutual.base.threads import in_thread
from mutual.entry.restore import apply_here

logger = logging.getLogger(__name__)


class Lifespan:
    """The ASGI lifespan protocol: start what must run, stop it within a second or two."""

    def __init__(self) -> None:
        self._jobs: asyncio.Task[None] | None = None

    async def __call__(
        self,
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Serve the protocol until the server stops."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                # A restored database ends again what has ended, before the first answer (P-21).
                try:
                    await in_thread(apply_here)()
                except Exception as error:
                    logger.error("not serving: %s", error)
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                self._start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _start(self) -> None:
        from django.conf import settings

        if settings.DEMO:
            self._jobs = asyncio.create_task(self._work())

    @staticmethod
    async def _work() -> None:
        from procrastinate.contrib.django import app

        worker = app.with_connector(app.connector.get_worker_connector())
        try:
            async with worker.open_async():
                await worker.run_worker_async(install_signal_handlers=False)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("the job worker stopped; jobs wait until the next start")

    async def _stop(self) -> None:
        if self._jobs is not None:
            self._jobs.cancel()
            with contextlib.suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(self._jobs, 2)
        from mutual.room.video import shutdown
        from mutual.wall import live

        await live.stop()
        await shutdown()
