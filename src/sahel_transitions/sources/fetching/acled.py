"""Events from ACLED with the user's own account, page by page."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sahel_transitions.errors import Refusal, SahelError
from sahel_transitions.sources.fetching.accounts import Account
from sahel_transitions.sources.fetching.acled_events import AcledEvents
from sahel_transitions.sources.fetching.acled_names import acled_name
from sahel_transitions.sources.fetching.acled_pages import KeptPages, Page, write_private
from sahel_transitions.sources.fetching.acled_service import READ, TOKEN, AcledService
from sahel_transitions.sources.fetching.connection import Progress, open_session

# The most that ACLED gives at once.
PAGE_SIZE = 5000

_AGAIN = "Run the command again; if it stays so, ask ACLED."


def fetch_acled(
    countries: Sequence[str],
    first_day: date,
    last_day: date,
    to: Path,
    *,
    account: Account,
    base_url: str = READ,
    token_url: str = TOKEN,
    progress: Progress | None = None,
    page_size: int = PAGE_SIZE,
) -> Path:
    """Fetch the events of some countries between two days.

    The file is for the user alone: ACLED's terms forbid passing its data on. It is readable by
    no other user of the machine and must not go into a repository or an archive. ACLED corrects
    its events every week, so the day of the fetch, which is the vintage, is in the file's name.

    Parameters
    ----------
    countries : sequence of str
        ISO 3166-1 alpha-3.
    first_day, last_day : date
        Both included.
    to : Path
        Folder; it is made if there is none.
    account : Account
        As `acled_account` finds it.
    base_url, token_url : str
        Of the API.
    progress : callable, optional
        Called after each page with the events that have come and, as the sum over countries is
        not known before the last, None.
    page_size : int
        Events asked for at once, at most 5,000.

    Returns
    -------
    Path
        A CSV file in UTF-8, one row an event, with all columns in ACLED's order.

    Raises
    ------
    Refusal
        If the countries, days or page size cannot be asked for.
    SahelError
        If the server or its data fail. Finished pages are kept for a day, and the same call goes
        on from them; where the data themselves are at fault, they are not kept.
    """
    names = {code: acled_name(code) for code in countries}
    _refuse_query(names, first_day, last_day, page_size)
    days = f"{first_day.isoformat()}|{last_day.isoformat()}"
    query = {"event_date": days, "event_date_where": "BETWEEN", "limit": str(page_size)}
    try:
        with open_session() as session:
            service = AcledService(session, account, base_url, token_url)
            to.mkdir(parents=True, exist_ok=True)
            kept = KeptPages(to, json.dumps([account.username, base_url, [*names], query]))
            events = AcledEvents(first_day, last_day)
            for name in names.values():
                reader = _Reader(service, kept, events, {"country": name, **query})
                reader.read(last_day, progress)
        vintage = date.today().isoformat()
        target = to / f"acled_{'-'.join(names)}_{first_day}_{last_day}_fetched_{vintage}.csv"
        write_private(target, events.to_csv())
        kept.discard()
        return target
    except OSError as error:
        reason = error.strerror
    raise SahelError(
        f"{to}: cannot be written ({reason}). Free space or rights in this folder, or choose "
        "another one."
    )


def _refuse_query(names: dict[str, str], first_day: date, last_day: date, page_size: int) -> None:
    if not names:
        raise Refusal("Refused: expected one country or more, found none.")
    if first_day > last_day:
        raise Refusal(f"Refused: the first day, {first_day}, is after the last, {last_day}.")
    if not 1 <= page_size <= PAGE_SIZE:
        raise Refusal(f"Refused: a page has 1 to {PAGE_SIZE} events, found {page_size}.")


class _Reader:
    """The events of one country, page by page, from what is kept and from the server."""

    def __init__(
        self, service: AcledService, kept: KeptPages, events: AcledEvents, query: dict[str, str]
    ):
        self._service, self._kept, self._events, self._query = service, kept, events, query
        self._country = query["country"]

    def read(self, last_day: date, progress: Progress | None) -> None:
        number, come, total, more = 0, 0, None, True
        while more:
            number += 1
            page = self._page(number, last_day)
            come += len(page.rows)
            total = page.total if number == 1 else total
            if progress is not None:
                progress(len(self._events), None)
            if total is None:
                more = len(page.rows) == int(self._query["limit"])
            else:
                more = come < total and page.rows != []
        if total is not None and come != total:
            raise self._useless(f"expected {total} events, found {come} on {number} pages", _AGAIN)
        if come == 0:
            # A file without a country says neither that nothing happened there nor that the
            # country was never covered.
            raise self._useless(
                "expected at least one event between these days, found none",
                "Choose other days, or leave the country out.",
            )

    def _page(self, number: int, last_day: date) -> Page:
        label = f"page {number} of {self._country}"
        kept = page = self._kept.get(label)
        if page is None:
            # The server counts only when it is asked to, and more slowly then.
            counted = {"with_total": "true"} if number == 1 else {}
            answer = self._service.read({**self._query, "page": str(number), **counted})
            self._refuse_embargo(answer, last_day)
            page = self._checked(answer, number)
        try:
            self._events.add(page.rows, self._country, label)
        except SahelError:
            self._kept.discard()
            raise
        if kept is None:
            self._kept.put(label, page)
        return page

    def _checked(self, answer: dict, number: int) -> Page:
        rows = answer.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._useless(f"expected a list of events on page {number}, found none", _AGAIN)
        count = _number(answer.get("count"))
        if count not in {None, len(rows)}:
            found = f"expected {count} events on page {number}, found {len(rows)}"
            raise self._useless(found, _AGAIN)
        return Page(rows, _number(answer.get("total_count")))

    def _refuse_embargo(self, answer: dict, last_day: date) -> None:
        """Some accounts see no recent events; the rest of the query would be silently empty."""
        match answer.get("data_query_restrictions"):
            case {"date_recency": {"date": str(limit)}} if limit < last_day.isoformat():
                raise SahelError(
                    f"ACLED: expected events up to {last_day}, but this account sees none after "
                    f"{limit}. Choose an earlier end, or ask ACLED for more access."
                )

    def _useless(self, what: str, remedy: str) -> SahelError:
        self._kept.discard()
        return SahelError(f"ACLED, {self._country}: {what}. Nothing was written. {remedy}")


def _number(value: object) -> int | None:
    return int(value) if str(value).isdecimal() else None
