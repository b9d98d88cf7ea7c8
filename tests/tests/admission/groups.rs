//! Policy groups: an expression, what each member answers, what comes out.

use admit_host::{
    CompiledPolicy, RunOptions,
    admission::Mode,
    group::{Member, PolicyGroup},
    request::Request,
};

use crate::{
    cli::{archive::Archive, policies},
    support::{engine, request, settings},
};

/// The response of a group whose members are the files: each holds the answer of its policy, or `(trap)`, or
/// `(does not start)`.
pub(super) fn outcome(archive: &Archive) -> String {
    archive.only_options(&["expression", "repeat", "operator", "mode"]);
    let member = |(index, (name, answer)): (usize, &(String, String))| {
        // Both ABIs, in turn.
        let make = [policies::wapc, policies::wasi][index % 2];
        let mut text = make(answer.trim(), r#"{"valid":true}"#);
        if answer.trim() == "(does not start)" {
            text = text.replace("(memory ", "(func $never unreachable) (start $never) (memory ");
        }
        let bytes = wat::parse_str(text).expect("valid text");
        let policy = CompiledPolicy::from_bytes(engine(), &bytes).expect("a policy");
        Member { name: name.clone(), policy, settings: settings("{}"), options: RunOptions::default() }
    };
    let members = archive.files.iter().enumerate().map(member).collect();
    let mut expression = archive.option("expression").expect("an expression");
    let times = archive.option("repeat").map_or(1, |times| times.parse().expect("a number"));
    expression = vec![expression; times].join(&archive.option("operator").unwrap_or_else(|| "==".to_owned()));
    let group = match PolicyGroup::new(members, expression, "the group says no") {
        Ok(group) => group,
        Err(error) => return format!("error: {error}"),
    };
    let all_start = archive.files.iter().all(|(_, answer)| answer.trim() != "(does not start)");
    assert_eq!(group.validate_settings().iter().all(|(_, outcome)| outcome.response.valid), all_start);
    let Request::Kubernetes(request) = request(r#"{"uid": "u", "object": {"a": 1}}"#) else {
        panic!("a Kubernetes request is expected")
    };
    let mode: Mode = archive.option("mode").map(|mode| mode.parse().expect("a mode")).unwrap_or_default();
    let outcome = group.validate(&request).enforced(mode);
    let mut lines = vec![serde_json::to_string(&outcome.response).expect("JSON"), format!("{:?}", outcome.result)];
    for member in &outcome.members {
        let message = member.message.as_deref().unwrap_or("-");
        let message = message.lines().next().unwrap_or_default();
        let failed = if member.outcome.result.is_err() { ", failed" } else { "" };
        lines.push(format!("{} = {}, asked {} times{failed}: {message}", member.name, member.allowed, member.times));
    }
    lines.join("\n")
}
