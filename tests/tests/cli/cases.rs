//! Case files.

use admit_host::{
    capabilities::Missing,
    case::{self, Case, CaseHost, Source, Subject},
    request::Request,
};
use serde_json::json;

use super::Archive;

/// The cases in a folder with these files, or the errors.
pub(super) fn load(archive: &Archive) -> String {
    archive.only_options(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in &archive.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }
    let text = match case::load(&folder.path().join("cases")) {
        Ok(cases) => cases.iter().map(render).collect::<Vec<_>>().join("\n\n"),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    text.replace(&format!("{}/", folder.path().display()), "")
}

fn render(case: &Case) -> String {
    let about = case.about.as_deref().unwrap_or("-");
    let head = format!("{}: {about}", case.name);
    let foot = format!("only {:?}\n{}", case.only, host(&case.host));
    match &case.subject {
        Subject::Admission(subject) => {
            let request = match &subject.request {
                Request::Kubernetes(request) => json!(request),
                Request::Raw(raw) => json!({ "raw": raw }),
            };
            let settings = json!(subject.settings);
            format!("{head}\nrequest {request:#}\nsettings {settings}\n{foot}{:#?}", subject.expect)
        }
        Subject::Material(subject) => {
            let input = subject.material.clone().into_input().expect("the material is one");
            let (kind, inputs) = (subject.material.kind(), &subject.inputs);
            let hosts = &subject.allowed_hostnames;
            let input = String::from_utf8_lossy(&input);
            format!("{head}\n{kind} {input}\ninputs {inputs:?}\nhosts {hosts:?}\n{foot}{:#?}", subject.expect)
        }
    }
}

/// What a case says about its host; nothing when it says nothing.
fn host(host: &CaseHost) -> String {
    let mut text = match &host.source {
        Source::Unnamed => String::new(),
        Source::Session(session, how) => {
            let missing = if how.missing == Missing::Error { ", errors for missing calls" } else { "" };
            format!("session, {:?}{missing}: {:#?}\n", how.order, session.exchanges())
        }
        source => format!("source {source:?}\n"),
    };
    if let Some(granted) = &host.host_capabilities {
        text.push_str(&format!("host_capabilities {granted}\n"));
    }
    if let Some(granted) = &host.context_aware_resources {
        text.push_str(&format!("context_aware_resources {granted:?}\n"));
    }
    for fault in &host.faults {
        text.push_str(&format!("fault {fault} ({:?})\n", fault.fault));
    }
    text
}
