//! A chapter is a session: its files are written and its commands run, from top to bottom, in an empty folder.

use std::{
    fs,
    sync::{Mutex, PoisonError},
};

use crate::{all_of, bless, block::Block, chapter::Chapter, output, shell::Shell};

/// Held while a chapter is run: all of them share a target folder.
static IN_USE: Mutex<()> = Mutex::new(());

/// What is in a block: commands, each with what it prints.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    expected: String,
}

/// Chapters that one reader goes through in one sitting: those of a folder `tutorial`, or one alone.
pub(crate) struct Session(Vec<Chapter>);

impl Session {
    /// The sessions in these chapters.
    pub(crate) fn all(chapters: &[Chapter]) -> Vec<Self> {
        let mut sessions: Vec<Self> = Vec::new();
        for chapter in chapters.iter().filter(|chapter| chapter.blocks().any(Block::is_of_session)) {
            match sessions.last_mut() {
                Some(last) if chapter.part() == "tutorial" && last.0[0].part() == "tutorial" => {
                    last.0.push(chapter.clone())
                }
                _ => sessions.push(Self(vec![chapter.clone()])),
            }
        }
        sessions
    }

    /// The name in tests, and of the folder.
    pub(crate) fn name(&self) -> String {
        match self.0[0].part() {
            "tutorial" => "tutorial".to_owned(),
            _ => self.0[0].name(),
        }
    }

    /// Runs it; with `ADMIT_BLESS=1` what is printed goes into the chapters.
    pub(crate) fn run(&self) -> Result<(), String> {
        let _in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shell = Shell::new(&self.name());
        let complaints = self.0.iter().filter_map(|chapter| run(&mut shell, chapter).err()).collect::<Vec<_>>();
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n\n")) }
    }
}

fn run(shell: &mut Shell, chapter: &Chapter) -> Result<(), String> {
    let (mut complaints, mut blessed) = (Vec::new(), Vec::new());
    for block in chapter.blocks().filter(|block| block.is_of_session()) {
        if block.language != "console" {
            written(shell, block).map_err(|error| format!("{}:{}: {error}", chapter.shown(), block.line))?;
            continue;
        }
        match run_block(shell, block) {
            Ok(text) if text == block.text => {}
            Ok(text) => blessed.push((block.range.clone(), text)),
            Err(complaint) => complaints.push((block.line, complaint)),
        }
    }
    if bless() && !blessed.is_empty() {
        if chapter.has_includes() {
            return Err(format!("{}: what it includes cannot be written by a session", chapter.shown()));
        }
        let mut text = chapter.text().to_owned();
        for (range, new) in blessed.into_iter().rev() {
            text.replace_range(range, &new);
        }
        fs::write(chapter.path(), text).map_err(|error| format!("{}: {error}", chapter.shown()))?;
    }
    all_of(chapter, complaints)
}

/// Writes or changes the file that a block is.
fn written(shell: &Shell, block: &Block) -> Result<(), String> {
    match (block.attribute("file"), block.attribute("append"), block.attribute("edit")) {
        (Some(path), None, None) => shell.write(path, &block.text, false),
        (None, Some(path), None) => shell.write(path, &block.text, true),
        (None, None, Some(path)) => shell.edit(path, &block.text),
        _ => Err("it is one of `file`, `append` and `edit`".to_owned()),
    }
}

/// Runs the commands of a block; gives the block as it should be.
fn run_block(shell: &mut Shell, block: &Block) -> Result<String, String> {
    let steps = steps(&block.text)?;
    let code = block.attribute("exit").map_or(Ok(0), str::parse::<i32>).map_err(|error| format!("exit: {error}"))?;
    let (mut text, mut complaints) = (String::new(), Vec::new());
    for (index, step) in steps.iter().enumerate() {
        let (printed, exit) = shell.run(&step.command);
        let expected = if index + 1 == steps.len() { code } else { 0 };
        if exit != expected {
            complaints.push(format!("`{}` exits {exit}, not {expected}:\n{printed}", step.command));
        }
        let as_expected = output::is_as_expected(&step.expected, &printed);
        if !as_expected && !bless() {
            complaints.push(format!("`{}` printed\n{printed}\nwhere the book has\n{}", step.command, step.expected));
        }
        text.push_str(&format!("$ {}\n{}", step.command, if as_expected { &step.expected } else { &printed }));
    }
    if complaints.is_empty() { Ok(text) } else { Err(complaints.join("\n")) }
}

/// The commands of a block: a line that starts with `$ `, and the next ones as long as a backslash goes on.
fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (_, Some(last)) if goes_on => {
                last.command.push('\n');
                last.command.push_str(line);
            }
            (Some(command), _) => steps.push(Step { command: command.to_owned(), expected: String::new() }),
            (None, Some(last)) => {
                last.expected.push_str(line);
                last.expected.push('\n');
                continue;
            }
            (None, None) => return Err("a console block starts with a line `$ command`".to_owned()),
        }
        goes_on = line.ends_with('\\');
    }
    Ok(steps)
}
