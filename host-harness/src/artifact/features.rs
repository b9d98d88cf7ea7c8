//! Which ABIs a policy crate can be built for, and with which cargo features.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Package};

use crate::Abi;

/// The features to build with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    /// Features of the policy crate.
    pub(super) features: Vec<String>,
    /// Whether the default features stay off.
    pub(super) no_default_features: bool,
}

/// Whether the crate is written with `admit`.
pub(super) fn uses_admit(package: &Package) -> bool {
    admit_dependencies(package).next().is_some()
}

fn admit_dependencies(package: &Package) -> impl Iterator<Item = &cargo_metadata::Dependency> {
    package.dependencies.iter().filter(|d| d.name == "admit" && d.kind == DependencyKind::Normal)
}

/// A feature of `admit`, as a crate that depends on it turns it on; none for other crates.
pub(super) fn of_admit(package: &Package, feature: &str) -> Option<String> {
    let dependency = admit_dependencies(package).next()?;
    Some(format!("{}/{feature}", dependency.rename.as_ref().unwrap_or(&dependency.name)))
}

/// The ABIs whose features win over the one of `abi` when both are on.
fn stronger(abi: Abi) -> &'static [&'static str] {
    match abi {
        Abi::Wapc => &["wasi", "chainloop"],
        Abi::Wasi => &["chainloop"],
        Abi::Extism => &[],
    }
}

/// How to build `package`, which uses `admit`, for `abi`; `None` when its manifest has no way to.
///
/// An ABI is a feature of `admit`: on in the dependency itself, or behind a feature of the policy crate. Of those that are
/// on, Chainloop wins over WASI, and WASI over waPC.
pub(super) fn selection(package: &Package, abi: Abi) -> Option<Selection> {
    let crate_features = CrateFeatures { package };
    let (wanted, stronger) = (abi.name(), stronger(abi));
    let in_dependency = |name: &str| admit_dependencies(package).any(|d| d.features.iter().any(|f| f == name));
    if stronger.iter().any(|name| in_dependency(name)) {
        return None;
    }
    let mut selection = Selection::default();
    if stronger.iter().any(|name| crate_features.enables("default", name)) {
        selection.no_default_features = true;
        selection.features = crate_features.defaults_without(stronger);
    }
    // `wapc` is a default feature of `admit`.
    let by_default = abi == Abi::Wapc && admit_dependencies(package).any(|d| d.uses_default_features);
    let on = by_default
        || in_dependency(wanted)
        || (!selection.no_default_features && crate_features.enables("default", wanted))
        || selection.features.iter().any(|f| crate_features.enables(f, wanted));
    if !on {
        let offers =
            |f: &str| crate_features.enables(f, wanted) && !stronger.iter().any(|s| crate_features.enables(f, s));
        selection.features.push(crate_features.named(offers, wanted)?);
    }
    Some(selection)
}

struct CrateFeatures<'p> {
    package: &'p Package,
}

impl CrateFeatures<'_> {
    /// Whether turning `feature` on turns `wanted` of `admit` on.
    fn enables(&self, feature: &str, wanted: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![feature];
        while let Some(feature) = open.pop() {
            for entry in self.package.features.get(feature).into_iter().flatten() {
                match entry.split_once('/') {
                    Some((dependency, feature)) if feature == wanted => {
                        let dependency = dependency.trim_end_matches('?');
                        if admit_dependencies(self.package).any(|d| d.rename.as_ref().unwrap_or(&d.name) == dependency)
                        {
                            return true;
                        }
                    }
                    Some(_) => {}
                    None => {
                        if seen.insert(entry.as_str()) {
                            open.push(entry);
                        }
                    }
                }
            }
        }
        false
    }

    /// The feature that satisfies `wanted`: the one called `preferred`, else the first by name.
    fn named(&self, wanted: impl Fn(&str) -> bool, preferred: &str) -> Option<String> {
        let mut found: Vec<&String> = self.package.features.keys().filter(|f| *f != "default" && wanted(f)).collect();
        found.sort_by_key(|f| f.as_str() != preferred);
        found.first().map(|f| f.to_string())
    }

    /// The default features, less those that turn one of `unwanted` of `admit` on.
    fn defaults_without(&self, unwanted: &[&str]) -> Vec<String> {
        let defaults = self.package.features.get("default").into_iter().flatten();
        let turns_on = |entry: &str, name: &str| entry.ends_with(&format!("/{name}")) || self.enables(entry, name);
        defaults.filter(|entry| !unwanted.iter().any(|name| turns_on(entry, name))).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(dependency: serde_json::Value, features: serde_json::Value) -> Package {
        let mut admit = json!({"name": "admit", "source": null, "req": "*", "kind": null, "rename": null,
            "optional": false, "uses_default_features": true, "features": [], "target": null, "registry": null});
        for (key, value) in dependency.as_object().into_iter().flatten() {
            admit[key] = value.clone();
        }
        serde_json::from_value(json!({"name": "p", "version": "0.1.0", "id": "p", "manifest_path": "/p/Cargo.toml",
            "dependencies": [admit], "targets": [], "features": features}))
        .expect("a package")
    }

    fn with(features: &[&str], no_default_features: bool) -> Option<Selection> {
        Some(Selection { features: features.iter().map(ToString::to_string).collect(), no_default_features })
    }

    #[test]
    fn a_default_dependency_is_wapc_only() {
        let p = package(json!({}), json!({}));
        assert_eq!((selection(&p, Abi::Wapc), selection(&p, Abi::Wasi)), (with(&[], false), None));
    }

    #[test]
    fn a_feature_switches_to_wasi() {
        let p = package(json!({}), json!({"wasi": ["admit/wasi"]}));
        assert_eq!((selection(&p, Abi::Wapc), selection(&p, Abi::Wasi)), (with(&[], false), with(&["wasi"], false)));
    }

    #[test]
    fn features_are_followed_through_others_and_renames() {
        let p = package(
            json!({"rename": "sdk", "uses_default_features": false}),
            json!({"default": ["kubewarden"], "kubewarden": ["sdk/wapc"], "cli": ["inner"], "inner": ["sdk?/wasi"]}),
        );
        assert_eq!((selection(&p, Abi::Wapc), selection(&p, Abi::Wasi)), (with(&[], false), with(&["cli"], false)));
    }

    #[test]
    fn wasi_by_default_is_turned_off_for_wapc_and_other_defaults_stay() {
        let p = package(
            json!({}),
            json!({"default": ["wasi", "extra", "admit/wasi"], "wasi": ["admit/wasi"], "extra": []}),
        );
        assert_eq!((selection(&p, Abi::Wapc), selection(&p, Abi::Wasi)), (with(&["extra"], true), with(&[], false)));
    }

    #[test]
    fn wasi_in_the_dependency_leaves_no_wapc() {
        let p = package(json!({"features": ["wasi"]}), json!({}));
        assert_eq!((selection(&p, Abi::Wapc), selection(&p, Abi::Wasi)), (None, with(&[], false)));
    }

    #[test]
    fn features_of_admit_go_by_the_name_that_the_crate_gave_it() {
        assert_eq!(of_admit(&package(json!({}), json!({})), "schema").as_deref(), Some("admit/schema"));
        assert_eq!(of_admit(&package(json!({"rename": "sdk"}), json!({})), "schema").as_deref(), Some("sdk/schema"));
        assert_eq!(of_admit(&package(json!({"name": "other"}), json!({})), "schema"), None);
    }

    #[test]
    fn without_default_features_wapc_has_to_be_asked_for() {
        let p = package(json!({"uses_default_features": false}), json!({"w": ["admit/wapc"], "wapc": ["admit/wapc"]}));
        assert_eq!((selection(&p, Abi::Wapc), selection(&p, Abi::Wasi)), (with(&["wapc"], false), None));
        let p = package(json!({"uses_default_features": false}), json!({}));
        assert_eq!(selection(&p, Abi::Wapc), None);
    }

    #[test]
    fn chainloop_wins_over_both() {
        let all = |package: &Package| [Abi::Wapc, Abi::Wasi, Abi::Extism].map(|abi| selection(package, abi));
        let third = package(json!({}), json!({"wasi": ["admit/wasi"], "chainloop": ["admit/chainloop"]}));
        assert_eq!(all(&third), [with(&[], false), with(&["wasi"], false), with(&["chainloop"], false)]);
        let only = package(json!({"uses_default_features": false, "features": ["chainloop"]}), json!({}));
        assert_eq!(all(&only), [None, None, with(&[], false)]);
        let by_default = package(
            json!({}),
            json!({"default": ["chainloop", "extra"], "chainloop": ["admit/chainloop"], "wasi": ["admit/wasi"], "extra": []}),
        );
        assert_eq!(all(&by_default), [with(&["extra"], true), with(&["extra", "wasi"], true), with(&[], false)]);
    }
}
