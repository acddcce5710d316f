"""Mali and Burkina Faso since the coups of 2020-2022, compared so that anyone can check it."""

__version__ = "0.1.0"
