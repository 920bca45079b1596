"""The way back from a backup, by its command, to a sign-in; and nobody's data ever get demo sign-ins."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import psycopg
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from yiwei.kernel.records.tenancy import context
from yiwei.ops import backup, database, paths, schema
from yiwei.org.rules.dealers import open_dealer
from yiwei.platform.models.administrator import Administrator

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(database.external()), reason="DATABASE_URL is set: no embedded server")]
PASSWORD = "a-password-of-their-own"


@pytest.fixture
def archive(owner_db, live_db, tmp_path):
    """A backup of a dealer with one administrator and of an administrator of the platform with a second step."""
    encoded = Argon2PasswordHasher().encode(PASSWORD, "saltsaltsalt")
    open_dealer("real", "A real dealer", password=PASSWORD)
    with context.entered(None, operator="setup"):
        Administrator.objects.create(username="platform@yiwei", name="Operator", password=encoded, totp_secret="JBSWY3DPEHPK3PXP")
    owner_db.execute("update org_user set password = %s, must_change = false", [encoded])
    (tmp_path / "files").mkdir()
    backup.write(tmp_path / "all.tar", name=owner_db.info.dbname, files=tmp_path / "files")
    return tmp_path / "all.tar"


@pytest.fixture
def elsewhere(monkeypatch, tmp_path_factory):
    """The environment of a fresh clone: nothing in var/ yet."""
    home = tmp_path_factory.mktemp("var")
    for directory in (home, home.parent, home.parent.parent):
        directory.chmod(directory.stat().st_mode | 0o011)
    keep = {k: v for k, v in os.environ.items() if not k.startswith("YIWEI_")}
    return keep | {"YIWEI_VAR": str(home), "PYTHONPATH": str(paths.SRC), "DJANGO_SETTINGS_MODULE": "yiwei.config.settings"}


def run(environment, *arguments):
    done = subprocess.run([sys.executable, "-m", "yiwei.ops", *arguments], env=environment, cwd=paths.ROOT,
                          capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """./yiwei up in an environment, asked over HTTP by one browser."""

    def __init__(self, environment, *arguments):
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yiwei.ops", "up", "--port", str(port), *arguments], env=environment, cwd=paths.ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if self.base in line or "Making the demo" in line:
                break
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)

    def sign_in(self, name, password):
        """Where the sign-in leads to."""
        page = self.browser.open(f"{self.base}/sign-in/", timeout=60).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "username": name, "password": password}).encode()
        request = urllib.request.Request(f"{self.base}/sign-in/", data, {"Referer": self.base})
        try:
            return self.browser.open(request, timeout=60).geturl().removeprefix(self.base)
        except urllib.error.HTTPError as error:
            return error.code


def test_from_a_backup_by_its_command_to_a_sign_in(archive, elsewhere):
    code, said = run(elsewhere, "restore", str(archive))
    assert code == 0 and "Traceback" not in said and "Restored the state" in said, said

    with Served(elsewhere) as served:
        assert not any("demo" in line.lower() for line in served.said), served.said
        assert served.sign_in("admin@real", "wrong") == 422
        assert served.sign_in("platform@yiwei", "yiwei-demo-2026") == 422
        assert served.sign_in("admin@real", PASSWORD) not in (422, "/sign-in/")
        page = served.browser.open(f"{served.base}/todo/", timeout=60).read().decode()
        for path in re.findall(r'"(/static/[^"]+\.(?:css|js))"', page)[:4]:
            assert len(served.browser.open(f"{served.base}{path}", timeout=60).read()) > 500, path
        stream = re.search(r'"(http://[^"]+/live/\?ticket=[^"]+)"', page)[1]
        with urllib.request.urlopen(stream, timeout=30) as said:
            assert said.readline() == b": welcome\n"
    with Served(elsewhere, "--no-demo") as served:
        assert served.sign_in("platform@yiwei", PASSWORD) == "/sign-in/code/"  # the second step stands
        assert served.sign_in("gm@demo", "yiwei-demo-2026") == 422

    for wanted in (["manage", "demo"], ["up", "--demo", "--port", str(free_port())]):
        code, said = run(elsewhere, *wanted)
        assert code and "somebody's data" in said, said


def test_state_of_the_database_goes_with_its_backup(owner_db, live_db, tmp_path, monkeypatch):
    name = owner_db.info.dbname
    (tmp_path / "files").mkdir()
    schema.keep_state({"schema": "x", "demo": True, "year": True}, name)
    backup.write(tmp_path / "all.tar", name=name, files=tmp_path / "files")
    try:
        backup.read(tmp_path / "all.tar", name=f"{name}_else", files=tmp_path / "new")
        assert schema.read_state(f"{name}_else") == {"schema": "x", "demo": True, "year": True}
    finally:
        database.drop_database(f"{name}_else")


def test_what_is_held_counts_even_when_it_is_only_an_operator(owner_db, live_db, monkeypatch):
    monkeypatch.setenv("YIWEI_DB_NAME", owner_db.info.dbname)
    assert not schema.holds_anything()
    with context.entered(None, operator="setup"):
        Administrator.objects.create(username="somebody", name="Operator", password="x")
    assert schema.holds_anything() and not schema.holds_anything(but="demo")
    with psycopg.connect(database.owner_dsn(), autocommit=True) as owner:
        owner.execute("insert into kernel_tenant (code, name, time_zone, settings, active, created_at)"
                      " values ('real', 'A real dealer', 'Asia/Shanghai', '{}', true, now())")
    assert schema.holds_anything(but="demo")
