//! `cargo admit lint`.

use std::path::PathBuf;

use admit_host::{
    KUBEWARDEN_VERSION, Suite,
    chainloop::{self, Lint},
    input::InputError,
};

use super::{Format, files, policy};
use crate::{
    error::CliError,
    exit::Exit,
    output::{BAD, Data, GOOD, NOTICE, Text, bytes, data_to_stdout, hanging, line, table, text, to_stdout},
};

/// Checks a policy of Chainloop: its policy.yaml and the modules that it names, or a module alone.
///
/// Modules are compiled and not run. What keeps a policy from working is an issue, and exits with 1; what is worth knowing is a
/// note.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  cargo admit lint policy.yaml\n  cargo admit lint policy.wasm")]
pub(crate) struct Args {
    /// The policy.yaml, the folder that it is in, or a .wasm or .wat file
    #[arg(default_value = "policy.yaml", value_parser = policy::path())]
    policy: PathBuf,
    /// Let the policy.yaml name modules outside of its folder
    #[arg(long)]
    allow_outside: bool,
    /// Output format
    #[arg(long, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let path = match args.policy.is_dir() {
        true => files::policy_file_in(&args.policy, args.allow_outside)?,
        false => args.policy.clone(),
    };
    // A file that cannot be read is an error, and not an issue of a policy.
    std::fs::metadata(&path)
        .map_err(|error| InputError::whole(path.display().to_string(), format!("cannot read this file: {error}")))?;
    Suite::anywhere().admit(&path)?;
    let found =
        chainloop::lint(&policy::watched(&policy::engine(KUBEWARDEN_VERSION)?, &path), &path, args.allow_outside);
    if let Some(why) = found.unknown {
        return Err(CliError::Exhausted(why));
    }
    match args.format {
        Format::Text => to_stdout(&text(&found))?,
        Format::Json => data_to_stdout(&Data::json(&json(&found))?)?,
    }
    Ok(if found.issues.is_empty() { Exit::Done } else { Exit::Rejected })
}

fn text(found: &Lint) -> Text {
    let mut blocks = Vec::new();
    let row = |module: &chainloop::LintedModule| {
        let kind = module.kind.map_or(text!("any kind"), line);
        vec![kind, bytes(module.size), line(&module.place)]
    };
    if !found.modules.is_empty() {
        blocks.push(table(&found.modules.iter().map(row).collect::<Vec<_>>(), &[1]));
    }
    blocks.extend(found.issues.iter().map(|issue| text!("{}issue{:#}  {}", BAD, BAD, hanging(issue, 7))));
    blocks.extend(found.notes.iter().map(|note| text!("{}note{:#}   {}", NOTICE, NOTICE, hanging(note, 7))));
    blocks.push(match found.issues.len() {
        0 => text!("{}policy is valid{:#}", GOOD, GOOD),
        1 => text!("{}1 issue found{:#}", BAD, BAD),
        count => text!("{}{} issues found{:#}", BAD, count, BAD),
    });
    Text::join(&blocks, "\n")
}

fn json(found: &Lint) -> serde_json::Value {
    let module = |module: &chainloop::LintedModule| {
        serde_json::json!({
            "kind": module.kind.map(|kind| kind.to_string()),
            "place": module.place,
            "size": module.size,
        })
    };
    serde_json::json!({
        "valid": found.issues.is_empty(),
        "issues": found.issues,
        "notes": found.notes,
        "modules": found.modules.iter().map(module).collect::<Vec<_>>(),
    })
}
