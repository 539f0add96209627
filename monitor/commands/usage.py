"""What the argument parser finds wrong, in Chinese."""

from __future__ import annotations

import re

from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

__all__ = ["NoArgsIsHelpError", "UsageError", "usage_message"]


def usage_message(error: UsageError) -> str:
    """One sentence that names the place, and how to see the right usage."""
    path = error.ctx.command_path if error.ctx else "xuncha"
    return f"{_fault(error)}。用法见 {path} --help"


def _fault(error: UsageError) -> str:
    match error:
        case NoSuchOption():
            near = f"，是否指 {'、'.join(sorted(error.possibilities))}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case MissingParameter():
            return f"缺少 {_hint(error)}"
        case BadOptionUsage():
            return f"选项 {error.option_name} 缺少值"
        case BadParameter():
            return f"{_hint(error)} 的值不对：{_cause(error.message)}"
    if command := re.match(r"No such command '(.+)'", error.message):
        return f"没有命令 {command[1]}"
    if extra := re.match(r"Got unexpected extra argument.*? \((.+)\)$", error.message):
        return f"多出了参数 {extra[1]}"
    return error.message


def _hint(error: BadParameter) -> str:
    return error.param.get_error_hint().strip("'") if error.param else "参数"


def _cause(message: str) -> str:
    if choice := re.search(r"'(.+)' is not one of (.+?)\.?$", message):
        return f"“{choice[1]}”不在可选的 {choice[2]} 之中"
    return message.removeprefix("Value error, ")
