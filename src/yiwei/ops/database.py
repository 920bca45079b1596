"""Which database we talk to, and as whom.

Two roles. The OWNER owns the database and its tables, runs migrations and makes backups (it
passes row-level security). The APP role `yiwei_app` is what the application signs in as: it owns
nothing and cannot pass row-level security. Grants are installed by the kernel after migrate.

- nothing set: the embedded server, database `yiwei` (YIWEI_DB_NAME), passwords in `var/secrets`
- DATABASE_URL: the owner's connection to a server of yours; `yiwei_app` is made there if allowed
- YIWEI_APP_DATABASE_URL: the app role's connection, where the owner may not make roles
- YIWEI_CLUSTER=test: the test cluster, a data directory of its own
"""

import os
from contextlib import contextmanager, nullcontext

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from yiwei.ops import paths
from yiwei.ops.server import Cluster

OWNER_ROLE = "yiwei_owner"
APP_ROLE = "yiwei_app"
EXTENSIONS = ("btree_gin", "btree_gist", "citext")


def external():
    """The owner's URL of a given server, or None when the embedded one is used."""
    return os.environ.get("DATABASE_URL") or None


def cluster():
    """The embedded server of this environment."""
    testing = os.environ.get("YIWEI_CLUSTER") == "test"
    return Cluster("pg-test", throwaway=True) if testing else Cluster("pg")


def database_name():
    default = conninfo_to_dict(external()).get("dbname", "yiwei") if external() else "yiwei"
    return os.environ.get("YIWEI_DB_NAME") or default


def owner_dsn(database=None):
    """Connection string of the owner."""
    database = database or database_name()
    if external():
        return make_conninfo(external(), dbname=database)
    return cluster().dsn(OWNER_ROLE, paths.secret("pg_owner"), database)


def app_dsn(database=None):
    """Connection string of the role the application signs in as."""
    database = database or database_name()
    if os.environ.get("YIWEI_APP_DATABASE_URL"):
        return make_conninfo(os.environ["YIWEI_APP_DATABASE_URL"], dbname=database)
    if external():
        return make_conninfo(external(), user=APP_ROLE, password=paths.secret("pg_app"), dbname=database)
    return cluster().dsn(APP_ROLE, paths.secret("pg_app"), database)


def app_role():
    """The name of the app role on this server."""
    return conninfo_to_dict(app_dsn())["user"]


def owner_role():
    """The name of the owner on this server."""
    return conninfo_to_dict(owner_dsn())["user"]


def django_settings(dsn):
    """A Django DATABASES entry for a connection string."""
    parts = conninfo_to_dict(dsn)
    entry = {"ENGINE": "django.db.backends.postgresql"}
    for key in ("user", "password", "host", "port"):
        entry[key.upper()] = str(parts.pop(key, ""))
    entry["NAME"] = parts.pop("dbname")
    entry["OPTIONS"] = parts
    return entry


def running():
    """A context in which the server runs: started for it when it did not."""
    return nullcontext() if external() else cluster()


def ensure_roles():
    """Make the roles, and for the embedded server the database and its extensions. May be repeated."""
    if external():
        _ensure_external_app_role()
        return
    with psycopg.connect(cluster().superuser_dsn(), autocommit=True) as connection:
        connection.execute(_ONE_AT_A_TIME)
        _role(connection, OWNER_ROLE, "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE BYPASSRLS", paths.secret("pg_owner"))
        _role(connection, APP_ROLE, _APP_RIGHTS, paths.secret("pg_app"))
        # so that the owner can drop a database from under the app role's connections
        connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER_ROLE)))
        create_database(database_name())


_ONE_AT_A_TIME = "SELECT pg_advisory_lock(hashtext('yiwei ensure_roles'))"
_APP_RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"


def administration():
    """The owner's connection from which databases are made and dropped."""
    return psycopg.connect(owner_dsn("postgres"), autocommit=True)


def create_database(name, template=None):
    """Make the owner's database unless it exists; from a template when given. True when made."""
    with administration() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        connection.execute(statement)
        connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    if not template:
        with psycopg.connect(owner_dsn(name), autocommit=True) as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(app_role())))
    return True


def analyze(name):
    """Count the tables anew after very many rows came at once; the planner works from these counts until autovacuum comes by."""
    with psycopg.connect(owner_dsn(name), autocommit=True) as connection:
        connection.execute("ANALYZE")


def drop_database(name):
    """Drop a database together with whoever is still connected."""
    with administration() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
            connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def environment(**values):
    """The process environment with some values set for a while."""
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key, None)
            if value is not None:
                os.environ[key] = value


def _ensure_external_app_role():
    """On a given server: make the app role, or say which variable to set instead."""
    with psycopg.connect(external(), autocommit=True) as connection:
        connection.execute(_ONE_AT_A_TIME)
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        if not os.environ.get("YIWEI_APP_DATABASE_URL"):
            try:
                _role(connection, APP_ROLE, _APP_RIGHTS, paths.secret("pg_app"))
            except psycopg.errors.InsufficientPrivilege as error:
                raise SystemExit(
                    f"The user of DATABASE_URL may not make the role {APP_ROLE}. Have it made on the server "
                    f"({_APP_RIGHTS}) and set YIWEI_APP_DATABASE_URL to its connection."
                ) from error
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(app_role())))
    with psycopg.connect(app_dsn()) as connection:
        question = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        if connection.execute(question).fetchone()[0]:
            raise SystemExit(f"The app role {app_role()} may pass row-level security; take that right away first.")


def _role(connection, name, rights, password):
    """Make a role or bring it to these rights and this password."""
    question = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    exists = connection.execute(question, [name]).fetchone()
    if exists and external():
        rights = "LOGIN"  # naming the others, even to take them away, is for superusers before PostgreSQL 16
    statement = sql.SQL("{} ROLE {} {} PASSWORD {}").format(
        sql.SQL("ALTER" if exists else "CREATE"), sql.Identifier(name), sql.SQL(rights), sql.Literal(password)
    )
    connection.execute(statement)
