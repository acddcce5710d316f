"""Which rights let which content of a dataset lie in the project."""

from dataclasses import dataclass
from typing import Literal

Content = Literal["rows", "facts", "aggregates"]


@dataclass(frozen=True)
class Licence:
    """A licence or terms of use: its name for readers, and what may be passed on under it.

    `rows` are values as the producer gives them, `facts` are dates, ranks and outcomes that anyone
    may state with a citation, `aggregates` are sums or indices over records, never the records.
    """

    title: str
    permits: frozenset[Content]


_ALL: frozenset[Content] = frozenset({"rows", "facts", "aggregates"})

LICENCES = {
    "CC0-1.0": Licence("CC0 1.0", _ALL),
    "CC-BY-4.0": Licence("CC BY 4.0", _ALL),
    "CC-BY-3.0-IGO": Licence("CC BY 3.0 IGO", _ALL),
    "CC-BY-SA-4.0": Licence("CC BY-SA 4.0", _ALL),
    "public-domain": Licence("public domain", _ALL),
    "cited-facts": Licence("facts, to be cited", frozenset({"facts", "aggregates"})),
    "SIPRI-terms": Licence("SIPRI terms of use", frozenset({"aggregates"})),
    "ACLED-terms": Licence("ACLED terms of use", frozenset()),
    "unstated": Licence("not stated", frozenset()),
}
