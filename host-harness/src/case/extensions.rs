//! Which files are cases, and companions of cases.

use std::ffi::OsStr;
use std::path::Path;

pub(super) const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// What editors, merges and patches leave beside a file while it is changed or after.
const LEFTOVERS: [&str; 7] = ["orig", "rej", "bak", "old", "tmp", "swp", "swo"];

/// Whether a file is the leftover of somebody's editing, and nobody's case.
pub(super) fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let surrounded = name.len() > 1 && name.starts_with('#') && name.ends_with('#');
    surrounded
        || name.ends_with('~')
        || path.extension().and_then(OsStr::to_str).is_some_and(|extension| LEFTOVERS.contains(&extension))
}

pub(super) fn has_extension(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|extension| EXTENSIONS.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_told_from_cases() {
        for name in ["a.yaml~", "a.yaml.orig", "a.yaml.rej", "a.yaml.bak", "#a.yaml#", "a.yaml.swp", "a.yaml.tmp"] {
            assert!(is_leftover(Path::new(name)), "{name}");
        }
        for name in ["a.yaml", "orig.yaml", "a.txt", "a.yml.json", "#", "a~b.yaml", "backup"] {
            assert!(!is_leftover(Path::new(name)), "{name}");
        }
    }
}
