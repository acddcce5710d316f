"""To which perpetrator an ACLED event of several belongs."""

from typing import Literal

JointEvents = Literal["primary", "any", "fractional"]
JOINT_EVENTS: tuple[JointEvents, ...] = ("primary", "any", "fractional")
