//! The chapters: what is in the folder `docs`, and the other pages for readers.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::block::Block;

/// Pages outside of the book that are tested as chapters are. README's Rust is a documentation test of the SDK.
const OTHER_PAGES: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Chapter(Arc<Page>);

#[derive(Debug)]
struct Page {
    path: PathBuf,
    text: String,
    blocks: Vec<Block>,
    links: Vec<Link>,
    headings: Vec<String>,
}

/// A link or a picture.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Where it leads.
    pub(crate) target: String,
}

/// The folder of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate is in a folder of the repository")
}

/// The folder of the book.
pub(crate) fn book() -> PathBuf {
    repository().join("docs")
}

/// Every page, in the order of their paths.
pub(crate) fn all() -> Vec<Chapter> {
    let mut paths = Vec::new();
    markdown(&book(), &mut paths);
    paths.sort();
    paths.extend(OTHER_PAGES.map(|page| repository().join(page)));
    paths.into_iter().map(|path| Chapter::read(&path)).collect()
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// What is not in the table of contents is not in the book.
pub(crate) fn summary_is_complete() -> Result<(), String> {
    let summary = Chapter::read(&book().join("SUMMARY.md"));
    let named: Vec<PathBuf> = summary.links().map(|link| book().join(&link.target)).collect();
    let forgotten = all().into_iter().filter(|chapter| {
        chapter.is_of_book() && chapter.path() != summary.path() && !named.contains(&chapter.path().to_owned())
    });
    let forgotten: Vec<String> = forgotten.map(|chapter| chapter.shown()).collect();
    if forgotten.is_empty() { Ok(()) } else { Err(format!("docs/SUMMARY.md does not name {}", forgotten.join(", "))) }
}

impl Chapter {
    /// Reads a page.
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = included(path, &text);
        let mut page =
            Page { path: path.to_owned(), blocks: Vec::new(), links: Vec::new(), headings: Vec::new(), text };
        let text = std::mem::take(&mut page.text);
        let (mut heading, mut block): (Option<String>, Option<(String, Range<usize>)>) = (None, None);
        for (event, range) in Parser::new_ext(&text, Options::all()).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let title = heading.take().unwrap_or_default();
                    page.headings.push(anchor(&title, &page.headings));
                }
                Event::Text(part) | Event::Code(part) if heading.is_some() => {
                    heading.get_or_insert_default().push_str(&part);
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(Link { line: line_of(&text, range.start), target: dest_url.into_string() });
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => info.into_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some((info, range.end..range.end));
                }
                Event::Text(_) => {
                    if let Some((_, inside)) = &mut block {
                        *inside = inside.start.min(range.start)..range.end;
                    }
                }
                Event::End(TagEnd::CodeBlock) => {
                    let (info, inside) = block.take().expect("it was begun");
                    page.blocks.push(Block::new(&text, range, inside, &info));
                }
                _ => {}
            }
        }
        page.text = text;
        Self(Arc::new(page))
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// The file, seen from the repository.
    pub(crate) fn shown(&self) -> String {
        self.path().strip_prefix(repository()).unwrap_or(self.path()).display().to_string()
    }

    /// The name in tests.
    pub(crate) fn name(&self) -> String {
        let path = self.path().strip_prefix(book()).or_else(|_| self.path().strip_prefix(repository()));
        let path = path.expect("a page of the repository").with_extension("");
        path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("::")
    }

    /// Whether it is a chapter of the book.
    pub(crate) fn is_of_book(&self) -> bool {
        self.path().starts_with(book())
    }

    /// The part of the book that it is in: the name of its folder.
    pub(crate) fn part(&self) -> &str {
        let folder = self.path().parent().and_then(Path::file_name);
        folder.and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// All of it, with what it includes.
    pub(crate) fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether some of it is in other files.
    pub(crate) fn has_includes(&self) -> bool {
        fs::read_to_string(self.path()).is_ok_and(|text| text != self.text())
    }

    /// Its code blocks.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.0.blocks.iter()
    }

    /// Its links.
    pub(crate) fn links(&self) -> impl Iterator<Item = &Link> {
        self.0.links.iter()
    }

    /// Whether it has a heading with this anchor.
    pub(crate) fn has_anchor(&self, anchor: &str) -> bool {
        self.0.headings.iter().any(|heading| heading == anchor)
    }
}

/// The text with the files that mdBook includes.
fn included(path: &Path, text: &str) -> String {
    let mut whole = String::new();
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix("}}")) {
            Some(file) => {
                let file = path.parent().expect("a folder").join(file);
                whole
                    .push_str(&fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())));
            }
            None => whole.push_str(line),
        }
    }
    whole
}

/// The line of a position, from 1.
pub(crate) fn line_of(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}

/// The anchor that mdBook and GitHub give a heading.
fn anchor(title: &str, before: &[String]) -> String {
    let kept = title.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    let name = kept.collect::<String>().to_lowercase().replace(' ', "-");
    let same =
        before.iter().filter(|other| other.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-') == name).count();
    if same == 0 { name } else { format!("{name}-{same}") }
}
