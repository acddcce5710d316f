"""Fetching public data: UCDP releases by address and hash, ACLED with the user's own account."""

from sahel_transitions.sources.fetching.accounts import Account, acled_account
from sahel_transitions.sources.fetching.acled import fetch_acled
from sahel_transitions.sources.fetching.download import download
from sahel_transitions.sources.fetching.ucdp import RELEASES, UcdpRelease, fetch_ged
from sahel_transitions.sources.fetching.zip_file import check_zip

__all__ = [
    "RELEASES",
    "Account",
    "UcdpRelease",
    "acled_account",
    "check_zip",
    "download",
    "fetch_acled",
    "fetch_ged",
]
