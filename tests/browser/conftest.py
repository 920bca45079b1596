"""A real browser for tests: Playwright driving the machine's own Chromium."""

import os
import shutil
from contextlib import contextmanager

import pytest

from .scene import furnish

FLAGS = ["--lang=zh-CN", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser():
    """Chromium; tests are skipped where there is none, and fail where CI=true."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        text = "No Chromium found (Debian: apt-get install chromium): browser tests cannot run."
        pytest.fail(text) if os.environ.get("CI") == "true" else pytest.skip(text)
    from playwright.sync_api import sync_playwright
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread, beside the ORM
    with sync_playwright() as driver:
        flags = FLAGS + (["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])
        made = driver.chromium.launch(executable_path=path, args=flags)
        yield made
        made.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def served(blocker, files, furnish):
    """What `furnish()` made, behind a live server: `made.url`. The database is made anew afterwards."""
    from django.conf import settings
    from django.db import connections
    from pytest_django.live_server_helper import LiveServer

    from yiwei.ops import testing

    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, files
    with blocker.unblock():
        made = furnish()
        server = LiveServer("127.0.0.1")
        made.url = server.url
        try:
            yield made
        finally:
            server.stop()
            connections.close_all()
            testing.copy()
            settings.MEDIA_ROOT = before


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    """A furnished dealer behind a live server, shared by the tests of a module; `house.url`, `house.scene`."""
    with served(django_db_blocker, tmp_path_factory.mktemp("files"), furnish) as made:
        yield made


class Visitor:
    """Somebody at a browser; what the browser complains about is collected."""

    def __init__(self, browser, house, who, *, size=None, language="en", theme="light"):
        size = size or DESK
        self.house, self.complaints = house, []
        self.context = browser.new_context(viewport=size, locale="zh-CN", color_scheme=theme, has_touch=size["width"] < 700,
                                           device_scale_factor=1)
        self.context.set_default_timeout(8000)
        self.context.add_cookies([{"name": "yiwei_language", "value": language, "url": house.url}])
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(f"error: {e}"))
        if who:
            self.sign_in(who)

    def sign_in(self, who):
        from yiwei.kernel.testing import PASSWORD
        self.page.goto(f"{self.house.url}/sign-in/")
        self.page.fill("#username", f"{who}@{self.house.dealer.code}")
        self.page.fill("#password", PASSWORD)
        self.page.click("[data-submit]")
        self.page.wait_for_selector(".shell .side", state="attached")

    def go(self, path):
        self.page.goto(path if path.startswith("http") else self.house.url + path, wait_until="load")
        return self.page


@pytest.fixture
def visit(browser, house):
    """`visit("guide", size=…)` signs an employee in and gives a Visitor; no complaint of the browser may be left."""
    made = []

    def open_(who=None, **more):
        made.append(Visitor(browser, house, who, **more))
        return made[-1]

    yield open_
    for visitor in made:
        visitor.context.close()
    complaints = [c for v in made for c in v.complaints if "422" not in c]
    assert not complaints, complaints
