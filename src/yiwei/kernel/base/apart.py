"""Files that strangers made are read apart: in a child process that may take so much memory and time, and may write nothing.

    rows = apart.run("yiwei.kernel.screens.exchange.reading:sheets", body, seconds=30)

The function is named as "module:function", takes and gives plain values (text, bytes, numbers, days, lists, dicts). A small resident
process, one for each process that asks, keeps Python and the readers loaded and forks a child for every file, which takes a
millisecond or two. What the child raises as ValueError is raised here; a child that dies or is too slow raises `TooMuch`.
"""

import ctypes
import importlib
import io
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading

MEMORY = 1024 * 2**20  # of address space
SECONDS = 30
PLAIN = {("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"), ("decimal", "Decimal")}
READERS = ("python_calamine", "puremagic")  # loaded before the first file comes
HEAD = struct.Struct("!Q")
PR_SET_PDEATHSIG = 1


class TooMuch(Exception):
    """Reading the file would take more memory or time than any file of the house needs."""


def run(name, *arguments, seconds=SECONDS, memory=MEMORY):
    """What a function gives for these arguments, found out in a child process."""
    here, there = socket.socketpair()
    with here:
        with there:
            _reader.send(there)
        here.settimeout(seconds + 5)  # the child's own clock comes first
        try:
            _say(here, (name, arguments, seconds, memory))
            good, value = _heard(here)
        except (OSError, EOFError):
            raise TooMuch(name) from None
    if good:
        return value
    raise ValueError(value)


class _Reader:
    """The resident process of this process; started when first needed, and again after it has gone."""

    def __init__(self):
        self.lock, self.line, self.process, self.owner = threading.Lock(), None, None, None

    def send(self, end):
        with self.lock:
            for _attempt in range(2):
                if self.line is None or self.owner != os.getpid():
                    self._start()
                try:
                    socket.send_fds(self.line, [b"1"], [end.fileno()])
                    return
                except OSError:
                    self._forget()
        raise TooMuch("the reader cannot be started")

    def _start(self):
        self.line, its = socket.socketpair()
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-c", f"from {__name__} import serve; serve({its.fileno()})"], pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL, env={**_bare(), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)})
        self.owner = os.getpid()

    def _forget(self):
        self.line.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        self.line = None


_reader = _Reader()


def _bare():
    """The environment without what only we may know."""
    return {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")}


def serve(number):
    """The resident process: fork a child for everybody who comes, until whoever started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    for reader in READERS:
        importlib.import_module(reader)
    with socket.socket(fileno=number) as line:
        while True:
            word, ends, _flags, _address = socket.recv_fds(line, 1, 1)
            if not word:
                return
            if os.fork() == 0:
                line.close()
                _child(socket.socket(fileno=ends[0]))
            os.close(ends[0])


def _child(end):
    try:
        name, arguments, seconds, memory = _heard(end)
        module, function = name.split(":")
        function = getattr(importlib.import_module(module), function)
        _limit(seconds, memory)
        try:
            said = True, function(*arguments)
        except ValueError as error:
            said = False, str(error)
        _say(end, said)
    finally:
        os._exit(0)


def _limit(seconds, memory):
    """So much and no more; the kernel of the system sees to it."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)


def die_with_parent(number=signal.SIGKILL):
    """End this process when the one that started it ends. Only Linux knows how."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def _say(end, value):
    body = pickle.dumps(value, protocol=5)
    end.sendall(HEAD.pack(len(body)))
    end.sendall(body)


def _heard(end):
    [size] = HEAD.unpack(_exactly(end, HEAD.size))
    return _Plain(io.BytesIO(_exactly(end, size))).load()


def _exactly(end, size):
    body = bytearray()
    while len(body) < size:
        piece = end.recv(min(size - len(body), 2**20))
        if not piece:
            raise EOFError
        body += piece
    return body


class _Plain(pickle.Unpickler):
    """Takes plain values only: whoever has taken over a child can say nothing else."""

    def find_class(self, module, name):
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        raise EOFError(f"{module}.{name} is no plain value")
