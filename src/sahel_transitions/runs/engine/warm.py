"""What every notebook needs, loaded once before processes are forked."""

import gc
import importlib
import io
import random
from contextlib import suppress

import ipykernel.debugger  # noqa: F401
import matplotlib as mpl
import nbformat
import numpy as np
import papermill  # noqa: F401
import statsmodels.api  # noqa: F401
from matplotlib import pyplot as plt

import sahel_transitions.notebook  # noqa: F401
from sahel_transitions.errors import TableProblems
from sahel_transitions.language import LANGUAGES
from sahel_transitions.language.catalogue import read_catalogue
from sahel_transitions.runs.engine import in_process  # noqa: F401
from sahel_transitions.tables import Tables

# By name, since no notebook rests on all of them: what it rests on is read from imports.
_ROOMS = ("tables", "methods", "sources", "indicators", "claims", "figures")


def warm_up() -> None:
    """Load all rooms, read tables and words, check a notebook, draw a figure that nobody sees.

    What was parsed, compiled and laid out for it stays: tables, texts, the schema of notebooks,
    fonts and glyphs.
    """
    for name in _ROOMS:
        room = importlib.import_module(f"sahel_transitions.{name}")
        for each in room.__all__:
            getattr(room, each)
    every = Tables()
    for name in every:
        # A broken table is the business of the notebooks that need it.
        with suppress(TableProblems):
            every[name]
    for language in LANGUAGES:
        read_catalogue(language)
    # A notebook opens the catalogue anew, as it does its tables, and is seen to depend on it.
    read_catalogue.cache_clear()
    nbformat.validate(nbformat.v4.new_notebook())
    with mpl.rc_context():
        figure, axes = plt.subplots()
        axes.plot([1, 2], [1, 2], label="é")
        axes.set_title("0123456789 abcdefghijklmnopqrstuvwxyz")
        axes.legend()
        for format in ("png", "svg"):
            figure.savefig(io.BytesIO(), format=format)
        plt.close(figure)
    # What is loaded stays: no fork looks through it for garbage, and so none copies its pages.
    gc.collect()
    gc.freeze()


def reseed() -> None:
    """Give a forked process random numbers of its own, as a process that was started has."""
    random.seed()
    np.random.seed()
