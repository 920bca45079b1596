"""A backup, restored elsewhere, is the same database and the same files, row for row."""

import tarfile

import psycopg
import pytest
from psycopg import sql

from yiwei.ops import backup, database


def fingerprint(name):
    """Of every table: how many rows, and a checksum of them all."""
    tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    rows = "SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {} t"
    with psycopg.connect(database.owner_dsn(name), autocommit=True) as connection:
        return {
            table: connection.execute(sql.SQL(rows).format(sql.Identifier(*table))).fetchone()
            for table in connection.execute(tables).fetchall()
        }


@pytest.fixture
def filled(owner_db, live_db, tmp_path):
    """A database with a table behind forced row-level security, and a directory with files."""
    owner_db.execute("CREATE TABLE guarded (id int PRIMARY KEY, note text)")
    owner_db.execute("INSERT INTO guarded SELECT n, '备注 ' || n FROM generate_series(1, 1000) n")
    owner_db.execute("ALTER TABLE guarded ENABLE ROW LEVEL SECURITY")
    owner_db.execute("ALTER TABLE guarded FORCE ROW LEVEL SECURITY")
    owner_db.execute(sql.SQL("GRANT SELECT ON guarded TO {}").format(sql.Identifier(database.app_role())))
    files = tmp_path / "files"
    (files / "合同").mkdir(parents=True)
    (files / "合同" / "一.pdf").write_bytes(b"%PDF" * 5000)
    return owner_db.info.dbname, files


@pytest.fixture
def elsewhere(filled):
    name = f"{filled[0]}_else"
    yield name
    database.drop_database(name)


def test_restored_elsewhere_it_is_the_same(filled, elsewhere, tmp_path):
    name, files = filled
    manifest = backup.write(tmp_path / "all.tar", name=name, files=files)
    assert set(manifest["members"]) == {"database.dump", "files/合同/一.pdf"}

    backup.read(tmp_path / "all.tar", name=elsewhere, files=tmp_path / "new")

    before, after = fingerprint(name), fingerprint(elsewhere)
    assert before[("public", "guarded")][0] == 1000
    assert after == before
    assert (tmp_path / "new" / "合同" / "一.pdf").read_bytes() == b"%PDF" * 5000
    with psycopg.connect(database.app_dsn(elsewhere)) as app:
        assert app.execute("SELECT count(*) FROM guarded").fetchone()[0] == 0  # the fence came along


def test_restore_takes_the_place_of_what_was_there(filled, elsewhere, tmp_path):
    name, files = filled
    backup.write(tmp_path / "all.tar", name=name, files=files)
    target = tmp_path / "new"
    for _ in range(2):
        backup.read(tmp_path / "all.tar", name=elsewhere, files=target)
        (target / "later.txt").write_text("made after the backup")
    backup.read(tmp_path / "all.tar", name=elsewhere, files=target)
    assert not (target / "later.txt").exists()
    assert fingerprint(elsewhere) == fingerprint(name)


def test_damaged_archive_is_refused_and_nothing_is_touched(filled, elsewhere, tmp_path):
    name, files = filled
    archive = tmp_path / "all.tar"
    backup.write(archive, name=name, files=files)
    with tarfile.open(archive) as opened:
        place = opened.getmember("files/合同/一.pdf").offset_data
    with archive.open("r+b") as handle:
        handle.seek(place + 10)
        handle.write(b"X")
    with pytest.raises(backup.BackupError, match="checksum"):
        backup.read(archive, name=elsewhere, files=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_anything_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("not an archive")
    with pytest.raises(backup.BackupError, match="not a backup"):
        backup.unpack(tmp_path / "letter.txt", tmp_path / "work")
