//! The text of a document, and where its values stand in it.

use std::sync::{Arc, OnceLock};

use super::origin::Origin;
use super::places::{Places, Step};
use super::{Position, manifest, yaml};

/// Which language a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON: a name that ends in `.json`, or (whatever is not called YAML) a text that starts with `{` or `[`, its keys in
    /// quotes.
    Json,
    /// YAML as kubectl reads it, which is 1.1 where that differs from 1.2: `yes` and `on` are true, `0644` is 420. Keys become
    /// strings (`on:` is `"true"`), and what `<<` merges counts as standing where `<<` stands: it replaces what stands before.
    /// Everything else.
    Yaml,
    /// TOML, of a `Cargo.toml`. No other input is in TOML, so no name selects it.
    Toml,
}

/// The text of a document.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    text: Arc<str>,
    format: Format,
    /// Which one of the documents in the text it is.
    index: usize,
    places: Shared,
    /// Which part of the text it is.
    origin: Origin,
}

/// Positions of all values in a text, computed when one of them is asked for, and once for all of its documents.
pub(super) type Shared = Arc<OnceLock<Vec<Places>>>;

impl Lines {
    pub(super) fn new(text: Arc<str>, format: Format, index: usize, places: Shared) -> Self {
        Self { text, format, index, places, origin: Origin::Whole }
    }

    /// Those of another document in the same text.
    pub(super) fn part(&self, origin: Origin) -> Self {
        Self { origin, ..self.clone() }
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Which one of the documents in the text it is.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Where the value at `path` stands.
    pub(super) fn position(&self, path: &[Step<'_>]) -> Option<Position> {
        self.places()?.find(&self.origin.resolve(path))
    }

    /// The text of the scalar at `path`, as it is written in YAML or JSON.
    pub(super) fn written(&self, path: &[Step<'_>]) -> Option<&str> {
        self.places()?.text(&self.origin.resolve(path))
    }

    /// The key of the value at `path` as it is written in YAML or JSON, where what it means is another text.
    pub(super) fn written_key(&self, path: &[Step<'_>]) -> Option<&str> {
        self.places()?.key(&self.origin.resolve(path))
    }

    fn places(&self) -> Option<&Places> {
        let places = self.places.get_or_init(|| match self.format {
            Format::Toml => manifest::places(&self.text),
            Format::Json | Format::Yaml => yaml::places(&self.text),
        });
        places.get(self.index)
    }
}
