"""What a source makes of an outside file: rows, what the table says of itself, and notes."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Built:
    """A derived table before it is written.

    `declaration` has the keys of a table declaration except `rows` and `sha256`, which follow
    from the rows. `notes` are sentences for whoever runs the build.
    """

    name: str
    frame: pd.DataFrame
    declaration: dict
    notes: list[str] = field(default_factory=list)
