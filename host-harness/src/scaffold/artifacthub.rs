//! A policy as a package of Artifact Hub.

use std::collections::BTreeMap;

use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::yaml::yaml;
use super::{Scaffold, ScaffoldError};
use crate::metadata::{Metadata, key};

/// What a package says besides what the policy declares.
#[derive(Clone, Debug)]
pub struct ArtifactHubOptions {
    /// When the version was made, in RFC 3339: see [`created_at`].
    pub created_at: String,
    /// The questions that Rancher's user interface asks for the settings, in YAML.
    pub questions: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    version: semver::Version,
    name: &'a str,
    display_name: &'a str,
    created_at: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    #[serde(rename = "homeURL", skip_serializing_if = "Option::is_none")]
    home_url: Option<&'a str>,
    containers_images: [Image; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
    install: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    readme: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    maintainers: Vec<Maintainer<'a>>,
    provider: Provider,
    recommendations: [Recommendation; 1],
    annotations: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Image {
    name: &'static str,
    image: String,
}

#[derive(Serialize)]
struct Link {
    name: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Maintainer<'a> {
    name: &'a str,
    email: &'a str,
}

#[derive(Serialize)]
struct Provider {
    name: &'static str,
}

#[derive(Serialize)]
struct Recommendation {
    url: &'static str,
}

/// When a package is made: `given`, or the seconds in `source_date_epoch` (the environment variable for builds that can be
/// repeated), or now.
///
/// # Errors
///
/// [`ScaffoldError::Time`].
pub fn created_at(given: Option<&str>, source_date_epoch: Option<&str>) -> Result<String, ScaffoldError> {
    let wrong = |given: &str, expected| ScaffoldError::Time { given: given.to_owned(), expected };
    const EPOCH: &str = "a number of seconds since 1970, as SOURCE_DATE_EPOCH has to be";
    let time = match (given, source_date_epoch) {
        (Some(given), _) => OffsetDateTime::parse(given, &Rfc3339)
            .map_err(|_| wrong(given, "a time such as 2026-01-31T12:00:00Z (RFC 3339)"))?,
        (None, Some(seconds)) => {
            let parsed = seconds.trim().parse().ok().and_then(|s| OffsetDateTime::from_unix_timestamp(s).ok());
            parsed.ok_or_else(|| wrong(seconds, EPOCH))?
        }
        (None, None) => OffsetDateTime::now_utc().replace_nanosecond(0).map_err(|_| wrong("the clock", EPOCH))?,
    };
    time.format(&Rfc3339)
        .map_err(|_| wrong(given.or(source_date_epoch).unwrap_or_default(), "a time that can be written"))
}

/// The `artifacthub-pkg.yml` of a policy.
///
/// # Errors
///
/// [`ScaffoldError`], for annotations that are missing or malformed, in upstream's words.
pub fn artifacthub(metadata: &Metadata, options: &ArtifactHubOptions) -> Result<Scaffold, ScaffoldError> {
    if metadata.annotations.as_ref().is_none_or(BTreeMap::is_empty) {
        return Err(ScaffoldError::NoAnnotations);
    }
    let required = |key| metadata.annotation(key).ok_or(ScaffoldError::Missing(key));
    let version = semver::Version::parse(required(key::VERSION)?).map_err(|e| ScaffoldError::Version(e.to_string()))?;
    if options.questions.as_ref().is_some_and(|questions| questions.trim().is_empty()) {
        return Err(ScaffoldError::NoQuestions);
    }
    let name = required(key::TITLE)?;
    let display_name = required(key::DISPLAY_NAME)?;
    let description = required(key::DESCRIPTION)?;
    let image = format!("{}:v{version}", image(required(key::OCI_URL)?)?);
    let package = Package {
        name,
        display_name,
        created_at: &options.created_at,
        description,
        license: metadata.annotation(key::LICENSE),
        home_url: url(metadata, key::URL)?,
        install: format!(
            "Pull the policy with [kwctl](https://github.com/kubewarden/kwctl):\n\n```console\nkwctl pull registry://{image}\n```\n\n\
             Then write a manifest for a cluster:\n\n```console\nkwctl scaffold manifest --type ClusterAdmissionPolicy registry://{image}\n```\n"
        ),
        containers_images: [Image { name: "policy", image }],
        keywords: keywords(metadata)?,
        links: links(metadata, &version)?,
        readme: metadata.annotation(key::USAGE),
        maintainers: maintainers(metadata)?,
        provider: Provider { name: "kubewarden" },
        recommendations: [Recommendation {
            url: "https://artifacthub.io/packages/helm/kubewarden/kubewarden-controller",
        }],
        annotations: annotations(metadata, options)?,
        version,
    };
    Ok(Scaffold {
        yaml: format!(
            "# The package of this policy for https://artifacthub.io.\n# Save it as artifacthub-pkg.yml.\n{}",
            yaml(&package)?
        ),
        notes: Vec::new(),
    })
}

/// An image without scheme and tag.
fn image(given: &str) -> Result<&str, ScaffoldError> {
    let image = given.split_once("://").map_or(given, |(_, image)| image).trim_end_matches('/');
    let tagged = image.rsplit('/').next().is_some_and(|last| last.contains([':', '@']));
    if image.is_empty() || tagged || image.contains(char::is_whitespace) {
        return Err(ScaffoldError::Url { key: key::OCI_URL, found: given.to_owned() });
    }
    Ok(image)
}

fn url<'m>(metadata: &'m Metadata, key: &'static str) -> Result<Option<&'m str>, ScaffoldError> {
    let Some(given) = metadata.annotation(key) else { return Ok(None) };
    let rest = given.strip_prefix("https://").or_else(|| given.strip_prefix("http://"));
    match rest.filter(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace)) {
        Some(_) => Ok(Some(given)),
        None => Err(ScaffoldError::Url { key, found: given.to_owned() }),
    }
}

fn keywords(metadata: &Metadata) -> Result<Vec<&str>, ScaffoldError> {
    let words: Vec<&str> =
        metadata.annotation(key::KEYWORDS).map(|csv| csv.split(',').map(str::trim).collect()).unwrap_or_default();
    if words.contains(&"") { Err(ScaffoldError::List(key::KEYWORDS)) } else { Ok(words) }
}

fn links(metadata: &Metadata, version: &semver::Version) -> Result<Vec<Link>, ScaffoldError> {
    let Some(source) = url(metadata, key::SOURCE)? else { return Ok(Vec::new()) };
    let mut links = Vec::new();
    if source.starts_with("https://github.com/") {
        let url = format!("{}/releases/download/v{version}/policy.wasm", source.trim_end_matches('/'));
        links.push(Link { name: "policy", url });
    }
    links.push(Link { name: "source", url: source.to_owned() });
    Ok(links)
}

fn maintainers(metadata: &Metadata) -> Result<Vec<Maintainer<'_>>, ScaffoldError> {
    let key = key::AUTHOR;
    let Some(csv) = metadata.annotation(key) else { return Ok(Vec::new()) };
    csv.split(',')
        .map(str::trim)
        .map(|entry| {
            let parts = entry.strip_suffix('>').and_then(|entry| entry.split_once('<'));
            let (name, email) =
                parts.map(|(name, email)| (name.trim().trim_matches('"'), email.trim())).unwrap_or_default();
            let at = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
            if name.is_empty() || !at || email.contains(char::is_whitespace) {
                return Err(ScaffoldError::Author { key, entry: entry.to_owned() });
            }
            Ok(Maintainer { name, email })
        })
        .collect()
}

fn annotations(
    metadata: &Metadata,
    options: &ArtifactHubOptions,
) -> Result<BTreeMap<&'static str, String>, ScaffoldError> {
    let mut annotations = BTreeMap::from([
        ("kubewarden/mutation", metadata.mutating.to_string()),
        ("kubewarden/rules", yaml(&metadata.rules)?),
    ]);
    if let Some(resources) = metadata.annotation(key::RESOURCES) {
        annotations.insert("kubewarden/resources", resources.to_owned());
    }
    if !metadata.context_aware_resources.is_empty() {
        annotations.insert("kubewarden/contextAwareResources", yaml(&metadata.context_aware_resources)?);
    }
    if let Some(questions) = &options.questions {
        annotations.insert("kubewarden/questions-ui", questions.clone());
    }
    match metadata.annotation(key::HIDDEN_UI) {
        None => {}
        Some(hidden @ ("true" | "false")) => {
            annotations.insert("kubewarden/hidden-ui", hidden.to_owned());
        }
        Some(_) => return Err(ScaffoldError::Bool(key::HIDDEN_UI)),
    }
    Ok(annotations)
}
