"""A column of confidential text: a str to those who hold the row, sealed bytes to the database."""

from functools import reduce
from typing import TYPE_CHECKING, Any, Self

import structlog
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from piiri.base.errors import Refused
from piiri.vault import actions, queries, seal
from piiri.vault.rules import DESTROYED, SEALED, VaultRefusal

log = structlog.get_logger()

if TYPE_CHECKING:
    TextField = models.Field[str, str]
else:
    TextField = models.Field


class Sealed(bytes):
    """Bytes as they are in the database."""


class Opened(str):
    """A text that came out of a column and remembers its bytes, so that putting it back changes nothing."""

    __slots__ = ("readable", "sealed", "spot")
    sealed: Sealed
    spot: tuple[str, ...]
    readable: bool

    @classmethod
    def of(cls, text: str, sealed: Sealed, spot: tuple[str, ...], *, readable: bool) -> Self:
        opened = cls(text)
        opened.sealed, opened.spot, opened.readable = sealed, spot, readable
        return opened


class SealedText(DeferredAttribute):
    """The attribute of a SealedField: opens when read, seals when saved."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        return self.field.open(instance, value) if isinstance(value, Sealed) else value  # type: ignore[attr-defined]

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Opened):
            same = value.spot == self.field.spot_of(instance)[1:]  # type: ignore[attr-defined]
            if not same and not value.readable:
                raise Refused(VaultRefusal.SEALED)
            value = value.sealed if same else str(value)
        instance.__dict__[self.field.attname] = value


class SealedField(TextField):
    """Text sealed with the key of a group or a person.

    `holder` is a dotted path on the row to the uid of the group or person whose key seals it
    ("group.uid", "person.uid", "uid"). Write through `save()`, `create()` or `bulk_create()`;
    `update()` and `bulk_update()` do not know the row and raise TypeError, and so does every
    comparison in a query: sealed text is not searched. Empty text is stored as NULL and makes no
    key: that something was written, and roughly how long it is, can be seen in the database anyway.

    Without the master key it reads "Sealed for the moment." and writing raises Refused; rows whose
    text did not change can still be saved.
    """

    descriptor_class = SealedText

    def __init__(self, *args: Any, holder: str, **kwargs: Any) -> None:
        self.holder = holder
        kwargs["null"] = True
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["null"], kwargs["default"]
        return name, path, args, kwargs | {"holder": self.holder}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def spot_of(self, instance: models.Model) -> seal.Spot:
        """Where this column of `instance` is; the holder is left out, it may cost a query."""
        return seal.Spot("", str(instance._meta), getattr(instance, "uid"), self.name)  # noqa: B009, SLF001

    def holder_of(self, instance: models.Model) -> str:
        return str(reduce(getattr, self.holder.split("."), instance))

    def open(self, instance: models.Model, sealed: Sealed) -> Opened:
        spot = self.spot_of(instance)._replace(holder=self.holder_of(instance))
        text, readable = str(SEALED), False
        try:
            if key := queries.key_of(spot.holder):
                text, readable = seal.unseal(sealed, key=key, spot=spot), True
        except queries.Destroyed:
            text = str(DESTROYED)
        except seal.NoMasterKey:
            log.warning("no_master_key")
        except seal.NotOpened:
            log.warning("does_not_open", model=spot.model, uid=spot.uid, field=spot.field)
        return Opened.of(text, sealed, spot[1:], readable=readable)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed):
            return value
        if not value:
            return None
        spot = self.spot_of(model_instance)._replace(holder=self.holder_of(model_instance))
        sealed = Sealed(seal.seal(str(value), key=actions.key_for_writing(spot.holder), spot=spot))
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | str:
        return "" if value is None else Sealed(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or value == "":
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: save the row, and do not search it")
        return connection.Database.Binary(value)
