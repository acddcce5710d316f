"""Reports: from a run folder to what is handed over."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "kept": ["kept_report"],
        "document": ["Document", "read_document"],
        "page": ["render_page"],
        "sweep_page": ["write_sweep_page"],
        "writing": ["write_report"],
    },
)
