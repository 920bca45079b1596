"""./yiwei test: style, imports, then every test on two processes."""

import os
import shutil
import subprocess
import sys

from yiwei.ops import paths

PACKAGES = {"chromium": "chromium", "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"}


def main(arguments):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yiwei.config.testing"}
    if os.environ.get("CI") == "true":
        environment.setdefault("YIWEI_BROWSER_REQUIRED", "1")
    provide_browser(required=environment.get("YIWEI_BROWSER_REQUIRED") == "1")
    steps = [[sys.executable, "-m", "ruff", "check", "--quiet", "."]]
    if not arguments:
        steps.append([sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-logo"])
    processes = [] if any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in arguments) else ["-n", "2"]
    steps.append([sys.executable, "-m", "pytest", *processes, *arguments])
    for step in steps:
        code = subprocess.run(step, cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL).returncode
        if code:
            return code
    return 0


def provide_browser(*, required):
    """Install Debian's browser and Chinese fonts where that is possible; say what is missing where not."""
    missing = [package for package, proof in PACKAGES.items() if not _there(proof)]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(missing)} ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
            subprocess.run(["apt-get", "-qq", *step], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        missing = [package for package in missing if not _there(PACKAGES[package])]
    if missing:
        result = "tests in the browser will FAIL" if required else "tests in the browser are SKIPPED"
        print(f"! Not on this machine and not installable here: {', '.join(missing)}; {result}.", flush=True)


def _there(proof):
    return os.path.exists(proof) if "/" in proof else shutil.which(proof)
