"""A grid as a table of a document: fixed widths, the header row on every page, no row broken over two."""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.table import CT_Tbl

from reports.paper import Grid
from reports.plain import one_line

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_KEPT_TOGETHER = 8  # rows: a table as short as that is not parted from its last row
_ROOMY = 850  # 1.5 cm, in twentieths of a point
_MARGINS = '<w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'


def table(grid: Grid, *, width: int, text_style: str, head_style: str) -> CT_Tbl:
    """The table element, ``width`` twentieths of a point wide. ``*_style`` are the ids of paragraph styles."""
    widths = _widths(grid, width)
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    head = "".join(_cell(h.title, w, head_style, centred=True) for h, w in zip(grid.heads, widths, strict=True))
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    last = len(grid.rows) - 1
    height = f'<w:trHeight w:val="{_ROOMY}" w:hRule="atLeast"/>' if grid.roomy else ""
    for number, row in enumerate(grid.rows):
        bold = grid.totals and number == last
        kept = len(grid.rows) <= _KEPT_TOGETHER and number < last
        cells = "".join(
            _cell(text, w, text_style, centred=h.centred, bold=bold, kept=kept)
            for text, w, h in zip(row, widths, grid.heads, strict=True)
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>")
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{_MARGINS}</w:tblCellMar></w:tblPr>'
    )
    xml = f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    element = parse_xml(xml)
    assert isinstance(element, CT_Tbl)
    return element


def _widths(grid: Grid, width: int) -> list[int]:
    total = sum(head.weight for head in grid.heads)
    return [int(width * head.weight / total) for head in grid.heads]


def _cell(text: str, width: int, style: str, *, centred: bool, bold: bool = False, kept: bool = False) -> str:
    jc = '<w:jc w:val="center"/>' if centred else ""
    keep = "<w:keepNext/>" if kept else ""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{keep}{jc}</w:pPr>'
    run = '<w:rPr><w:rFonts w:hint="eastAsia"/>' + ("<w:b/>" if bold else "") + "</w:rPr>"
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(one_line(line))}</w:t>' for line in text.split("\n"))
    cell = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{cell}<w:p>{properties}<w:r>{run}{lines}</w:r></w:p></w:tc>"
