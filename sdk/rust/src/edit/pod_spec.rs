//! `PodSpec`, being edited.

use std::ops::{Deref, DerefMut};

use serde_json::Value;

use super::container::ContainerMut;
use super::place::{ValueMut, unexpected};
use crate::error::Error;
use crate::json;
use crate::views::ContainerKind;

/// The pod spec of an object that is being edited.
///
/// It dereferences to [`ValueMut`], for fields that have no setter here.
#[derive(Debug)]
pub struct PodSpecMut<'a>(ValueMut<'a>);

impl<'a> PodSpecMut<'a> {
    /// Finds the pod spec of an object.
    pub(super) fn find(object: ValueMut<'a>, path: &[&str]) -> Result<Self, Error> {
        let mut pointer = String::new();
        for key in path {
            let parent = pointer.clone();
            json::segment(&mut pointer, key);
            match object.get(&pointer)? {
                Some(Value::Object(_)) => {}
                Some(other) => return Err(unexpected("an object", other).at(|| pointer).into()),
                None => return Err(json::Error::new(format!("missing field `{key}`")).at(|| parent).into()),
            }
        }
        Ok(Self(object.below(&pointer)))
    }

    /// The regular containers.
    ///
    /// # Errors
    ///
    /// When the list is not an array of objects; the same holds for the other lists of containers.
    pub fn containers_mut(&mut self) -> Result<Vec<ContainerMut<'_>>, json::Error> {
        self.lists_mut(&[ContainerKind::Regular])
    }

    /// The init containers, sidecars among them.
    pub fn init_containers_mut(&mut self) -> Result<Vec<ContainerMut<'_>>, json::Error> {
        self.lists_mut(&[ContainerKind::Init])
    }

    /// The ephemeral (debugging) containers.
    pub fn ephemeral_containers_mut(&mut self) -> Result<Vec<ContainerMut<'_>>, json::Error> {
        self.lists_mut(&[ContainerKind::Ephemeral])
    }

    /// Every container: regular, init and ephemeral ones, in this order.
    pub fn all_containers_mut(&mut self) -> Result<Vec<ContainerMut<'_>>, json::Error> {
        self.lists_mut(&[ContainerKind::Regular, ContainerKind::Init, ContainerKind::Ephemeral])
    }

    /// Adds a container, a JSON object, at the end of one of the lists.
    ///
    /// # Errors
    ///
    /// When the list is there and not an array, or the container is not an object.
    pub fn add_container(&mut self, kind: ContainerKind, container: Value) -> Result<(), json::Error> {
        if !container.is_object() {
            return Err(unexpected("a container", &container).at(|| self.pointer()));
        }
        self.push(&format!("/{}", kind.field()), container)
    }

    /// Sets whether the pod shares the node's network.
    ///
    /// # Errors
    ///
    /// None as long as this is a pod spec; the same holds for the other fields of it.
    pub fn set_host_network(&mut self, shared: bool) -> Result<(), json::Error> {
        self.set("/hostNetwork", shared)
    }

    /// Sets whether the pod sees the node's processes.
    pub fn set_host_pid(&mut self, shared: bool) -> Result<(), json::Error> {
        self.set("/hostPID", shared)
    }

    /// Sets whether the pod shares the node's inter-process communication.
    pub fn set_host_ipc(&mut self, shared: bool) -> Result<(), json::Error> {
        self.set("/hostIPC", shared)
    }

    /// Sets the name of the service account.
    pub fn set_service_account_name(&mut self, name: impl Into<String>) -> Result<(), json::Error> {
        self.set("/serviceAccountName", name.into())
    }

    /// Sets a field of the pod's security context, for example `runAsNonRoot`.
    ///
    /// # Errors
    ///
    /// When the security context is not an object.
    pub fn set_security_context(&mut self, field: &str, value: impl Into<Value>) -> Result<(), json::Error> {
        self.set_field("/securityContext", field, value)
    }

    /// Sets a label that a node must have.
    ///
    /// # Errors
    ///
    /// When the node selector is not an object.
    pub fn set_node_selector(&mut self, label: &str, value: impl Into<String>) -> Result<(), json::Error> {
        self.set_field("/nodeSelector", label, value.into())
    }

    /// Adds a toleration, a JSON object.
    ///
    /// # Errors
    ///
    /// When the tolerations are not an array.
    pub fn add_toleration(&mut self, toleration: Value) -> Result<(), json::Error> {
        self.push("/tolerations", toleration)
    }

    /// Adds a volume, a JSON object.
    ///
    /// # Errors
    ///
    /// When the volumes are not an array.
    pub fn add_volume(&mut self, volume: Value) -> Result<(), json::Error> {
        self.push("/volumes", volume)
    }

    /// The containers of these lists, one list after the other.
    fn lists_mut(&mut self, kinds: &[ContainerKind]) -> Result<Vec<ContainerMut<'_>>, json::Error> {
        let (pointer, changed) = (self.pointer(), self.changed());
        let Some(value) = self.0.reborrow().into_value()? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (key, list) in value.as_object_mut().into_iter().flatten() {
            let Some(rank) = kinds.iter().position(|kind| kind.field() == key) else { continue };
            let list_pointer = format!("{pointer}/{key}");
            let items = match list {
                Value::Null => continue,
                Value::Array(items) => items,
                other => return Err(unexpected("an array", other).at(|| list_pointer)),
            };
            for (index, item) in items.iter_mut().enumerate() {
                let item_pointer = format!("{list_pointer}/{index}");
                if !item.is_object() {
                    return Err(unexpected("a container", item).at(|| item_pointer));
                }
                found.push((rank, ContainerMut::new(kinds[rank], ValueMut::new(item, item_pointer, changed))));
            }
        }
        // The keys of the object can be in any order; the result has the order of `kinds`.
        found.sort_by_key(|(rank, _)| *rank);
        Ok(found.into_iter().map(|(_, container)| container).collect())
    }
}

impl<'a> Deref for PodSpecMut<'a> {
    type Target = ValueMut<'a>;

    fn deref(&self) -> &ValueMut<'a> {
        &self.0
    }
}

impl DerefMut for PodSpecMut<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
