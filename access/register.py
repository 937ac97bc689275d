"""Everything a server knows of people, in one place: accounts, sessions, failures, the trail."""

from datetime import datetime

from access.accounts import Accounts
from access.attempts import Attempts
from access.identity import AccessError, Identity
from access.roles import acts_of, sight_of
from access.sessions import Sessions
from access.settings import AccessSettings
from access.trail import AuditTrail, EventKind


class AccessRegister:
    """
    What a server knows of people.

    Parameters
    ----------
    settings : AccessSettings
        How people are known.

    Attributes
    ----------
    settings : AccessSettings
        The same.
    accounts, sessions, trail : Accounts, Sessions, AuditTrail
        Parts of one file.
    """

    def __init__(self, settings: AccessSettings) -> None:
        self.settings = settings
        self.accounts = Accounts(settings.accounts, separate=settings.separate_duties)
        self.sessions = Sessions(settings.accounts, idle=settings.idle, absolute=settings.absolute)
        self.trail = AuditTrail(settings.accounts)
        self._attempts = Attempts()

    def sign_in(self, account: str, password: str, address: str, now: datetime) -> str | None:
        """
        Return the token of a new session, None if the name, the password or the moment is wrong.

        Parameters
        ----------
        account, password : str
            As typed.
        address : str
            From where.
        now : datetime.datetime
            When.
        """
        if self._attempts.are_too_many(account, address, now):
            return None
        if not self.accounts.is_right(account, password):
            self._note_failure(account, address, now)
            return None
        self._attempts.forget(account, address)
        self.trail.note(EventKind.SIGNED_IN, account, now, address=address)
        return self.sessions.begin(account, now)

    def _note_failure(self, account: str, address: str, now: datetime) -> None:
        """Record a failure; a name that there is none of is not kept: it may be a password."""
        is_last = self._attempts.note(account, address, now)
        by = account if self.accounts.find(account) else ""
        kind = EventKind.LOCKED_OUT if is_last else EventKind.REFUSED
        self.trail.note(kind, by, now, address=address)

    def sign_out(self, token: str, address: str, now: datetime) -> None:
        """End a session."""
        account = self.sessions.account(token, now, is_use=False)
        if account is not None:
            self.sessions.end(token)
            self.trail.note(EventKind.SIGNED_OUT, account, now, address=address)

    def identity(self, account: str) -> Identity:
        """
        Return who an account is, as it is now.

        Raises
        ------
        AccessError
            If there is no such account, it is disabled, or it has no role.
        """
        found = self.accounts.find(account)
        if found is None or found.is_disabled or not found.rights.roles:
            raise AccessError(
                f"account {account}: nobody can work with it; ask an administrator",
                f"帐户 {account} 不能使用，请联系系统管理员",
            )
        rights = found.rights
        return Identity(
            account=account,
            name=found.name,
            known=self.settings.known,
            sight=sight_of(rights.roles, rights.towns, rights.pipe_kinds),
            acts=acts_of(rights.roles, separate=self.settings.separate_duties),
        )
