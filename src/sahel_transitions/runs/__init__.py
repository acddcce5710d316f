"""Runs: plan, execute, hold to the contract, keep.

Names are loaded when they are first used: to find what is there needs no notebook's libraries.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "causes": ["Cause", "ContractBroken", "FailedRun", "causes", "told"],
        "engine.jobs": ["Outcome"],
        "finding": ["find_runs"],
        "folder": ["Run", "Used"],
        "grid": ["grid_answers", "grid_notebook", "grid_of_studies", "unlike_in_process"],
        "making": ["run", "run_each"],
        "matrix": ["Matrix", "read_matrix"],
        "reference": ["accept_as_reference", "compare_with_reference", "store_outputs"],
        "sweeps": ["Sweep", "sweep", "sweep_results"],
    },
)
