"""Text in several languages as one JSON column."""

from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import get_language


class Words(NamedTuple):
    """Text with the language it is really in, so that a fallback can carry `lang`."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


class Translations(dict[str, str]):
    """The same text by language code. `.words()` picks the reader's, else the first that exists."""

    ORDER = ("fi", "sv", "en")

    def words(self, language: str | None = None) -> Words:
        wanted = language or get_language() or "en"
        for code in (wanted, *self.ORDER):
            if self.get(code):
                return Words(self[code], code)
        return Words("", wanted)

    def __str__(self) -> str:
        return self.words().text

    @property
    def language(self) -> str:
        return self.words().language


class TranslatedField(models.JSONField):
    """{"fi": …, "sv": …, "en": …}; reads as Translations, shows in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Translations | None:
        loaded = super().from_db_value(value, expression, connection)
        return None if loaded is None else Translations(loaded)

    def to_python(self, value: Any) -> Translations:
        return value if isinstance(value, Translations) else Translations(value or {})
