//! Which files are cases, and companions of cases.

use std::ffi::OsStr;
use std::path::Path;

pub(super) const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

pub(super) fn has_extension(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| EXTENSIONS.contains(&extension))
}
