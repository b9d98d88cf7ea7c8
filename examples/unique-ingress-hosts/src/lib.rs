//! Rejects an Ingress for a host that another Ingress of the cluster serves already.
//!
//! Kubernetes lets two teams claim the same host; which of them gets the traffic depends on the controller. The first one
//! that this policy let in keeps it. When the cluster cannot be asked, nothing is let in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use admit::json;
use admit::prelude::*;

/// What is allowed nevertheless.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Settings {
    /// Several Ingresses of one namespace may serve the same host: that is how paths are split among files.
    pub allow_same_namespace: bool,
    /// An Ingress may have rules without a host, which take the traffic of every host that nobody else serves.
    pub allow_any_host: bool,
    /// Namespaces whose Ingresses are not looked at.
    pub exempt_namespaces: BTreeSet<String>,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    let namespace = request.namespace().unwrap_or_default();
    // A DELETE brings no object: it can only free hosts.
    let Some(ingress) = request.object() else { return Ok(verdict) };
    if settings.exempt_namespaces.contains(&*namespace) {
        return Ok(verdict);
    }
    let mut wanted = Vec::new();
    for rule in rules(ingress)? {
        match served(rule)? {
            Some(name) => wanted.push((rule, name)),
            None if settings.allow_any_host => {}
            None => drop(verdict.reject_at(rule.pointer(), "a rule without a host takes the traffic of every host")),
        }
    }
    if wanted.is_empty() {
        return Ok(verdict);
    }

    let ingresses = host
        .kubernetes()
        .list_resources_all("networking.k8s.io/v1", "Ingress")
        .field_masks(["spec.rules.host"])
        .fetch()?;
    let mut taken = BTreeMap::new();
    for other in ingresses.items() {
        let metadata = other.metadata()?;
        let (owner, other_name) = (metadata.namespace()?.unwrap_or_default(), metadata.name()?);
        let itself = owner == namespace && other_name == request.name();
        if itself || owner == namespace && settings.allow_same_namespace {
            continue;
        }
        for rule in rules(other.value())? {
            if let Some(name) = served(rule)? {
                taken.insert(name, format!("{owner}/{}", other_name.as_deref().unwrap_or_default()));
            }
        }
    }
    for (rule, name) in wanted {
        if let Some(owner) = taken.get(&name) {
            let reason = format!("the host {name} is served by the Ingress {owner}");
            verdict.reject_at(format!("{}/host", rule.pointer()), reason);
        }
    }
    Ok(verdict)
}

/// The rules of an Ingress.
fn rules(ingress: json::Value<'_>) -> Result<impl Iterator<Item = json::Value<'_>>, json::Error> {
    let rules = match ingress.object("spec")? {
        Some(spec) => spec.array("rules")?,
        None => None,
    };
    Ok(rules.into_iter().flatten())
}

/// The host of a rule, as DNS compares names. A wildcard is a host of its own: `*.shop.example` and `shop.example` can be
/// served by different Ingresses.
fn served(rule: json::Value<'_>) -> Result<Option<String>, json::Error> {
    let host: Option<Cow<'_, str>> = rule.str("host")?;
    Ok(host.filter(|host| !host.is_empty()).map(|host| host.trim_end_matches('.').to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(hosts: &[&str]) -> Result<Request, Error> {
        let rules: Vec<String> = hosts.iter().map(|host| format!(r#"{{"host": "{host}"}}"#)).collect();
        Request::from_json(&format!(
            r#"{{
                "uid": "1", "operation": "CREATE", "userInfo": {{}}, "namespace": "shop", "name": "web",
                "kind": {{"group": "networking.k8s.io", "version": "v1", "kind": "Ingress"}},
                "resource": {{"group": "networking.k8s.io", "version": "v1", "resource": "ingresses"}},
                "object": {{"metadata": {{"name": "web"}}, "spec": {{"rules": [{}]}}}}
            }}"#,
            rules.join(",")
        ))
    }

    /// A cluster with one Ingress, `blog/front`.
    fn cluster() -> Host {
        Host::new(|_: &str, operation: &str, _: &[u8]| match operation {
            "list_resources_all" => Ok(br#"{"items": [{
                "metadata": {"namespace": "blog", "name": "front", "annotations": {}},
                "spec": {"rules": [{"host": "www.example"}, {"host": "Blog.example"}]}
            }]}"#
                .to_vec()),
            other => Err(format!("unexpected call: {other}")),
        })
    }

    #[test]
    fn a_taken_host_is_refused_where_it_stands() -> Result<(), Error> {
        let verdict = validate(&create(&["shop.example", "blog.example."])?, &Settings::default(), &cluster())?;
        assert_eq!(verdict.reasons().len(), 1);
        assert_eq!(
            verdict.reasons()[0].to_string(),
            "/spec/rules/1/host: the host blog.example is served by the Ingress blog/front"
        );
        Ok(())
    }

    #[test]
    fn without_an_answer_nothing_is_let_in() -> Result<(), Error> {
        let unreachable = Host::new(|_: &str, _: &str, _: &[u8]| Err("connection refused".to_owned()));
        let error = validate(&create(&["shop.example"])?, &Settings::default(), &unreachable).unwrap_err();
        assert!(error.to_string().contains("connection refused"));
        Ok(())
    }
}
