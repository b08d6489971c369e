"""Serving: the web process and the job process, refused under a role that walks past the wall."""

from __future__ import annotations

import asyncio
import os
import socket
import sys


def refuse_wrong_role() -> bool:
    """Print why the database role must not serve; returns whether it must not."""
    from mutual.entry.database import ensure_server, role_problem

    ensure_server()
    problem = role_problem()
    if problem:
        print(problem, file=sys.stderr)
    return bool(problem)


def serve(host: str, port: int) -> int:
    """Serve until interrupted."""
    import uvicorn

    if os.environ.get("MUTUAL_DEMO") == "1":
        from django.core.exceptions import ImproperlyConfigured

        from mutual.entry.demo.apps import refuse_exposed

        try:
            refuse_exposed(host)
        except ImproperlyConfigured as error:
            print(error, file=sys.stderr)
            return 2
    if refuse_wrong_role():
        return 3
    if problem := _taken(host, port):
        print(problem, file=sys.stderr)
        return 3
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutual.base.settings")
    uvicorn.run(
        "mutual.entry.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        proxy_headers=True,
        timeout_graceful_shutdown=3,
    )
    return 0


def _taken(host: str, port: int) -> str:
    """Why nothing can listen there, or ``""``."""
    try:
        family, kind, number, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, number) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return (
            f"Mutual can't listen on {host} port {port}: {error.strerror or error}."
            " Choose another with --port or --host."
        )
    return ""


def work() -> int:
    """Run jobs until interrupted."""
    import django

    if refuse_wrong_role():
        return 3
    django.setup()
    from procrastinate.contrib.django import app

    from mutual.entry.restore import apply_here

    apply_here()

    async def run() -> None:
        jobs = app.with_connector(app.connector.get_worker_connector())
        async with jobs.open_async():
            await jobs.run_worker_async()

    asyncio.run(run())
    return 0
