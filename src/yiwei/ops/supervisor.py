"""Children that are started, watched, started again after a crash, and stopped together."""

import os
import signal
import subprocess
import time

from yiwei.ops import paths
from yiwei.ops.orphans import MARK, ask_to_end_with_parent

PATIENCE = 15  # seconds a child has to end by itself
CRASHES, WITHIN = 5, 120  # so many crashes in so many seconds are the end


class GaveUp(Exception):
    """A child crashed too often."""


class Child:
    """One process and all that it starts, in a session of its own."""

    def __init__(self, name, command, **environment):
        self.name, self.command = name, command
        self.environment = {**os.environ, **environment, MARK: str(paths.var())}
        self.process = None
        self.crashes = []
        self.resume_at = 0.0

    def start(self):
        self.process = subprocess.Popen(
            self.command, env=self.environment, cwd=paths.ROOT, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=ask_to_end_with_parent,
        )

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def watch(self):
        """Notice a crash; start again after a pause that doubles each time. True when that concerns the others."""
        if self.alive():
            return False
        now = time.monotonic()
        if self.process is not None:
            code, self.process = self.process.returncode, None
            self.resume_at = now + self.note_crash(f"ended with code {code}")
        if now >= self.resume_at:
            self.start()
        return False

    def restart(self):
        """Stop and start on purpose."""
        self.ask_to_stop()
        self.stop(time.monotonic() + PATIENCE)
        self.start()

    def note_crash(self, what):
        """Count a crash and say it; the pause before the next start."""
        now = time.monotonic()
        self.crashes = [*(moment for moment in self.crashes if now - moment < WITHIN), now]
        if len(self.crashes) > CRASHES:
            raise GaveUp(f"{self.name} {what}, for the {len(self.crashes)}th time within {WITHIN} seconds.")
        pause = 2.0 ** (len(self.crashes) - 1)
        say(f"! {self.name} {what}; starting it again in {pause:.0f} s")
        return pause

    def ask_to_stop(self):
        if self.alive():
            self.process.terminate()

    def stop(self, deadline):
        """Wait for the end that was asked for; then end the whole session."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"! {self.name} does not end by itself; ending it")
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class Database(Child):
    """The embedded server as something to watch: it is no child of ours and is started by its lease."""

    def __init__(self, cluster):
        super().__init__("the database", [])
        self.cluster = cluster

    def alive(self):
        return self.cluster.running()

    def watch(self):
        if self.alive():
            return False
        time.sleep(self.note_crash("is gone"))
        self.cluster.start()
        return True

    def ask_to_stop(self):
        pass

    def stop(self, deadline):
        pass


class Once(Child):
    """A child that has one thing to do; `done` is called when it succeeded. It is not started again."""

    def __init__(self, name, command, done):
        super().__init__(name, command)
        self.done = done

    def watch(self):
        if self.process is None or self.alive():
            return False
        code, self.process = self.process.returncode, None
        if code == 0:
            self.done()
        else:
            say(f"! {self.name} ended with code {code}; it goes on at the next start")
        return False

    def restart(self):
        """Left alone: it notices by itself that the database is gone, and goes on at the next start."""


class Supervisor:
    """Keeps the children running until a signal, or until one of them crashes too often."""

    def __init__(self):
        self.children = []
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, *_):
        self.stopping = True

    def add(self, child):
        self.children.append(child)
        if child.command:
            child.start()

    def run(self):
        """Watch until the end; the exit code."""
        try:
            while not self.stopping:
                for child in self.children:
                    if child.watch():
                        self.reconnect(child)
                time.sleep(0.5)
        except GaveUp as error:
            say(f"\nYiwei stops: {error}\nThe lines above say why; the database's log is in var/pg/log.")
            return 1
        finally:
            self.stop()
        return 0

    def reconnect(self, database):
        """The others hold connections to a server that is gone: start them anew."""
        for child in self.children:
            if child is not database and child.alive():
                child.restart()

    def stop(self):
        deadline = time.monotonic() + PATIENCE
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop(deadline)


def say(text):
    print(text, flush=True)
