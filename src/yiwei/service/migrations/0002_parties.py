"""The party of a leftover is chosen, no longer typed."""

from importlib import import_module

from django.db import migrations, models

parties = import_module("yiwei.catalog.migrations.0006_parties")


class Migration(migrations.Migration):

    dependencies = [("service", "0001_initial"), ("catalog", "0006_parties")]

    operations = [
        migrations.RunSQL(parties.CHOSEN.format(table="service_leftover", field="party"), migrations.RunSQL.noop),
        migrations.AlterField("leftover", "party", models.CharField(
            "responsible party", max_length=16, blank=True, default="", choices=parties.PARTIES)),
    ]
