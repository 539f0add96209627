#!/bin/sh
# Everything that a checkout needs, in its own environment (.venv). Needs Python 3.11 or later with pip and venv.
#
#   sh run.sh demo          the main job on a made-up district
#   sh run.sh test [ARG…]   the tests
#   sh run.sh lint          ruff, mypy, import contracts
#   sh run.sh lock [check]  make (or compare) the pins in pyproject.toml and requirements.lock
#   sh run.sh COMMAND …     any xuncha command, e.g. sh run.sh import registry/*.csv
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
venv="$here/.venv"
bin="$venv/bin"

find_python() {
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "需要带 pip 和 venv 的 Python 3.11 或更高版本（Debian 上：apt install python3-venv），可用环境变量 PYTHON 指定。" >&2
    exit 1
}

install() {
    wanted=$(cat "$here/requirements.lock" "$here/pyproject.toml" | cksum)
    [ "$(cat "$venv/installed" 2>/dev/null)" = "$wanted" ] && return
    python=$(find_python)
    echo "正在准备运行环境 .venv（仅首次或依赖变化时）……" >&2
    "$python" -m venv --clear "$venv"
    "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements.lock" >&2
    "$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e "$here" >&2
    echo "$wanted" > "$venv/installed"
}

install
case "${1:-}" in
    test)
        shift
        cd "$here" && exec "$bin/python" -m pytest -n auto --maxprocesses 4 --dist loadfile "$@"
        ;;
    lint)
        cd "$here"
        "$bin/ruff" check .
        "$bin/ruff" format --check .
        "$bin/mypy"
        exec "$bin/lint-imports"
        ;;
    lock)
        shift
        exec "$bin/python" "$here/tools/lock.py" "$@"
        ;;
    *)
        exec "$bin/xuncha" "$@"
        ;;
esac
