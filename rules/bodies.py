"""Bodies: the works of a renovation, the departments that answer for them, and who holds data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from layers.findings import CLASSES, GAP_KINDS
from rules.frozen import Frozen, require_known
from wording import Text

_WITH_ARTICLE = ("Bureau", "Centre", "Office")
"""How the English names end that a sentence says "the" before; a town has none."""


class Department(Frozen):
    """
    A body that answers for items or supplies data.

    `by_town` marks the body that every town has one of: an estate's own town answers for it.
    """

    name: str
    name_en: str
    by_town: bool = False
    duty: str = ""
    clause: str = ""

    @property
    def label(self) -> Text:
        """What people call the body."""
        return Text(self.name, self.name_en)


class Supply(Frozen):
    """
    Who holds the data of a layer: one department, and others for some kinds or columns.

    A bare department id in the TOML is the `default`.
    """

    default: str
    kinds: Mapping[str, str] = Field(default_factory=dict)
    columns: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_a_bare_id(cls, given: object) -> object:
        return {"default": given} if isinstance(given, str) else given

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department id named."""
        return (self.default, *self.kinds.values(), *self.columns.values())

    def holder(self, column: str = "", kinds: Collection[str] = ()) -> str:
        """
        Return the department that holds a datum.

        Parameters
        ----------
        column : str
            Column of the layer, ``""`` for its rows as such.
        kinds : collection of str
            Kinds of the layer that are asked for. Kinds held by several bodies fall to the default.

        Returns
        -------
        str
            Department id.
        """
        if column in self.columns:
            return self.columns[column]
        holders = {self.kinds.get(kind, self.default) for kind in kinds}
        return holders.pop() if len(holders) == 1 else self.default


class Item(Frozen):
    """One kind of works of a renovation; what is found of a sensitive one is not for the public."""

    id: str
    item_class: str = Field(alias="class")
    zh: str
    en: str
    metric: str
    tier: Literal["building", "estate", "network", "life5", "life10", "life15"]
    gap: str
    lead: str
    support: tuple[str, ...] = ()
    assigned: Literal["explicit", "general", "inferred"] = "inferred"
    clause: str = ""
    deadline: str = ""
    is_sensitive: bool = False

    @property
    def label(self) -> Text:
        """What people call the works."""
        return Text(self.zh, self.en)

    @model_validator(mode="after")
    def _known_words(self) -> "Item":
        require_known("class", self.item_class, CLASSES)
        require_known("gap", self.gap, GAP_KINDS)
        return self

    @property
    def departments(self) -> tuple[str, ...]:
        """Department ids: the one that leads, then those that assist."""
        return (self.lead, *self.support)


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for an item at an estate: one body leads, others assist."""

    lead: Text
    assisting: tuple[Text, ...] = ()


def named(department: Department, town: Text | None = None) -> Text:
    """
    Return a department's name.

    Parameters
    ----------
    department : Department
    town : Text or None
        Name of the estate's town: of a body that every town has, the town's own is meant.
    """
    return town if department.by_town and town is not None else department.label


def mentioned(name: Text) -> Text:
    """
    Return the name of a body as a sentence mentions it: an English bureau has its article.

    Parameters
    ----------
    name : Text
        As `named` returns it.
    """
    return Text(name.zh, f"the {name.en}" if name.en.endswith(_WITH_ARTICLE) else name.en)


def responsible(
    item: Item, departments: Mapping[str, Department], town: Text | None = None
) -> Responsible:
    """
    Return who answers for an item at an estate.

    Parameters
    ----------
    item : Item
    departments : mapping of str to Department
        Of the item's rulebook.
    town : Text or None
        Name of the estate's town, None where unknown.
    """
    lead, *assisting = (named(departments[name], town) for name in item.departments)
    return Responsible(lead, tuple(assisting))
