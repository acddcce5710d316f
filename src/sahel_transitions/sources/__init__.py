"""One module for each outside dataset: recognise a file, read it, derive the project's table.

Names are loaded when they are first used: what asks little of this room waits for no library.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "actors": ["ActorClassifier", "PERPETRATORS"],
        "allocation": ["ALLOCATIONS", "Allocation", "allocate", "days_by_month"],
        "files": ["Opened", "is_file", "open_file"],
        "joint_events": ["JOINT_EVENTS", "JointEvents"],
        "recognition": ["recognise"],
        "registry": ["SOURCES", "derive"],
        "several_files": ["named_files", "read_users_files"],
        "source": ["Built", "Options", "Source", "Unanswerable"],
        "ucdp": ["NOT_LOCATED"],
        "users_file": ["file_hash", "telling"],
    },
)
