"""The embedded server survives kill -9, and the supervisor notices, retries and gives up."""

import os
import signal
import sys
import time

import psutil
import psycopg
import pytest

from yiwei.ops import database, orphans, paths, server, supervisor

pytestmark = pytest.mark.skipif(bool(database.external()), reason="DATABASE_URL is set: no embedded server")


@pytest.fixture
def cluster(monkeypatch, tmp_path_factory):
    """A small server of its own, in another var/ (reachable for the database's user)."""
    home = tmp_path_factory.mktemp("var")
    for directory in (home, home.parent, home.parent.parent):
        directory.chmod(directory.stat().st_mode | 0o011)
    monkeypatch.setenv("YIWEI_VAR", str(home))
    monkeypatch.delenv("YIWEI_CLUSTER", raising=False)
    fresh = server.Cluster("pg")
    yield fresh
    fresh.release()
    assert not fresh.running()


def test_data_survives_kill_9_of_everything(cluster):
    cluster.acquire()
    database.ensure_roles()
    with psycopg.connect(database.owner_dsn("yiwei"), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id")
    family = [psutil.Process(cluster.pid()), *psutil.Process(cluster.pid()).children()]
    for process in family:
        os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)
    assert (cluster.data / "postmaster.pid").exists()

    cluster.acquire()
    with psycopg.connect(database.owner_dsn("yiwei")) as owner:
        assert owner.execute("SELECT count(*) FROM kept").fetchone()[0] == 1000
    cluster.release()


def test_number_taken_over_by_another_program_is_not_the_server(cluster):
    cluster.acquire()
    cluster.release()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert not cluster.running()
    cluster.acquire()
    assert cluster.running()


def test_last_lease_stops_the_server(cluster):
    cluster.acquire()
    cluster.acquire()
    cluster.release()
    assert cluster.running()
    cluster.release()
    assert not cluster.running()


def test_secrets_are_for_the_owner_only(cluster):
    paths.secret("anything")
    assert paths.var("secrets", "anything").stat().st_mode & 0o777 == 0o600


def watched(child, seconds=10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        child.watch()
        time.sleep(0.02)


def test_crashed_child_is_started_again_and_given_up(monkeypatch):
    monkeypatch.setattr(supervisor, "CRASHES", 1)
    child = supervisor.Child("the test", [sys.executable, "-c", "raise SystemExit(3)"])
    child.start()
    with pytest.raises(supervisor.GaveUp, match="ended with code 3"):
        watched(child)
    assert len(child.crashes) == 2


def test_orphans_of_a_killed_supervisor_are_ended(cluster):
    child = supervisor.Child("the test", [sys.executable, "-c", "import time; time.sleep(60)"])
    child.start()
    assert orphans.end_orphans() == 1
    assert not psutil.pid_exists(child.process.pid)
