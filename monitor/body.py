"""The content of an answer, unpacked piece by piece and never beyond a limit, whatever a small packed file promises."""

from __future__ import annotations

import zlib


class BodyReader:
    """Collects a body up to ``limit`` bytes after unpacking.

    ``full`` tells that the limit was passed; ``damaged`` that the packing could not be undone (``content`` is then
    what came before the damage, or the packed bytes where we do not know the packing).
    """

    def __init__(self, content_encoding: str, *, limit: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        self.damaged = any(name not in ("gzip", "x-gzip", "deflate") for name in names) or len(names) > 1
        self.full = False
        self._packed = bool(names) and not self.damaged
        self._unpacker: zlib._Decompress | None = None
        self._limit = limit
        self._pieces: list[bytes] = []
        self._length = 0

    @property
    def content(self) -> bytes:
        return b"".join(self._pieces)

    @property
    def wants_more(self) -> bool:
        return not (self.full or (self._packed and self.damaged))

    def feed(self, piece: bytes) -> None:
        """Take the next bytes off the wire."""
        if self._packed and piece:
            piece = self._unpack(piece)
        room = self._limit - self._length
        self.full = len(piece) > room
        self._pieces.append(piece[:room])
        self._length += min(len(piece), room)

    def end(self) -> None:
        """No more bytes will come."""
        if self._unpacker is not None and not self._unpacker.eof:
            self.damaged = True

    def _unpack(self, piece: bytes) -> bytes:
        most = self._limit - self._length + 1
        if self._unpacker is None:
            for window_bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # gzip or zlib by its head, then raw deflate
                unpacker = zlib.decompressobj(window_bits)
                try:
                    unpacked = unpacker.decompress(piece, most)
                except zlib.error:
                    continue
                self._unpacker = unpacker
                return unpacked
            self._packed = False  # declared as packed, sent plain: seen on old servers
            return piece
        try:
            return self._unpacker.decompress(piece, most)
        except zlib.error:
            self.damaged = True
            return b""
