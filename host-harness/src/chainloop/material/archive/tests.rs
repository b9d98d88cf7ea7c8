//! Names in archives.

use super::{Format, is_safe};

#[test]
fn names_stay_inside() {
    for name in ["a", "a/b.txt", "foo..bar.json", "./a", "a/../b"] {
        assert!(is_safe(name), "{name}");
    }
    for name in ["/a", "\\a", "C:/x", "c:x", "a/../../etc/passwd", ".."] {
        assert!(!is_safe(name), "{name}");
    }
}

#[test]
fn formats_are_known_by_what_they_start_with() {
    assert_eq!(Format::of(b"PK\x05\x06"), Some(Format::Zip));
    assert_eq!(Format::of(b"\x1f\x8b"), Some(Format::TarGz));
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(Format::of(&tar), Some(Format::Tar));
    assert_eq!(Format::of(b"PK"), None);
}
