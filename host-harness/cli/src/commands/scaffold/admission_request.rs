//! `cargo admit scaffold admission-request`.

use std::path::PathBuf;

use admit_host::{
    input::InputError,
    request::{self, Operation, ReadRequest, Request, RequestOptions},
};

use crate::{
    commands::files::read_input,
    error::CliError,
    exit::Exit,
    output::{Data, data_to_stdout},
};

/// The AdmissionRequest that an API server would make of an object
///
/// It is the request that `cargo admit run` makes of the same object: the uid is 00000000-0000-4000-8000-000000000000, and
/// the user is kubernetes-admin. `kwctl scaffold admission-request` has another uid, and the user test-user.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo admit scaffold admission-request -o CREATE --object pod.yaml > request.json
  cargo admit scaffold admission-request -o UPDATE --object new.yaml --old-object old.yaml")]
pub(super) struct Args {
    /// CREATE, UPDATE, DELETE or CONNECT
    #[arg(short, long)]
    operation: Operation,
    /// The object, in JSON or YAML; `-` for stdin
    #[arg(long, value_name = "FILE", required_unless_present = "old_object")]
    object: Option<PathBuf>,
    /// The object as it is stored: for UPDATE, and for DELETE in place of --object
    #[arg(long, value_name = "FILE")]
    old_object: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<Exit, CliError> {
    // A DELETE is about the stored object, by whichever name it was given.
    let deleted = args.operation == Operation::Delete && args.object.is_none();
    let (object, old_object) = match (&args.object, &args.old_object) {
        (None, Some(old)) if deleted => (old, None),
        (Some(object), old) => (object, old.as_ref()),
        (None, _) => {
            let message = format!("{} needs `--object FILE`", args.operation);
            return Err(InputError::whole("--old-object", message).into());
        }
    };
    let old_object = match old_object {
        Some(path) => {
            let (bytes, name) = read_input(path)?;
            Some(request::read_object(&bytes, &name)?)
        }
        None => None,
    };
    let (bytes, name) = read_input(object)?;
    // Only objects can be wrapped: what is a request already is refused.
    request::read_object(&bytes, &name)?;
    let options = RequestOptions { operation: Some(args.operation), old_object, ..RequestOptions::default() };
    let ReadRequest { request, notes } = request::read(&bytes, &name, &options)?;
    super::notes(&notes)?;
    data_to_stdout(&match request {
        Request::Kubernetes(request) => Data::pretty_json(&request)?,
        Request::Raw(raw) => Data::pretty_json(&raw)?,
    })?;
    Ok(Exit::Done)
}
