"""A drawing as PNG, for documents that hold no SVG. The lettering needs a font file that has Chinese."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from reports.charts import Drawing, Pattern
from reports.fonts import FontFile
from reports.plain import one_line

DPI = 300
_SCALE = DPI / 72
_FILL = {Pattern.DARK: 34, Pattern.HATCHED: 255, Pattern.EMPTY: 255, Pattern.GREY: 153}
_ANCHOR = {"start": "lm", "middle": "mm", "end": "rm"}


def to_png(drawing: Drawing, font: FontFile) -> bytes:
    """The picture in shades of grey, at 300 dots an inch."""
    image = Image.new("L", (round(drawing.width * _SCALE), round(drawing.height * _SCALE)), 255)
    draw = ImageDraw.Draw(image)
    stroke = round(0.75 * _SCALE)
    for box in drawing.boxes:
        corners = (box.x, box.y, box.x + box.width, box.y + box.height)
        draw.rectangle([value * _SCALE for value in corners], fill=_FILL[box.pattern], outline=0, width=stroke)
    for line in drawing.lines:
        ends = (line.x1, line.y1, line.x2, line.y2)
        draw.line([value * _SCALE for value in ends], fill=0, width=max(1, stroke - 1))
    faces: dict[float, ImageFont.FreeTypeFont] = {}
    for label in drawing.labels:
        if label.size not in faces:
            faces[label.size] = ImageFont.truetype(str(font.path), label.size * _SCALE, index=font.index)
        place = (label.x * _SCALE, label.y * _SCALE)
        draw.text(place, one_line(label.text), fill=0, font=faces[label.size], anchor=_ANCHOR[label.anchor])
    target = io.BytesIO()
    image.save(target, "PNG", dpi=(DPI, DPI), optimize=False)
    return target.getvalue()
