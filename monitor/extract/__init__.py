"""HTML and feeds → data. Pure: bytes and text in, values out; the only package that knows an HTML parser."""
