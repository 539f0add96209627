"""The page, the styles and the page numbers of a document, as GB/T 9704-2012 asks for them. No content.

A4 with margins of 37, 35, 28 and 26 mm (版心 156 × 225 mm), 22 lines of 28 characters in 仿宋 三号 (clauses 5.1, 5.2).
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm
from lxml import etree

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"

# 没有首选字体的机器按次序用这些
_FALL_BACKS = {
    FANG: "仿宋, FangSong, STFangsong, Noto Serif CJK SC",
    KAI: "楷体, KaiTi, STKaiti, Noto Serif CJK SC",
    TITLE: "华文中宋, STZhongsong, 宋体, Noto Serif CJK SC",
    HEI: "SimHei, STHeiti, Noto Sans CJK SC",
    SONG: "SimSun, STSong, Noto Serif CJK SC",
}
_OFF, _BLACK = 'w:val="0"', 'w:val="000000"'
_PITCH = 579  # 二十分之一磅：225 毫米排 22 行
_TRACKING = -5  # −0.25 磅，每行恰好 28 字；三号字原样排 28 字会宽出 0.2 磅
_EXACT = f'<w:spacing w:line="{_PITCH}" w:lineRule="exact" w:before="0" w:after="0"/>'
_SINGLE = '<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:before="0" w:after="0"/>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'

# 名称：（字体，字号半磅，段落，其余字符属性）
_STYLES: dict[str, tuple[str, int, str, str]] = {
    "Normal": (FANG, 32, f'{_EXACT}{_INDENT}<w:jc w:val="both"/>', f'<w:spacing w:val="{_TRACKING}"/>'),
    "Heading 1": (HEI, 32, f"<w:keepNext/>{_EXACT}{_INDENT}", f'<w:spacing w:val="{_TRACKING}"/>'),
    "Heading 2": (KAI, 32, f"<w:keepNext/>{_EXACT}{_INDENT}", f'<w:spacing w:val="{_TRACKING}"/>'),
    "Heading 3": (FANG, 32, f"<w:keepNext/>{_EXACT}{_INDENT}", f'<w:spacing w:val="{_TRACKING}"/>'),
    "Heading 4": (FANG, 32, f"<w:keepNext/>{_EXACT}{_INDENT}", f'<w:spacing w:val="{_TRACKING}"/>'),
    "发文机关标志": (
        TITLE,
        72,
        '<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:before="0" w:after="240"/>'
        f'{_FLUSH}<w:jc w:val="center"/>',
        '<w:color w:val="C00000"/>',
    ),
    "发文字号": (FANG, 32, f'{_EXACT}{_FLUSH}<w:jc w:val="center"/>', ""),
    "红线": (
        FANG,
        16,
        '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="1" w:color="C00000"/></w:pBdr>'
        '<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:before="0" w:after="0"/>'
        f"{_FLUSH}",
        "",
    ),
    "公文标题": (
        TITLE,
        44,
        '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:line="640" w:lineRule="exact" w:before="579" w:after="0"/>'
        f'{_FLUSH}<w:jc w:val="center"/>',
        "",
    ),
    "检查期间": (KAI, 28, f'{_EXACT}{_FLUSH}<w:jc w:val="center"/>', ""),
    "主送机关": (FANG, 32, f'{_EXACT}{_FLUSH}<w:jc w:val="both"/>', f'<w:spacing w:val="{_TRACKING}"/>'),
    "提示框": (
        FANG,
        28,
        "<w:pBdr>"
        + "".join(f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="000000"/>' for side in ("top", "left"))
        + "".join(f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="000000"/>' for side in ("bottom", "right"))
        + '</w:pBdr><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:before="160" w:after="160"/>'
        '<w:ind w:left="120" w:right="120" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="both"/>',
        "",
    ),
    "说明": (FANG, 24, f'{_SINGLE}<w:ind w:firstLineChars="200" w:firstLine="480"/><w:jc w:val="both"/>', ""),
    "附件序号": (HEI, 32, f"<w:keepNext/>{_EXACT}{_FLUSH}", ""),
    "附件标题": (
        TITLE,
        36,
        '<w:keepNext/><w:snapToGrid w:val="0"/>'
        '<w:spacing w:line="579" w:lineRule="exact" w:before="289" w:after="289"/>'
        f'{_FLUSH}<w:jc w:val="center"/>',
        "",
    ),
    "表题": (
        HEI,
        24,
        '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:before="160" w:after="60"/>'
        f'{_FLUSH}<w:jc w:val="center"/>',
        "",
    ),
    "图题": (HEI, 24, f'{_SINGLE}{_FLUSH}<w:jc w:val="center"/>', ""),
    "表文": (SONG, 21, f'{_SINGLE}{_FLUSH}<w:jc w:val="left"/>', ""),
    "表头": (SONG, 21, f'<w:keepNext/>{_SINGLE}{_FLUSH}<w:jc w:val="center"/>', "<w:b/>"),
    "小表文": (SONG, 18, f'{_SINGLE}{_FLUSH}<w:jc w:val="left"/>', ""),
    "小表头": (SONG, 18, f'<w:keepNext/>{_SINGLE}{_FLUSH}<w:jc w:val="center"/>', "<w:b/>"),
    "图": (
        SONG,
        21,
        '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:before="120" w:after="0"/>'
        f'{_FLUSH}<w:jc w:val="center"/>',
        "",
    ),
    "页码": (SONG, 28, f"{_SINGLE}{_FLUSH}", ""),
}


def new_document(title: str, author: str, *, at: datetime) -> Document:
    """A document with one empty section, ready for content."""
    document = docx.Document()
    _set_styles(document)
    _set_font_table(document)
    _set_section(document.sections[0], landscape=False)
    _number_pages(document)
    _set_compatibility(document)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments, properties.language = "", "zh-CN"
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = moment
    return document


def add_page(document: Document, *, landscape: bool) -> Section:
    """A new page, in a section of its own; its page numbers go on."""
    section: Section = document.add_section()
    _set_section(section, landscape=landscape)
    return section


def text_width(*, landscape: bool) -> int:
    """The width of the 版心 in twentieths of a point."""
    return round((225 if landscape else 156) / 25.4 * 1440)


def saved(document: Document) -> bytes:
    """The file. The same document gives the same bytes."""
    written, target = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            # 压缩包里的写入时刻会使同样的文稿得出不同的文件
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _set_section(section: Section, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    sides = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = sides
    margins = (Mm(28), Mm(26), Mm(35), Mm(37)) if landscape else (Mm(37), Mm(35), Mm(28), Mm(26))
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = margins
    section.header_distance = Mm(15)
    section.footer_distance = Mm(14) if landscape else Mm(23)  # 一字线上距版心下边缘 7 毫米
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{_PITCH}"/>'))


def _set_styles(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    if defaults is not None:
        document.styles.element.remove(defaults)
    for name, (font, size, paragraph, characters) in _STYLES.items():
        known = {style.name for style in document.styles}
        style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name not in known:
            style.base_style = document.styles["Normal"]
        element = style.element
        for old in element.findall(qn("w:pPr")) + element.findall(qn("w:rPr")):
            element.remove(old)
        fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:cs="{LATIN}" w:hint="eastAsia"/>'
        if font == SONG:
            fonts = fonts.replace(LATIN, SONG)
        level = name.removeprefix("Heading ")
        outline = f'<w:outlineLvl w:val="{int(level) - 1}"/>' if level != name else ""
        element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{paragraph}{outline}</w:pPr>"))
        element.append(
            parse_xml(
                f"<w:rPr {nsdecls('w')}>{fonts}"
                f"{_of('b', characters, _OFF)}{_of('color', characters, _BLACK)}{_of('spacing', characters, _OFF)}"
                f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
            )
        )


def _of(tag: str, characters: str, otherwise: str) -> str:
    """The element of this tag among character properties, or one that undoes what a style inherits."""
    start = characters.find(f"<w:{tag}")
    return f"<w:{tag} {otherwise}/>" if start < 0 else characters[start : characters.index("/>", start) + 2]


def _set_font_table(document: Document) -> None:
    """Name what to take where a font is not installed (w:altName)."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            fonts = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
                for name, others in _FALL_BACKS.items()
            )
            root = etree.fromstring(f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>")
            relation.target_part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _number_pages(document: Document) -> None:
    """— 1 — in 宋体 四号, one character in from the outer edge: right on odd pages, left on even ones (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["页码"]
        properties = paragraph._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="280" w:firstLine="0"/>'))
        properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{side}"/>'))
        paragraph.add_run("— ")
        field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        paragraph._p.append(parse_xml(field))
        paragraph.add_run(" —")


def _set_compatibility(document: Document) -> None:
    uri = "http://schemas.microsoft.com/office/word"
    mode = f'<w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="15"/>'
    old = document.settings.element.find(qn("w:compat"))
    if old is not None:
        old.addprevious(parse_xml(f"<w:compat {nsdecls('w')}>{mode}</w:compat>"))
        document.settings.element.remove(old)
