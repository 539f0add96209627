"""The store over both databases: a fresh SQLite file, and a private PostgreSQL where one is installed."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from monitor.store import Store


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL that answers on a socket in ``folder`` alone."""

    folder: Path
    numbers: Iterator[int]

    def fresh_url(self) -> str:
        """A new, empty database."""
        name = f"xuncha_{next(self.numbers)}"
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    binaries = _binaries()
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="xuncha-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        data = folder / "data"
        options = {"user": user, "extra_groups": [], "cwd": folder} if user else {"cwd": folder}
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, **options)
        flags = f"-c listen_addresses='' -c fsync=off -k {folder}"
        start = [binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", flags]
        subprocess.run([*start, "start"], check=True, capture_output=True, **options)
        try:
            yield Cluster(folder, itertools.count())
        finally:
            subprocess.run([*start, "-m", "immediate", "stop"], check=True, capture_output=True, **options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/record.db"
    return request.getfixturevalue("postgresql").fresh_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


def _binaries() -> Path:
    candidates = [Path(found).parent for found in [shutil.which("initdb")] if found]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    pytest.skip("PostgreSQL is not installed here (no initdb and pg_ctl)")


def _user() -> str | None:
    """Whom to run the server as: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")
