"""Make `.venv` from the lock, with nothing but a Python that has venv.

Runs under the Python that is to be judged, so it must parse under old ones: no annotations, no
f-strings, standard library only.
"""

import os
import re
import subprocess
import sys
import tempfile

OLDEST, NEWEST = (3, 11), (3, 13)
PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(PROJECT, ".venv")
LOCK = os.path.join(PROJECT, "requirements.lock")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")


def stop(sentence):
    """Say why it cannot be done, and what to do; exit code 2."""
    sys.stderr.write(sentence + "\n")
    sys.exit(2)


def run(arguments, failure):
    """Run a command quietly; where it fails, the last lines it said follow the sentence."""
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.communicate()[0].decode("utf-8", "replace").strip().splitlines()
    if process.returncode:
        text = "\n".join(said)
        # An index that answers nothing at all is one that cannot be reached.
        unreachable = r"(?i)connection|resolve|network|timed? ?out|unreachable|from versions: none"
        if re.search(unreachable, text):
            failure = (
                "The packages could not be downloaded: the package index cannot be reached. "
                "Connect to the network, or point pip to a mirror, and run `make setup` again."
            )
        stop(failure + "\n  " + "\n  ".join(said[-4:]))


def requirement_of_uv():
    """The lines of the lock that pin uv, with their hashes."""
    with open(LOCK) as file:
        match = re.search(r"^uv==.*?(?=^\S|\Z)", file.read(), flags=re.MULTILINE | re.DOTALL)
    if match is None:
        stop("requirements.lock does not pin uv: restore the file from the repository.")
    return match.group(0)


def main():
    """Create the environment, install uv, then everything else through it."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            "Python %d.%d to %d.%d is needed, and `python3` is %d.%d: install one of them and put "
            "it first on the PATH." % (OLDEST + NEWEST + sys.version_info[:2])
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(
            "This Python has no venv module: install it (on Debian and Ubuntu the package "
            "python3-venv) and run `make setup` again."
        )
    sys.stderr.write("Setting up .venv (about a minute, once)\n")
    run([sys.executable, "-m", "venv", "--clear", VENV], "The environment .venv cannot be made.")
    python = os.path.join(BIN, "python")
    handle, path = tempfile.mkstemp(suffix=".txt")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(requirement_of_uv())
        run(
            [python, "-m", "pip", "install", "--disable-pip-version-check",
             "--require-hashes", "-r", path],
            "uv cannot be installed.",
        )  # fmt: skip
    finally:
        os.remove(path)
    uv = [os.path.join(BIN, "uv"), "pip"]
    # Compiled once here, or every start of a notebook would compile again.
    run(
        [
            *uv,
            "sync",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "--compile-bytecode",
            LOCK,
        ],
        "The packages of requirements.lock cannot be installed.",
    )
    run(
        [*uv, "install", "--quiet", "--python", python, "--no-deps", "--no-build-isolation",
         "--editable", PROJECT],
        "The package itself cannot be installed.",
    )  # fmt: skip
    open(os.path.join(VENV, ".ready"), "w").close()
    sys.stderr.write("Ready.\n")


if __name__ == "__main__":
    main()
