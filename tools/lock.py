"""Make the pins in pyproject.toml and the hashes in requirements.lock again, or compare them (``check``).

uv.lock is not kept: it records the addresses of one machine's package index. What is kept names no host:
exact versions under ``[tool.uv] constraint-dependencies``, and the same set with hashes in requirements.lock.
``upgrade`` forgets the pins first.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEGIN = "# pins: made by `sh run.sh lock`\n"
END = "# end of pins\n"
EXPORT = ["export", "--quiet", "--no-annotate", "--no-header", "--no-emit-project", "--all-groups", "--all-extras"]


def main(mode: str = "write") -> int:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if mode == "upgrade":
        pyproject = with_pins(pyproject, [])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "README.md", folder)
        (Path(folder) / "pyproject.toml").write_text(pyproject, encoding="utf-8")
        pins = [line for line in export(folder, "--no-hashes").splitlines() if line.strip()]
        hashes = export(folder)
    wanted = {"pyproject.toml": with_pins(pyproject, pins), "requirements.lock": hashes}
    stale = [name for name, text in wanted.items() if current(name) != text]
    if mode == "check":
        for name in stale:
            print(f"{name} does not match the dependencies: run `sh run.sh lock`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(wanted[name], encoding="utf-8")
        print(f"wrote {name}")
    return 0


def export(folder: str, *options: str) -> str:
    command = [sys.executable, "-m", "uv", *EXPORT, *options]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def with_pins(pyproject: str, pins: list[str]) -> str:
    head, rest = pyproject.split(BEGIN, 1)
    _, tail = rest.split(END, 1)
    listed = "".join(f'    "{pin}",\n' for pin in pins)
    return f"{head}{BEGIN}constraint-dependencies = [\n{listed}]\n{END}{tail}"


def current(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
