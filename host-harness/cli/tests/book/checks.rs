//! Blocks that are read, not run.

use std::{fs, path::Path};

use admit_host::{capabilities::World, case, input::Document};

use crate::{
    all_of,
    block::Block,
    chapter::{Chapter, repository},
    go,
};

/// What prepares a machine. Tests do not download; where these commands are, the source and the program are there already.
const SETUP: [&str; 4] = [
    "git clone https://github.com/admit-rs/admit",
    "cargo install --locked --debug --path admit/host-harness/cli",
    "cargo install cargo-generate --version 0.23.7 --locked",
    "cargo install mdbook --version 0.5.4 --locked",
];

/// Programs that the book shows and no test runs.
const ELSEWHERE: [&str; 5] = ["kwctl", "kubectl", "chainloop", "curl", "man"];

/// What can stand beside the language.
const ATTRIBUTES: [&str; 12] = [
    "append",
    "case",
    "compile_fail",
    "edit",
    "elsewhere",
    "excerpt",
    "exit",
    "file",
    "no_run",
    "setup",
    "should_panic",
    "world",
];

/// Looks at every block of a chapter.
pub(crate) fn check(chapter: &Chapter) -> Result<(), String> {
    let complaint = |block: &Block| check_block(chapter, block).err().map(|complaint| (block.line, complaint));
    all_of(chapter, chapter.blocks().filter_map(complaint).collect())
}

fn check_block(chapter: &Chapter, block: &Block) -> Result<(), String> {
    if let Some(unknown) = block.attributes().find(|name| !ATTRIBUTES.contains(name)) {
        return Err(format!("`{unknown}` says nothing about a block"));
    }
    for name in ["file", "append", "edit"] {
        // The reader does not see the info string.
        if let Some(path) = block.attribute(name)
            && !block.before.contains(&format!("`{path}`"))
        {
            return Err(format!("the paragraph in front of the block does not name `{path}`"));
        }
    }
    if let Some(path) = block.attribute("excerpt") {
        return excerpt(block, &repository().join(path));
    }
    match block.language.as_str() {
        "console" if block.attribute("setup").is_some() => each_command(block, |command| SETUP.contains(&command)),
        "console" if block.attribute("elsewhere").is_some() => {
            each_command(block, |command| ELSEWHERE.contains(&command.split_whitespace().next().unwrap_or_default()))
        }
        "console" => Ok(()),
        // What is written to a file is read by the commands that follow.
        _ if block.is_of_session() => Ok(()),
        "rust" => documentation_test(chapter),
        "go" => go::check(&block.text),
        "toml" => block.text.parse::<toml::Table>().map(drop).map_err(|error| error.to_string()),
        "json" => serde_json::from_str::<serde_json::Value>(&block.text).map(drop).map_err(|error| error.to_string()),
        "yaml" if block.attribute("case").is_some() => a_case(block),
        "yaml" if block.attribute("world").is_some() => {
            let world = World::parse(block.text.as_bytes(), "world.yaml", Path::new("."));
            world.map(drop).map_err(|error| error.to_string())
        }
        "yaml" => Document::parse(block.text.as_bytes(), "block.yaml").map(drop).map_err(|error| error.to_string()),
        language => Err(format!("no test knows what to do with a block of `{language}`; see tests/book/block.rs")),
    }
}

/// Commands that are not run are at least known.
fn each_command(block: &Block, known: impl Fn(&str) -> bool) -> Result<(), String> {
    let commands = block.text.lines().filter_map(|line| line.strip_prefix("$ "));
    match commands.into_iter().find(|command| !known(command)) {
        Some(unknown) => Err(format!("`{unknown}` is not a command that is known to work elsewhere")),
        None => Ok(()),
    }
}

/// The lines are in the file, as they are, one after the other, but for the depth at which they stand.
fn excerpt(block: &Block, path: &Path) -> Result<(), String> {
    let file = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let wanted: Vec<&str> = block.text.lines().collect();
    let lines: Vec<&str> = file.lines().collect();
    let found = lines.windows(wanted.len()).any(|window| without_indent(window) == without_indent(&wanted));
    if found { Ok(()) } else { Err(format!("this is not what {} has", path.display())) }
}

fn without_indent(lines: &[&str]) -> Vec<String> {
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(&line)).min().unwrap_or_default();
    lines.iter().map(|line| line.get(least..).unwrap_or_default().trim_end().to_owned()).collect()
}

/// rustdoc compiles what `tests/src/lib.rs` includes.
fn documentation_test(chapter: &Chapter) -> Result<(), String> {
    let list = fs::read_to_string(repository().join("tests/src/lib.rs")).map_err(|error| error.to_string())?;
    let readme = chapter.shown() == "README.md";
    if readme || list.contains(&format!("\"../../{}\"", chapter.shown())) {
        return Ok(());
    }
    Err(format!("tests/src/lib.rs does not include {}, so nobody compiles this", chapter.shown()))
}

fn a_case(block: &Block) -> Result<(), String> {
    let folder = tempfile::TempDir::new().map_err(|error| error.to_string())?;
    fs::write(folder.path().join("case.yaml"), &block.text).map_err(|error| error.to_string())?;
    case::load(folder.path()).map(drop).map_err(|errors| errors[0].to_string())
}
