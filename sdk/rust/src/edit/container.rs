//! A container of a pod, being edited.

use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};

use super::place::{ValueMut, unexpected};
use crate::json::Error;
use crate::views::ContainerKind;

/// A container of an object that is being edited.
///
/// It dereferences to [`ValueMut`], for fields that have no setter here: `container.set("/workingDir", "/")?`.
#[derive(Debug)]
pub struct ContainerMut<'a> {
    kind: ContainerKind,
    place: ValueMut<'a>,
}

impl<'a> ContainerMut<'a> {
    /// A container; the value is an object.
    pub(super) fn new(kind: ContainerKind, place: ValueMut<'a>) -> Self {
        Self { kind, place }
    }

    /// Which list it is in.
    pub fn kind(&self) -> ContainerKind {
        self.kind
    }

    /// Name; empty where the request has none.
    ///
    /// # Errors
    ///
    /// When a field is not a string; the same holds for the image.
    pub fn name(&self) -> Result<&str, Error> {
        Ok(self.str("/name")?.unwrap_or_default())
    }

    /// Image reference.
    pub fn image(&self) -> Result<Option<&str>, Error> {
        self.str("/image")
    }

    /// Sets the image reference.
    ///
    /// # Errors
    ///
    /// When a value on the path exists and is not an object (or not an array, for fields that are arrays); the same holds
    /// for the other setters. The error has the JSON pointer.
    pub fn set_image(&mut self, image: impl Into<String>) -> Result<(), Error> {
        self.set("/image", image.into())
    }

    /// Sets when the image is pulled: `Always`, `IfNotPresent` or `Never`.
    pub fn set_image_pull_policy(&mut self, policy: impl Into<String>) -> Result<(), Error> {
        self.set("/imagePullPolicy", policy.into())
    }

    /// Sets an environment variable: replaces the value (or the source, `valueFrom`) of the last one of this name, which is
    /// the one that holds, or adds one.
    pub fn set_env(&mut self, name: &str, value: impl Into<String>) -> Result<(), Error> {
        match self.env(name)?.last() {
            Some(index) => {
                self.remove(&format!("/env/{index}/valueFrom"))?;
                self.set(&format!("/env/{index}/value"), value.into())
            }
            None => self.push("/env", json!({"name": name, "value": value.into()})),
        }
    }

    /// Removes an environment variable, and tells whether it was there.
    pub fn remove_env(&mut self, name: &str) -> Result<bool, Error> {
        let found = self.env(name)?;
        for index in found.iter().rev() {
            self.remove(&format!("/env/{index}"))?;
        }
        Ok(!found.is_empty())
    }

    /// Sets whether the container runs privileged.
    pub fn set_privileged(&mut self, privileged: bool) -> Result<(), Error> {
        self.set_security_context("privileged", privileged)
    }

    /// Sets a field of the security context, for example `readOnlyRootFilesystem`.
    pub fn set_security_context(&mut self, field: &str, value: impl Into<Value>) -> Result<(), Error> {
        self.set_field("/securityContext", field, value)
    }

    /// Removes a field of the security context, and tells whether it was there.
    pub fn remove_security_context(&mut self, field: &str) -> Result<bool, Error> {
        Ok(self.remove_field("/securityContext", field)?.is_some())
    }

    /// Sets how much of a resource the container asks for: `set_resource_request("memory", "64Mi")`.
    pub fn set_resource_request(&mut self, resource: &str, quantity: impl Into<String>) -> Result<(), Error> {
        self.set_field("/resources/requests", resource, quantity.into())
    }

    /// Sets how much of a resource the container may use.
    pub fn set_resource_limit(&mut self, resource: &str, quantity: impl Into<String>) -> Result<(), Error> {
        self.set_field("/resources/limits", resource, quantity.into())
    }

    /// Adds a volume mount, a JSON object.
    pub fn add_volume_mount(&mut self, mount: Value) -> Result<(), Error> {
        self.push("/volumeMounts", mount)
    }

    /// Indices of the environment variables of this name in `env`.
    fn env(&self, name: &str) -> Result<Vec<usize>, Error> {
        let items = match self.get("/env")? {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(unexpected("an array", other).at(|| self.pointer() + "/env")),
        };
        if let Some(index) = items.iter().position(|item| !item.is_object()) {
            let error = unexpected("an object", &items[index]);
            return Err(error.at(|| format!("{}/env/{index}", self.pointer())));
        }
        let named = items.iter().enumerate().filter(|(_, item)| item.get("name").and_then(Value::as_str) == Some(name));
        Ok(named.map(|(index, _)| index).collect())
    }
}

impl<'a> Deref for ContainerMut<'a> {
    type Target = ValueMut<'a>;

    fn deref(&self) -> &ValueMut<'a> {
        &self.place
    }
}

impl DerefMut for ContainerMut<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.place
    }
}
