//! A code block, and what its info string says that it is.
//!
//! | info string | what the test does with the block |
//! | --- | --- |
//! | `console` | runs the lines that start with `$ ` and compares what they print; `exit=1` is the exit code of the last one |
//! | `console,setup` | checks that the commands are the known ones that prepare a machine |
//! | `console,elsewhere` | nothing but a look at the programs: they need what a test has not |
//! | `LANGUAGE,file=PATH` | writes the file, for the commands that follow |
//! | `LANGUAGE,append=PATH` | adds to the file |
//! | `diff,edit=PATH` | changes the file: lines with `-` go, lines with `+` come, others are where that is; `@@` goes to another place |
//! | `LANGUAGE,excerpt=PATH` | checks that the lines are in that file of the repository, where they are tested |
//! | `yaml,case`, `yaml,world` | reads it as a case or as a world |
//! | `rust` | is a documentation test (`tests/src/lib.rs`) |
//! | `go` | parses it, and looks for the names in Chainloop's SDK (`go.rs`) |
//! | `yaml`, `json`, `toml` | parses it |

use std::ops::Range;

use crate::chapter::line_of;

/// A code block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// The language.
    pub(crate) language: String,
    attributes: Vec<(String, String)>,
    /// What is in it.
    pub(crate) text: String,
    /// Where in the page that is.
    pub(crate) range: Range<usize>,
    /// The paragraph in front of it.
    pub(crate) before: String,
}

impl Block {
    pub(crate) fn new(page: &str, whole: Range<usize>, inside: Range<usize>, info: &str) -> Self {
        let mut words = info.split(',').map(str::trim);
        let language = words.next().unwrap_or_default().to_owned();
        let attribute = |word: &str| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            (name.to_owned(), value.to_owned())
        };
        let before = page[..whole.start].trim_end().rsplit("\n\n").next().unwrap_or_default().to_owned();
        Self {
            line: line_of(page, whole.start),
            language,
            attributes: words.map(attribute).collect(),
            text: page[inside.clone()].to_owned(),
            range: inside,
            before,
        }
    }

    /// The value of an attribute; empty when it has none.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The names of its attributes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }

    /// Whether a session does something with it.
    pub(crate) fn is_of_session(&self) -> bool {
        let written = ["file", "append", "edit"].iter().any(|name| self.attribute(name).is_some());
        written
            || (self.language == "console"
                && self.attribute("elsewhere").is_none()
                && self.attribute("setup").is_none())
    }
}
