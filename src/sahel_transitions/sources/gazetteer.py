"""Countries: codes of West Africa and Chad, and how the outside datasets name or number them."""

from functools import cache

import pycountry

# ISO3 → Gleditsch-Ward number, as UCDP and the coup datasets use it.
GLEDITSCH_WARD = {
    "BEN": 434,
    "BFA": 439,
    "CIV": 437,
    "CPV": 402,
    "GHA": 452,
    "GIN": 438,
    "GMB": 420,
    "GNB": 404,
    "LBR": 450,
    "MLI": 432,
    "MRT": 435,
    "NER": 436,
    "NGA": 475,
    "SEN": 433,
    "SLE": 451,
    "TCD": 483,
    "TGO": 461,
}
ISO3_BY_GLEDITSCH_WARD = {number: iso3 for iso3, number in GLEDITSCH_WARD.items()}

# Names that are neither in ISO 3166 nor its short forms. Kosovo has a code of common use.
_OTHER_NAMES = {
    "bailiwick of guernsey": "GGY",
    "bailiwick of jersey": "JEY",
    "bosnia-herzegovina": "BIH",
    "brunei": "BRN",
    "cape verde": "CPV",
    "caribbean netherlands": "BES",
    "cote d'ivoire": "CIV",
    "cote d’ivoire": "CIV",
    "côte d’ivoire": "CIV",
    "curacao": "CUW",
    "democratic republic of congo": "COD",
    "democratic republic of the congo": "COD",
    "dr congo": "COD",
    "dr congo (zaire)": "COD",
    "east timor": "TLS",
    "falkland islands": "FLK",
    "french southern and antarctic lands": "ATF",
    "gambia, the": "GMB",
    "guinea bissau": "GNB",
    "ivory coast": "CIV",
    "kosovo": "XKX",
    "micronesia": "FSM",
    "palestine": "PSE",
    "republic of congo": "COG",
    "republic of korea": "KOR",
    "reunion": "REU",
    "russia": "RUS",
    "russia (soviet union)": "RUS",
    "saint-barthelemy": "BLM",
    "saint-martin": "MAF",
    "sint maarten": "SXM",
    "soviet union": "RUS",
    "surinam": "SUR",
    "swaziland": "SWZ",
    "the gambia": "GMB",
    "turkey": "TUR",
    "turkiye": "TUR",
    "uae": "ARE",
    "vatican city": "VAT",
    # Part of no state in ISO 3166; known, so that a table of the world is not refused.
    "akrotiri and dhekelia": "XAD",
}


@cache
def iso3_of(name: str) -> str | None:
    """The code (ISO 3166-1 alpha-3) of a country by its English name or code; None if unknown.

    States that are no more have none, but for the Soviet Union, whose seat Russia took.
    """
    folded = name.strip().casefold()
    if folded in _OTHER_NAMES:
        return _OTHER_NAMES[folded]
    try:
        return pycountry.countries.lookup(folded).alpha_3
    except LookupError:
        return None


def country_names() -> list[str]:
    """English names of the countries of West Africa and Chad, as datasets most often spell them."""
    short = {iso3: pycountry.countries.get(alpha_3=iso3).name for iso3 in GLEDITSCH_WARD}
    return sorted({*short.values(), "Ivory Coast", "Cape Verde"})
