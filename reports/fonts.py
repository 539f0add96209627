"""Which font file of this machine has Chinese, for the lettering of charts. Documents only name their fonts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

# 字形取样：常用字、人名用字、计量符号；缺字的字库不用
SAMPLE = "巡查网站镕㎡"

# 按优先次序；比对文件名开头（小写）
_KNOWN = (
    "notoserifcjk-regular",
    "notosanscjk-regular",
    "sourcehanserif",
    "sourcehansans",
    "simsun",
    "simhei",
    "msyh",
    "simfang",
    "stsong",
    "songti",
    "pingfang",
    "stheiti",
    "hiragino sans gb",
    "wqy-microhei",
    "wqy-zenhei",
    "lxgwwenkai",
    "uming",
    "droidsansfallback",
)
_SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
_FACES = 12  # 一个字库集最多看这么多款


@dataclass(frozen=True, slots=True)
class FontFile:
    """A face within a font file."""

    path: Path
    index: int
    name: str


def chinese_font(folders: Sequence[Path] | None = None) -> FontFile | None:
    """The best Chinese face among the files in ``folders``, or in the system's; ``None`` where there is none."""
    files = sorted(_files(_system_folders() if folders is None else folders))
    for beginning in _KNOWN:
        for path in files:
            if path.name.lower().startswith(beginning) and (face := font_in(path)):
                return face
    return None


def font_in(path: Path) -> FontFile | None:
    """The face of a file that has all of ``SAMPLE``, the simplified one where there are several; else ``None``."""
    found: list[FontFile] = []
    for index in range(_FACES):
        try:
            face = ImageFont.truetype(str(path), 20, index=index)
        except OSError:
            break
        if _has(face, SAMPLE):
            found.append(FontFile(path, index, str(face.getname()[0])))
    return min(found, key=lambda face: ("Mono" in face.name, "SC" not in face.name, face.index), default=None)


def _has(face: ImageFont.FreeTypeFont, text: str) -> bool:
    """Whether no character is drawn as the box of a missing one."""
    missing = bytes(face.getmask("\U0010ffff"))
    return all(bytes(face.getmask(character)) not in (missing, b"") for character in text)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for parent, _, names in os.walk(folder):
            yield from (Path(parent) / name for name in names if name.lower().endswith(_SUFFIXES))


def _system_folders() -> list[Path]:
    home = Path(os.path.expanduser("~"))
    return [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/Library/Fonts"),
        Path("/System/Library/Fonts"),
        home / "Library/Fonts",
        Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
    ]
