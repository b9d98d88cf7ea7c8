//! The page about the command line: everything below its introduction is what the program says of itself.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{bless, chapter};

/// The page.
pub(crate) fn page_path() -> PathBuf {
    chapter::book().join("reference/command-line.md")
}

/// Compares the page with the program.
pub(crate) fn page() -> Result<(), String> {
    let path = page_path();
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (introduction, _) = text.split_once("\n## ").ok_or("the page has no section")?;
    let mut expected = introduction.to_owned();
    describe(&[], &mut expected);
    if text == expected {
        return Ok(());
    }
    if bless() {
        return fs::write(&path, expected).map_err(|error| format!("{}: {error}", path.display()));
    }
    let line = text.lines().zip(expected.lines()).take_while(|(found, wanted)| found == wanted).count() + 1;
    Err(format!(
        "docs/reference/command-line.md:{line}: it has\n{}\nwhere the program says\n{}\n`cargo bless` writes it anew",
        text.lines().nth(line - 1).unwrap_or_default(),
        expected.lines().nth(line - 1).unwrap_or_default()
    ))
}

/// A command, and those below it.
fn describe(command: &[&str], page: &mut String) {
    let help = help(command);
    let words = ["cargo admit"].iter().chain(command).copied().collect::<Vec<_>>().join(" ");
    page.push_str(&format!("\n## {words}\n\n```console\n$ {words} --help\n{help}```\n"));
    for subcommand in subcommands(&help) {
        describe(&[command, &[subcommand]].concat(), page);
    }
}

fn help(command: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_cargo-admit"));
    let output =
        program.arg("admit").args(command).arg("--help").stdin(Stdio::null()).output().expect("the program runs");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success() && help.contains("Usage:"), "{command:?}: {help}");
    help.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The names in the list of commands.
fn subcommands(help: &str) -> impl Iterator<Item = &str> {
    let list = help.split_once("\nCommands:\n").map_or("", |(_, list)| list).split("\n\n").next().unwrap_or_default();
    // Descriptions that go on in the next line are further to the right.
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help")
}
