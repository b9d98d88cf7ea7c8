//! The document that is sent.

use std::path::Path;

use admit_host::{
    input::InputError,
    request::{self, ReadRequest, Request, RequestOptions},
};
use serde_json::Value;

use super::Args;
use crate::commands::files::read_input;
use crate::{
    error::CliError,
    output::{NOTICE, printable, to_stderr},
};

/// The documents that the user gave. The policy decides how they are read: raw policies take any document.
pub(super) struct Input<'a> {
    args: &'a Args,
    bytes: Vec<u8>,
    name: String,
    old_object: Option<Value>,
}

impl<'a> Input<'a> {
    /// Reads the files, and checks that they can be parsed.
    pub(super) fn read(args: &'a Args) -> Result<Self, CliError> {
        one_stdin(args)?;
        let (bytes, name) = read_input(&args.request)?;
        let old_object = match &args.old_object {
            Some(path) => {
                let (bytes, name) = read_input(path)?;
                Some(request::read_object(&bytes, &name)?)
            }
            None => None,
        };
        let input = Self { args, bytes, name, old_object };
        request::read(&input.bytes, &input.name, &RequestOptions { raw: true, ..RequestOptions::default() })?;
        Ok(input)
    }

    /// The request for a policy, and remarks to stderr.
    pub(super) fn request(&self, raw_policy: bool) -> Result<Request, CliError> {
        if self.args.deployment.audit {
            if raw_policy {
                return Err(InputError::whole(
                    "--audit",
                    "the policy is a raw one, and there are no raw objects to audit",
                )
                .into());
            }
            return Ok(request::read_stored(&self.bytes, &self.name)?);
        }
        let args = self.args;
        let options = RequestOptions {
            raw: args.raw || raw_policy,
            operation: args.operation,
            old_object: self.old_object.clone(),
            user: args.user.clone(),
            groups: Some(args.groups.clone()).filter(|groups| !groups.is_empty()),
            name: args.name.clone(),
            namespace: args.namespace.clone(),
            sub_resource: args.sub_resource.clone(),
            dry_run: None,
        };
        let ReadRequest { request, notes } = request::read(&self.bytes, &self.name, &options)?;
        for note in notes {
            to_stderr(&format!("{NOTICE}note{NOTICE:#}: {}", printable(&note)))?;
        }
        Ok(request)
    }
}

/// stdin can be read once.
fn one_stdin(args: &Args) -> Result<(), CliError> {
    let inputs = [Some(&args.request), args.old_object.as_ref(), args.settings.as_ref()];
    if inputs.into_iter().flatten().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        return Err(InputError::whole("-", "stdin holds one document; write the others to files").into());
    }
    Ok(())
}
