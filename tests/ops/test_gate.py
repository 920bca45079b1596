"""The web server itself stands slow, greedy and lying clients, and ends with its master. The attacker sits at 127.0.0.2."""

import http.client
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import psutil
import pytest

from yiwei.ops import paths, up

APP = """
from yiwei.ops.gate import Gate
from yiwei.ops.orphans import end_with_parent

def plain(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain")])
    said = [environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"), environ["QUERY_STRING"], environ["REMOTE_ADDR"],
            environ.get("HTTP_COOKIE", ""), environ.get("HTTP_X_FORWARDED_PROTO", ""), str(len(body)), environ.get("CONTENT_LENGTH", "")]
    return ["|".join(said).encode()]

end_with_parent()
application = Gate(plain, 100_000, ["127.0.0.9"])
"""
HEAD = b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The server as `./yiwei up` starts it, around a small application; (port, process)."""
    home = tmp_path_factory.mktemp("gate")
    (home / "gated.py").write_text(APP)
    port = up.free_port(8765)
    command = [part.replace("yiwei.config.rsgi", "gated") for part in up.web_command(port)]
    environment = {**os.environ, "PYTHONPATH": f"{home}{os.pathsep}{paths.SRC}"}
    process = subprocess.Popen(command, env=environment, cwd=home, start_new_session=True)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            assert asked(port)[0] == 200
            break
        except OSError:
            time.sleep(0.1)
    yield port, process
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def asked(port, path="/", body=None, source="127.0.0.1", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(source, 0))
    try:
        line.request("POST" if body is not None else "GET", path, body, {k.replace("__", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


@contextmanager
def attacked(port, count, said):
    """So many connections of the attacker, each of which has sent `said`."""
    lines = []
    try:
        for _ in range(count):
            lines.append(socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0)))
            try:
                lines[-1].sendall(said)
            except OSError:
                pass
        yield lines
    finally:
        for line in lines:
            line.close()


def open_ones(lines):
    """How many of them the server has not closed."""
    return sum(1 for line in lines if _open(line))


def _open(line):
    line.settimeout(0.01)
    try:
        while line.recv(65536):
            pass
        return False
    except TimeoutError:
        return True
    except OSError:
        return False


def test_what_is_asked_arrives_as_it_was_sent(served):
    port, _process = served
    status, said = asked(port, "/a%E4%B8%AD%2541?x=%E4", Cookie="a=1", X_Forwarded_Proto="https", X__Forwarded__For="9.9.9.9")
    assert (status, said) == (200, "/a中%41|x=%E4|127.0.0.1|a=1||0|")
    assert asked(port, "/", b"x" * 5000)[1].endswith("|5000|5000")
    assert asked(port, "/", iter([b"abc", b"de"]))[1].endswith("|5|5")
    assert "|8.8.8.8|" in asked(port, "/", source="127.0.0.9", X__Forwarded__For="1.1.1.1, 8.8.8.8")[1]


def test_what_is_too_large_is_refused_whatever_its_head_says(served):
    port, _process = served
    assert asked(port, "/", b"x" * 100_001)[0] == 413
    assert asked(port, "/", iter([b"x" * 60_000, b"x" * 60_000]))[0] == 413


@pytest.mark.parametrize("said", [
    HEAD, HEAD + b"Content-Length: 1000\r\n\r\na", HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"",
], ids=["header", "body", "chunks", "idle", "nothing"])
def test_who_is_slow_stops_nobody_and_is_sent_away(served, said):
    port, _process = served
    with attacked(port, 200, said) as lines:
        for _ in range(10):
            began = time.monotonic()
            assert asked(port)[0] == 200 and time.monotonic() - began < 1
        time.sleep(12)
        assert open_ones(lines) == 0


def test_a_trickle_is_cut_off(served):
    """One byte a second does not keep a request alive for ever."""
    port, _process = served
    with attacked(port, 1, HEAD + b"Content-Length: 1000\r\n\r\n") as [line]:
        began = time.monotonic()
        with pytest.raises((OSError, AssertionError)):
            while time.monotonic() - began < 30:
                line.sendall(b"a")
                time.sleep(0.5)
                line.settimeout(0.5)
                try:
                    assert not line.recv(1000)  # an answer, or the end
                    raise OSError("closed")
                except TimeoutError:
                    pass
        assert 8 < time.monotonic() - began < 15


def test_one_address_holds_only_so_many_connections(served):
    port, _process = served
    with attacked(port, 700, b"") as lines:
        time.sleep(1.5)
        assert open_ones(lines) <= 300
        assert asked(port)[0] == 200


def test_workers_end_with_their_master(served):
    port, process = served
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) >= 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _gone, alive = psutil.wait_procs(workers, timeout=5)
    assert not alive
    with pytest.raises(OSError):
        asked(port)
