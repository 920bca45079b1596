"""What has been done to the database, and bringing its tables up to date."""

import json

import psycopg
from psycopg import sql

from yiwei.ops import database, paths
from yiwei.ops.supervisor import say

BEGUN = "begun"  # the demo dealer is not finished; the next start goes on


def bring_up_to_date():
    """Run the migrations when the schema files have changed since the last time. False if they fail."""
    from yiwei.ops import manage

    wanted = paths.digest(paths.schema_files())
    if read_state().get("schema") == wanted:
        return True
    say("Bringing the tables up to date ...")
    if manage.django("migrate", "--no-input", "--verbosity=0").returncode:
        say("The tables could not be brought up to date (see above).")
        return False
    write_state(schema=wanted)
    return True


def read_state(name=None):
    """What has been done to this database: kept as its comment, so that it goes where the database goes."""
    with psycopg.connect(database.owner_dsn(name), autocommit=True) as connection:
        question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        text = connection.execute(question).fetchone()[0]
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def write_state(**changes):
    """Note what has been done to this database."""
    return keep_state(read_state() | changes)


def keep_state(state, name=None):
    """Put a whole state in place of what is noted, say that of a backup."""
    with psycopg.connect(database.owner_dsn(name), autocommit=True) as connection:
        base = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(base, sql.Literal(json.dumps(state))))
    return state


def holds_anything(but=None):
    """Is there a dealer or an administrator of the platform? `but` is the code of a dealer that was begun here: only others count."""
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        question = ("SELECT EXISTS (SELECT FROM kernel_tenant WHERE code IS DISTINCT FROM %(but)s)"
                    " OR %(but)s IS NULL AND EXISTS (SELECT FROM platform_administrator)")
        return connection.execute(question, {"but": but}).fetchone()[0]
