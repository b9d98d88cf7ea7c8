//! Files of policies.

use std::path::{Path, PathBuf};

use admit_host::policy_resource::{self, Body, PolicyResource, PolicySpec, ResourceOptions};

use crate::cli::archive::Archive;

/// What the first file says, in a folder with all of them; or the error.
pub(super) fn read(archive: &Archive) -> String {
    archive.only_options(&["module"]);
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in &archive.files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let module = |text: String| {
        let (uri, file) = text.split_once('=').expect("URI=FILE");
        (uri.to_owned(), folder.path().join(file))
    };
    let modules = archive.option_values("module").into_iter().map(module).collect();
    let options = ResourceOptions { modules, ..ResourceOptions::default() };
    let (name, _) = archive.file(|_| true).expect("a file of policies");
    let text = match policy_resource::read(&folder.path().join(name), &options) {
        Ok(resources) => resources.iter().map(|r| resource(r, folder.path())).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    };
    text.replace(&format!("{}/", folder.path().display()), "")
}

fn resource(resource: &PolicyResource, folder: &Path) -> String {
    let PolicyResource { id, mode, background_audit, matching, body } = resource;
    let operations = matching.operations();
    let mut lines = vec![format!("{id}: mode {mode}, audit {background_audit}, operations {operations:?}")];
    match body {
        Body::Policy { policy, allowed_to_mutate, message } => {
            lines.push(format!("  mutates {allowed_to_mutate}, message {message:?}"));
            lines.push(spec("policy", policy, folder));
        }
        Body::Group { members, expression, message } => {
            lines.push(format!("  {expression:?}, message {message:?}"));
            lines.extend(members.iter().map(|(name, policy)| spec(name, policy, folder)));
        }
    }
    lines.join("\n")
}

fn spec(name: &str, policy: &PolicySpec, folder: &Path) -> String {
    let path: PathBuf = policy.path.strip_prefix(folder).map_or_else(|_| policy.path.clone(), Path::to_owned);
    format!(
        "  {name}: {} is {}\n    settings {}\n    capabilities {:?}, resources {:?}, timeout {:?}",
        policy.uri,
        path.display(),
        serde_json::json!(policy.settings),
        policy.host_capabilities.patterns(),
        policy.context_aware_resources,
        policy.timeout,
    )
}
