//! `cargo admit scaffold questions`.

use admit_host::settings_schema::{LeftOut, questions};

use super::SettingsArgs;
use crate::{
    error::CliError,
    exit::Exit,
    output::{Data, hanging, text, to_stderr},
};

/// Writes the form that Rancher shows for a policy's settings, questions-ui.yml.
///
/// The form is made of the JSON Schema of the settings: see `cargo admit scaffold settings-schema`. Settings that a form has
/// no input for are left out of it, which is said on standard error; users set them in YAML.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo admit scaffold questions -o questions-ui.yml")]
pub(crate) struct Args {
    #[command(flatten)]
    settings: SettingsArgs,
}

pub(crate) fn run(args: &Args) -> Result<Exit, CliError> {
    let form = questions(&args.settings.schema()?);
    for LeftOut { variable, reason, required } in &form.left_out {
        let consequence = if *required { "; without it the policy accepts no settings" } else { "" };
        let about = hanging(format_args!("`{variable}`: {reason}{consequence}"), 2);
        to_stderr(&text!("the form does not ask for {}", about))?;
    }
    args.settings.write(&Data::of_yaml(&form.yaml))
}
