"""Some hundred lines as one compressed block of bytes that says itself what its columns are.

Before compression: 2 bytes length of the header (little-endian), the header (JSON: schema and numpy's column types),
then the rows. The same rows give the same bytes.
"""

from __future__ import annotations

import json

import numpy as np
import zstandard
from numpy.typing import NDArray

CHUNK_SCHEMA = 1
LEVEL = 3
UNPACKED_BYTES = 16 * 1024 * 1024
"""A chunk never unpacks to more: 500 lines have some 250 KB."""


class UnreadableChunk(Exception):
    """The stored bytes are no chunk of ours."""


class Packer:
    """One per piece of work: a compressor must not be shared by threads."""

    def __init__(self, columns: np.dtype[np.void]) -> None:
        self._columns = _closely_packed(columns)
        self._head = _header(self._columns)
        self._compressor = zstandard.ZstdCompressor(level=LEVEL)

    def pack(self, rows: NDArray[np.void]) -> bytes:
        body = np.ascontiguousarray(rows.astype(self._columns, copy=False))
        return self._compressor.compress(self._head + body.tobytes())


def unpack(packed: bytes) -> NDArray[np.void]:
    """Raises UnreadableChunk."""
    try:
        if zstandard.frame_content_size(packed) > UNPACKED_BYTES:
            raise UnreadableChunk("too large")
        raw = zstandard.ZstdDecompressor().decompress(packed)
        start = 2 + int.from_bytes(raw[:2], "little")
        head = json.loads(raw[2:start])
        columns = np.dtype([(name, kind) for name, kind in head["columns"]])
        return np.frombuffer(raw, columns, offset=start)
    except (zstandard.ZstdError, ValueError, KeyError, TypeError):
        raise UnreadableChunk("not a chunk") from None


def _closely_packed(columns: np.dtype[np.void]) -> np.dtype[np.void]:
    return np.dtype([(name, columns[name].newbyteorder("<").str) for name in columns.names or ()])


def _header(columns: np.dtype[np.void]) -> bytes:
    told = {"schema": CHUNK_SCHEMA, "columns": [[name, columns[name].str] for name in columns.names or ()]}
    text = json.dumps(told, separators=(",", ":")).encode("ascii")
    return len(text).to_bytes(2, "little") + text
