"""What the columns of an ACLED event export mean, as SQL: types and targets of events.

Exports of fifteen years are read: column names and types of events have had many forms.
"""

from dataclasses import dataclass
from enum import IntEnum

from sahel_transitions.sources.files import Opened
from sahel_transitions.sources.files.checks import check_header

NEEDED = ["event_date", "event_type", "sub_event_type", "country", "fatalities"]
_OPTIONAL = [
    "event_id_cnty", "year", "actor1", "assoc_actor_1", "actor2", "assoc_actor_2", "inter1",
    "inter2", "interaction", "civilian_targeting", "admin1", "timestamp",
]  # fmt: skip
# Names of columns in exports before 2018.
_FORMER = {"ally_actor_1": "assoc_actor_1", "ally_actor_2": "assoc_actor_2"}
SIDES = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")


class Kind(IntEnum):
    """The types of events, as far as they matter to a definition."""

    UNKNOWN = 0
    ATTACK = 1
    BATTLE = 2
    EXPLOSION = 3
    RIOT = 4
    PROTEST = 5
    RIOT_OR_PROTEST = 6
    DEVELOPMENT = 7
    # Riots and protests that are political violence.
    MOB_VIOLENCE = 8
    EXCESSIVE_FORCE = 9


# Of all codebooks since 2010.
TYPES = {
    "Battles": Kind.BATTLE,
    "Violence against civilians": Kind.ATTACK,
    "Explosions/Remote violence": Kind.EXPLOSION,
    "Protests": Kind.PROTEST,
    "Riots": Kind.RIOT,
    "Strategic developments": Kind.DEVELOPMENT,
    "Strategic development": Kind.DEVELOPMENT,
    "Remote violence": Kind.EXPLOSION,
    "Riots/Protests": Kind.RIOT_OR_PROTEST,
    "Battle-No change of territory": Kind.BATTLE,
    "Battle-Government regains territory": Kind.BATTLE,
    "Battle-Non-state actor overtakes territory": Kind.BATTLE,
    "Headquarters or base established": Kind.DEVELOPMENT,
    "Non-violent transfer of territory": Kind.DEVELOPMENT,
}
# Types whose events can have civilians as the only or main target without being attacks on them.
_INDIRECT = (Kind.EXPLOSION, Kind.RIOT, Kind.MOB_VIOLENCE, Kind.RIOT_OR_PROTEST)
_SUB_TYPES = {
    (Kind.RIOT, "mob violence"): Kind.MOB_VIOLENCE,
    (Kind.PROTEST, "excessive force against protesters"): Kind.EXCESSIVE_FORCE,
}


@dataclass(frozen=True)
class Columns:
    """Which columns a file has: by the name that this package uses, the name in the file.

    `rows` are the rows of the file where it is no CSV; `one_row_an_actor` says whether an event
    has several rows, which only its ids show.
    """

    original: dict[str, str]
    rows: tuple[int, ...] = ()
    one_row_an_actor: bool = False

    @classmethod
    def of(cls, opened: Opened) -> "Columns":
        """The columns of a file.

        Raises
        ------
        TableProblems
            If one is lacking that must be there, or stands there twice.
        """
        names = {_FORMER.get(name, name): name for name in opened.names}
        header = tuple(_FORMER.get(name, name) for name in opened.names)
        check_header(opened, NEEDED, header, _OPTIONAL)
        wanted = [*NEEDED, *_OPTIONAL]
        return cls({name: names[name] for name in wanted if name in names})

    def __contains__(self, name: str) -> bool:
        return name in self.original

    @property
    def may_have_one_row_an_actor(self) -> bool:
        return "actor1" in self and "actor2" not in self and "event_id_cnty" in self

    @property
    def names_all_actors(self) -> bool:
        """Whether whoever took part stands in the file: on both sides, or in a row of their own."""
        return "actor1" in self and ("actor2" in self or self.one_row_an_actor)

    @property
    def sides(self) -> list[str]:
        """Those that name who took part."""
        return [name for name in SIDES if name in self]

    @property
    def civilian_side(self) -> str | None:
        """SQL for whether a row names civilians, from names or codes; None if neither is there."""
        if self.names_all_actors:
            sides = [name for name in ("actor1", "actor2") if name in self]
            parts = [f"starts_with(lower(ltrim({name})), 'civilians')" for name in sides]
        elif "inter1" in self and "inter2" in self:
            # A spreadsheet may have made 7.0 of a code.
            parts = [f"trim({name}) in ('7', '7.0') or lower({name}) like 'civilians%'"
                     for name in ("inter1", "inter2")]  # fmt: skip
        elif "interaction" in self:
            # Two digits, one a side, or two names.
            parts = ["interaction like '%7%' or lower(interaction) like '%civilians%'"]
        else:
            return None
        return "coalesce(" + " or ".join(parts) + ", false)"

    @property
    def kind(self) -> str:
        """SQL for the type of an event as a number of `Kind`; most cells are spelt exactly."""
        exact = " ".join(
            f"when event_type = '{name}' then {_with_sub_types(kind)}"
            for name, kind in TYPES.items()
        )
        near = " ".join(
            f"when lower(trim(event_type)) = '{name.lower()}' then {_with_sub_types(kind)}"
            for name, kind in TYPES.items()
        )
        return f"(case {exact} else case {near} else {Kind.UNKNOWN:d} end end)::utinyint"

    @property
    def targeted(self) -> str:
        """SQL for whether civilians were the main or only target, where `kind` is a column.

        Files before 2023 lack the flag. It is rebuilt by the rule that gives ACLED's own totals:
        violence against civilians, explosions and riots with civilians as a main actor, and
        excessive force against protesters.
        """
        if "civilian_targeting" in self:
            return (
                "case when strlen(civilian_targeting) > 0 then "
                "case when civilian_targeting = 'Civilian targeting' then true "
                "else lower(trim(civilian_targeting)) = 'civilian targeting' end else false end"
            )
        indirect = ", ".join(f"{kind:d}" for kind in _INDIRECT)
        civilians = self.civilian_side or "false"
        return (
            f"(kind = {Kind.ATTACK:d} or (kind in ({indirect}) and {civilians}) or "
            "coalesce(lower(trim(sub_event_type)) = 'excessive force against protesters', false))"
        )

    @property
    def tells_targets(self) -> bool:
        """Whether the file says, or lets one rebuild, who was targeted."""
        return "civilian_targeting" in self or self.civilian_side is not None


def _with_sub_types(kind: Kind) -> str:
    """SQL for the number of a type, or of a part of it that counts otherwise."""
    cases = "".join(
        f"when lower(trim(sub_event_type)) = '{name}' then {part:d} "
        for (whole, name), part in _SUB_TYPES.items()
        if whole is kind
    )
    return f"case {cases}else {kind:d} end" if cases else f"{kind:d}"
