//! Holds no code: everything is under `tests/`.
