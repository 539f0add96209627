"""Times the import of 1,000 sites, 10,000 columns and 5,000 accounts from CSV, twice. A script, not a test."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from monitor.registry import Kind, export_csv, import_files
from monitor.store import Store
from tests.bench.district import make_district


def main() -> None:
    district = make_district()
    tables = {Kind.SITES: district.sites, Kind.COLUMNS: district.columns, Kind.ACCOUNTS: district.accounts}
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for kind, records in tables.items():
            file = Path(folder, f"{kind}.csv")
            file.write_text(export_csv(kind, records), encoding="utf-8", newline="")
            files.append(file)
        store = Store.open(f"sqlite:///{folder}/import.db")
        for turn in ("first", "again"):
            began = time.monotonic()
            changes = import_files(store, files)
            print(
                f"{turn}: {len(changes.added):,} added, {len(changes.changed):,} changed, "
                f"{changes.unchanged:,} unchanged in {time.monotonic() - began:.1f} s"
            )
        store.close()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
