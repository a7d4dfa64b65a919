"""The bytes of a file, piece by piece."""

from collections.abc import Iterator

from piiri.notes.models import PIECE, Line, Piece
from piiri.vault import queries as vault
from piiri.vault import seal


def pieces_of(size: int) -> int:
    """How many pieces a file of so many bytes has."""
    return -(-size // PIECE)


def spot_of(line: Line, number: int) -> seal.Spot:
    """Where a piece belongs: moved, left out or put in another order, the file does not open."""
    whole = f"{number}/{pieces_of(line.size)}/{line.size}"
    return seal.Spot(line.group.uid, str(Piece._meta), line.uid, whole)  # noqa: SLF001


def content_of(line: Line) -> Iterator[bytes]:
    """The opened pieces of a file in their order, one in memory at a time.

    Raises vault.Destroyed, seal.NoMasterKey, or seal.NotOpened where a piece is missing or changed.
    """
    for number in range(pieces_of(line.size)):
        piece = Piece.objects.filter(line=line, number=number).first()
        if piece is None:
            raise seal.NotOpened
        yield vault.open_bytes(bytes(piece.sealed), spot=spot_of(line, number))
