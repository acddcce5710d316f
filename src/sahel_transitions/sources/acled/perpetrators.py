"""Who an event that targets civilians is attributed to, under three rules for joint events.

The order of `actor1` and `actor2` implies no direction: the perpetrators are on the side whose main
actor is not civilian. Associates of that side take part; associates of the civilian side are those
who were harmed.
"""

from collections.abc import Iterable, Iterator

from sahel_transitions.sources.actors import ActorClassifier

_CIVILIAN = ("civilians", "protesters")
# A wider coalition and one of its groups, named together, are one side.
_COALITIONS = ("jnim", "islamic_state")
_WITHIN_A_COALITION = "jihadist_other"

Side = tuple[str, str]


def shares(sides: Iterable[Side], country: str, classify: ActorClassifier) -> Iterator[tuple]:
    """The perpetrator classes of an event and how much of it each is counted for.

    Parameters
    ----------
    sides : iterable of (actor, associates)
        Both sides as the file names them; associates are separated by semicolons.
    country : str
        As ACLED spells it.

    Yields
    ------
    tuple of str, str, float
        Rule, class and share: `primary` the class of the first perpetrator (1), `any` each class
        that is named (1 each), `fractional` each class in equal parts (1/k).
    """
    named = [(actor, others) for actor, others in sides if actor and not _is_civilian(actor)]
    classes = []
    for actor, others in named:
        for name in (actor, *(each.strip() for each in others.split(";"))):
            if name and not (name != actor and _is_civilian(name)):
                classes.append(classify(name, country))
    main = classes[0] if classes else "unidentified"
    if main == "civilian":
        main = "unidentified"
    kinds = list(dict.fromkeys([main, *(each for each in classes if each != "civilian")]))
    if _WITHIN_A_COALITION in kinds and set(kinds) & set(_COALITIONS):
        kinds.remove(_WITHIN_A_COALITION)
        main = kinds[0]
    yield "primary", main, 1.0
    for kind in kinds:
        yield "any", kind, 1.0
        yield "fractional", kind, 1.0 / len(kinds)


def _is_civilian(actor: str) -> bool:
    return actor.casefold().startswith(_CIVILIAN)
