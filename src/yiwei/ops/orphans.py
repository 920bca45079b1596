"""Processes whose parent has gone: none goes on by itself, holding a port and answering without a supervisor."""

import ctypes
import os
import signal
import sys
import threading
import time

import psutil

from yiwei.ops import paths

MARK = "YIWEI_SERVED_BY"
PR_SET_PDEATHSIG = 1


def end_with_parent():
    """A worker ends within a second of its master, however that one went."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def ask_to_end_with_parent():
    """In a fresh child: be asked to stop when whoever started it is gone. Only Linux knows how; elsewhere the next start ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_orphans():
    """End what a supervisor that was killed has left behind; they bear our mark."""
    orphans = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == str(paths.var()):
                process.kill()
                orphans.append(process)
        except psutil.Error:
            continue
    psutil.wait_procs(orphans, timeout=10)
    return len(orphans)
