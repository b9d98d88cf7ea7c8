//! What `--report` is given.

use std::path::PathBuf;

use admit_host::input::InputError;

use crate::{
    commands::{
        Format as OnStdout,
        spare::{is_stdout, same},
    },
    error::CliError,
};

/// A report that is asked for.
#[derive(Clone, Debug)]
pub(in super::super) struct Target {
    pub(super) format: Format,
    /// Where it goes; `-` is standard output.
    pub(super) file: PathBuf,
}

/// What a report is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// XML as JUnit writes it: what CI systems show as tests.
    Junit,
    /// SARIF 2.1.0: code scanning, editors.
    Sarif,
    /// Commands that make GitHub annotate lines.
    Github,
    /// Markdown: summaries and comments.
    Markdown,
    /// JSON, as `--format json` prints it.
    Json,
}

impl Format {
    const WORDS: [(&str, Self); 5] = [
        ("junit", Self::Junit),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("markdown", Self::Markdown),
        ("json", Self::Json),
    ];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, format)| *format == self).map_or("", |(word, _)| word)
    }
}

impl Target {
    /// Reads `FORMAT=FILE`.
    pub(in super::super) fn parse(text: &str) -> Result<Self, String> {
        let known = "the formats are junit, sarif, github, markdown and json";
        let (word, file) = text
            .split_once('=')
            .ok_or_else(|| format!("give a format and a file, as in `junit=out/junit.xml`; {known}"))?;
        let Some((_, format)) = Format::WORDS.iter().find(|(known, _)| *known == word) else {
            return Err(format!("`{word}` is not a format of reports; {known}"));
        };
        if file.is_empty() {
            return Err(format!("no file is named behind `{word}=`"));
        }
        Ok(Self { format: *format, file: PathBuf::from(file) })
    }
}

/// Whether all of them can be written, and do not end up in each other.
pub(super) fn check(targets: &[Target], stdout: OnStdout) -> Result<(), CliError> {
    let refused = |message: String| Err(InputError::whole("--report", message).into());
    for (index, Target { format, file }) in targets.iter().enumerate() {
        let word = format.word();
        if targets[..index].iter().any(|earlier| same(&earlier.file, file) || earlier.file == *file) {
            return refused(format!("two reports go to {}; give each a file of its own", file.display()));
        }
        if is_stdout(file) && !matches!(format, Format::Github | Format::Markdown) {
            return refused(format!("`{word}` is a document, which cannot stand behind others on stdout: name a file"));
        }
        if is_stdout(file) && stdout == OnStdout::Json {
            return refused(format!("`{word}` cannot stand behind the JSON of `--format json` on stdout: name a file"));
        }
        if file.is_dir() {
            return refused(format!("{} is a folder; name a file", file.display()));
        }
    }
    Ok(())
}
