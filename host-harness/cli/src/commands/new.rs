//! `cargo admit new`.

use std::{
    io::{self, BufRead, IsTerminal as _},
    path::PathBuf,
};

use admit_host::template::{self, ProjectName, Template, TemplateError, Values};

use super::policy;
use crate::{
    error::CliError,
    exit::Exit,
    output::{GOOD, hanging, line as one_line, note, table, text, to_stderr, to_stdout},
};

/// The default template.
const DEFAULT: &str = "validate";

/// Starts a project from a template.
///
/// The templates are a part of this program: neither a network nor another tool is needed. `cargo generate` makes the same
/// projects of the folder `templates` of the repository. On a terminal, what is not given and needed is asked for. A folder that
/// exists already is not touched.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Templates:
  validate       accepts or rejects objects; the default
  mutate         changes objects
  context-aware  asks the cluster before it decides
  raw            decides about any JSON, not about Kubernetes
  chainloop      evaluates materials of Chainloop
  workspace      several policies in one repository

Example:
  cargo admit new no-privileged --template validate")]
pub(crate) struct Args {
    /// Name of the project, its package and its folder: words in lower case, with dashes or underscores between them
    name: Option<String>,
    /// What the project is made of
    #[arg(long, short)]
    template: Option<Template>,
    /// What it does, in one sentence
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Folder in which the folder of the project is made
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    destination: PathBuf,
    /// Folder of the crate `admit`, to depend on instead of its repository on GitHub
    #[arg(long, value_name = "FOLDER")]
    admit_path: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let mut answers = (io::stdin().is_terminal() && io::stderr().is_terminal()).then(|| io::stdin().lock());
    let name = match (&args.name, &mut answers) {
        (Some(name), _) => name.parse::<ProjectName>()?.to_string(),
        (None, Some(answers)) => ask_name(answers)?,
        (None, None) => return Err(CliError::NoName),
    };
    let template = match (args.template, &mut answers) {
        (Some(template), _) => template,
        (None, Some(answers)) => ask_template(answers)?,
        (None, None) => DEFAULT.parse()?,
    };
    let mut values = Values::named(&name)?;
    if let Some(description) = &args.description {
        values = values.description(description)?;
    }
    match &args.admit_path {
        Some(folder) => values = values.admit_path(folder)?,
        // To be removed when the crates are published.
        None => {
            // Its own revision, where everybody can get it.
            if let Some(revision) = option_env!("ADMIT_REVISION") {
                values = values.admit_revision(revision)?;
            }
            note(concat!(
                "the project takes admit from ",
                env!("CARGO_PKG_REPOSITORY"),
                ", as crates.io does not have it yet; with --admit-path …/sdk/rust it takes a copy of the source"
            ))?;
        }
    }
    let folder = template.create(&args.destination, &values)?;
    if let Some(workspace) = template::surrounding_workspace(&folder) {
        note(format_args!(
            "the folder is inside of the workspace of {}; name it there, under `members` or `exclude`",
            workspace.display()
        ))?;
    }
    let shown = policy::shown(&folder);
    let shown = one_line(shown.strip_prefix(".").unwrap_or(&shown).display());
    let test = if template.name() == "workspace" { "cargo test" } else { "cargo admit test" };
    to_stdout(&text!(
        "{}created{:#} {} from the template {}\n\n  cd {}\n  {}\n\nREADME.md in it says what comes next.",
        GOOD,
        GOOD,
        shown,
        template.name(),
        shown,
        test
    ))?;
    Ok(Exit::Done)
}

/// Asks for a name until it is valid.
fn ask_name(answers: &mut impl BufRead) -> Result<String, CliError> {
    loop {
        to_stderr(&text!("Name of the project, for example my-policy:"))?;
        match line(answers)?.ok_or(CliError::NoName)?.parse::<ProjectName>() {
            Ok(name) => return Ok(name.to_string()),
            Err(error) => to_stderr(&hanging(&error, 2))?,
        }
    }
}

/// Asks for a template, by name or by number, until there is one.
fn ask_template(answers: &mut impl BufRead) -> Result<Template, CliError> {
    let templates: Vec<Template> = Template::all().collect();
    let row = |(index, template): (usize, &Template)| {
        vec![text!("{}", index + 1), text!("{}", template.name()), text!("{}", template.about())]
    };
    to_stderr(&table(&templates.iter().enumerate().map(row).collect::<Vec<_>>(), &[0]))?;
    loop {
        to_stderr(&text!("Template, by name or number [{}]:", DEFAULT))?;
        let answer = line(answers)?.ok_or(CliError::NoTemplate)?;
        let by_number = answer.parse::<usize>().ok().and_then(|number| templates.get(number.checked_sub(1)?));
        match by_number {
            Some(template) => return Ok(*template),
            None if answer.is_empty() => return Ok(DEFAULT.parse()?),
            None => match answer.parse::<Template>() {
                Ok(template) => return Ok(template),
                Err(error @ TemplateError::Unknown(_)) => to_stderr(&hanging(&error, 2))?,
                Err(error) => return Err(error.into()),
            },
        }
    }
}

/// One line, without blanks around it; `None` at the end of the input.
fn line(answers: &mut impl BufRead) -> Result<Option<String>, CliError> {
    let mut line = String::new();
    Ok((answers.read_line(&mut line)? > 0).then(|| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_asked_for_until_one_is_right() {
        assert_eq!(ask_name(&mut &b"\nMy Policy\n my-policy \nother\n"[..]).unwrap(), "my-policy");
        assert!(matches!(ask_name(&mut &b"My Policy\n"[..]), Err(CliError::NoName)));
    }

    #[test]
    fn templates_have_names_and_numbers() {
        for (answers, expected) in [("\n", DEFAULT), ("raw\n", "raw"), ("0\n7\nnothing\n1\n", "chainloop")] {
            assert_eq!(ask_template(&mut answers.as_bytes()).unwrap().name(), expected);
        }
        assert!(matches!(ask_template(&mut &b"nothing\n"[..]), Err(CliError::NoTemplate)));
    }

    #[test]
    fn the_help_names_every_template() {
        let help = <Args as clap::Args>::augment_args(clap::Command::new("new")).render_help().to_string();
        for template in Template::all() {
            assert!(help.contains(&format!("  {:<13}  {}", template.name(), template.about())), "{template:?}");
        }
    }
}
