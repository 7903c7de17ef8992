"""FlatBuffers as far as FlatGeobuf needs them: tables, texts and vectors as pieces that refer to one another.

Every reference is relative to where it stands, and a piece's length is a multiple of eight: so pieces are simply strung
together, a table first and then what it refers to. (https://flatbuffers.dev/internals/)
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias


class Piece(NamedTuple):
    """Bytes, a multiple of eight, and where among them the thing begins that others refer to."""

    data: bytes
    entry: int = 0


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)


def text(value: str) -> Piece:
    """A string, with the NUL that ends it."""
    data = value.encode()
    return Piece(_padded(struct.pack("<I", len(data)) + data + b"\0"))


def vector(kind: str, values: bytes | Sequence[float]) -> Piece:
    """Numbers of a kind of ``struct`` (d, I, B), or their bytes as they are; the first one stands at a multiple of eight."""
    data = values if isinstance(values, bytes) else struct.pack(f"<{len(values)}{kind}", *values)
    return Piece(_padded(struct.pack("<II", 0, len(data) // struct.calcsize(f"<{kind}")) + data), 4)


def tables(pieces: Sequence[Piece]) -> Piece:
    """A vector of tables."""
    head = 4 + 4 * len(pieces)
    at, places = head + -head % 8, []
    for number, piece in enumerate(pieces):
        places.append(at + piece.entry - (4 + 4 * number))
        at += len(piece.data)
    return Piece(_padded(struct.pack(f"<{len(pieces) + 1}I", len(pieces), *places)) + b"".join(p.data for p in pieces))


Fields: TypeAlias = dict[int, "Piece | tuple[str, Any]"]  # by slot of the schema: a piece, or a number with its kind of ``struct``


def table(fields: Fields) -> Piece:
    """A table, larger numbers first, so that all are aligned."""
    inline = [(slot, "I" if isinstance(field, Piece) else field[0]) for slot, field in fields.items()]
    inline.sort(key=lambda one: -struct.calcsize(one[1]))
    at, places = 4, {}
    for slot, kind in inline:
        at += -at % struct.calcsize(kind)
        places[slot] = at
        at += struct.calcsize(kind)
    slots = [places.get(slot, 0) for slot in range(max(fields, default=-1) + 1)]
    head = _padded(struct.pack(f"<{2 + len(slots)}H", 4 + 2 * len(slots), at, *slots))
    body = bytearray(_padded(bytes(at)))
    struct.pack_into("<i", body, 0, len(head))
    after = b""
    for slot, field in fields.items():
        if isinstance(field, Piece):
            struct.pack_into("<I", body, places[slot], len(body) + len(after) + field.entry - places[slot])
            after += field.data
        else:
            struct.pack_into(f"<{field[0]}", body, places[slot], field[1])
    return Piece(head + bytes(body) + after, len(head))


def root(piece: Piece) -> bytes:
    """The whole buffer with its size before it."""
    return struct.pack("<II", 4 + len(piece.data), 4 + piece.entry) + piece.data
