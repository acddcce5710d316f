"""The table `deaths` as ACLED files give it: what its columns are, and which definitions it answers.

Definitions: A1 is the sum of fatalities of events of the type "Violence against civilians", A2 that
of all events in which civilians were the main or only target (`civilian_targeting`), A3 the number
of such events in which somebody died. Fatalities belong to an event and not to a side of it.
"""

import re
from datetime import date, datetime
from typing import Literal

import pandas as pd

from sahel_transitions.sources.actors import PERPETRATORS
from sahel_transitions.sources.joint_events import JOINT_EVENTS

MEASURES = ["events", "a1", "a2", "a3"]
GRAIN = ["country", "month", "admin1", "perpetrator", "joint_events"]
NOT_LOCATED = "not_located"
# Revised for so long after they were first coded.
PROVISIONAL_MONTHS = 6
# The first year of the dataset.
BEGINS = 1997


def declare(
    *,
    description: str,
    vintage: str,
    released: str,
    coverage: dict[str, dict[str, str]],
    definitions: list[str],
    breakdowns: list[str],
    period: Literal["month", "year"] = "month",
    events: bool = True,
    provisional_from: str | None = None,
    lost: dict[str, list[dict[str, str]]] | None = None,
    unanswered: dict[str, list[str]] | None = None,
    skipped: int = 0,
    warnings: list[str] = (),
) -> dict:
    """The declaration of a table of deaths that was made of an ACLED file.

    Parameters
    ----------
    coverage, lost : dict
        By country, the first and last month that the file covers, and the spans within them whose
        values are lost.
    definitions : list of str
        Those of A1, A2 and A3 that the file can answer; the others have no column.
    unanswered : dict
        By country, those of the definitions that the file cannot answer for it.
    period : {"month", "year"}
    events : bool
        Whether the file counts events that target civilians, too.
    """
    key = [period if column == "month" else column for column in GRAIN]
    shown = {"A1": "a1", "A2": "a2", "A3": "a3"}
    measured = [shown[definition] for definition in definitions]
    meaning = {
        "events": "Events of violence against civilians, of any number of fatalities"
        if definitions == ["A1"]
        else "Events that target civilians, of any number of fatalities",
        "a1": "Fatalities of the event type “Violence against civilians”",
        "a2": "Fatalities of all events that target civilians",
        "a3": "Events that target civilians and in which somebody died",
    }
    measures = [name for name in MEASURES if name in measured or (name == "events" and events)]
    return {
        "title": "Reported fatalities of events that target civilians",
        "description": description,
        "producer": "Armed Conflict Location & Event Data Project (ACLED); counted by Sahel Transitions",
        "citation": ["acled_event_exports"],
        "licence": "ACLED-terms",
        "redistribution": False,
        "content": "aggregates",
        "vintage": vintage,
        "vintage_released": released,
        "coverage": coverage,
        "lost": lost or {},
        "unanswered": unanswered or {},
        **({"provisional_from": dict.fromkeys(coverage, provisional_from)}
           if provisional_from else {}),
        "grain": key,
        "columns": {
            "country": {"type": "text", "allowed": sorted(coverage),
                        "meaning": "Where the event happened (ISO 3166-1 alpha-3)"},
            period: {"type": "month" if period == "month" else "integer",
                     "meaning": f"Calendar {period} of the event"},
            "admin1": {"type": "text", "meaning": "First-order administrative unit as ACLED names it"},
            "perpetrator": {"type": "text", "allowed": list(PERPETRATORS),
                            "meaning": "Class of the side that is not civilian; not_attributed "
                            "where the file names no actors"},
            "joint_events": {"type": "text", "allowed": list(JOINT_EVENTS),
                             "meaning": "How an event of several perpetrators is counted: for the "
                             "first named, for each in full (sums exceed the total), or in equal "
                             "parts"},
            **{name: {"type": "number", "minimum": 0, "meaning": meaning[name],
                      "unit": "events" if name in {"events", "a3"} else "reported fatalities"}
               for name in measures},
        },
        "warnings": ["acled_fatalities_of_event", "acled_drift", *warnings],
        "dataset": "ACLED",
        "definitions": definitions,
        "breakdowns": breakdowns,
        "skipped_rows": skipped,
    }  # fmt: skip


def months_before(day: date | pd.Timestamp, months: int) -> str:
    """The month that lies so many months before that of a day."""
    return str(pd.Period(day, "M") - months)


def made_on(name: str) -> date | None:
    """The day in the name of a file such as “… as-of-20Feb2026.csv”, which its cells do not say."""
    plain = re.sub(r"[\W_]+", " ", name.casefold())
    match = re.search(r"as of (\d{1,2} ?[a-z]{3}[a-z]* ?\d{4})", plain)
    for form in ("%d%b%Y", "%d%B%Y") if match else ():
        try:
            return datetime.strptime(match[1].replace(" ", ""), form).date()
        except ValueError:
            continue
    return None
