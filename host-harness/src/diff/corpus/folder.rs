//! Everything in a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Found, Reason, file, splitting, whole};
use crate::suite::Suite;

/// How many folders may be inside of each other.
const MAX_DEPTH: usize = 64;

/// Hands over what is in the files of a folder, and in those of the folders in it; false when nobody wants more.
pub(super) fn read(folder: &Path, found: &mut impl FnMut(Found) -> bool) -> bool {
    below(folder, &Suite::folder(folder), 0, found)
}

fn below(folder: &Path, root: &Suite, depth: usize, found: &mut impl FnMut(Found) -> bool) -> bool {
    let entries = match entries(folder) {
        Ok(entries) => entries,
        Err(error) => {
            return found(whole(Reason::Unreadable, shown(folder), format!("the folder cannot be listed: {error}")));
        }
    };
    entries.into_iter().all(|path| {
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            return true;
        }
        let link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        if link && let Some(why) = not_followed(&path, root) {
            return found(whole(Reason::Link, shown(&path), why.to_owned()));
        }
        if path.is_dir() {
            if depth == MAX_DEPTH {
                let why = format!("more than {MAX_DEPTH} folders are inside of each other");
                return found(whole(Reason::Unreadable, shown(&path), why));
            }
            return below(&path, root, depth + 1, found);
        }
        match splitting(&path) {
            Some(_) => file(&path, found),
            None => found(whole(Reason::OtherFile, shown(&path), String::new())),
        }
    })
}

/// Why a link is not followed.
fn not_followed(link: &Path, root: &Suite) -> Option<&'static str> {
    match fs::metadata(link) {
        Err(_) => Some("it leads nowhere"),
        Ok(metadata) if metadata.is_dir() => Some("it leads to a folder"),
        Ok(_) if root.check(link).is_err() => Some("it leads out of the folder"),
        Ok(_) => None,
    }
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
