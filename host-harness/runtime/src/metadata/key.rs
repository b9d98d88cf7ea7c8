//! Keys of well-known annotations.

/// Name of the policy, for example `pod-privileged`.
pub const TITLE: &str = "io.kubewarden.policy.title";
/// Its version.
pub const VERSION: &str = "io.kubewarden.policy.version";
/// What it does, in a line.
pub const DESCRIPTION: &str = "io.kubewarden.policy.description";
/// Who made it: `Name <address>`, separated by commas.
pub const AUTHOR: &str = "io.kubewarden.policy.author";
/// Its home page.
pub const URL: &str = "io.kubewarden.policy.url";
/// Where its module is published, without a tag.
pub const OCI_URL: &str = "io.kubewarden.policy.ociUrl";
/// Where its source is.
pub const SOURCE: &str = "io.kubewarden.policy.source";
/// Its license, as an SPDX expression.
pub const LICENSE: &str = "io.kubewarden.policy.license";
/// How to use it, in Markdown.
pub const USAGE: &str = "io.kubewarden.policy.usage";
/// Severity of a violation.
pub const SEVERITY: &str = "io.kubewarden.policy.severity";
/// Category of the policy.
pub const CATEGORY: &str = "io.kubewarden.policy.category";
/// Its title on Artifact Hub.
pub const DISPLAY_NAME: &str = "io.artifacthub.displayName";
/// The kinds of resources that it looks at, for Artifact Hub.
pub const RESOURCES: &str = "io.artifacthub.resources";
/// Words to find it by on Artifact Hub, separated by commas.
pub const KEYWORDS: &str = "io.artifacthub.keywords";
/// Whether Rancher's user interface leaves it out: `true` or `false`.
pub const HIDDEN_UI: &str = "io.kubewarden.hidden-ui";
/// Version of the program that wrote the metadata into the module, as `io.kubewarden.kwctl` is kwctl's.
pub const WRITTEN_BY: &str = "dev.admit.version";
