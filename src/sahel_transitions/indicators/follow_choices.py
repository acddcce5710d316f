"""What a test of following depends on, which choice is the primary one, and what it means to tell.

The primary choice was made before the tests were computed; some lags were known by then (261, 187
and about 760 days, of the treaty with France, the French units and the Russian ones), so that it
was not made without any knowledge of the dates:

null *channels*
    It keeps both calendars, each clustered round the country's own coups, and asks only what a
    common calendar does not already explain: whether matching channels belong together. The null
    *shifts* would take two upheavals near in time for following.
measure *irregularity*
    Under that null the mean lag never varies, so that following shows in lags that are alike. Its
    p-value does not depend on the clock and not on the direction, so that neither can be chosen.
without joint decisions
    On one day nobody follows.
acts *all*
    Own acts alone would be the better question, but few channels have one in both countries.
lines *main*
    The parts of a channel are coded unevenly.

Three choices were added after the tests had been seen: the null *partners*, which counts each
partner once and matches partners, since channels of one partner often change together; own acts by
the coded actor (before, they were guessed from the kind of change); and the lines beside the main
one. No p-value is adjusted; `p_family` says what it would be with all tests counted.
"""

from dataclasses import dataclass

from sahel_transitions.indicators.parallel_paths import CLOCKS

# A p-value tells something from chance if it is strictly below.
LEVEL = 0.05
# Standard deviations of lags, in months, for which power is told, and the one for which it is
# held against the usual 80 of 100: lags that scatter by half a year are still lags of a follower.
SCATTERS = (1, 3, 6, 12)
POWER_SCATTER, ENOUGH_POWER = 6, 0.8


@dataclass(frozen=True)
class Choices:
    """What a test of following depends on."""

    null: str = "channels"
    measure: str = "irregularity"
    clock: str = "calendar"
    joint: str = "without"
    acts: str = "all"
    lines: str = "main"


PRIMARY = Choices()
# The tests on which sentences and verdicts rest.
DECIDING = {
    PRIMARY: "primary",
    Choices(acts="own"): "own_acts",
    Choices(null="partners"): "one_partner",
}
# Where the clock makes no difference by construction, it is not varied.
CHOICES_OF_TESTS = tuple(
    Choices(null, measure, clock, joint, acts, lines)
    for null, measure, clocks in (
        ("channels", "irregularity", CLOCKS[:1]),
        ("channels", "order", CLOCKS[:1]),
        ("partners", "irregularity", CLOCKS[:1]),
        ("partners", "order", CLOCKS[:1]),
        ("channels", "synchrony", CLOCKS),
        ("shifts", "synchrony", CLOCKS),
    )
    for clock in clocks
    for joint in ("without", "with")
    for acts in ("all", "own")
    for lines in ("main", "all")
)


def is_told(p_value: float) -> bool:
    """Whether a p-value is strictly below `LEVEL`; none at all tells nothing."""
    return bool(p_value < LEVEL - 1e-9)


def could_hardly_tell(power: float) -> bool:
    """Whether a follower with lags that scatter by `POWER_SCATTER` months would often be missed.

    Where no power is known (too few channels for any test), it would be.
    """
    return not power >= ENOUGH_POWER
