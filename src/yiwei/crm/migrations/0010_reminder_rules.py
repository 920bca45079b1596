"""The days a dealer had set until managers are told and until the pool are kept as rules of reminding."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("crm", "0009_joint_owner"), ("kernel", "0007_reminders")]

    operations = [
        migrations.RunSQL(
            """
            insert into kernel_reminderrule (tenant_id, version, created_at, updated_at, active, cause, stage, level, days, warn_days,
              repeat, tell, escalate_after, escalate_to, channel)
            select tenant_id, 1, now(), now(), true, case name when 'pool_after_days' then 'crm.pool' else 'crm.silent' end, '', '',
              value, case name when 'pool_after_days' then least(3, value - 1) else 0 end, case name when 'pool_after_days' then 1 else 7 end,
              case name when 'pool_after_days' then '["owner"]'::jsonb else '["owner", "store_manager"]'::jsonb end, 0, '[]'::jsonb, 'bell'
            from kernel_parameter where name in ('pool_after_days', 'warn_after_days')
            on conflict do nothing;
            delete from kernel_parameter where name in ('pool_after_days', 'warn_after_days');
            """,
            """
            insert into kernel_parameter (tenant_id, version, created_at, updated_at, name, value)
            select tenant_id, 1, now(), now(), case cause when 'crm.pool' then 'pool_after_days' else 'warn_after_days' end, days
            from kernel_reminderrule where cause in ('crm.pool', 'crm.silent') and stage = '' and level = ''
            on conflict do nothing;
            """),
    ]
