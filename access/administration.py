"""What administrators do to accounts: each act is asked for, and noted in the audit trail."""

from collections.abc import Callable
from datetime import UTC, datetime

from access.accounts import Account, Rights
from access.identity import AccessError, Identity
from access.register import AccessRegister
from access.roles import Act
from access.trail import EventKind


class Administration:
    """
    Accounts in the hands of somebody.

    Parameters
    ----------
    register : AccessRegister
        Accounts and the trail.
    identity : callable
        Return who acts, as the account is at that moment; asked before every act.
    """

    def __init__(self, register: AccessRegister, identity: Callable[[], Identity]) -> None:
        self._register, self._identity = register, identity

    def add(self, account: str, name: str, password: str | None) -> None:
        """
        Add an account without roles: nobody can work with it until roles are granted.

        Raises
        ------
        AccessError
            If whoever acts may not.
        DataError
            If there is one of this name, or name or password are not fit for use.
        """
        by = self._allowed(Act.ACCOUNTS)
        self._register.accounts.add(account, name, Rights(), password)
        self._note(EventKind.ADDED, by, account)

    def grant(self, account: Account, rights: Rights) -> None:
        """
        Give another account other roles; errors as in `add`, and `AccessError` for one's own.

        Parameters
        ----------
        account : Account
            As whoever acts saw it.
        rights : Rights
            What it is there for from now on.
        """
        by = self._allowed(Act.GRANT, of=account)
        self._register.accounts.grant(account.account, rights)
        self._note(EventKind.GRANTED, by, account.account)

    def switch(self, account: Account, *, is_on: bool) -> None:
        """Let nobody sign in with another account, or again; errors as in `grant`."""
        by = self._allowed(Act.ACCOUNTS, of=account)
        accounts = self._register.accounts
        (accounts.enable if is_on else accounts.disable)(account.account)
        self._note(EventKind.ENABLED if is_on else EventKind.DISABLED, by, account.account)

    def reset(self, account: Account, password: str) -> None:
        """Give an account another password and end its sessions; errors as in `add`."""
        by = self._allowed(Act.ACCOUNTS)
        self._register.accounts.reset(account.account, password)
        self._note(EventKind.PASSWORD, by, account.account)

    def _allowed(self, act: Act, *, of: Account | None = None) -> str:
        """Return who acts; raise if it may not, or acts on its own account."""
        identity = self._identity()
        identity.require(act)
        if of is not None and of.account == identity.account:
            raise AccessError(
                f"account {identity.account}: nobody changes the roles or the state of their own",
                f"帐户 {identity.account}：不得更改自己的角色或停用自己",
            )
        return identity.account

    def _note(self, kind: EventKind, by: str, about: str) -> None:
        self._register.trail.note(kind, by, datetime.now(UTC), about=about)
