"""The unit file and the container file are such as the machine takes, and keep the service's promises."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.serving import GRACE_SECONDS

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "packaging" / "xuncha.service"


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read_string(UNIT.read_text(encoding="utf-8"))
    return read


def test_systemd_takes_the_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    program = tmp_path / "xuncha"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = tmp_path / "xuncha.service"
    text = UNIT.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/xuncha/.venv/bin/xuncha", str(program)), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    told = [line for line in verified.stderr.splitlines() if "xuncha" in line]
    assert (verified.returncode, told) == (0, [])


def test_the_unit_waits_longer_than_the_service_takes_to_end():
    assert int(unit()["Service"]["TimeoutStopSec"]) > GRACE_SECONDS + 3


def test_a_mistake_in_the_settings_does_not_start_the_service_again_and_again():
    assert unit()["Service"]["RestartPreventExitStatus"] == "2"


def test_the_container_file_copies_only_what_there_is():
    text = (ROOT / "packaging" / "Containerfile").read_text(encoding="utf-8")
    sources = [source for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE) for source in line.split()[:-1]]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
