"""The table of roles: what each sees of a district and what it may do (`roles.toml`)."""

import tomllib
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from access.sight import Sight
from geo.errors import DataError
from wording import Text


class Role(StrEnum):
    """What an account is there for; an account may have several."""

    VIEWER = "viewer"
    PLANNER = "planner"
    GREENING_OFFICER = "greening_officer"
    TOWN = "town"
    UTILITY = "utility"
    OFFICE = "office"
    ADMINISTRATOR = "administrator"
    SECURITY_OFFICER = "security_officer"
    AUDITOR = "auditor"


DUTIES = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Of which one account has at most one, and no other role beside it, where duties are separate."""


class Act(StrEnum):
    """What not everybody may do."""

    EXPORT = "export"
    BOOKLET = "booklet"
    SCENARIO = "scenario"
    PROMOTE = "promote"
    IMPORT = "import"
    RESTORE = "restore"
    JOURNAL = "journal"
    GREENING_BUREAU = "greening_bureau"
    GREENING_TOWN = "greening_town"
    ACCOUNTS = "accounts"
    GRANT = "grant"
    AUDIT = "audit"


ACT_LABELS: Mapping[Act, Text] = {
    Act.EXPORT: Text("导出数据", "take data away"),
    Act.BOOKLET: Text("出图册", "issue booklets"),
    Act.SCENARIO: Text("保存情景", "keep scenarios"),
    Act.PROMOTE: Text("把情景记入数据", "write scenarios into the data"),
    Act.IMPORT: Text("导入数据", "import data"),
    Act.RESTORE: Text("命名、恢复和备份版本", "name, restore and back up versions"),
    Act.JOURNAL: Text("查看变更记录", "read the journal"),
    Act.GREENING_BUREAU: Text("办理绿化核查与验收", "check and accept greening sites"),
    Act.GREENING_TOWN: Text("登记栽植与成活", "report planting and survival"),
    Act.ACCOUNTS: Text("管理帐户", "manage accounts"),
    Act.GRANT: Text("授予角色", "grant roles"),
    Act.AUDIT: Text("查看审计记录", "read the audit trail"),
}

Extent = Literal["all", "own", "none"]


class _Bilingual(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str


class RoleRights(BaseModel):
    """
    One row of the table.

    Attributes
    ----------
    label : Text
        What people read.
    estates, pipelines : {"all", "own", "none"}
        Which it sees.
    acts : frozenset of Act
        What it may do.
    acts_of_separate_duties : frozenset of Act, optional
        The same where administrator, security officer and auditor are three people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: _Bilingual
    estates: Extent
    pipelines: Extent
    acts: frozenset[Act]
    acts_of_separate_duties: frozenset[Act] | None = None

    @property
    def text(self) -> Text:
        """The label in both languages."""
        return Text(self.label.zh, self.label.en)

    def acts_where(self, *, separate: bool) -> frozenset[Act]:
        """Return what it may do where duties are, or are not, separate."""
        own = self.acts_of_separate_duties
        return own if separate and own is not None else self.acts


@cache
def rights() -> Mapping[Role, RoleRights]:
    """Return the table, in the order in which roles are shown."""
    rows = tomllib.loads(files("access").joinpath("roles.toml").read_text("utf-8"))
    return {role: RoleRights.model_validate(rows[role]) for role in Role}


def acts_of(roles: Collection[Role], *, separate: bool = False) -> frozenset[Act]:
    """Return what somebody with these roles may do."""
    return frozenset().union(*(rights()[role].acts_where(separate=separate) for role in roles))


def sight_of(roles: Collection[Role], towns: Collection[str], pipe_kinds: Collection[str]) -> Sight:
    """
    Return what somebody with these roles sees: the most that any of them sees.

    Parameters
    ----------
    roles : collection of Role
        Of an account.
    towns : collection of str
        Ids of the towns whose estates are its own.
    pipe_kinds : collection of str
        Kinds of the pipelines that are its own, codes of CJJ 61 (`layers.pipelines.KINDS`).
    """
    every = [rights()[role] for role in roles]
    return Sight(
        towns=_extent({row.estates for row in every}, towns),
        pipe_kinds=_extent({row.pipelines for row in every}, pipe_kinds),
    )


def _extent(extents: Collection[Extent], own: Collection[str]) -> frozenset[str] | None:
    if "all" in extents:
        return None
    return frozenset(own) if "own" in extents else frozenset()


def require_compatible(roles: Collection[Role], *, separate: bool) -> None:
    """
    Raise if no account may have these roles together.

    Raises
    ------
    DataError
        If duties are separate and one of them is not the only role; if they are not, and a role
        is one that exists only then.
    """
    duties = DUTIES.intersection(roles)
    if separate and duties and len(set(roles)) > 1:
        raise DataError(
            f"roles {', '.join(sorted(roles))}: where duties are separate, "
            f"{', '.join(sorted(duties))} goes with no other role",
            f"角色 {'、'.join(sorted(roles))}：三员分立时，"
            f"{'、'.join(rights()[one].text.zh for one in sorted(duties))} 不得兼任其他角色",
        )
    extra = duties - {Role.ADMINISTRATOR}
    if extra and not separate:
        raise DataError(
            f"role {', '.join(sorted(extra))}: exists only where separate_duties = true",
            f"角色 {'、'.join(sorted(extra))} 仅在 separate_duties = true（三员分立）时存在",
        )
