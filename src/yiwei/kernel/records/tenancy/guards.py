"""What the database itself enforces, derived from the models and installed after every migration.

Row-level security on every tenant table, composite keys so that no row points into another tenant, moves of
a flow, the audit, append-only tables, and the rights of the application's role. Idempotent.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections

from yiwei.kernel.records import holdings

from .models import HouseModel, Ref, TenantModel
from .sql import FUNCTIONS

# No subquery: plain PostgreSQL reads the setting once per index scan, and a cluster refuses anything else. An operator of the
# platform has a tenant only while its grant is in force (context.entered asks once), and never writes.
SEEN = "tenant_id = nullif(current_setting('app.tenant', true), '')::bigint"
WRITTEN = SEEN + " and coalesce(current_setting('app.operator', true), '') = ''"


def tenant_models():
    """Every concrete model that belongs to a tenant."""
    return [m for m in apps.get_models() if issubclass(m, TenantModel) and m._meta.managed and not m._meta.proxy]


def house_models():
    """Every concrete model of the platform itself."""
    return [m for m in apps.get_models() if issubclass(m, HouseModel) and m._meta.managed]


def install(using="default"):
    """Bring the database's guards in line with the models. Needs the owner of the tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        known = _Known(cursor)
        models = [m for m in tenant_models() if m._meta.db_table in known.tables]
        own = [m for m in house_models() if m._meta.db_table in known.tables]
        for functions in {f for m in (*models, *own) if (f := getattr(m, "database_functions", ""))}:
            cursor.execute(functions)
        if all(h.model._meta.db_table in known.tables for h in holdings.holdings()):
            for function in holdings.functions():
                cursor.execute(function)
        _tenants(cursor, known)
        for model in models:
            for statement in _table(model, known):
                cursor.execute(statement)
        for model in own:
            for statement in _house_table(model, known):
                cursor.execute(statement)
        for model in models:
            for statement in _references(model, known):
                cursor.execute(statement)
        _rights(cursor, models + own)


class _Known:
    """What the catalog already has."""

    def __init__(self, cursor):
        cursor.execute("select relname, relrowsecurity and relforcerowsecurity from pg_class"
                       " where relkind = 'r' and relnamespace = current_schema()::regnamespace")
        self.tables = dict(cursor.fetchall())
        cursor.execute("select relname, reloptions from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace")
        self.counted_early = dict(cursor.fetchall())
        cursor.execute("select conname from pg_constraint where connamespace = current_schema()::regnamespace")
        self.constraints = {r[0] for r in cursor.fetchall()}
        cursor.execute("select indexname, indexdef from pg_indexes where schemaname = current_schema()")
        self.indexes = {r[0] for r in cursor.fetchall()}
        cursor.execute("select tablename, policyname from pg_policies where schemaname = current_schema()")
        self.policies = set(cursor.fetchall())
        cursor.execute("select t.relname, array_agg(a.attname::text order by k.place) from pg_constraint c"
                       " join pg_class t on t.oid = c.conrelid cross join unnest(c.conkey) with ordinality k(column_, place)"
                       " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.column_"
                       " where c.contype = 'p' and c.connamespace = current_schema()::regnamespace group by 1")
        self.keys = dict(cursor.fetchall())
        cursor.execute("select c.relname, t.tgname, pg_get_triggerdef(t.oid) from pg_trigger t"
                       " join pg_class c on c.oid = t.tgrelid where not t.tgisinternal")
        self.triggers = {(r[0], r[1]): r[2] for r in cursor.fetchall()}


def _short(*parts):
    name = "_".join(parts)
    if len(name) <= 60:
        return name
    import hashlib
    return name[:50] + "_" + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:8]


def _table(model, known):
    table = model._meta.db_table
    yield from _fence(table, known)
    if (table, "tenant") not in known.policies:
        yield f'create policy tenant on "{table}" using ({SEEN}) with check ({WRITTEN})'
    if known.keys[table] != ["tenant_id", model._meta.pk.column]:
        # the composite references need it, and a cluster spreads only tables whose keys hold the tenant
        yield f'alter table "{table}" drop constraint "{table}_pkey"'
        yield f'alter table "{table}" add constraint "{table}_pkey" primary key (tenant_id, "{model._meta.pk.column}")'
    if known.counted_early.get(table) is None:
        # plans are made once for all values, so the first rows of a new table must be counted soon
        yield f'alter table "{table}" set (autovacuum_analyze_threshold = 20, autovacuum_analyze_scale_factor = 0.05)'
    yield from _triggers(model, table, known)


def _fence(table, known):
    if not known.tables[table]:
        yield f'alter table "{table}" enable row level security'
        yield f'alter table "{table}" force row level security'


def _house_table(model, known):
    table = model._meta.db_table
    yield from _fence(table, known)
    if (table, "house") not in known.policies:
        yield f'create policy house on "{table}" using ({model.fence}) with check ({model.fence})'
    yield from _triggers(model, table, known)


def _triggers(model, table, known):
    wanted = {}
    if model.audited:
        wanted["kernel_audit"] = "after insert or update or delete {on} for each row execute function kernel_audit('{table}')"
    if model.append_only:
        wanted["kernel_append_only"] = "before update or delete {on} for each row execute function kernel_refuse()"
    if model.flow:
        pairs = ",".join(sorted(f"{a}>{b}" for a, b in model.flow.moves))
        wanted["kernel_flow"] = ("before update of state {on} for each row when (old.state is distinct from new.state)"
                                 f" execute function kernel_flow('{pairs}')")
    wanted.update(holdings.triggers(model))
    wanted.update(getattr(model, "triggers", {}))
    for name, body in wanted.items():
        sql = f'create or replace trigger {name} ' + body.format(on=f'on "{table}"', table=table)
        yield sql
    for (owner, name) in known.triggers:
        if owner == table and name not in wanted and not name.startswith("procrastinate"):
            yield f'drop trigger "{name}" on "{table}"'
    if model.flow:
        check = _short(table, "state_known")
        states = ", ".join(f"'{s.code}'" for s in model.flow.states)
        yield f'alter table "{table}" drop constraint if exists "{check}"'
        yield f'alter table "{table}" add constraint "{check}" check (state in ({states})) not valid'


def _references(model, known):
    table = model._meta.db_table
    led = {tuple(_columns(model, i.fields)) for i in model._meta.indexes if i.fields}
    led |= {tuple(_columns(model, c.fields)) for c in model._meta.constraints if getattr(c, "fields", None)}
    for f in model._meta.local_fields:
        if not isinstance(f, Ref):
            continue
        target = f.related_model._meta
        name = _short(table, f.column, "in_tenant")
        if name not in known.constraints:
            yield (f'alter table "{table}" add constraint "{name}" foreign key (tenant_id, "{f.column}")'
                   f' references "{target.db_table}" (tenant_id, "{target.pk.column}")')
        index = _short(table, f.column, "by_tenant")
        if index not in known.indexes and not any(i[:2] == ("tenant_id", f.column) for i in led):
            yield f'create index "{index}" on "{table}" (tenant_id, "{f.column}")'


def _tenants(cursor, known):
    """The application sees and changes only its own tenant's row; new ones come from kernel_open_tenant()."""
    cursor.execute("alter table kernel_tenant enable row level security")
    # rows name their dealer without a constraint, so no dealer goes
    cursor.execute("create or replace trigger kernel_stays before delete on kernel_tenant for each row execute function kernel_refuse()")
    if ("kernel_tenant", "own") not in known.policies:
        seen, written = (rule.replace("tenant_id", "id", 1) for rule in (SEEN, WRITTEN))
        cursor.execute(f"create policy own on kernel_tenant using ({seen}) with check ({written})")


def _columns(model, names):
    return [model._meta.get_field(n.lstrip("-")).column for n in names]


def _rights(cursor, models):
    app = settings.YIWEI_APP_ROLE
    cursor.execute("select 1 from pg_roles where rolname = %s", [app])
    if not cursor.fetchone():
        return
    cursor.execute(f'grant usage on schema public to "{app}"')
    # a temporary table could stand before a real one in the eyes of a trigger
    cursor.execute("select current_database()")
    cursor.execute(f'revoke temporary on database "{cursor.fetchone()[0]}" from public, "{app}"')
    cursor.execute(f'grant select, insert, update, delete on all tables in schema public to "{app}"')
    cursor.execute(f'grant usage, select on all sequences in schema public to "{app}"')
    cursor.execute(f'grant execute on all functions in schema public to "{app}"')
    cursor.execute(f'revoke insert, update, delete on django_migrations from "{app}"')
    for model in apps.get_models():
        if getattr(model, "hidden_from_app", False):
            cursor.execute(f'revoke all on "{model._meta.db_table}" from "{app}"')
    for model in models:
        if model.append_only:
            cursor.execute(f'revoke update, delete, truncate on "{model._meta.db_table}" from "{app}"')
        if getattr(model, "written_by_trigger", False):
            cursor.execute(f'revoke insert, update, delete, truncate on "{model._meta.db_table}" from "{app}"')
