//! Which requests deployed policies are asked about.

use std::path::Path;

use admit_host::{
    capabilities::World,
    input::InputError,
    matching::Asked,
    policy_resource::{self, ResourceOptions},
    request::{self, Request, RequestOptions},
};

use crate::cli::archive::Archive;

/// Whether each policy in the first file is asked about the request in `request.yaml`, where a cluster is as `world.yaml` has it.
pub(super) fn asked(archive: &Archive) -> String {
    archive.only_options(&["audit"]);
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in &archive.files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let answers = answers(archive, folder.path()).unwrap_or_else(|error| panic!("{error}"));
    answers.join("\n")
}

fn answers(archive: &Archive, folder: &Path) -> Result<Vec<String>, InputError> {
    let (file, _) = archive.file(|_| true).expect("a file of policies");
    let policies = policy_resource::read(&folder.join(file), &ResourceOptions::default())?;
    let (name, content) = archive.file(|name| name.starts_with("request.")).expect("a request");
    let read = request::read(content.as_bytes(), name, &RequestOptions::default())?;
    let Request::Kubernetes(request) = read.request else { panic!("rules are not about raw requests") };
    let world = match archive.file(|name| name.starts_with("world.")) {
        Some((name, content)) => Some(World::parse(content.as_bytes(), name, folder)?),
        None => None,
    };
    let audit = archive.option("audit").is_some();
    let answers = policies.iter().map(|policy| {
        let asked = match audit {
            true => policy.matching.audited(&request, world.as_ref()),
            false => policy.matching.asked(&request, world.as_ref()),
        };
        let notes: String = policy.matching.notes().iter().map(|note| format!("\n  note: {note}")).collect();
        let answer = match asked {
            Asked::Yes => "asked".to_owned(),
            Asked::No(reason) => format!("not asked: {reason}"),
            Asked::Rejected(reason) => format!("rejected: {reason}"),
            Asked::Unknown(reason) => format!("not known: {reason}"),
        };
        format!("{}: {answer}{notes}", policy.id)
    });
    Ok(answers.collect())
}
