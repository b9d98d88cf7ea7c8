//! A policy of the SDK, natively: what hosts send to it.

use std::collections::BTreeMap;

use admit::__private::{Policy, PolicySettings, validate_with_host};
use admit::wire::{SettingsValidationResponse, ValidationResponse};
use admit::{Error, Host, Request, Settings, Verdict};
use serde::Deserialize;

pub(crate) const WORDS: &[&str] = &[
    "request",
    "settings",
    "uid",
    "kind",
    "group",
    "version",
    "resource",
    "resources",
    "operation",
    "CREATE",
    "DELETE",
    "userInfo",
    "username",
    "groups",
    "object",
    "oldObject",
    "dryRun",
    "options",
    "metadata",
    "labels",
    "annotations",
    "spec",
    "template",
    "jobTemplate",
    "containers",
    "initContainers",
    "ephemeralContainers",
    "securityContext",
    "privileged",
    "volumes",
    "Pod",
    "CronJob",
    "Deployment",
    "apps",
    "batch",
    "exempt",
    "max",
    "nested",
    "null",
];

#[derive(Debug, Deserialize)]
#[serde(default)]
struct Limits {
    exempt: Vec<String>,
    max: i64,
    nested: BTreeMap<String, Inner>,
}

#[derive(Debug, Deserialize)]
struct Inner {
    max: Option<u8>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { exempt: Vec::new(), max: 1, nested: BTreeMap::new() }
    }
}

impl Settings for Limits {
    fn check(&self) -> Result<(), admit::SettingsError> {
        match self.nested.iter().find(|(_, inner)| inner.max == Some(0)) {
            Some((key, _)) => Err(admit::SettingsError::new("must not be 0").at(format!("/nested/{key}/max"))),
            None => Ok(()),
        }
    }
}

/// Looks at everything that there is a view for, and mutates.
fn look(request: &Request, settings: &Limits, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    host.info(format!("{} {:?} {:?}", request.operation(), request.user_info(), request.dry_run()));
    verdict.warn(format!("{:?} {:?} {:?}", request.uid(), request.request_kind(), request.request_resource()));
    if let Some(metadata) = request.metadata()? {
        for (key, value) in metadata.labels()?.chain(metadata.annotations()?) {
            verdict.audit(key, value);
        }
        let _ = (metadata.name()?, metadata.generate_name()?, metadata.namespace()?, metadata.label("a/b")?);
    }
    if let Some(pod) = request.pod_spec()? {
        for container in pod.all_containers()? {
            if container.privileged()? && !settings.exempt.iter().any(|name| container.name().is_ok_and(|n| n == *name))
            {
                verdict.reject_at(container.path(), format!("{:?}", container.image()?));
            }
        }
        let _ = (pod.host_network()?, pod.host_pid()?, pod.host_ipc()?, pod.service_account_name()?);
        let _ = (pod.security_context()?, pod.volumes()?.count());
    }
    let mut object = request.edit()?;
    if let Some(fields) = object.as_object_mut() {
        fields.insert("max".to_owned(), settings.max.into());
    }
    verdict.mutate(object);
    Ok(verdict)
}

const POLICY: Policy = Policy {
    validate: |payload, host| validate_with_host::<_, _, _, _>(look, payload, host),
    settings: PolicySettings::of::<Limits>(),
};

/// Every payload of every operation has an answer in the protocol's shape, or a text for the host.
pub(crate) fn dispatch(data: &[u8]) {
    let host = Host::silent();
    match POLICY.call(b"validate", data.to_vec(), &host) {
        Ok(answer) => {
            let answer: ValidationResponse = serde_json::from_slice(&answer).expect("an answer of the protocol");
            assert!(answer.accepted || answer.message.is_some(), "a rejection has a message");
        }
        Err(text) => assert!(!text.is_empty()),
    }
    let settings = POLICY.call(b"validate_settings", data.to_vec(), &host).expect("settings have an answer");
    let settings: SettingsValidationResponse = serde_json::from_slice(&settings).expect("an answer of the protocol");
    assert_eq!(settings.valid, settings.message.is_none(), "{settings:?}");
    let _ = POLICY.call(data, Vec::new(), &host);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = Request::from_json(text);
    }
}
