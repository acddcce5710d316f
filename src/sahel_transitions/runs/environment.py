"""Which software a run had, and whether it is that of the lock."""

import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement

from sahel_transitions.paths import LOCK


def locked_versions() -> dict[str, str]:
    """Name and version of every package of the lock that this Python and system take."""
    text = LOCK.read_text(encoding="utf-8")
    versions = {}
    for line in re.findall(r"^([A-Za-z0-9][^\\\n]*?)\s*\\?$", text, flags=re.MULTILINE):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            versions[requirement.name] = str(requirement.specifier).removeprefix("==")
    return versions


@cache
def environment() -> dict:
    """Python, system, the packages of the lock as installed, and those that differ from it.

    Read once a process, since every run of a call has the same.
    """
    installed, differing = {}, {}
    for name, locked in locked_versions().items():
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            installed[name] = None
        if installed[name] != locked:
            differing[name] = {"locked": locked, "installed": installed[name]}
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "packages": installed,
        "differs_from_lock": differing,
    }
