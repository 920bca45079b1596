"""Parties by default are chosen, no longer typed; reasons that stand for all others."""

from django.db import migrations, models

PARTIES = [("designer", "Designer"), ("drawing_auditor", "Drawing auditor"), ("guide", "Guide"), ("purchaser", "Purchaser"),
           ("factory", "Factory"), ("carrier", "Carrier"), ("storekeeper", "Storekeeper"), ("crew", "Crew"),
           ("customer", "Customer"), ("company", "Company")]
CHOSEN = """
    update {table} set {field} = case {field}
      when '' then '' when '设计师' then 'designer' when '审图员' then 'drawing_auditor' when '导购' then 'guide' when '采购' then 'purchaser'
      when '工厂' then 'factory' when '承运商' then 'carrier' when '库管' then 'storekeeper' when '安装工' then 'crew' when '安装' then 'crew'
      when '客户' then 'customer' else 'company' end
    where {field} not in ('', 'designer', 'drawing_auditor', 'guide', 'purchaser', 'factory', 'carrier', 'storekeeper', 'crew', 'customer',
      'company');
"""


class Migration(migrations.Migration):

    dependencies = [("catalog", "0005_price_system")]

    operations = [
        migrations.RunSQL("".join(CHOSEN.format(table=t, field="default_party") for t in ("catalog_liabilityreason", "catalog_unfinisheditem")),
                          migrations.RunSQL.noop),
        *(migrations.AlterField(model, "default_party", models.CharField(
            "party by default", max_length=16, blank=True, default="", choices=PARTIES)) for model in ("liabilityreason", "unfinisheditem")),
        migrations.AddField("liabilityreason", "other", models.BooleanField(
            "stands for all others", default=False, help_text="Where it is given in more than 5 % of the cases, a new reason is asked for.")),
        migrations.AddConstraint("liabilityreason", models.CheckConstraint(name="catalog_reason_party", condition=models.Q(
            default_party__in=["", *(code for code, _label in PARTIES)]))),
        migrations.AddConstraint("unfinisheditem", models.CheckConstraint(name="catalog_unfinished_party", condition=models.Q(
            default_party__in=["", *(code for code, _label in PARTIES)]))),
    ]
