"""./yiwei manage reindex [--tenant CODE] [--model crm.Customer]: make the search keys anew, after the rules that make them have changed."""

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from yiwei.kernel.base import deferred
from yiwei.kernel.records import search
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.records.tenancy.guards import tenant_models

AT_ONCE = 500


class Command(BaseCommand):
    """Row by row, in small transactions, while people work; what is right already stays as it is."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--tenant", help="code of one dealer; all of them unless named")
        parser.add_argument("--model", help="room.Model; all that are searched unless named")

    def handle(self, *args, tenant, model, **options):
        found = context.find_tenant(tenant) if tenant else None
        if tenant and found is None:
            raise CommandError(f"There is no dealer “{tenant}”.")
        try:
            models = [apps.get_model(model)] if model else [m for m in tenant_models() if m.search]
        except (LookupError, ValueError) as error:
            raise CommandError(str(error)) from error
        for tenant_id in [found] if found else context.all_tenants():
            for one in models:
                number = renew(tenant_id, one)
                if number:
                    self.stdout.write(f"  {tenant_id} {one._meta.label}: {number}")


def renew(tenant_id, model):
    """Bring the keys of every row of a model up to date. Returns how many rows there are."""
    last = number = 0
    while True:
        with context.entered(tenant_id, action="kernel.reindex"), deferred.together():
            rows = list(model.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
            for row in rows:
                search.index(row)
        if not rows:
            return number
        last, number = rows[-1].pk, number + len(rows)
