//! `PodSpec`, wherever a kind keeps it.

use std::borrow::Cow;

use super::{Container, ContainerKind};
use crate::error::Error;
use crate::json::{self, Value};
use crate::kinds::GroupVersionKind;

/// The `spec` of a Pod, or of the pod template of a workload.
///
/// Getters answer an error when the field has the wrong type; absent and `null` are the same.
#[derive(Clone, Copy, Debug)]
pub struct PodSpec<'a>(Value<'a>);

/// Keys from the object to its pod spec, for each kind that has one.
pub(crate) fn pod_spec_path(kind: &GroupVersionKind<'_>) -> Result<&'static [&'static str], Error> {
    const TEMPLATE: &[&str] = &["spec", "template", "spec"];
    Ok(match (&*kind.group, &*kind.kind) {
        ("", "Pod") => &["spec"],
        ("", "ReplicationController") => TEMPLATE,
        ("apps" | "extensions", "Deployment" | "ReplicaSet" | "DaemonSet") => TEMPLATE,
        ("apps", "StatefulSet") => TEMPLATE,
        ("batch", "Job") => TEMPLATE,
        ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return Err(no_pod_spec(kind)),
    })
}

impl<'a> PodSpec<'a> {
    /// Finds the pod spec in an object of this kind.
    ///
    /// # Errors
    ///
    /// When the kind has no pod spec, or the object has none where its kind keeps it.
    pub fn of(kind: &GroupVersionKind<'_>, object: Value<'a>) -> Result<Self, Error> {
        let path = pod_spec_path(kind)?;
        let mut spec = object;
        for key in path {
            spec = match spec.object(key)? {
                Some(inner) => inner,
                None => return Err(json::Error::new(format!("missing field `{key}`")).at(|| spec.pointer()).into()),
            };
        }
        Ok(Self(spec))
    }

    /// The JSON behind this view.
    pub fn value(self) -> Value<'a> {
        self.0
    }

    /// The regular containers.
    pub fn containers(self) -> Result<impl Iterator<Item = Container<'a>>, json::Error> {
        self.list(ContainerKind::Regular)
    }

    /// The init containers, sidecars among them.
    pub fn init_containers(self) -> Result<impl Iterator<Item = Container<'a>>, json::Error> {
        self.list(ContainerKind::Init)
    }

    /// The ephemeral (debugging) containers.
    pub fn ephemeral_containers(self) -> Result<impl Iterator<Item = Container<'a>>, json::Error> {
        self.list(ContainerKind::Ephemeral)
    }

    /// Every container: regular, init and ephemeral ones, in this order.
    pub fn all_containers(self) -> Result<impl Iterator<Item = Container<'a>>, json::Error> {
        Ok(self.containers()?.chain(self.init_containers()?).chain(self.ephemeral_containers()?))
    }

    /// Whether the pod shares the node's network.
    pub fn host_network(self) -> Result<bool, json::Error> {
        Ok(self.0.bool("hostNetwork")?.unwrap_or(false))
    }

    /// Whether the pod sees the node's processes.
    pub fn host_pid(self) -> Result<bool, json::Error> {
        Ok(self.0.bool("hostPID")?.unwrap_or(false))
    }

    /// Whether the pod shares the node's inter-process communication.
    pub fn host_ipc(self) -> Result<bool, json::Error> {
        Ok(self.0.bool("hostIPC")?.unwrap_or(false))
    }

    /// Name of the service account.
    pub fn service_account_name(self) -> Result<Option<Cow<'a, str>>, json::Error> {
        self.0.str("serviceAccountName")
    }

    /// The pod's security context.
    pub fn security_context(self) -> Result<Option<Value<'a>>, json::Error> {
        self.0.object("securityContext")
    }

    /// The volumes.
    pub fn volumes(self) -> Result<impl Iterator<Item = Value<'a>>, json::Error> {
        Ok(self.0.array("volumes")?.into_iter().flatten())
    }

    /// A container list, each item checked to be an object.
    fn list(self, kind: ContainerKind) -> Result<impl Iterator<Item = Container<'a>> + use<'a>, json::Error> {
        let items = self.0.array(kind.field())?;
        if let Some(item) = items.clone().into_iter().flatten().find(|item| item.kind() != json::Kind::Object) {
            return Err(item.unexpected("a container"));
        }
        let containers = items.into_iter().flatten().enumerate();
        Ok(containers.map(move |(index, item)| Container::new(kind, self.0, index, item)))
    }
}

#[cold]
fn no_pod_spec(kind: &GroupVersionKind<'_>) -> Error {
    let separator = if kind.group.is_empty() { "" } else { "/" };
    Error::new(format!(
        "{}{separator}{} {} has no pod spec; the kinds that do are Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, \
         ReplicationController, Job and CronJob",
        kind.group, kind.version, kind.kind
    ))
}
