//! `kubernetes/can_i`

use serde::{Deserialize, Serialize};

use super::super::Call;
use crate::host::{Host, HostError};

/// A question about the rights of a user; comes from [`Kubernetes::can_i`](super::Kubernetes::can_i).
#[derive(Clone, Debug)]
#[must_use = "the host is asked by `ask`"]
pub struct CanI<'h, 'a> {
    host: &'h Host,
    request: Request<'a>,
}

#[derive(Clone, Debug, Serialize)]
struct Request<'a> {
    subject_access_review: SubjectAccessReview<'a>,
    disable_cache: bool,
}

#[derive(Clone, Debug, Serialize)]
struct SubjectAccessReview<'a> {
    user: &'a str,
    groups: Option<Vec<&'a str>>,
    resource_attributes: ResourceAttributes<'a>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct ResourceAttributes<'a> {
    resource: &'a str,
    verb: &'a str,
    group: Option<&'a str>,
    version: Option<&'a str>,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
    subresource: Option<&'a str>,
}

/// The cluster's answer: the status of a SubjectAccessReview.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessReview {
    /// Whether the user may do it.
    pub allowed: bool,
    /// Whether an authorizer forbade it. Not allowed and not denied: no authorizer had an opinion.
    pub denied: Option<bool>,
    /// Why, for people.
    pub reason: Option<String>,
    /// Errors of authorizers while they decided. The answer can be valid in spite of them.
    pub evaluation_error: Option<String>,
}

impl<'h, 'a> CanI<'h, 'a> {
    pub(super) fn new(host: &'h Host, user: &'a str, verb: &'a str, resource: &'a str) -> Self {
        let resource_attributes = ResourceAttributes { resource, verb, ..Default::default() };
        let subject_access_review = SubjectAccessReview { user, groups: None, resource_attributes };
        Self { host, request: Request { subject_access_review, disable_cache: false } }
    }

    /// Groups that the user is in. The cluster does not look them up: what is not named here does not count.
    pub fn user_groups<S: AsRef<str> + ?Sized + 'a>(mut self, groups: impl IntoIterator<Item = &'a S>) -> Self {
        self.request.subject_access_review.groups = Some(groups.into_iter().map(AsRef::as_ref).collect());
        self
    }

    /// API group of the resource, for example `apps`; `*` for all. The core group otherwise.
    pub fn api_group(mut self, group: &'a str) -> Self {
        self.attributes().group = Some(group);
        self
    }

    /// API version of the resource.
    pub fn version(mut self, version: &'a str) -> Self {
        self.attributes().version = Some(version);
        self
    }

    /// Namespace of the resource. All namespaces otherwise.
    pub fn namespace(mut self, namespace: &'a str) -> Self {
        self.attributes().namespace = Some(namespace);
        self
    }

    /// Name of the resource. All of them otherwise.
    pub fn name(mut self, name: &'a str) -> Self {
        self.attributes().name = Some(name);
        self
    }

    /// A subresource, for example `exec`.
    pub fn subresource(mut self, subresource: &'a str) -> Self {
        self.attributes().subresource = Some(subresource);
        self
    }

    /// Asks the cluster even when the host has an answer in its cache, which keeps answers for 5 seconds.
    pub fn disable_cache(mut self) -> Self {
        self.request.disable_cache = true;
        self
    }

    /// Asks the host.
    ///
    /// # Errors
    ///
    /// When the host refuses or fails. A user who may not is an answer: see [`AccessReview::allowed`].
    pub fn ask(self) -> Result<AccessReview, HostError> {
        Call::new(self.host, "kubernetes", "can_i").send(&self.request)?.decode()
    }

    fn attributes(&mut self) -> &mut ResourceAttributes<'a> {
        &mut self.request.subject_access_review.resource_attributes
    }
}
