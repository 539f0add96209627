"""A paper as a DOCX in the format of GB/T 9704-2012. Every text goes in as text: no field, no link, no markup."""

from __future__ import annotations

import io
from datetime import datetime

from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from checks.core.calendar import start_of
from reports.charts import BarChart, drawing
from reports.docx_page import add_page, new_document, saved, text_width
from reports.docx_table import table
from reports.fonts import FontFile
from reports.paper import Block, Graph, Grid, Heading, Notice, Paper, Paragraph
from reports.phrasing import day_text
from reports.plain import one_line
from reports.png import to_png
from reports.titles import balanced

_NO_FONT = "（本机没有中文字体，此处的图略去，数字见表。）"
_LETTERHEAD_POINTS = 442  # 版心宽
_LETTERHEAD_SIZE = 42


def to_docx(paper: Paper, font: FontFile | None) -> bytes:
    """The document. ``font`` letters the charts; without one they are left out, and a line says so.

    The same paper and font give the same bytes.
    """
    at: datetime = start_of(paper.day)
    document = new_document(one_line(paper.title), one_line(paper.imprint.issuer), at=at)
    writer = _Writer(document, font)
    writer.letterhead(paper)
    for block in paper.blocks:
        writer.block(block, landscape=False)
    writer.keep_last_with_what_follows()
    writer.annex_list([annex.title for annex in paper.annexes])
    writer.signature(paper)
    for number, annex in enumerate(paper.annexes, 1):
        add_page(document, landscape=annex.wide)
        writer.line(f"附件{number if len(paper.annexes) > 1 else ''}", "附件序号")
        writer.line(annex.title, "附件标题")
        for block in annex.blocks:
            writer.block(block, landscape=annex.wide)
    return saved(document)


class _Writer:
    """Appends to one document."""

    def __init__(self, document: Document, font: FontFile | None) -> None:
        self._document = document
        self._font = font

    def line(self, text: str, style: str = "Normal") -> DocxParagraph:
        """One paragraph of plain text."""
        paragraph = self._document.add_paragraph(style=style)
        self._run(paragraph, text)
        return paragraph

    def letterhead(self, paper: Paper) -> None:
        """发文机关标志, 文号, 红线, 标题, 主送 (7.2, 7.3)."""
        imprint = paper.imprint
        if issuer := one_line(imprint.issuer):
            mark = self.line(issuer, "发文机关标志")
            mark.runs[0].font.size = Pt(min(_LETTERHEAD_SIZE, _LETTERHEAD_POINTS // len(issuer)))
            if imprint.number:
                self.line(imprint.number, "发文字号")
            self.line("", "红线")
        title = self._document.add_paragraph(style="公文标题")
        for number, part in enumerate(balanced(one_line(paper.title))):
            run = self._run(title, "")
            if number:
                run.add_break(WD_BREAK.LINE)
            run.add_text(part)
        if imprint.number and not imprint.issuer:
            self.line(imprint.number, "发文字号")
        if paper.window:
            self.line(paper.window, "检查期间")
        self.line("", "主送机关")
        if imprint.recipients:
            self.line(f"{imprint.recipients}：", "主送机关")

    def block(self, block: Block, *, landscape: bool) -> None:
        match block:
            case Heading():
                self.line(f"{block.number}{block.text}", f"Heading {block.level}")
            case Paragraph():
                self.line(block.text, "说明" if block.hint else "Normal")
            case Notice():
                self.line(block.text, "提示框")
            case Grid():
                self._grid(block, landscape=landscape)
            case Graph():
                self._chart(block.chart)

    def keep_last_with_what_follows(self) -> None:
        """The signature never stands on a page without text (7.3.5)."""
        if self._document.paragraphs:
            self._document.paragraphs[-1].paragraph_format.keep_with_next = True

    def annex_list(self, titles: list[str]) -> None:
        """附件说明: a line below the text, the names one under the other (7.3.4)."""
        if titles:
            self.line("").paragraph_format.keep_with_next = True
        for number, title in enumerate(titles, 1):
            told = title if len(titles) == 1 else f"{number}. {title}"
            paragraph = self.line(f"附件：{told}" if number == 1 else told)
            paragraph.paragraph_format.keep_with_next = True
            hanging = 300 if len(titles) == 1 else 400 if number == 1 else 100
            left = 500 if len(titles) == 1 else 600
            indent = f'w:leftChars="{left}" w:left="{left * 16 // 5}" w:hangingChars="{hanging}"'
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:ind {nsdecls("w")} {indent} w:hanging="{hanging * 16 // 5}"/>')
            )

    def signature(self, paper: Paper) -> None:
        """署名 centred over the date, the date four characters from the right (7.3.5)."""
        self.line("").paragraph_format.keep_with_next = True
        day, issuer = day_text(paper.day), one_line(paper.imprint.issuer)
        day_width = sum(1.0 if ord(c) > 255 else 0.5 for c in day)
        overhang = (day_width - len(issuer)) / 2
        date_indent = 4.0 if overhang >= -2 else 2 - overhang
        if issuer:
            self._right(issuer, date_indent + overhang).paragraph_format.keep_with_next = True
        self._right(day, date_indent)

    def _right(self, text: str, indent: float) -> DocxParagraph:
        paragraph = self.line(text)
        properties = paragraph._p.get_or_add_pPr()
        chars = round(indent * 100)
        properties.append(
            parse_xml(
                f'<w:ind {nsdecls("w")} w:rightChars="{chars}" w:right="{chars * 16 // 5}" w:firstLineChars="0"'
                ' w:firstLine="0"/>'
            )
        )
        properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="right"/>'))
        return paragraph

    def _grid(self, grid: Grid, *, landscape: bool) -> None:
        small = grid.wide or len(grid.heads) > 8
        styles = ("小表文", "小表头") if small else ("表文", "表头")
        text_style, head_style = (self._document.styles[name].style_id for name in styles)
        self.line(grid.caption, "表题")
        element = table(
            grid, width=text_width(landscape=landscape), text_style=str(text_style), head_style=str(head_style)
        )
        body = self._document.element.body
        body.insert(list(body).index(body.find(qn("w:sectPr"))), element)
        self.line(grid.note, "说明")  # 表后必有一段，相邻的两个表才不会连成一个

    def _chart(self, chart: BarChart) -> None:
        if self._font is None:
            self.line(f"{chart.title}{_NO_FONT}", "说明")
            return
        drawn = drawing(chart)
        paragraph = self._document.add_paragraph(style="图")
        picture = paragraph.add_run().add_picture(io.BytesIO(to_png(drawn, self._font)), width=Pt(drawn.width))
        picture._inline.docPr.set("descr", one_line(chart.title))
        self.line(chart.title, "图题")

    def _run(self, paragraph: DocxParagraph, text: str) -> Run:
        run = paragraph.add_run(one_line(text))
        properties = run._r.get_or_add_rPr()
        properties.append(parse_xml(f'<w:rFonts {nsdecls("w")} w:hint="eastAsia"/>'))
        return run
