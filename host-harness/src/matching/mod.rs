//! Which requests a deployed policy is asked about, as an API server decides it: by the rules, selectors and conditions of the
//! webhook that Kubewarden's controller makes of the policy.
//!
//! An API server sends a request to a webhook when all of these hold, in this order:
//!
//! 1. the request is not about webhooks and admission policies themselves,
//! 2. the labels of its namespace fit the `namespaceSelector`, to which the controller adds that it is not Kubewarden's own
//!    namespace; a policy in a namespace is asked about that namespace only,
//! 3. the labels of the object, or those of the stored one, fit the `objectSelector`,
//! 4. one of the `rules` names resource and operation; with the `matchPolicy` Equivalent, which is the default, in any version,
//! 5. none of the `matchConditions` is false. Where one of them fails and none is false, `failurePolicy` decides.
//!
//! What cannot be known is not guessed: the labels of a namespace that no world has, an object in another version than the
//! rules want, a condition with a function that is not evaluated here.

mod condition;
mod namespace;
mod read;
mod rule;
mod selector;

use crate::{
    capabilities::World,
    metadata::Metadata,
    request::{AdmissionRequest, GroupVersionResource},
};

pub(crate) use read::{Owner, matching};

use condition::{Condition, Held};
use namespace::Namespaces;
use rule::{Fit, ScopedRule, Target};
use selector::Selector;

/// What decides whether a policy is asked about a request. The default is a policy without rules, which is asked about
/// everything: those of a `policies.yml`, for which somebody else decides.
#[derive(Clone, Debug, Default)]
pub struct Matching {
    /// `None` where there are no rules to be seen.
    rules: Option<Vec<ScopedRule>>,
    /// Whether a rule counts in the version that it names only.
    exact: bool,
    namespaces: Namespaces,
    objects: Selector,
    conditions: Vec<Condition>,
    /// Whether a condition that fails skips the policy; otherwise the request is rejected.
    ignores_failures: bool,
    /// What people should know about it.
    notes: Vec<String>,
}

/// Whether a policy is asked about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is.
    Yes,
    /// It is not, and why.
    No(String),
    /// The request is rejected without asking: a condition fails, and the `failurePolicy` of the policy is Fail.
    Rejected(String),
    /// That is not known here, and why.
    Unknown(String),
}

impl Matching {
    /// What the rules in a module's metadata say.
    pub fn by_metadata(metadata: &Metadata) -> Self {
        let rules = metadata.rules.iter().map(|rule| ScopedRule::any_scope(rule.clone())).collect();
        Self { rules: Some(rules), ..Self::default() }
    }

    /// Whether an API server asks about `request`. Labels of namespaces are those of `world`.
    pub fn asked(&self, request: &AdmissionRequest, world: Option<&World>) -> Asked {
        let about = request.request_kind.as_ref().unwrap_or(&request.kind);
        if about.group == "admissionregistration.k8s.io" {
            return Asked::No(format!(
                "an API server asks no webhook about a {}, so that nobody is locked out",
                about.kind
            ));
        }
        let namespace = self.namespaces.fit(request, world);
        if let Asked::No(_) = namespace {
            return namespace;
        }
        if let Some(reason) = self.objects_differ(request) {
            return Asked::No(reason);
        }
        match self.fit(request) {
            Fit::Matches => {}
            Fit::Differs(reason) => return Asked::No(reason),
            Fit::OtherVersion(reason) => return Asked::Unknown(reason),
        }
        if namespace != Asked::Yes {
            return namespace;
        }
        self.conditions_hold(request)
    }

    /// Whether the audit scanner asks about a stored object, of which `request` is what an API server would send. It looks at
    /// the rules that list `CREATE` and have no wildcards, and at both selectors.
    pub fn audited(&self, request: &AdmissionRequest, world: Option<&World>) -> Asked {
        let namespace = self.namespaces.fit(request, world);
        if let Asked::No(_) = namespace {
            return namespace;
        }
        if let Some(reason) = self.objects_differ(request) {
            return Asked::No(reason);
        }
        let Some(rules) = &self.rules else { return namespace };
        let target = Target::new(request, &request.resource);
        match rules.iter().any(|rule| rule.lists(&target)) {
            true => namespace,
            false => {
                Asked::No(format!("none of its rules lists {} with CREATE and without wildcards", target.resource()))
            }
        }
    }

    /// The operations of each of its rules; `None` where there are no rules to be seen.
    pub fn operations(&self) -> Option<Vec<&[String]>> {
        self.rules.as_ref().map(|rules| rules.iter().map(ScopedRule::operations).collect())
    }

    /// What people should know before they rely on it.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether a request fits the rules alone.
    pub fn rules_match(&self, request: &AdmissionRequest) -> bool {
        !matches!(self.fit(request), Fit::Differs(_))
    }

    fn objects_differ(&self, request: &AdmissionRequest) -> Option<String> {
        let wanted = self.objects.first_unmet(request)?;
        Some(format!("its objectSelector wants `{wanted}`, and the object is different"))
    }

    /// Whether a rule names what the request is about.
    fn fit(&self, request: &AdmissionRequest) -> Fit {
        let Some(rules) = self.rules.as_deref().filter(|rules| !rules.is_empty()) else { return Fit::Matches };
        let original = request.request_resource.as_ref().unwrap_or(&request.resource);
        let target = Target::new(request, original);
        if rules.iter().any(|rule| rule.matches(&target)) {
            return Fit::Matches;
        }
        if !self.exact && converted(request, original) {
            let target = Target::new(request, &request.resource);
            if rules.iter().any(|rule| rule.matches(&target)) {
                return Fit::Matches;
            }
        }
        let other = rules.iter().find_map(|rule| rule.matches_other_version(&target));
        match other {
            Some(version) if self.exact => Fit::Differs(format!(
                "its rules name {} in {version}, not in {}, and its matchPolicy is Exact",
                original.resource,
                target.api_version()
            )),
            Some(version) => Fit::OtherVersion(format!(
                "its rules name {} in {version}; an API server that serves it converts the object from {} before it asks, \
                 which is not done here: give the object in that version",
                original.resource,
                target.api_version()
            )),
            None => Fit::Differs(rule::why(rules, &target)),
        }
    }

    fn conditions_hold(&self, request: &AdmissionRequest) -> Asked {
        if self.conditions.is_empty() {
            return Asked::Yes;
        }
        let held = condition::evaluate(&self.conditions, request);
        let named = |wanted: fn(&Held) -> Option<&str>| {
            self.conditions.iter().zip(&held).find_map(|(condition, held)| Some((condition.name(), wanted(held)?)))
        };
        // One that is false is enough, whatever the others are.
        if let Some((name, _)) = named(|held| matches!(held, Held::False).then_some("")) {
            return Asked::No(format!("its condition `{name}` is false"));
        }
        if let Some((name, why)) = named(Held::unknown) {
            return Asked::Unknown(format!("its condition `{name}` is not evaluated here: {why}"));
        }
        match named(Held::error) {
            None => Asked::Yes,
            Some((name, error)) if self.ignores_failures => {
                Asked::No(format!("its condition `{name}` fails, and its failurePolicy is Ignore: {error}"))
            }
            Some((name, error)) => {
                Asked::Rejected(format!("its condition `{name}` fails, and its failurePolicy is Fail: {error}"))
            }
        }
    }
}

/// Whether an API server converted the object already, for a webhook that wants it in another version.
fn converted(request: &AdmissionRequest, original: &GroupVersionResource) -> bool {
    request.resource != *original
}
