"""Country codes of West Africa and Chad, and how the outside datasets name or number them."""

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
