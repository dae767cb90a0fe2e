"""How connections come to a serving process and how they end: so that it can stop in time and cuts nobody off.

Two things of the server are done otherwise here. A connection on which nothing was asked yet takes no thread: browsers
and proxies open some beforehand, and each would hold a thread for seconds, while people wait and when the process
stops. And connections that came in before the stop, and that no process had taken yet, are taken and answered: by
itself the system throws these away with the door, although whoever is behind them asked already.
"""

import ctypes
import errno
import socket
import struct
import sys
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import TConn, ThreadWorker

FIRST_BYTES_WITHIN = 5.0
"""For so many seconds a new connection may be silent; when the process stops it may for two more."""
LONGEST_TAKING = 2.0
"""For so many seconds a process that stops takes what came in before: nobody can keep it busy with coming."""
NOBODY_THERE = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)
SO_ATTACH_FILTER = 26
"""Of Linux; the library does not name it."""
DROP_ALL = struct.pack("HBBI", 0x06, 0, 0, 0)
"""A filter of packets in one instruction: let nothing through."""


class Connections(ThreadWorker):  # type: ignore[misc]
    """Takes connections, and gives one a thread when something is asked on it."""

    def accept(self, listener: Any) -> None:
        """Take one connection, if there is one, and wait until something is asked on it."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in NOBODY_THERE:
                raise
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + FIRST_BYTES_WITHIN
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take connections or not; for good when the process stops, after those that came in before."""
        super().set_accept_enabled(enabled)
        if not (enabled or self.alive):
            self._take_the_last()

    def _take_the_last(self) -> None:
        end = time.monotonic() + LONGEST_TAKING
        while self.sockets:  # each door is closed once, although this can be asked twice
            listener = self.sockets.pop()
            listener.setblocking(False)
            taken = -1
            while taken != self.nr_conns and time.monotonic() < end:
                taken = self.nr_conns
                self.accept(listener)
            listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """When the process stops: those on which nothing is asked go at this moment at the latest."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


class Master(Arbiter):  # type: ignore[misc]
    """Begins and stops the processes."""

    def stop(self, graceful: bool = True) -> None:
        """Stop them; when nobody serves after this one, nobody new gets in while they take who came before."""
        if graceful and self.reexec_pid == self.master_pid == 0 and not self.systemd:
            for listener in self.LISTENERS:
                let_nobody_in(listener.sock)
        super().stop(graceful)


def let_nobody_in(listener: socket.socket) -> None:
    """From now on no connection comes about at this door, in any process; those that did wait to be taken.

    A program that knocks tries again and hears soon that there is nobody. Does nothing where the system cannot do it.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(DROP_ALL)
    with suppress(OSError):
        listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", 1, ctypes.addressof(program)))
