"""./yiwei manage filing_evidence --tenant CODE --out FILE.csv"""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from yiwei.crm.models.customer import Customer
from yiwei.filing.models.filing import Filing
from yiwei.filing.rules.evidence import parties_of
from yiwei.filing.rules.matching import evaluate
from yiwei.kernel.records.tenancy import context

HEAD = ("filing_row", "verdict", "customer_row", "score", "reasons")


class Command(BaseCommand):
    """One row per imported filing: what was found for it among the imported customers."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--tenant", required=True, help="the dealer's code")
        parser.add_argument("--out", type=Path, required=True, help="the CSV file to write")

    def handle(self, *args, tenant, out, **options):
        tenant_id = context.find_tenant(tenant)
        if tenant_id is None:
            raise CommandError(f"There is no dealer {tenant}.")
        with context.entered(tenant_id):
            filings = {f.pk: f for f in Filing.objects.exclude(import_row=None).order_by("import_row")}
            rows = {c.pk: c.import_row for c in Customer.objects.exclude(import_row=None)}
            customers = Customer.objects.filter(pk__in=list(rows)).prefetch_related("houses", "absorbed")
            found = evaluate([parties_of(f)[0] for f in filings.values()], [p for c in customers for p in parties_of(c)])
        with out.open("w", newline="", encoding="utf-8") as target:
            writer = csv.writer(target)
            writer.writerow(HEAD)
            for one in found:
                writer.writerow([filings[one.filing_row].import_row, one.verdict, rows.get(one.customer_row, ""),
                                 round(one.score, 4), "; ".join(one.reasons)])
        conflicts = sum(one.verdict != "clear" for one in found)
        self.stdout.write(f"{len(found)} filings, {conflicts} found: {out}")
