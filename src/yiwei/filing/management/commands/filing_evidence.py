"""./yiwei manage filing_evidence --tenant CODE --out FILE.csv"""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from yiwei.crm.models.customer import Customer
from yiwei.filing.models.filing import Filing
from yiwei.filing.rules import estates
from yiwei.filing.rules.evidence import parties_of
from yiwei.filing.rules.matching import evaluate
from yiwei.kernel.records.tenancy import context

HEAD = ("filing_row", "verdict", "customer_row", "score", "reasons", "rival_filing_row", "rival_verdict", "rival_reasons")


class Command(BaseCommand):
    """One row per imported filing: what was found for it among the imported customers, and among the filings before it."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--tenant", required=True, help="the dealer's code")
        parser.add_argument("--out", type=Path, required=True, help="the CSV file to write")
        parser.add_argument("--language", default="zh-hans", help="of the reasons")

    def handle(self, *args, tenant, out, language, **options):
        tenant_id = context.find_tenant(tenant)
        if tenant_id is None:
            raise CommandError(f"There is no dealer {tenant}.")
        with context.entered(tenant_id), translation.override(language):
            rows = list(self._rows())
        with out.open("w", newline="", encoding="utf-8") as target:
            writer = csv.writer(target)
            writer.writerow(HEAD)
            writer.writerows(rows)
        conflicts = sum(row[1] != "clear" for row in rows)
        rivals = sum(row[6] != "clear" for row in rows)
        self.stdout.write(f"{len(rows)} filings, {conflicts} found against customers, {rivals} against filings: {out}")

    def _rows(self):
        names = estates.aliases()
        filings = {f.pk: f for f in Filing.objects.exclude(import_row=None).order_by("filed_at", "import_row")}
        rows = {c.pk: c.import_row for c in Customer.objects.exclude(import_row=None)}
        customers = Customer.objects.filter(pk__in=list(rows)).prefetch_related("houses", "absorbed")
        parties = [parties_of(f, aliases=names)[0] for f in filings.values()]
        found = evaluate(parties, [p for c in customers for p in parties_of(c, aliases=names)])
        rivals = {one.filing_row: one for one in evaluate(parties, parties, among=True)}
        for one in sorted(found, key=lambda f: filings[f.filing_row].import_row):
            rival = rivals[one.filing_row]
            yield (filings[one.filing_row].import_row, one.verdict, rows.get(one.customer_row, ""), round(one.score, 4), _told(one),
                   filings[rival.customer_row].import_row if rival.customer_row else "", rival.verdict, _told(rival))


def _told(finding):
    """The reasons with the values beside them."""
    return "; ".join(f"{_(f.reason) % dict(f.params) if f.params else _(f.reason)} ({f.a_value} | {f.b_value})" for f in finding.fields)
