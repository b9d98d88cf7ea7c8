//! The templates, as projects: `cargo admit new` and the real cargo-generate make the same ones, and those are formatted, without
//! warnings, and pass their tests and cases on every ABI that they offer, against the crates of this tree.

mod generate;
mod project;

use std::fs;

use admit_host::Abi;
use admit_host::artifact::{BuildOptions, Project};
use admit_host::scaffold::{ManifestKind, ManifestOptions, manifest};
use admit_host::template::{Template, Values};
use admit_host::{CompiledPolicy, Deadline, RunOptions, case, chainloop};
use libtest_mimic::Trial;

use crate::support::{engine, repository};
use project::Rendered;

const KUBEWARDEN: &[Abi] = &[Abi::Wapc, Abi::Wasi];
const ALL: &[Abi] = &[Abi::Wapc, Abi::Wasi, Abi::Extism];

/// Folders of policies, and what each is built for.
type Policies = &'static [(&'static str, &'static [Abi])];

/// What is in each template.
const TEMPLATES: &[(&str, Policies)] = &[
    ("chainloop", &[("", &[Abi::Extism])]),
    ("context-aware", &[("", KUBEWARDEN)]),
    ("mutate", &[("", KUBEWARDEN)]),
    ("raw", &[("", KUBEWARDEN)]),
    ("validate", &[("", ALL)]),
    ("workspace", &[("policies/host-namespaces", ALL), ("policies/required-labels", ALL)]),
];

/// No module of a template is larger.
const MAX_SIZE: u64 = 256 * 1024;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![every_template_is_tested];
    for &(template, policies) in TEMPLATES {
        let tool = generate::tool();
        let trial = Trial::test(format!("templates::{template}::cargo_generate_makes_the_same"), move || {
            generate::makes_the_same(template);
            Ok(())
        });
        trials.push(trial.with_ignored_flag(tool.is_none()));
        // Two names that are also two crates: projects share a target folder.
        for name in [format!("my-{template}"), format!("our_{}", template.replace('-', "_"))] {
            trials.push(Trial::test(format!("templates::{template}::{name}"), move || {
                works(template, &name, policies);
                Ok(())
            }));
        }
    }
    trials
}

fn every_template_is_tested() {
    let found: Vec<&str> = Template::all().map(Template::name).collect();
    assert_eq!(found, TEMPLATES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

/// A project of the template is complete, and everything in it passes.
fn works(template: &str, name: &str, policies: Policies) {
    let values = Values::named(name).unwrap().admit_path(&repository().join("sdk/rust")).unwrap();
    let rendered = Rendered::new(template.parse().unwrap(), &values);
    is_complete(&rendered, name);
    rendered.cargo(&["fmt", "--all", "--check"]);
    rendered.cargo(&["clippy", "--all-targets", "--", "-D", "warnings"]);
    let tested = rendered.cargo(&["test"]);
    let passed = tested.lines().filter(|line| line.starts_with("test ") && line.ends_with(" ok")).count();
    assert!(passed >= policies.len(), "there are tests:\n{tested}");
    for (folder, abis) in policies {
        passes_its_cases(&rendered, folder, abis);
    }
}

/// Nothing is left to be filled in, and what every project has is there.
fn is_complete(rendered: &Rendered, name: &str) {
    for (path, text) in rendered.files() {
        for left in ["{{", "{%", "project-name", "crate_name", "admit_path", "TODO"] {
            assert!(!text.contains(left), "`{left}` is in {path}");
        }
        assert!(!path.ends_with("Makefile"), "{path}");
    }
    let text = |path: &str| fs::read_to_string(rendered.folder().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let toml = |text: String| text.parse::<toml::Table>().expect("TOML");
    assert!(text("README.md").starts_with(&format!("# {name}\n")));
    assert!(["\n1. ", "\n2. ", "\n3. "].iter().all(|step| text("README.md").contains(step)));

    let manifest = toml(text("Cargo.toml"));
    let release = &manifest["profile"]["release"];
    assert_eq!((release["lto"].as_str(), release["strip"].as_bool()), (Some("fat"), Some(true)));
    let ours = toml(fs::read_to_string(repository().join("Cargo.toml")).expect("the workspace"));
    let package = manifest.get("package").unwrap_or_else(|| &manifest["workspace"]["package"]);
    for key in ["edition", "rust-version"] {
        assert_eq!(package[key], ours["workspace"]["package"][key], "{key}");
    }
    let ours = toml(fs::read_to_string(repository().join("rust-toolchain.toml")).expect("the toolchain"));
    assert_eq!(toml(text("rust-toolchain.toml")), ours);

    let workflow = text(".github/workflows/ci.yml");
    for command in
        ["cargo test", "cargo fmt", "cargo clippy", "cargo admit build", "cargo admit test", "upload-artifact"]
    {
        assert!(workflow.contains(command), "{command} is not in the workflow");
    }
}

/// One policy: what it is built for, its size, what it says about itself, its cases, and its policy.yaml.
fn passes_its_cases(rendered: &Rendered, folder: &str, abis: &[Abi]) {
    let folder = rendered.folder().join(folder);
    let cases = case::load(&folder.join("cases")).unwrap_or_else(|errors| panic!("{}", errors[0]));
    assert!(cases.len() >= 4, "{} has {} cases", folder.display(), cases.len());
    let project = Project::open(&folder).unwrap_or_else(|error| panic!("{error}"));
    let artifacts = project.build_all(&[], &BuildOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(artifacts.iter().map(|artifact| artifact.abi).collect::<Vec<_>>(), abis);
    for artifact in artifacts {
        assert!(artifact.size <= MAX_SIZE, "{} bytes: {}", artifact.size, artifact.path.display());
        assert_eq!(artifact.annotated, artifact.abi != Abi::Extism, "{}", artifact.path.display());
        let policy = CompiledPolicy::from_file(engine(), &artifact.path).unwrap_or_else(|error| panic!("{error}"));
        let applicable: Vec<_> = cases.iter().filter(|case| case.applies_to(artifact.abi)).collect();
        assert!(applicable.len() >= 3, "{} is asked too little", artifact.path.display());
        for case in applicable {
            let run = case.run(&policy, &RunOptions::default());
            assert!(run.passed(), "{} on {}: {:#?}", case.path.display(), artifact.abi, run.differences);
        }
        let moved =
            case::run_shapes(&cases, std::slice::from_ref(&policy), &RunOptions::default(), Deadline::NEVER, |_, _| {});
        let wrong = moved.runs.iter().find(|run| run.is_wrong());
        assert!(wrong.is_none() && moved.undelivered.is_empty(), "{wrong:#?} {:#?}", moved.undelivered);
        can_be_deployed(&policy);
        let file = folder.join("policy.yaml");
        if file.exists() {
            // It names the target folder of the project, which is another one here.
            let module = folder.join("target/admit").join(artifact.path.file_name().expect("a file"));
            fs::create_dir_all(module.parent().expect("a folder")).expect("a folder");
            fs::copy(&artifact.path, module).expect("a copy");
            let lint = chainloop::lint(engine(), &file, false);
            assert!(lint.issues.is_empty() && !lint.modules.is_empty(), "{lint:#?}");
        }
    }
}

/// Policies about Kubernetes have a name that a resource can have, whatever the project is called.
fn can_be_deployed(policy: &CompiledPolicy) {
    let Some(metadata) = policy.metadata().filter(|metadata| !metadata.rules.is_empty()) else { return };
    let options = ManifestOptions {
        kind: ManifestKind::ClusterAdmissionPolicy,
        module: "registry://ghcr.io/acme/policies/policy:v1.0.0".to_owned(),
        settings: serde_json::Map::new(),
        title: None,
        allow_context_aware: true,
    };
    let made = manifest(metadata, &options).unwrap_or_else(|error| panic!("{error}"));
    assert!(made.yaml.contains("kind: ClusterAdmissionPolicy"), "{}", made.yaml);
}
