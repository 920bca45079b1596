"""Attachments: versions, one of them current; contents stored once by their hash."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import apart
from yiwei.kernel.base.errors import Invalid

from . import kinds
from .scope import PUBLIC
from .tenancy import context
from .tenancy.models import Ref, TenantModel

LIMIT = 50 * 2**20
FORBIDDEN = frozenset('/\\<>:"|?*')
IMAGES = {"image/jpeg", "image/png", "image/webp", "image/gif"}
SHOWN = IMAGES | {"application/pdf"}  # in place, in the browser
SAFE = {
    **{t: t.split("/")[1] for t in IMAGES}, "application/pdf": "pdf", "text/plain": "txt", "text/csv": "csv",
    "application/zip": "zip", "video/mp4": "mp4", "application/vnd.ms-excel": "xls", "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "image/vnd.dwg": "dwg", "image/vnd.dxf": "dxf", "application/octet-stream": "bin", "image/heic": "heic",
}
ENDINGS = {"pdf", "png", "jpg", "jpeg", "webp", "gif", "heic", "dwg", "dxf", "xlsx", "xls", "docx", "doc", "zip",
           "rar", "7z", "skp", "txt", "csv", "mp4", "max", "3ds"}


class Attachment(TenantModel):
    """One version of one file of one row. `slot` groups versions; at most one in a slot is current."""

    scope = PUBLIC

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    slot = models.CharField(max_length=80, blank=True, default="")
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(_("version"), default=1)
    current = models.BooleanField(_("current"), default=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    created_by = Ref(settings.KERNEL_MEMBER_MODEL, null=True)
    by = models.CharField(_("by"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("attachment")
        indexes = [models.Index(fields=["tenant", "model", "object_id"], name="kernel_attachment_row")]
        constraints = [models.UniqueConstraint(
            fields=["tenant", "model", "object_id", "slot"], name="kernel_attachment_current",
            condition=models.Q(current=True) & ~models.Q(slot=""))]

    @classmethod
    def of(cls, obj, **more):
        return list(cls.objects.filter(model=obj._meta.label_lower, object_id=obj.pk, **more).order_by("-id")[:100])

    @property
    def is_image(self):
        return self.media_type in IMAGES

    @property
    def path(self):
        return Path(settings.MEDIA_ROOT) / str(self.tenant_id) / self.digest[:2] / self.digest

    def url(self, actor):
        """A link for this actor only, for an hour."""
        token = signing.dumps([self.tenant_id, self.pk, actor.id], salt="file", compress=True)
        return reverse("file", args=[token])


def safe_name(given):
    """A name without path, without signs that turn or hide a part of it; its ending stays."""
    plain = "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in Path(str(given).replace("\\", "/")).name).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:180]}.{ending[:15]}" if dot and stem else plain[:200] or "file"


def attach(actor, obj, upload, slot=""):
    """Keep an uploaded file as the current version of its slot. Refuses what the house does not serve."""
    name = safe_name(upload.name)
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in ENDINGS:
        raise Invalid({"file": [__("Files of this kind are not taken: %(ending)s") % {"ending": ending or "?"}]})
    if upload.size > LIMIT:
        raise Invalid({"file": [__("The file is larger than %(n)s MB.") % {"n": LIMIT // 2**20}]})
    body = upload.read()
    if not body:
        raise Invalid({"file": [__("The file is empty.")]})
    digest = hashlib.sha256(body).hexdigest()
    same = Attachment.objects.filter(model=obj._meta.label_lower, object_id=obj.pk, slot=slot)
    last = same.order_by("-revision").first() if slot else None
    if slot:
        same.filter(current=True).update(current=False)
    made = Attachment(
        model=obj._meta.label_lower, object_id=obj.pk, slot=slot, name=name, media_type=_media_type(name, body),
        size=len(body), digest=digest, revision=last.revision + 1 if last else 1, created_by_id=actor.id,
        by=actor.name, tenant_id=context.tenant_id())
    made.path.parent.mkdir(parents=True, exist_ok=True)
    if not made.path.exists():
        part = made.path.with_suffix(".part")
        part.write_bytes(body)
        part.replace(made.path)
    made.save()
    return made


def _media_type(name, body):
    """The kind by the content; what a browser might run, or what is two things at once, is served as plain bytes."""
    try:
        found = apart.run("yiwei.kernel.records.kinds:guessed", body[:65536], name, seconds=5)
    except (apart.TooMuch, ValueError):
        found = ""
    if found in SHOWN and kinds.is_two_things(found, body):
        found = ""
    return found if found in SAFE else "application/octet-stream"
