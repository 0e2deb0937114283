"""A receipt kept as a value, to be written anew when there is more to say; nothing is read again.

What it says in sentences is kept in the language that it is written in.
"""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from wiazka.phrase import Lang, in_language
from wiazka.report.model import Receipt


class KeptReceipt(BaseModel):
    """A receipt and the language that it is written in."""

    model_config = ConfigDict(
        frozen=True, ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="constants"
    )

    lang: Lang
    receipt: Receipt

    @classmethod
    def of(cls, receipt: Receipt, lang: Lang) -> "KeptReceipt":
        """The receipt with all its sentences said in the language."""
        return cls(lang=lang, receipt=_said(receipt, lang))


def _said(value: Any, lang: Lang) -> Any:  # noqa: ANN401 - whatever a receipt is made of
    if isinstance(value, tuple):
        return tuple(_said(one, lang) for one in value)
    if isinstance(value, BaseModel):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
        return value.model_copy(update=_changed(parts, lang))
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **_changed(parts, lang))
    return in_language(value, lang)


def _changed(parts: dict[str, Any], lang: Lang) -> dict[str, Any]:
    said = {name: _said(value, lang) for name, value in parts.items()}
    return {name: value for name, value in said.items() if value is not parts[name]}
