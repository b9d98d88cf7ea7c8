//! `cargo admit scaffold manifest`.

use std::path::{Path, PathBuf};

use admit_host::{
    internal::uri_of_file,
    metadata::{Metadata, key},
    request,
    scaffold::{ManifestKind, ManifestOptions, manifest},
};

use crate::{
    commands::{files::read_input, inspect, policy},
    error::CliError,
    exit::Exit,
};

/// The resource that deploys a policy
///
/// The module has to be annotated. Where policy-server gets it from is taken from its annotation io.kubewarden.policy.ociUrl,
/// with its version as the tag; without that it is the file itself, which no cluster can load.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo admit scaffold manifest policy.wasm -t ClusterAdmissionPolicy --settings settings.yaml"
)]
pub(super) struct Args {
    /// The module, a .wasm file
    #[arg(value_parser = policy::path())]
    module: PathBuf,
    /// Kind of the resource
    #[arg(short = 't', long = "type", value_name = "KIND")]
    kind: Kind,
    /// Settings, in JSON or YAML; `-` for stdin
    #[arg(short, long, value_name = "FILE", alias = "settings-path")]
    settings: Option<PathBuf>,
    /// Name of the resource [default: the policy's title]
    #[arg(long)]
    title: Option<String>,
    /// Grant the reads of the cluster that the policy declares
    #[arg(long)]
    allow_context_aware: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
#[value(rename_all = "PascalCase")]
enum Kind {
    ClusterAdmissionPolicy,
    AdmissionPolicy,
}

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    let metadata = inspect::annotations_of(&args.module)?;
    let settings = match &args.settings {
        Some(path) => {
            let (bytes, name) = read_input(path)?;
            request::read_settings(&bytes, &name)?
        }
        None => Default::default(),
    };
    let (module, note) = url(&metadata, &args.module);
    let options = ManifestOptions {
        kind: match args.kind {
            Kind::ClusterAdmissionPolicy => ManifestKind::ClusterAdmissionPolicy,
            Kind::AdmissionPolicy => ManifestKind::AdmissionPolicy,
        },
        module,
        settings,
        title: args.title.clone(),
        allow_context_aware: args.allow_context_aware,
    };
    let mut scaffold = manifest(&metadata, &options);
    if let Ok(scaffold) = &mut scaffold {
        scaffold.notes.extend(note);
    }
    super::print(&args.module, scaffold)
}

/// Where policy-server gets the module.
fn url(metadata: &Metadata, file: &Path) -> (String, Option<String>) {
    match (metadata.annotation(key::OCI_URL), metadata.annotation(key::VERSION)) {
        (Some(image), Some(version)) => {
            let image = image.split_once("://").map_or(image, |(_, image)| image).trim_end_matches('/');
            (format!("registry://{image}:v{version}"), None)
        }
        _ => {
            let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
            let note = format!(
                "`module` is the file itself, which a cluster cannot load; push it to a registry, and annotate the policy with {} \
                 and {}",
                key::OCI_URL,
                key::VERSION
            );
            (uri_of_file(&file), Some(note))
        }
    }
}
