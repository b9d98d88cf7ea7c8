//! The document that is sent.

use std::path::Path;

use admit_host::{
    input::InputError,
    request::{self, Operation, ReadRequest, Request, RequestOptions},
};
use serde_json::Value;

use super::{Args, subject::Subject};
use crate::commands::files::read_input;
use crate::{error::CliError, output};

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
        request::read_all(&input.bytes, &input.name, &RequestOptions { raw: true, ..RequestOptions::default() })?;
        Ok(input)
    }

    /// What a policy is asked, and remarks to stderr.
    pub(super) fn subjects(&self, raw_policy: bool) -> Result<Vec<Subject>, CliError> {
        let (subjects, notes) = self.read_for(raw_policy)?;
        for note in notes {
            output::note(note)?;
        }
        Ok(subjects)
    }

    /// Whether there is something that a policy can be asked.
    pub(super) fn check(&self, raw_policy: bool) -> Result<(), CliError> {
        self.read_for(raw_policy).map(drop)
    }

    /// What a policy is asked, and what had to be guessed.
    fn read_for(&self, raw_policy: bool) -> Result<(Vec<Subject>, Vec<String>), CliError> {
        if self.args.deployment.audit {
            if raw_policy {
                return Err(InputError::whole(
                    "--audit",
                    "the policy is a raw one, and there are no raw objects to audit",
                )
                .into());
            }
            return Ok((self.stored()?, Vec::new()));
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
        let read = request::read_all(&self.bytes, &self.name, &options)?;
        // Objects of one kind have the same to be said of them.
        let mut notes: Vec<String> = Vec::new();
        for note in read.iter().flat_map(|read| &read.notes) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        let subject =
            |(index, read): (usize, ReadRequest)| Subject { request: read.request, admission: None, number: index + 1 };
        Ok((read.into_iter().enumerate().map(subject).collect(), notes))
    }

    /// What the audit scanner asks.
    fn stored(&self) -> Result<Vec<Subject>, CliError> {
        let sent = request::read_all_stored(&self.bytes, &self.name)?;
        let options = RequestOptions { operation: Some(Operation::Create), ..RequestOptions::default() };
        let made = request::read_all(&self.bytes, &self.name, &options)?;
        let subject = |(index, (sent, made)): (usize, (Request, ReadRequest))| Subject {
            request: sent,
            admission: match made.request {
                Request::Kubernetes(request) => Some(request),
                Request::Raw(_) => None,
            },
            number: index + 1,
        };
        Ok(sent.into_iter().zip(made).enumerate().map(subject).collect())
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
