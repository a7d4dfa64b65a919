"""What other rooms ask of the shelf."""

from piiri.methods import shelf


def method_names() -> dict[str, str]:
    """Code → name in the reader's language, in the order of the catalogue. No database."""
    return {code: str(name) for code, name in shelf.names().items()}


def method_name(code: str) -> str:
    """The method's name in the reader's language; empty for a code that is not on the shelf."""
    name = shelf.names().get(code)
    return str(name) if name else ""
