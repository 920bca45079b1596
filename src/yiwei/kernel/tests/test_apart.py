"""What reads strangers' files may take so much memory and time, write nothing, know no secret and say only plain values."""

import os
import threading
import time
from datetime import date
from decimal import Decimal

import psutil
import pytest

from yiwei.kernel.base import apart


def test_plain_values_go_there_and_back():
    assert apart.run("copy:copy", {"a": [1, 2.5, "中", b"x", date(2026, 3, 1), Decimal("1.20"), None]}) == {
        "a": [1, 2.5, "中", b"x", date(2026, 3, 1), Decimal("1.20"), None]}


def test_what_it_finds_wrong_is_said_here():
    with pytest.raises(ValueError, match="Expecting value"):
        apart.run("json:loads", "x")


@pytest.mark.parametrize("name, arguments", [
    ("time:sleep", (30,)), ("builtins:bytearray", (600 * 2**20,)), ("os:abort", ()), ("pathlib:Path", ("x",)), ("os:_exit", (1,)),
])
def test_too_slow_too_large_crashed_or_not_plain(name, arguments):
    began = time.monotonic()
    with pytest.raises(apart.TooMuch):
        apart.run(name, *arguments, seconds=1, memory=512 * 2**20)
    assert time.monotonic() - began < 5
    assert apart.run("math:sqrt", 9) == 3  # the next one is served


def test_nothing_is_written_and_no_secret_is_there(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("x" * 100)
    with pytest.raises(apart.TooMuch):
        apart.run("shutil:copyfile", str(tmp_path / "a"), str(tmp_path / "b"))
    assert not (tmp_path / "b").exists() or not (tmp_path / "b").read_text()
    monkeypatch.setenv("DATABASE_URL", "secret")
    monkeypatch.setattr(apart, "_reader", apart._Reader())
    assert apart.run("os:getenv", "DATABASE_URL") is None


def test_many_ask_at_once_and_the_reader_comes_back():
    out = []
    threads = [threading.Thread(target=lambda n=n: out.append(apart.run("math:sqrt", n * n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(out) == list(range(20))
    apart._reader.process.kill()
    apart._reader.process.wait()
    assert apart.run("math:sqrt", 9) == 3


def test_reader_ends_with_who_asked():
    asked = os.fork()
    if asked == 0:
        apart.run("math:sqrt", 9)
        os.kill(os.getpid(), 9)
    time.sleep(0.1)
    reader = next((c for _ in range(50) for c in psutil.Process(asked).children() if not time.sleep(0.02)), None)
    os.waitpid(asked, 0)
    assert reader is None or _gone(reader)


def _gone(process):
    for _ in range(100):
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False
