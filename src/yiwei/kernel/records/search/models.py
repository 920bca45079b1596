"""One keys table for every search: list search, global search and the blocking keys of conflict checks."""

from django.db import models

from yiwei.kernel.base import deferred
from yiwei.kernel.records.scope import PUBLIC
from yiwei.kernel.records.tenancy.models import TenantManager, TenantModel


class KeyManager(TenantManager):
    """Whoever looks for keys also finds those the running action has gathered."""

    def get_queryset(self):
        deferred.flush()
        return super().get_queryset()


class SearchKey(TenantModel):
    """A key under which a row can be found. Compared only by = and prefix, so the policy lets the index serve."""

    audited = False
    scope = PUBLIC

    kind = models.CharField(max_length=24, db_collation="C")
    key = models.CharField(max_length=64, db_collation="C")
    object_id = models.BigIntegerField()

    objects = KeyManager()

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "kind", "key", "-object_id"], name="kernel_searchkey_find"),
            models.Index(fields=["tenant", "object_id", "kind"], name="kernel_searchkey_row"),
        ]
