"""What a person does at a page: open a row, press a button, fill in a form, look."""

import os
import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from yiwei.ops import paths

from ..conftest import PHONE
from ..picker import TookTooLong, choose

DAY, LATER = ((timezone.localdate() + timedelta(days=n)).isoformat() for n in (3, 9))
PHOTO = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c6360606060000000"
                      "0500010d0a2db40000000049454e44ae426082")
AT_THE_PHONE = ("driver", "installer")


def photo(name):
    return {"name": name, "mimeType": "image/png", "buffer": PHOTO}


def plan(version):
    return {"name": f"plan-{version}.pdf", "mimeType": "application/pdf", "buffer": f"%PDF-1.4 plan {version}".encode()}


def picture(visitor, name):
    """The page in Chinese, into var/shots, where YIWEI_SHOTS is set."""
    if not os.environ.get("YIWEI_SHOTS"):
        return
    target = paths.var("shots")
    target.mkdir(parents=True, exist_ok=True)
    cookie = {"name": "yiwei_language", "url": visitor.house.url}
    visitor.context.add_cookies([cookie | {"value": "zh-hans"}])
    view = visitor.context.new_page()
    view.goto(visitor.page.url)
    view.screenshot(path=str(target / f"journey-{name}.png"), full_page=True)
    view.close()
    visitor.context.add_cookies([cookie | {"value": "en"}])


class Cast:
    """The people of the story; each signs in once, when first needed."""

    def __init__(self, visit, story):
        self.visit, self.story, self.there = visit, story, {}

    def __call__(self, who):
        if who not in self.there:
            self.there[who] = Person(self.visit(who, **({"size": PHONE} if who in AT_THE_PHONE else {})))
        return self.there[who]


class Person:
    """Somebody at the screen."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    # going somewhere
    def menu(self, module, item):
        """Through the side menu, as one does at a desk."""
        part = self.page.locator(".nav-mod").filter(has=self.page.locator("summary").get_by_text(module, exact=True))
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        self.page.locator(".nav-items a:visible").get_by_text(item, exact=True).click()
        expect(self.page.locator("h1")).to_contain_text(item)
        every = self.page.locator(".queues a").last   # the tab of all rows: lists open on what is to be done
        if every.count() and every.get_attribute("aria-current") is None:
            every.click()
            expect(self.page.locator(".queues a").last).to_have_attribute("aria-current", "page")
        return self

    def todo(self, *texts, kind=""):
        """What waits for me, the line that bears the words; of one kind of work where that is said."""
        self.visitor.go("/todo/")
        return self._follow(f"section.card:has(h2:has-text('{kind}')) .jobs li", texts, "a")

    def row(self, *texts):
        """Open the row of the list, or of the tab, that bears the words."""
        return self._follow("table.rows tbody tr", texts, "td.first a")

    def _follow(self, rows, texts, link):
        found = self.page.locator(rows)
        for text in texts:
            found = found.filter(has_text=text)
        found.first.locator(link).first.click()
        self.page.wait_for_selector(".detail-head h1")
        self.page.wait_for_load_state("load")
        return self

    def tab(self, label):
        self.page.locator("#tabs [role=tab]").get_by_text(label, exact=True).click()
        expect(self.page.locator("#tabs [aria-selected=true]")).to_have_text(label)
        return self

    def again(self):
        self.page.reload()
        return self

    # doing something
    def new(self, verb, **fields):
        """The list's own button, its form, and the page of what was made."""
        self.page.locator(f".page-do a[href*='/new/{verb}/']").first.click()
        self.page.wait_for_selector("form.entry")
        self.page.wait_for_load_state("load")
        return self._send("form.entry", fields)

    def all(self, label):
        """One action on every row of the list."""
        self.page.locator("[data-pick=all]").check()
        self.page.locator(".bulk button", has_text=label).click()
        self.page.wait_for_selector("dialog[open] form.entry")
        return self._send("dialog[open] form.entry", {})

    def do(self, verb, **fields):
        """A button of the page; its dialog filled in and sent."""
        self._press(verb)
        return self._send("dialog[open] form.entry", fields)

    def refused(self, verb, reason, **fields):
        """The same, but the house says no: the reason is there to read, and the dialog is closed again."""
        self._press(verb)
        self._fill("dialog[open] form.entry", fields)
        self.page.locator("dialog[open] [data-submit]").click()
        expect(self.page.locator("dialog[open]").locator(".note-danger, .field-error").first).to_contain_text(reason)
        self.page.locator("dialog[open] [data-close]:visible").first.click()
        return self

    def _press(self, verb):
        button = self.page.locator(f"a[data-verb={verb}]")
        expect(button).to_have_count(1)
        if not button.is_visible():
            self.page.locator(".detail-do [data-menu] > summary").click()
        button.click()
        self.page.wait_for_selector("dialog[open] form.entry")

    def _send(self, form, fields):
        self._fill(form, fields)
        self.page.evaluate("document.documentElement.dataset.before = '1'")
        self.page.locator(form).locator("[data-submit]").click()
        self.page.locator("html:not([data-before]) .shell, form.entry .field-error, form.entry .note[role=alert]").first.wait_for()
        wrong = self.page.locator("form.entry .field-error, form.entry .note[role=alert]").all_inner_texts()
        assert not wrong, (form, fields, wrong)
        self.page.wait_for_load_state("load")
        return self

    # filling in
    def _fill(self, form, fields):
        box = self.page.locator(form)
        for name, value in fields.items():
            if isinstance(value, list) and all(isinstance(row, dict) and "mimeType" not in row for row in value):
                self._lines(box.locator(f".lines:has(textarea[name={name}])"), value)
            else:
                self._field(box.locator(f"[name={name}]").first, value)

    def _field(self, field, value):
        if isinstance(value, (list, dict)):
            field.set_input_files(value)
        elif value is True:
            field.check()
        elif "tomselected" in (field.get_attribute("class") or "") or "js-picker" in (field.get_attribute("class") or ""):
            self._pick(field, value)
        elif field.evaluate("el => el.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)

    def _pick(self, field, text):
        """Open a picker and take the entry that reads so; type only where the list does not show it."""
        box = field.locator("xpath=following-sibling::*[contains(@class, 'ts-wrapper')]")
        choose(self.page, field.get_attribute("id"), text)
        expect(box.locator(".item").first).to_contain_text(text)

    def _lines(self, box, rows):
        for number, row in enumerate(rows):
            if box.locator(f"[data-row='{number}']").count() == 0:
                box.locator("[data-add]").click()
            for name, value in row.items():
                tile = box.locator(f"[data-tile={name}]", has_text=str(value))
                if tile.count():
                    tile.first.click()
                    continue
                self._cell(box.locator(f"[data-row='{number}'][data-name={name}]"), value)

    def _cell(self, cell, value):
        if "k-picker" in (cell.locator("xpath=..").get_attribute("class") or ""):
            found = self.page.locator(".choices div").first
            for _try in range(4):   # a picker that is just closing may take the cursor back
                if not cell.evaluate("cell => cell === document.activeElement"):
                    cell.click()
                try:
                    found.wait_for(timeout=2000)
                    break
                except TookTooLong:
                    cell.blur()
            found.wait_for()
            if not self.page.locator(".choices div", has_text=value).count():
                cell.fill(value)
            self.page.locator(".choices div", has_text=value).first.click()
            expect(cell).to_have_value(re.compile(re.escape(value)))
        else:
            self._field(cell, value)

    # looking
    def state(self, text):
        expect(self.page.locator(".detail-head .state")).to_have_text(text)
        return self

    def sees(self, *texts):
        """The words stand on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def fact(self, label, text):
        """A figure or a fact by its label."""
        found = self.page.locator(".tile, .facts > div").filter(has=self.page.get_by_text(label, exact=True))
        expect(found.first).to_contain_text(text)
        return self

    def states(self, *texts):
        """The states of all rows of a list."""
        expect(self.page.locator("table.rows tbody .state")).to_have_text(list(texts))
        return self

    def prepayments(self, *totals):
        """The report of prepayments and arrears ends with these sums."""
        self.visitor.go("/report/prepayments/")
        for text in totals:
            expect(self.page.locator("tfoot")).to_contain_text(text)
        return self

    def shot(self, name):
        picture(self.visitor, name)
        return self
