//! Rejects privileged containers, the network of the node and what else its settings name; and forgets to look somewhere.

use admit::prelude::*;

/// What is forgotten, and what else is wanted.
#[derive(Deserialize, Settings)]
struct Settings {
    forgets: Forgets,
    /// Containers, but for init and ephemeral ones, which can have none, have a liveness probe.
    #[serde(default)]
    probes: bool,
    /// There are no ephemeral containers.
    #[serde(default)]
    no_debugging: bool,
    /// Where images come from.
    #[serde(default)]
    registry: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Forgets {
    Nothing,
    InitContainers,
    EphemeralContainers,
    /// Only the first container is looked at.
    SecondContainer,
    /// Only Pods are.
    Templates,
    CronJobs,
    Updates,
    DryRuns,
    /// That a DELETE has no object.
    Deletes,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let forgets = |what: Forgets| settings.forgets == what;
    let mut verdict = Verdict::accept();
    let kind = request.kind().kind.to_string();
    let is_forgotten = (forgets(Forgets::Templates) && kind != "Pod")
        || (forgets(Forgets::CronJobs) && kind == "CronJob")
        || (forgets(Forgets::Updates) && request.operation() == Operation::Update && request.sub_resource().is_none())
        || (forgets(Forgets::DryRuns) && request.dry_run());
    if is_forgotten {
        return Ok(verdict);
    }
    let pod = match request.pod_spec()? {
        Some(pod) => pod,
        None if forgets(Forgets::Deletes) => panic!("every request has an object"),
        None => return Ok(verdict),
    };
    if pod.host_network()? {
        verdict.reject_at(format!("{}/hostNetwork", pod.value().pointer()), "the network of the node is not for pods");
    }
    for (index, container) in pod.all_containers()?.enumerate() {
        let is_skipped = match container.kind() {
            ContainerKind::Regular => index > 0 && forgets(Forgets::SecondContainer),
            ContainerKind::Init => forgets(Forgets::InitContainers),
            ContainerKind::Ephemeral => forgets(Forgets::EphemeralContainers),
        };
        if container.privileged()? && !is_skipped {
            verdict.reject_at(container.path(), "is privileged");
        }
        if settings.no_debugging && container.kind() == ContainerKind::Ephemeral {
            verdict.reject_at(container.path(), "is for debugging");
        }
        if !is_skipped && !container.image()?.is_some_and(|image| image.starts_with(&settings.registry)) {
            verdict.reject_at(container.path(), "is of another registry");
        }
        if settings.probes
            && container.kind() == ContainerKind::Regular
            && container.value().get("livenessProbe").is_none()
        {
            verdict.reject_at(container.path(), "has no liveness probe");
        }
    }
    Ok(verdict)
}
