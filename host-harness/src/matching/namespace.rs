//! Whether the namespace of a request is one that a policy is asked about.

use serde_json::{Map, Value};

use super::{
    Asked,
    selector::{Requirement, Selector, label, labels},
};
use crate::{capabilities::World, request::AdmissionRequest};

/// The namespace that Kubewarden is installed in.
pub(super) const KUBEWARDEN: &str = "kubewarden";

/// The label of every Namespace that is its name.
const NAME: &str = "kubernetes.io/metadata.name";

/// Which namespaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Namespaces {
    /// The only one, for policies that are in one.
    pub(super) own: Option<String>,
    /// Whether Kubewarden's own is left out.
    pub(super) not_kubewarden: bool,
    pub(super) selector: Selector,
}

impl Namespaces {
    /// Whether the namespace of `request` is one of them.
    pub(super) fn fit(&self, request: &AdmissionRequest, world: Option<&World>) -> Asked {
        let resource = request.request_resource.as_ref().unwrap_or(&request.resource);
        let is_namespace = resource.resource == "namespaces";
        let name = match (request.namespace.as_deref().unwrap_or_default(), &request.name) {
            ("", Some(name)) if is_namespace => name,
            (namespace, _) => namespace,
        };
        // What lives in no namespace is never left out because of one.
        if name.is_empty() && !is_namespace {
            return Asked::Yes;
        }
        if let Some(own) = self.own.as_deref().filter(|own| *own != name) {
            return Asked::No(format!(
                "it is asked about its own namespace `{own}` only, and the request is in `{name}`"
            ));
        }
        if self.not_kubewarden && name == KUBEWARDEN {
            return Asked::No(format!(
                "Kubewarden's controller leaves its own namespace out, `{KUBEWARDEN}`, unless the policy says \
                 `allowInsideAdmissionControllerNamespace`"
            ));
        }
        let stored = Stored::of(request, is_namespace, name, world);
        let mut unknown = None;
        for wanted in &self.selector.0 {
            match stored.meets(wanted, name) {
                Some(true) => {}
                Some(false) => {
                    return Asked::No(format!(
                        "its namespaceSelector wants `{wanted}`, and namespace `{name}` is different"
                    ));
                }
                None => unknown = unknown.or(Some(wanted)),
            }
        }
        match unknown {
            None => Asked::Yes,
            Some(wanted) => Asked::Unknown(format!(
                "its namespaceSelector wants `{wanted}`, and {}; give a world that has the Namespace (`--world`)",
                match world {
                    None => format!("nothing says which labels namespace `{name}` has"),
                    Some(_) => format!("the world does not have `{name}`"),
                }
            )),
        }
    }
}

/// What is known of the labels of a namespace.
enum Stored<'a> {
    Labels(Option<&'a Map<String, Value>>),
    /// Nothing but its name.
    Name,
}

impl<'a> Stored<'a> {
    fn of(request: &'a AdmissionRequest, is_namespace: bool, name: &str, world: Option<&'a World>) -> Self {
        let whole = request.sub_resource.as_deref().unwrap_or_default().is_empty();
        if is_namespace && whole && ["CREATE", "UPDATE"].contains(&request.operation.as_str()) {
            return Self::Labels(request.object.as_ref().and_then(labels));
        }
        if let Some(namespace) = world.and_then(|world| world.object("v1", "Namespace", "", name)) {
            return Self::Labels(labels(namespace));
        }
        match &request.old_object {
            Some(stored) if is_namespace && whole => Self::Labels(labels(stored)),
            _ => Self::Name,
        }
    }

    fn meets(&self, wanted: &Requirement, name: &str) -> Option<bool> {
        if wanted.key == NAME {
            return Some(wanted.holds(Some(name)));
        }
        match self {
            Self::Labels(labels) => Some(wanted.holds(label(*labels, &wanted.key))),
            Self::Name => None,
        }
    }
}
