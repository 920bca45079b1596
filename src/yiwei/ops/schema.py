"""What has been done to the database, and bringing its tables up to date."""

import json

import psycopg
from psycopg import sql

from yiwei.ops import database, paths
from yiwei.ops.supervisor import say


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


def read_state():
    """What has been done to this database: kept as its comment, so that it goes where the database goes."""
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        text = connection.execute(question).fetchone()[0]
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def write_state(**changes):
    """Note what has been done to this database."""
    state = read_state() | changes
    with psycopg.connect(database.owner_dsn(), autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(json.dumps(state))))
    return state
