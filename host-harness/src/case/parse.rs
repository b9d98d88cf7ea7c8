//! Reading one case file.

use std::{path::Path, sync::Arc};

use super::{
    AdmissionSubject, Case, Subject, Waivers, enforcement, expect, host,
    inputs::{self, Input},
    material,
    sources::Sources,
};
use crate::{
    Abi,
    chainloop::PolicyFile,
    input::{Cursor, Document, InputError},
    request::settings_of,
    suite::Suite,
};

const OTHER_KEYS: [&str; 8] = ["about", "request", "object", "raw", "settings", "only", "waive", "expect"];

/// Reads the case file at `path`; `own_folder` says whether the files beside it belong to the case. There is one case for each
/// object that the file asks about.
pub(super) fn case(
    name: &str,
    path: &Path,
    own_folder: bool,
    policy: Option<&Arc<PolicyFile>>,
    suite: &Suite,
) -> Result<Vec<Case>, InputError> {
    suite.admit(path)?;
    let document = Document::open(path)?;
    let root = document.root();
    let sources = Sources::read(&root, path, own_folder, suite)?;
    if root.object().is_ok_and(|keys| keys.contains_key("material")) || sources.host_file("material").is_some() {
        root.only_keys(&[&material::KEYS[..], &host::KEYS[..], &["about", "only", "expect"]].concat())?;
        sources.of_material()?;
        let subject = Subject::Material(Box::new(material::parse(&root, &sources, policy)?));
        return Ok(vec![finished(&root, name, path, &sources, subject, Vec::new())?]);
    }
    for key in material::KEYS {
        if let Some(given) = root.given(key)? {
            return Err(given.error("only goes with a `material`, and the case has none"));
        }
    }
    root.only_keys(&[&OTHER_KEYS[..], &inputs::OBJECT_KEYS[..], &host::KEYS[..], &enforcement::KEYS[..]].concat())?;
    let inputs = inputs::read(&root, &sources)?;
    let settings = sources.get(&root, "settings")?.map(|settings| settings_of(&settings)).transpose()?;
    let expect = expect::parse(&root.required("expect", "say what the policy has to answer, for example `accept`")?)?;
    let subject = |request| -> Result<Subject, InputError> {
        Ok(Subject::Admission(Box::new(AdmissionSubject {
            request,
            settings: settings.clone().unwrap_or_default(),
            audit: enforcement::audit(&root)?,
            enforcement: enforcement::enforcement(&root, name)?,
            expect: expect.clone(),
        })))
    };
    let names = inputs::names(name, &inputs);
    let finished =
        |(name, input): (String, Input)| finished(&root, &name, path, &sources, subject(input.request)?, input.notes);
    names.into_iter().zip(inputs).map(finished).collect()
}

/// The case, with what every case has.
fn finished(
    root: &Cursor<'_>,
    name: &str,
    path: &Path,
    sources: &Sources,
    subject: Subject,
    notes: Vec<String>,
) -> Result<Case, InputError> {
    Ok(Case {
        name: name.to_owned(),
        path: path.to_owned(),
        about: root.optional("about")?.map(|about| one_line(&about)).transpose()?,
        subject,
        only: root.optional("only")?.map(|only| abis(&only)).transpose()?,
        host: host::parse(root, sources)?,
        waived: root.optional("waive")?.map(|waive| Waivers::read(&waive)).transpose()?.unwrap_or_default(),
        shapes: false,
        notes,
    })
}

fn one_line(about: &Cursor<'_>) -> Result<String, InputError> {
    let text = about.string()?.trim();
    if text.contains('\n') {
        return Err(about.error("must be one line"));
    }
    Ok(text.to_owned())
}

fn abis(only: &Cursor<'_>) -> Result<Vec<Abi>, InputError> {
    let abi = |item: &Cursor<'_>| item.string()?.parse::<Abi>().map_err(|error| item.error(error.to_string()));
    let abis = only.list()?.iter().map(abi).collect::<Result<Vec<_>, _>>()?;
    if abis.is_empty() {
        return Err(only.error("names no ABI, so the case would never run; leave `only` out to run on every one"));
    }
    Ok(abis)
}
