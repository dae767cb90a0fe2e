"""Making sure that what was deleted cannot be read back from the database's own files.

SQLite: deleted text stays in free pages and in the write-ahead log until those are written anew, so the whole file is
rewritten. PostgreSQL: VACUUM gives the place of dead rows free, and it is written over in time; only VACUUM FULL, which
locks each table as long as it runs, removes it at once. Backups, the PostgreSQL archive of write-ahead log, and copies
elsewhere are not reached from here: they are kept no longer than their own term.
"""

from sqlalchemy import Engine


def scrub(database: Engine, full: bool = False) -> str:
    """Rewrite what was freed; returns in one line what was done. `full` locks tables on PostgreSQL."""
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.execute("INSERT INTO search_match(search_match) VALUES ('optimize')")  # words of deleted rows go too
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return "the database file was written anew"
    way = "VACUUM (FULL)" if full else "VACUUM"
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(way)
    return f"{way} was done; what is in backups and archived logs goes when their own term is over"
