//! Links lead somewhere.

use std::path::Path;

use crate::{
    all_of,
    chapter::{Chapter, book, repository},
};

/// Where the sources are.
const SOURCES: &str = "https://github.com/admit-rs/admit";

/// Checks every link of a chapter, those to other sites as far as that can be done without a network.
pub(crate) fn check(chapter: &Chapter, all: &[Chapter]) -> Result<(), String> {
    let complaint = |link: &crate::chapter::Link| {
        lead(chapter, &link.target, all).err().map(|complaint| (link.line, format!("{}: {complaint}", link.target)))
    };
    all_of(chapter, chapter.links().filter_map(complaint).collect())
}

fn lead(chapter: &Chapter, target: &str, all: &[Chapter]) -> Result<(), String> {
    if let Some(path) = target.strip_prefix(SOURCES) {
        let path = path.strip_prefix("/blob/main/").or_else(|| path.strip_prefix("/tree/main/"));
        return path.map_or(Ok(()), |path| {
            let (path, anchor) = split(path);
            to_file(&repository().join(path), anchor, all)
        });
    }
    if target.starts_with("https://") {
        return Ok(());
    }
    if target.contains(':') {
        return Err("only https leads out of the book".to_owned());
    }
    let (path, anchor) = split(target);
    if path.is_empty() {
        return to_file(chapter.path(), anchor, all);
    }
    let file = chapter.path().parent().expect("a folder").join(path);
    let in_book = chapter.path().starts_with(book());
    let normal = file.canonicalize().map_err(|error| error.to_string())?;
    if in_book && !normal.starts_with(book().canonicalize().expect("the book is there")) {
        return Err(format!("the rendered book does not have it; write {SOURCES}/blob/main/…"));
    }
    to_file(&file, anchor, all)
}

/// A target and what comes after `#`.
fn split(target: &str) -> (&str, Option<&str>) {
    target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)))
}

fn to_file(file: &Path, anchor: Option<&str>, all: &[Chapter]) -> Result<(), String> {
    let normal = file.canonicalize().map_err(|error| format!("{}: {error}", file.display()))?;
    let Some(anchor) = anchor else { return Ok(()) };
    let page = all.iter().find(|page| page.path().canonicalize().is_ok_and(|path| path == normal));
    match page {
        Some(page) if page.has_anchor(anchor) => Ok(()),
        Some(_) => Err(format!("there is no heading `#{anchor}`")),
        None => Err("only pages have headings".to_owned()),
    }
}
