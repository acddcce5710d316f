"""The yearly releases of the UCDP Georeferenced Event Dataset: where they are, what they hash to."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sahel_transitions.errors import Refusal, nearest
from sahel_transitions.sources.fetching.connection import Progress
from sahel_transitions.sources.fetching.download import download
from sahel_transitions.sources.fetching.zip_file import check_zip

DOWNLOADS = "https://ucdp.uu.se/downloads/ged"

# Release 25.1 has 29 MB, and eight times as much unpacked.
_MAX_BYTES = 500 << 20
_MAX_UNPACKED = 4 << 30
_MAX_RATIO = 100


@dataclass(frozen=True)
class UcdpRelease:
    """A yearly release; `md5` is None where this project does not know it."""

    release: str
    md5: str | None = None

    @property
    def file_name(self) -> str:
        return f"ged{self.release.replace('.', '')}-csv.zip"


RELEASES = {
    each.release: each
    for each in (
        *(UcdpRelease(f"{year}.1") for year in range(17, 25)),
        UcdpRelease("25.1", "e0cbca5638e21ab1e3136056d65b1faf"),
        UcdpRelease("26.1", "1a816a55df5042bd8bf144b040981c7d"),
    )
}


def fetch_ged(
    release: str,
    to: Path,
    *,
    md5: str | None = None,
    base_url: str = DOWNLOADS,
    progress: Progress | None = None,
) -> Path:
    """Fetch a yearly release of UCDP GED, as the zip archive that UCDP publishes.

    Parameters
    ----------
    release : str
        For example "25.1".
    to : Path
        Folder; it is made if there is none.
    md5 : str, optional
        Of the archive: required for a release whose hash this project does not know.
    base_url : str
        Folder of the archives on the server.
    progress : callable, optional
        Called with the bytes that have come and, if known, those to come in all.

    Returns
    -------
    Path
        The archive, for example `to/ged251-csv.zip`; if it is there already, nothing is fetched.

    Raises
    ------
    Refusal
        If the release or its hash is not known, or what came is no sound archive.
    SahelError
        If the server does not give the file, or the folder cannot be written.
    """
    if release not in RELEASES:
        raise Refusal(
            f"Refused: expected a yearly release of UCDP GED, found {release!r}; "
            f"{nearest(release, RELEASES)}."
        )
    known = RELEASES[release]
    return download(
        f"{base_url.rstrip('/')}/{known.file_name}",
        to / known.file_name,
        digest=f"md5:{_md5(known, md5)}",
        max_bytes=_MAX_BYTES,
        check=partial(check_zip, max_bytes=_MAX_UNPACKED, max_ratio=_MAX_RATIO),
        progress=progress,
    )


def _md5(known: UcdpRelease, given: str | None) -> str:
    if given is not None and not re.fullmatch(r"[0-9a-fA-F]{32}", given):
        raise Refusal(f"Refused: --md5 expects 32 hexadecimal digits, found {given!r}.")
    if given is None and known.md5 is None:
        hashed = ", ".join(each.release for each in RELEASES.values() if each.md5)
        raise Refusal(
            f"Refused: the hash of release {known.release} is not known here, so nobody could say "
            f"whether what comes is that release. Known are {hashed}; for {known.release}, give "
            "the MD5 of the archive with --md5."
        )
    if None not in (given, known.md5) and given.lower() != known.md5:
        raise Refusal(
            f"Refused: release {known.release} has the MD5 {known.md5}, and --md5 gives "
            f"{given.lower()}. Leave --md5 out, or correct the release."
        )
    return known.md5 or given.lower()
