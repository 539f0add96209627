"""What the documents say is so: their tables, commands, links and examples against the program."""

from __future__ import annotations

import re
import shlex
import textwrap
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from checks import ListReading, all_checks
from checks.core import registry
from checks.core.assess import Status, assess
from checks.core.model import AccountStatus, ColumnCategory, Level, SiteKind, SiteStatus
from checks.core.observations import History
from checks.core.standard import load_standard
from monitor.cli import GLOBAL_OPTIONS, cli, globals_first
from monitor.commands.reading import FINDING_FIELDS
from monitor.probes.account_source import adapters
from monitor.registry.headers import TABLES
from monitor.settings import Settings
from tests.checks.facts import NOW, SITE, ago, day, reading

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(ROOT.glob("*.md"))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def table(text: str, head: str) -> list[list[str]]:
    """The rows of the Markdown table whose first header is ``head``."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {head} |"):
            assert next(lines).startswith("|---")
            rows = []
            for row in lines:
                if not row.startswith("|"):
                    break
                rows.append([cell.strip() for cell in row.strip("|").split(" | ")])
            return rows
    raise AssertionError(f"there is no table with the head {head}")


def quoted(text: str) -> list[str]:
    """What stands between backticks, code blocks left out."""
    prose = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for _, code in found]


def command_tree() -> dict[tuple[str, ...], click.Command]:
    """Every command by its words."""

    def walk(command: click.Command, words: tuple[str, ...]) -> dict[tuple[str, ...], click.Command]:
        below = getattr(command, "commands", None)
        if below is None:
            return {words: command}
        return {k: c for name, each in below.items() for k, c in walk(each, (*words, name)).items()}

    return walk(typer.main.get_command(cli), ())


# Settings


def settings_defaults() -> dict[str, Any]:
    return {
        f"{section}.{key}": getattr(values, key) for section, values in Settings() for key in type(values).model_fields
    }


def test_readme_lists_every_settings_key_with_its_default_and_no_other():
    shown: dict[str, str] = {}
    for keys, default, meaning in table(read("README.md"), "key"):
        assert meaning
        shown |= dict.fromkeys(quoted(keys), default.strip("`"))
    defaults = settings_defaults()
    assert sorted(shown) == sorted(defaults)
    for key, default in defaults.items():
        if key == "network.user_agent":
            assert re.fullmatch(re.escape(shown[key]).replace("…", ".+"), default)
        elif isinstance(default, str):
            assert shown[key] == default
        else:
            [value] = tomllib.loads(f"value = {shown[key]}").values()
            assert (tuple(value) if isinstance(value, list) else value) == default, key


def test_readme_names_every_edition_and_each_can_be_loaded():
    editions = {path.stem for path in (ROOT / "checks" / "standards").glob("*.toml")}
    for document in READMES:
        assert editions <= set(quoted(document.read_text(encoding="utf-8"))), document.name
    for edition in editions:
        assert load_standard(edition).edition == edition


# Commands


def test_readme_names_every_command_and_no_other():
    shown: set[tuple[str, ...]] = set()
    for names, meaning in table(read("README.md"), "command"):
        assert meaning
        first, *more = [tuple(re.findall(r"\b[a-z][a-z-]+\b", name)) for name in quoted(names)]
        shown.add(first)
        group = first[:1] if first[:1] in {words[:1] for words in command_tree() if len(words) == 2} else ()
        shown |= {words if words[: len(group)] == group else (*group, *words) for words in more}
    assert shown == set(command_tree())


def shell_lines() -> list[Any]:
    found = []
    for document in DOCUMENTS:
        for code in blocks(document.read_text(encoding="utf-8"), "sh"):
            for line in code.splitlines():
                if line.startswith("sh run.sh"):
                    found.append(pytest.param(line, id=f"{document.name}: {line.partition('#')[0].strip()}"))
    return found


def own_commands_of_run_sh() -> set[str]:
    return set(re.findall(r"^    ([a-z]+)\)$", read("run.sh"), re.MULTILINE))


@pytest.mark.parametrize("line", shell_lines())
def test_every_command_shown_in_readme_and_its_like_can_be_given(line):
    words = shlex.split(line, comments=True)[2:]
    if words[0] in own_commands_of_run_sh():
        return
    root = typer.main.get_command(cli)
    tree = command_tree()
    [name] = [name for name in tree if tuple(words[: len(name)]) == name]
    assert globals_first(words) == words
    # Reads the arguments as the program would, and carries nothing out.
    tree[name].make_context(name[-1], words[len(name) :], parent=click.Context(root, obj=None))


def test_readme_opens_with_the_demo_and_the_tests():
    for document in READMES:
        first, *_ = blocks(document.read_text(encoding="utf-8"), "sh")
        commands = [" ".join(shlex.split(line, comments=True)) for line in first.splitlines()]
        assert commands == ["sh run.sh demo", "sh run.sh test"], document.name


def test_run_sh_handles_both_commands_of_readme():
    script = read("run.sh")
    assert "test" in own_commands_of_run_sh()
    assert re.search(r"test\)\s+shift\s+cd \"\$here\" && exec \"\$bin/python\" -m pytest [^;&|]*\"\$@\"", script)
    assert re.search(r"\*\)\s+exec \"\$bin/xuncha\" \"\$@\"", script)
    assert ("demo",) in command_tree()
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert project["scripts"] == {"xuncha": "monitor.cli:main"}


def test_run_sh_says_at_its_head_what_it_handles():
    told = set(re.findall(r"^#   sh run\.sh ([a-z]+)", read("run.sh"), re.MULTILINE))
    assert told == own_commands_of_run_sh() | {"demo"}


def test_readme_names_the_global_options():
    for option in GLOBAL_OPTIONS:
        assert f"`{option} " in read("README.md")


def test_readme_lists_the_fields_of_findings_in_json():
    shown = [name for names, _ in table(read("README.md"), "field") for name in quoted(names)]
    assert sorted(shown) == sorted([*FINDING_FIELDS, "outcome", "status_code"])


# Checks


@pytest.mark.parametrize("document", READMES, ids=lambda path: path.name)
def test_readme_lists_every_check_and_no_other(document):
    text = document.read_text(encoding="utf-8")
    rows = table(text, "id" if "| id |" in text else "检查项")
    assert [quoted(row[0])[0] for row in rows if row[2]] == [quoted(row[0])[0] for row in rows]
    assert sorted(quoted(row[0])[0] for row in rows) == sorted(all_checks())


# Registry


@pytest.mark.parametrize("document", READMES, ids=lambda path: path.name)
def test_readme_lists_the_headers_of_the_registry_in_order(document):
    text = document.read_text(encoding="utf-8")
    shown = {}
    for kind, headers in table(text, "kind" if "| kind |" in text else "种类"):
        plain = re.sub(r"\s*[（(][^（()）]*[)）]", "", headers)
        shown[kind] = re.split(r"[,、]\s*", plain)
    names = "kind" if "| kind |" in text else "title"
    assert shown == {str(getattr(t, names)): [header.name for header in t.headers] for t in TABLES.values()}


@pytest.mark.parametrize("document", READMES, ids=lambda path: path.name)
@pytest.mark.parametrize("values", [SiteKind, SiteStatus, ColumnCategory, AccountStatus, Level])
def test_readme_names_every_value_that_a_cell_of_the_registry_may_have(document, values):
    text = document.read_text(encoding="utf-8")
    assert [value for value in values if value not in text] == []


@pytest.mark.parametrize("document", READMES, ids=lambda path: path.name)
def test_readme_names_every_way_of_asking_an_account(document):
    assert set(adapters()) <= set(quoted(document.read_text(encoding="utf-8")))


# Links and places


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_local_link_leads_somewhere(document):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    local = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:|#", link)]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_place_in_the_tree_that_is_named_is_there(document):
    made_up = {"checks/gazette.py"}
    named = quoted(document.read_text(encoding="utf-8"))
    places = {name for name in named if re.fullmatch(r"[a-z_.]+(/[\w.*-]*)+|[a-z_]+\.py", name)} - made_up
    known = [ROOT, *(ROOT / name for name in ("monitor", "monitor/extract", "monitor/probes", "checks/core"))]
    assert [place for place in places if not any(list(folder.glob(place.rstrip("/"))) for folder in known)] == []


def test_readme_and_its_fellows_are_all_reached_from_readme():
    links = set(re.findall(r"\]\(([^)#\s]+)\)", read("README.md")))
    assert {path.name for path in DOCUMENTS} - {"README.md"} <= links


# Examples


@pytest.fixture
def example() -> Any:
    """The check of CONTRIBUTING as declared, and forgotten after the test."""
    [code] = [code for code in blocks(read("CONTRIBUTING.md"), "python") if "@check(" in code]
    all_checks()  # all that are there are known before it comes
    before = set(registry._declared)
    try:
        exec(compile(code, "CONTRIBUTING.md", "exec", dont_inherit=True), {"__name__": "checks.gazette"})
        [declared] = set(registry._declared) - before
        yield registry._declared[declared]
    finally:
        for id in set(registry._declared) - before:
            del registry._declared[id]


@pytest.mark.parametrize(("age", "status"), [(2, Status.PASSED), (3, Status.FAILED), (4, Status.FAILED)])
def test_the_check_in_contributing_rules_at_its_limit(example, age, status):
    facts = History([reading(ago(hours=1), day(age), day(30), of=SITE)])
    ruling = assess(example, SITE, facts, limits=example.limits, now=NOW)
    assert (ruling.status, ruling.reason) == (status, "")
    for finding in ruling.findings:
        assert f"已 {age} 天未上网（限 3 天）" in finding.text
        assert finding.evidence
        assert finding.advice


def test_the_check_in_contributing_is_untested_where_it_saw_nothing(example):
    unreadable = reading(ago(hours=1), of=SITE, readable=False, reason="列表由脚本载入")
    for facts in (History(), History([unreadable])):
        assert assess(example, SITE, facts, limits=example.limits, now=NOW).status is Status.UNTESTED


def test_the_limits_of_the_check_in_contributing_can_be_overridden(example):
    assert example.reads == (ListReading,)
    assert [field.name for field in fields(example.limits)] == ["days"]
    facts = History([reading(ago(hours=1), day(4), of=SITE)])
    assert assess(example, SITE, facts, limits=replace(example.limits, days=5), now=NOW).status is Status.PASSED


def test_the_example_leaves_no_check_behind():
    assert "site.gazette" not in all_checks()
    assert "site.gazette" not in registry._declared
