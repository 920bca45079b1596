"""./yiwei up: from a fresh clone to a served page, and back to it within seconds."""

import argparse
import os
import socket
import sys
import time
import urllib.error
import urllib.request

import psycopg

from yiwei.ops import database, manage, messages, paths, schema, static
from yiwei.ops.orphans import end_orphans
from yiwei.ops.server import ServerError
from yiwei.ops.supervisor import Child, Database, Once, Supervisor, say

HOST = "127.0.0.1"


def main(arguments):
    parser = argparse.ArgumentParser(prog="./yiwei up", description="Start everything and serve on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("YIWEI_PORT") or 8000))
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument("--demo", action="store_true", default=None, help="make the demo dealer; only where nothing is held yet")
    demo.add_argument("--no-demo", action="store_false", dest="demo", help="do not make it (a first start does)")
    options = parser.parse_args(arguments)
    with paths.locked("up", wait=False) as free:
        if not free:
            say("Yiwei is already running here; stop that one first (Ctrl-C in its terminal).")
            return 1
        try:
            return serve(options)
        except (ServerError, psycopg.OperationalError) as error:
            say(f"\nThe database could not be used:\n{error}")
            return 1


def serve(options):
    supervisor = Supervisor()
    left = end_orphans()
    if left:
        say(f"Ended {left} processes that an earlier run had left behind.")
    if _taken(options.port):
        say(f"Port {options.port} is taken by another program; choose one with ./yiwei up --port 8080")
        return 1
    say("Starting the database ..." if not database.external() else "Using the database of DATABASE_URL ...")
    with database.running() as cluster:
        if not prepare(options) or supervisor.stopping:
            return 1
        if cluster:
            supervisor.add(Database(cluster))
        live = free_port(options.port + 1)
        web = Child("the web server", web_command(options.port), YIWEI_LIVE_URL=os.environ.get("YIWEI_LIVE_URL") or f"http://{HOST}:{live}/live/")
        supervisor.add(web)
        supervisor.add(Child("the stream of messages", live_command(live)))
        if may_queue():
            supervisor.add(Child("the job worker", worker_command()))
        else:
            say("! jobs are not run: the app role has no right on the queue (the kernel grants it)")
        if wait_until_served(options.port, web, supervisor):
            announce(options)
            fill_demo(supervisor, options)
        code = supervisor.run()
        say("Stopped." if code == 0 else "")
    return code


def prepare(options):
    """Roles, tables, demo dealer, messages and static files: each only when it is missing or has changed."""
    database.ensure_roles()
    messages.compile_all()
    if not schema.bring_up_to_date():
        return False
    if static.collect():
        say("Collected the static files.")
    return make_demo(options.demo)


def make_demo(wanted):
    """The demo dealer, with its published sign-ins: only where nothing is held, or to go on with one that was begun.

    `wanted` is None where nobody has said anything. False if it cannot be made although it was asked for.
    """
    begun = schema.read_state().get("demo")
    if wanted is False or begun is True or not manage.exists("demo"):
        return True
    if begun != schema.BEGUN and schema.holds_anything():
        if wanted:
            say("There is somebody's data here: demo sign-ins are made only in an empty database.")
        return not wanted
    say("Making the demo dealer ...")
    schema.write_state(demo=schema.BEGUN)
    if manage.django("demo").returncode:
        say("The demo dealer could not be made (see above).")
        return False
    schema.write_state(demo=True)
    return True


def fill_demo(supervisor, options):
    """The rest of the demonstration's year is made while people already look around."""
    state = schema.read_state()
    if options.demo is False or state.get("demo") is not True or state.get("year"):
        return
    say("  The demonstration's year goes on growing for some minutes in the background.")
    supervisor.add(Once("the demonstration's year", manage.command("demo", "--fill"), lambda: schema.write_state(year=True)))


# A connection has ten seconds to send its headers, and to ask again; more of them wait than anybody opens, bodies are the gate's.
SERVER = ["--http", "1", "--no-ws", "--http1-header-read-timeout", "10000", "--backlog", "2048", "--backpressure", "4096",
          "--respawn-failed-workers", "--log-level", "warning"]


def web_command(port):
    """Granian: two processes with four threads each, which two cores keep busy."""
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--host", HOST, "--port", str(port), "--workers", "2", *SERVER]
    return [*command, "--workers-kill-timeout", "10", "yiwei.config.rsgi:application"]


def live_command(port):
    """One process holds the open streams of all pages."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", HOST, "--port", str(port), "--workers", "1", *SERVER]
    return [*command, "--workers-kill-timeout", "2", "yiwei.kernel.work.live.stream:application"]


def worker_command():
    return manage.command(
        "procrastinate", "--verbosity=0", "worker", "--concurrency=4", "--shutdown-graceful-timeout=10"
    )


def may_queue():
    """Has the kernel granted the job queue to the app role yet?"""
    with psycopg.connect(database.app_dsn()) as connection:
        question = "SELECT has_table_privilege(to_regclass('procrastinate_jobs'), 'SELECT, UPDATE')"
        return bool(connection.execute(question).fetchone()[0])


def wait_until_served(port, web, supervisor):
    """Wait for the first answer, whatever it says."""
    until = time.monotonic() + 90
    while time.monotonic() < until and web.alive() and not supervisor.stopping:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=30).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def announce(options):
    say(f"\n  Yiwei is at http://{HOST}:{options.port}/   (Ctrl-C stops it)\n")
    if manage.exists("demo") and schema.read_state().get("demo") is True:
        manage.django("demo", "--names")


def free_port(wanted):
    """The port wanted, or any free one."""
    if not _taken(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False
