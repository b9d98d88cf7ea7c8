//! A comparison of two policies in a cluster: a Job whose every Pod looks at a part of the corpus.

use serde_json::{Value, json};

use super::manifest::is_label;
use super::yaml::yaml;
use super::{Scaffold, ScaffoldError};

/// What a manifest of such a Job says.
#[derive(Clone, Debug)]
pub struct DiffJobOptions {
    /// Name of the Job.
    pub name: String,
    /// The image, which has `cargo-admit` and a shell in it.
    pub image: String,
    /// Parts of the corpus, each of which is a Pod of its own.
    pub shards: u32,
    /// Name of the claim of the volume that has modules and corpus and gets the reports; it is mounted at `/data`.
    pub claim: String,
    /// The arguments of `cargo admit diff` but for `--shard` and `--format`, with paths in the container.
    pub arguments: Vec<String>,
}

/// Where the reports go.
const REPORTS: &str = "/data/reports";

/// Longest name of a Job whose Pods are numbered.
const MAX_NAME: usize = 52;

/// The manifest of an Indexed Job that compares two policies over a corpus, shard by shard.
///
/// # Errors
///
/// [`ScaffoldError::Name`], for a name of the Job or of the claim that Kubernetes does not take.
pub fn diff_job(options: &DiffJobOptions) -> Result<Scaffold, ScaffoldError> {
    if !is_label(&options.name) || options.name.len() > MAX_NAME {
        return Err(ScaffoldError::Name { name: options.name.clone(), of: "a Job", longest: MAX_NAME });
    }
    if !is_label(&options.claim) {
        return Err(ScaffoldError::Name { name: options.claim.clone(), of: "a claim", longest: 63 });
    }
    let notes = vec![
        format!(
            "the image has to have `cargo-admit` and `sh` in it; the claim `{}` has modules and corpus, and its volume can be mounted by \
             several Pods",
            options.claim
        ),
        format!(
            "when the Job is complete, `cargo admit diff --merge` makes the report of the files in {REPORTS}: a Pod that finds changes has \
             done its work, and one that cannot compare everything fails"
        ),
    ];
    Ok(Scaffold { yaml: yaml(&job(options))?, notes })
}

fn job(options: &DiffJobOptions) -> Value {
    let labels = json!({ "app.kubernetes.io/name": options.name });
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": { "name": options.name, "labels": labels },
        "spec": {
            "completionMode": "Indexed",
            "completions": options.shards,
            "parallelism": options.shards,
            "backoffLimit": 3,
            "template": {
                "metadata": { "labels": labels },
                "spec": {
                    "restartPolicy": "Never",
                    "automountServiceAccountToken": false,
                    "securityContext": { "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } },
                    "containers": [container(options)],
                    "volumes": [
                        { "name": "data", "persistentVolumeClaim": { "claimName": options.claim } },
                        { "name": "tmp", "emptyDir": {} },
                    ],
                },
            },
        },
    })
}

fn container(options: &DiffJobOptions) -> Value {
    let mut command = vec!["sh".to_owned(), "-c".to_owned(), script(options.shards), "diff".to_owned()];
    // A cluster puts variables in the place of `$(NAME)`, and `$` in that of `$$`.
    command.extend(options.arguments.iter().map(|argument| argument.replace('$', "$$")));
    json!({
        "name": "diff",
        "image": options.image,
        "command": command,
        "env": [{ "name": "XDG_CACHE_HOME", "value": "/tmp" }],
        "resources": { "requests": { "cpu": "2", "memory": "512Mi" }, "limits": { "memory": "512Mi" } },
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] },
        },
        "volumeMounts": [{ "name": "data", "mountPath": "/data" }, { "name": "tmp", "mountPath": "/tmp" }],
    })
}

/// Changes are what is looked for, and no reason to start the Pod again. A report is there as a whole or not at all.
fn script(shards: u32) -> String {
    format!(
        "shard=$((JOB_COMPLETION_INDEX + 1))\n\
         mkdir -p {REPORTS} || exit\n\
         cargo-admit diff \"$@\" --shard \"$shard/{shards}\" --format json > \"{REPORTS}/$shard.part\"\n\
         code=$?\n\
         [ \"$code\" -le 1 ] || exit \"$code\"\n\
         mv \"{REPORTS}/$shard.part\" \"{REPORTS}/$shard.json\"\n"
    )
}
