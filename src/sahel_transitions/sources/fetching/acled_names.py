"""ACLED's English names of countries, which it filters by."""

import pycountry

from sahel_transitions.errors import Refusal

# Where ACLED's name is neither the common nor the short name of ISO 3166-1; as in its tables of
# events by country and year, export of 20 February 2026.
_OWN = {
    "ATF": "French Southern and Antarctic Lands",
    "BES": "Caribbean Netherlands",
    "BLM": "Saint-Barthelemy",
    "BRN": "Brunei",
    "CIV": "Ivory Coast",
    "COD": "Democratic Republic of Congo",
    "COG": "Republic of Congo",
    "CPV": "Cape Verde",
    "CUW": "Curacao",
    "CZE": "Czech Republic",
    "FLK": "Falkland Islands",
    "FSM": "Micronesia",
    "GGY": "Bailiwick of Guernsey",
    "JEY": "Bailiwick of Jersey",
    "MAF": "Saint-Martin",
    "PSE": "Palestine",
    "REU": "Reunion",
    "RUS": "Russia",
    "SWZ": "eSwatini",
    "SXM": "Sint Maarten",
    "TLS": "East Timor",
    "TUR": "Turkey",
    "VAT": "Vatican City",
    "VGB": "British Virgin Islands",
    # Not in ISO 3166-1.
    "XKX": "Kosovo",
}


def acled_name(code: str) -> str:
    """ACLED's name of a country.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-3, in capitals.

    Raises
    ------
    Refusal
        If there is no such code; where a country has this name or another code, it is named.
    """
    if code in _OWN:
        return _OWN[code]
    try:
        country = pycountry.countries.lookup(code)
    except LookupError:
        country = None
    if country is not None and country.alpha_3 == code:
        return getattr(country, "common_name", country.name)
    hint = "such as MLI or BFA" if country is None else f"which is {country.alpha_3}"
    raise Refusal(
        f"Refused: a country is expected as its ISO 3166-1 alpha-3 code, {hint}; found {code!r}."
    )
