"""Keys that keep a second click, a retry or a second tab from doing a thing twice."""

from django.db import models
from django.utils import timezone

from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy.models import TenantModel


class Once(TenantModel):
    """An idempotency key that was used, by whom, for what, and what came of it."""

    audited = False
    scope = PUBLIC

    key = models.CharField(max_length=120)
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    object_id = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="kernel_once_key")]
