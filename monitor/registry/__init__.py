"""The lists of what is watched: units, sites, columns and accounts, from CSV and XLSX into the database and back."""

from monitor.registry.changes import Change, Record, Registry, RegistryChanges, plan_changes
from monitor.registry.export import export_csv, template
from monitor.registry.headers import Kind
from monitor.registry.importing import import_files
from monitor.registry.reading import read_files

__all__ = [
    "Change",
    "Kind",
    "Record",
    "Registry",
    "RegistryChanges",
    "export_csv",
    "import_files",
    "plan_changes",
    "read_files",
    "template",
]
