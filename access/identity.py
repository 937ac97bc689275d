"""Who acts: the person, how the person was known, what the person sees and may do."""

from dataclasses import dataclass
from typing import Final

from access.roles import ACT_LABELS, Act, Role, acts_of
from access.sight import WHOLE, Sight
from geo.errors import PlanningError
from store.journal_entry import Known


class AccessError(PlanningError):
    """Somebody is not known to the server, or may not do what was asked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Who acts.

    Attributes
    ----------
    account : str
        Name of the account, "" where there are none.
    name : str
        What people call the person.
    known : Known
        How the server knows.
    sight : Sight
        What of the district is seen.
    acts : frozenset of Act
        What may be done.
    """

    account: str
    name: str
    known: Known
    sight: Sight
    acts: frozenset[Act]

    def may(self, act: Act) -> bool:
        """Return whether an act is among those that may be done."""
        return act in self.acts

    def require(self, act: Act) -> None:
        """
        Raise unless an act may be done: the first line of whatever does it.

        Raises
        ------
        AccessError
            If it may not.
        """
        if act not in self.acts:
            label = ACT_LABELS[act]
            raise AccessError(
                f"account {self.account}: its roles do not allow to {label.en}",
                f"帐户 {self.account} 的角色不允许{label.zh}",
            )


ANYBODY: Final = Identity(
    account="", name="", known=Known.SELF_DECLARED, sight=WHOLE, acts=acts_of([Role.OFFICE])
)
"""Whoever reaches a server without accounts: acts as the office, under the name that is given."""
