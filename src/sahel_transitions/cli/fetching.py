"""Commands that fetch files from their producers."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.parameters import parse_assignments, read_parameters


def fetch(
    source: Annotated[str, typer.Argument(help="ucdp-ged or acled")],
    to: Annotated[Path, typer.Option(help="Folder; here without it")] = Path(),
    release: Annotated[str | None, typer.Option(help="ucdp-ged: the release, such as 25.1")] = None,
    md5: Annotated[
        str | None, typer.Option(help="ucdp-ged: the hash, of a release whose hash is not known")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="KEY=VALUE", help="acled: countries, start, end"),
    ] = None,
) -> None:
    """Fetch a file: a UCDP GED release, or ACLED events with your own account.

    The account of ACLED comes from ACLED_USERNAME and ACLED_PASSWORD or from the keyring of the
    system. Its files are yours alone and may not be passed on.
    """
    fetchers = {"ucdp-ged": _ged, "acled": _acled}
    if source not in fetchers:
        raise Refusal(
            f"Refused: nothing can be fetched of {source!r}; {nearest(source, fetchers)}."
        )
    path = fetchers[source](to, release, md5, parameter)
    print(f"Fetched: {path}")


def _ged(to: Path, release: str | None, md5: str | None, parameter) -> Path:
    from sahel_transitions.cli.progress import showing_bytes
    from sahel_transitions.sources.fetching import fetch_ged

    if parameter:
        raise Refusal("Refused: -p goes with acled; a release of ucdp-ged has all countries.")
    if release is None:
        raise Refusal("Refused: expected a release, found none. Say which: --release 25.1.")
    with showing_bytes() as progress:
        return fetch_ged(release, to, md5=md5, progress=progress)


def _acled(to: Path, release: str | None, md5: str | None, parameter) -> Path:
    from sahel_transitions.cli.progress import showing_bytes
    from sahel_transitions.sources.fetching import acled_account, fetch_acled

    if release or md5:
        raise Refusal("Refused: --release and --md5 go with ucdp-ged; ACLED has no releases.")
    given = parse_assignments(parameter or ())
    others = sorted(set(given) - {"countries", "start", "end"})
    if others:
        raise Refusal(f"Refused: fetch takes countries, start and end, found {', '.join(others)}.")
    asked = read_parameters(given)
    first = date.fromisoformat(f"{asked.start}-01")
    after = date.fromisoformat(f"{asked.end}-28") + timedelta(days=4)
    last = after.replace(day=1) - timedelta(days=1)
    with showing_bytes() as progress:
        return fetch_acled(
            asked.countries, first, last, to, account=acled_account(), progress=progress
        )
