"""``python -m mutual.room.relay``: runs the relay until it's told to stop."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from mutual.room.relay.control import AlreadyRunning, Control
from mutual.room.relay.server import Relay

ALREADY_RUNNING = 3
"""Exit code when another relay holds the socket."""
_UNUSABLE = 2


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutual.room.relay", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="where to take orders (0600)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="UDP and TCP port; 0 takes a free one")
    parser.add_argument(
        "--announce",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="address that pages reach, if it isn't --host (behind NAT); may be repeated",
    )
    parser.add_argument("--tcp-only", action="store_true", help="offer TCP alone")
    parser.add_argument(
        "--exit-when-alone",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="end after this long without any connection of the application; 0 never",
    )
    return parser.parse_args(arguments)


async def _run(options: argparse.Namespace) -> int:
    addresses: list[str] = options.announce or [options.host]
    for address in addresses:
        try:
            wild = ipaddress.ip_address(address).is_unspecified
        except ValueError:
            return _fail(f"{address} is not an IP address; give one with --announce")
        if wild:
            return _fail(f"{address} can't be reached by pages; name one with --announce ADDRESS")
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    relay = Relay(addresses, udp=not options.tcp_only)
    control = Control(relay, options.socket)
    try:
        await relay.start(options.host, options.port)
        await control.start()
    except AlreadyRunning as error:
        return _fail(str(error), ALREADY_RUNNING)
    except (OSError, ValueError) as error:
        return _fail(f"can't listen: {error}")
    while not ending.is_set():
        try:
            await asyncio.wait_for(ending.wait(), 1.0)
        except TimeoutError:
            alone = not control.connections and loop.time() - control.alone_since
            if options.exit_when_alone and alone and alone > options.exit_when_alone:
                break
    control.stop()
    relay.stop()
    return 0


def _fail(message: str, code: int = _UNUSABLE) -> int:
    sys.stderr.write(f"relay: {message}\n")
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the relay; returns the exit code (0 told to end, 2 unusable options, 3 runs already)."""
    options = _arguments(arguments)
    try:
        import uvloop
    except ImportError:  # a third faster, but not on every platform
        return asyncio.run(_run(options))
    return uvloop.run(_run(options))


if __name__ == "__main__":
    sys.exit(main())
