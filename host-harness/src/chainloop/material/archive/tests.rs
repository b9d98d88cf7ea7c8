//! Names in archives.

use std::io::{Read as _, Write as _};

use flate2::{Compression, write::GzEncoder};

use super::{Format, Stopped, each, gunzip, is_safe};

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

/// An archive with one file, which is as large as this.
fn packed(size: usize) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_size(size as u64);
    header.set_mode(0o644);
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    archive.append_data(&mut header, "a.xml", std::io::repeat(b' ').take(size as u64)).expect("a file");
    archive.into_inner().and_then(GzEncoder::finish).expect("an archive")
}

#[test]
fn what_an_archive_holds_is_in_proportion_to_it() {
    let sizes = |archive: &[u8]| {
        let mut sizes = Vec::new();
        each(archive, Format::TarGz, &mut |entry| entry.read().map(|content| sizes.push(content.len()))).map(|()| sizes)
    };
    assert_eq!(sizes(&packed(60 << 20)), Ok(vec![60 << 20]));
    let bomb = packed(100 << 20);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(sizes(&bomb), Err(Stopped::Limit(_))), "{:?}", sizes(&bomb));
    assert!(matches!(gunzip(&bomb), Err(Stopped::Limit(_))));
    // An archive that is larger may hold more.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&vec![b' '; 70 << 20]).expect("written");
    assert_eq!(gunzip(&encoder.finish().expect("compressed")).map(|all| all.len()), Ok(70 << 20));
}
