"""Unfinished items are tapped by icon on the phone."""

from django.db import migrations, models

ICONS = [("puzzle", "Missing part"), ("bandage", "Damaged"), ("ruler-off", "Made wrong"), ("scissors", "Cut-out"), ("droplet", "Water, gas"),
         ("plug", "Electricity"), ("wall", "Wall"), ("bulb", "Lighting"), ("brush", "Cleaning"), ("door", "Door"), ("tool", "Other work")]
KNOWN = {"缺件": "puzzle", "损坏": "bandage", "做错": "ruler-off", "台面未开孔": "scissors", "水电未到位": "plug", "墙面不平": "wall", "灯具未装": "bulb",
         "未清洁": "brush"}


class Migration(migrations.Migration):

    dependencies = [("catalog", "0006_parties")]

    operations = [
        migrations.AddField("unfinisheditem", "icon", models.CharField(
            "icon", max_length=20, choices=ICONS, blank=True, default="", help_text="Tapped by the crew on the phone.")),
        migrations.RunSQL("".join(f"update catalog_unfinisheditem set icon = '{icon}' where name = '{name}';" for name, icon in KNOWN.items()),
                          migrations.RunSQL.noop),
    ]
