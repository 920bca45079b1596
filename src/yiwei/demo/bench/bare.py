"""The row writes of one life cycle, recorded by triggers, and done again by bare psycopg on plain copies of the tables."""

import time
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

RECORDER = """
create schema bench;
create table bench.log (seq bigserial, tx bigint, op text, tab text, now jsonb, old jsonb);
create function bench.note() returns trigger language plpgsql security definer as $$ begin
  insert into bench.log (tx, op, tab, now, old) values (pg_current_xact_id()::text::bigint, tg_op, tg_table_name,
    case when tg_op <> 'DELETE' then to_jsonb(new) end, case when tg_op <> 'INSERT' then to_jsonb(old) end);
  return null; end $$;
"""


@dataclass
class Write:
    """One row written: what, where, and with which values."""

    op: str
    table: str
    key: int | None
    values: dict


def tables(line):
    return [r[0] for r in line.execute(
        "select relname from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'public' and relkind = 'r'"
        " and relname not like 'procrastinate%' and relname not like 'django%' order by 1")]


def watch(line):
    """Start recording."""
    line.execute(RECORDER)
    for table in tables(line):
        line.execute(sql.SQL("create trigger zz_bench after insert or update or delete on {} for each row execute function bench.note()")
                     .format(sql.Identifier(table)))


def recorded(line):
    """Stop recording; the writes by transaction: [[Write, …], …]."""
    line.execute("drop function bench.note() cascade")
    out, last = [], None
    for tx, op, table, now, old in line.execute("select tx, op, tab, now, old from bench.log order by seq").fetchall():
        if tx != last:
            out.append([])
            last = tx
        values = now or {}
        if op == "UPDATE":
            values = {k: v for k, v in now.items() if v != old.get(k)}
            if not values:
                continue
        out[-1].append(Write(op, table, (now or old).get("id"), values))
    return [t for t in out if t]


def copy(line):
    """Plain copies of the tables with their indexes, none unique: no triggers, references or row security."""
    for table in tables(line):
        name = sql.Identifier(table)
        line.execute(sql.SQL("create table bench.{t} (like public.{t} including defaults including identity);"
                             " insert into bench.{t} overriding system value select * from public.{t}").format(t=name))
        for (index,) in line.execute("select indexdef from pg_indexes where schemaname = 'public' and tablename = %s", [table]).fetchall():
            line.execute(index.replace("CREATE UNIQUE INDEX", "CREATE INDEX").replace(" ON public.", " ON bench."))
        if line.execute("select pg_get_serial_sequence(%s, 'id')", [f'bench."{table}"']).fetchone()[0] if _has_id(line, table) else None:
            line.execute(sql.SQL("select setval(pg_get_serial_sequence({l}, 'id'), coalesce((select max(id) from bench.{t}), 0) + 1000)")
                         .format(l=sql.Literal(f'bench."{table}"'), t=name))
    line.execute("grant usage on schema bench to public; grant all on all tables in schema bench to public;"
                 " grant all on all sequences in schema bench to public; analyze")


def _has_id(line, table):
    return line.execute("select 1 from information_schema.columns where table_schema = 'public' and table_name = %s and column_name = 'id'",
                        [table]).fetchone() is not None


def facts(line):
    """What the replay must know: references {(table, column): table}, JSON columns, and text columns in unique indexes."""
    references = {(t, c): r for t, c, r in line.execute(
        "select k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text from pg_constraint k, unnest(k.conkey) x"
        " join pg_attribute a on a.attnum = x where a.attrelid = k.conrelid and k.contype = 'f' and a.attname <> 'tenant_id'")}
    kinds = line.execute("select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'").fetchall()
    json = {(t, c) for t, c, k in kinds if k in ("json", "jsonb")}
    texts = {(t, c) for t, c, k in kinds if k in ("character varying", "text")}
    unique = {(t, c) for t, c in line.execute(
        "select i.indrelid::regclass::text, a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid"
        " and a.attnum = any(i.indkey) where i.indisunique")}
    return {"references": references, "json": json, "fresh": texts & unique}


class Replay:
    """Do the writes again and again, each round with new ids and numbers."""

    def __init__(self, dsn, script, known):
        self.line, self.script, self.known = psycopg.connect(dsn), script, known
        self.made = {}
        self.statements = {}

    def round(self, mark):
        self.made = {}
        for transaction in self.script:
            for write in transaction:
                self.do(write, mark)
            self.line.commit()

    def do(self, write, mark):
        key = self.made.get((write.table, write.key), write.key)
        if write.op == "DELETE":
            self.line.execute(self.text(write), [key])
            return
        values = [self.value(write.table, c, v, mark) for c, v in write.values.items() if c != "id"]
        if write.op == "UPDATE":
            self.line.execute(self.text(write), [*values, key])
            return
        made = self.line.execute(self.text(write), values)
        if write.key is not None:
            self.made[write.table, write.key] = made.fetchone()[0]

    def value(self, table, column, value, mark):
        if (table, column) in self.known["json"]:
            return Jsonb(value)
        other = self.known["references"].get((table, column))
        if other and (other, value) in self.made:
            return self.made[other, value]
        if (table, column) in self.known["fresh"] and value:
            return f"{value}{mark}"[-max(len(value), len(str(mark))):]
        return value

    def text(self, write):
        names = tuple(c for c in write.values if c != "id")
        found = self.statements.get((write.op, write.table, names))
        if found is None:
            found = self.statements[write.op, write.table, names] = self.compose(write, names)
        return found

    def compose(self, write, names):
        table = sql.SQL("bench.{}").format(sql.Identifier(write.table))
        if write.op == "DELETE":
            return sql.SQL("delete from {} where id = %s").format(table).as_string()
        if write.op == "UPDATE":
            sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(n)) for n in names)
            return sql.SQL("update {} set {} where id = %s").format(table, sets).as_string()
        back = sql.SQL(" returning id" if write.key is not None else "")
        return sql.SQL("insert into {} ({}) values ({}){}").format(
            table, sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join([sql.Placeholder()] * len(names)), back).as_string()


def work(dsn, script, known, first, seconds):
    """Replay until the time is over: (rounds, seconds)."""
    replay, done, begin = Replay(dsn, script, known), 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        replay.round(first + done)
        done += 1
    replay.line.close()
    return done, time.perf_counter() - begin
