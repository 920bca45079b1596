"""What stands between the network and Django in the web server itself: slow and greedy clients cost no thread.

Granian reads headers and ends idle connections; here a request's body is read before a thread is given to it, within a time that
grows with what has come, and the connections of one address are counted. Behind a proxy the address is the one it names.
"""

import asyncio
import logging
import os
import resource
import socket
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger("yiwei.gate")
THREADS = int(os.environ.get("YIWEI_THREADS") or 4)
PATIENCE, PACE = 10, 16 * 1024   # a body has ten seconds, and one more for every 16 KB that came
AT_ONCE = 32                     # unfinished requests of one address in one process
WAITING = 256                    # requests that wait for a thread
CONNECTIONS = 150                # of one address in one process
IN_MEMORY = 2**20


class Slow(Exception):
    """The body did not come in time."""


class TooLarge(Exception):
    """The body is larger than a request may be."""


class Gate:
    """An RSGI application around a WSGI one."""

    def __init__(self, inner, largest, proxies=()):
        self.inner, self.largest, self.proxies = inner, largest, frozenset(proxies)
        self.threads = ThreadPoolExecutor(THREADS, "django")
        self.open, self.waiting = defaultdict(int), 0

    def __rsgi_init__(self, loop):
        many_files()
        threading.Thread(target=Ceiling(self.proxies).watch, daemon=True).start()

    async def __rsgi__(self, scope, protocol):
        if scope.proto != "http":
            return protocol.close(403)
        address = self.address(scope)
        if self.open[address] >= AT_ONCE or self.waiting >= WAITING:
            return refuse(protocol, 503, "Too many requests at once; try again in a moment.", ("retry-after", "2"))
        self.open[address] += 1
        try:
            await self.answer(scope, protocol, address)
        finally:
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]

    def address(self, scope):
        """Who asks: the peer, or whom a proxy of ours says it speaks for."""
        peer = scope.client.rpartition(":")[0].strip("[]")
        said = scope.headers.get("x-forwarded-for", "") if peer in self.proxies else ""
        return said.rpartition(",")[2].strip()[:45] or peer

    async def answer(self, scope, protocol, address):
        body = None
        try:
            body = await self.body(scope, protocol)
        except Slow:
            return refuse(protocol, 408, "The request took too long to arrive.", ("connection", "close"))
        except TooLarge:
            return refuse(protocol, 413, "This is too large.", ("connection", "close"))
        except Exception:  # noqa: BLE001 the client has gone
            return None
        self.waiting += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(self.threads, self.asked, scope, body, address)
            status, headers, content = await work
        finally:
            self.waiting -= 1
            body.close()
        return await deliver(protocol, status, headers, content, self.threads)

    async def body(self, scope, protocol):
        """The whole body in a file, in memory while it is small."""
        kept, size = tempfile.SpooledTemporaryFile(IN_MEMORY), 0
        length = scope.headers.get("content-length", "")
        if not length and "transfer-encoding" not in scope.headers:
            return kept
        try:
            if length.isdigit() and int(length) > self.largest:
                raise TooLarge
            began, parts = time.monotonic(), protocol.__aiter__()
            while True:
                left = began + PATIENCE + size / PACE - time.monotonic()
                try:
                    piece = await asyncio.wait_for(parts.__anext__(), max(0.01, left))
                except StopAsyncIteration:
                    break
                except TimeoutError:
                    raise Slow from None
                size += len(piece)
                if size > self.largest:
                    raise TooLarge
                kept.write(piece)
        except BaseException:
            kept.close()
            raise
        kept.seek(0)
        return kept

    def asked(self, scope, body, address):
        """What Django says, in a thread."""
        said = []
        answer = self.inner(environ(scope, body, address), lambda status, headers, _error=None: said.extend((status, headers)))
        status, headers = int(said[0].split(" ", 1)[0]), [(k.lower(), v) for k, v in said[1]]
        stream = getattr(answer, "file_to_stream", None)
        if isinstance(getattr(stream, "name", None), str) and os.path.isabs(stream.name):
            path = stream.name
            answer.close()
            return status, headers, path
        if getattr(answer, "streaming", False):
            return status, headers, answer
        content = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        return status, headers, content


async def deliver(protocol, status, headers, content, threads):
    """Send what Django said; only what it streams takes a thread again and again."""
    if isinstance(content, bytes):
        return protocol.response_bytes(status, headers, content)
    if isinstance(content, str):
        return protocol.response_file(status, headers, content)
    loop, parts = asyncio.get_running_loop(), iter(content)
    transport = protocol.response_stream(status, headers)
    try:
        while (piece := await loop.run_in_executor(threads, next, parts, None)) is not None:
            await asyncio.wait_for(transport.send_bytes(piece), 60)
    finally:
        await loop.run_in_executor(threads, content.close)


def refuse(protocol, status, text, *headers):
    protocol.response_str(status, [("content-type", "text/plain; charset=utf-8"), *headers], text)


def environ(scope, body, address):
    """The request as WSGI describes it; names with an underline are dropped, since they would pass for others."""
    host, _colon, port = scope.server.rpartition(":")
    size = body.seek(0, 2)
    body.seek(0)
    out = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "PATH_INFO": plain(scope.path), "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host, "SERVER_PORT": port, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "REMOTE_ADDR": address,
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.input": body, "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }
    if scope.authority:
        out["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        key = key[5:] if key in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH") else key
        out[key] = f"{out[key]}{'; ' if name == 'cookie' else ','}{value}" if key in out and key != "HTTP_HOST" else value
    if size or "CONTENT_LENGTH" in out or "HTTP_TRANSFER_ENCODING" in out:
        out["CONTENT_LENGTH"] = str(size)
    return out


def plain(path):
    """The path, which comes decoded, as WSGI wants it: its bytes, as if they were Latin 1."""
    return path.encode("utf-8", "surrogateescape").decode("latin-1")


class Ceiling:
    """Ends connections beyond what one address may hold open in this process, the youngest first."""

    def __init__(self, proxies):
        self.proxies, self.known = proxies, {}

    def watch(self):
        while True:
            time.sleep(0.5)
            try:
                self.look()
            except OSError as error:
                log.warning("connections could not be counted: %s", error)

    def look(self):
        """Count, and end what is too much. A copied handle is asked, so that what it is cannot change meanwhile."""
        held, now, seen = defaultdict(list), time.monotonic(), {}
        for number in os.listdir("/proc/self/fd" if sys.platform == "linux" else "/dev/fd"):
            with _Peer(int(number)) as (_line, peer):
                if peer and peer[0] not in self.proxies:
                    seen[peer] = self.known.get(peer, now)
                    held[peer[0]].append((seen[peer], int(number), peer))
        self.known = seen
        for lines in held.values():
            for _since, number, peer in sorted(lines)[CONNECTIONS:]:
                with _Peer(number) as (line, there):
                    if there == peer:
                        line.shutdown(socket.SHUT_RDWR)


class _Peer:
    """A copy of a handle as a socket, and the other end where it is a connection that somebody opened to us."""

    def __init__(self, number):
        self.number, self.line = number, None

    def __enter__(self):
        try:
            copy = os.dup(self.number)
        except OSError:  # closed meanwhile
            return None, None
        try:
            self.line = socket.socket(fileno=copy)
        except OSError:  # no socket
            os.close(copy)
            return None, None
        try:
            return self.line, self.line.getpeername()[:2] if self.line.family in (socket.AF_INET, socket.AF_INET6) else None
        except OSError:  # not connected
            return self.line, None

    def __exit__(self, *error):
        if self.line is not None:
            self.line.close()


def many_files():
    """As many open connections as the system lets us have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
