//! Reports and statements that are JSON as they are.

use super::super::super::go::{Types, field};
use super::{Refused, TYPE, document, fits, text};

const SMALL: &str = include_str!("types/small.txt");

/// The type of a document in the table of small ones.
pub(super) fn small() -> Types {
    Types::new("materials", SMALL)
}

pub(super) fn openvex(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid OpenVEX file");
    let json = document(bytes, &refused)?;
    fits(&Types::new("vex", include_str!("types/openvex.txt")), &json, "VEX")
        .map_err(|error| refused().mismatch(&error))?;
    match text(&json, json.start(), "@id").is_empty() {
        true => Err(refused().detail("it has no `@id`").at(json.start())),
        false => Ok(()),
    }
}

pub(super) fn sarif(bytes: &[u8]) -> Result<(), Refused> {
    let refused = |why: &str| Refused::new(format!("invalid SARIF file ({why}): {TYPE}"));
    let json = super::super::super::json::Json::document(bytes)
        .map_err(|error| refused(&error.of_a_document()).syntax(&error, bytes))?;
    let types = Types::new("sarif", include_str!("types/sarif.txt"));
    fits(&types, &json, "Report").map_err(|error| refused(&error.words).mismatch(&error))?;
    match text(&json, json.start(), "$schema").is_empty() {
        // What Go prints where there is no error to print.
        true => Err(refused("%!w(<nil>)").detail("it has no `$schema`").at(json.start())),
        false => Ok(()),
    }
}

/// The types that a report of GitLab may have.
const SCANS: [&str; 9] = [
    "sast",
    "dast",
    "api_fuzzing",
    "coverage_fuzzing",
    "secret_detection",
    "dependency_scanning",
    "container_scanning",
    "container_scanning_for_registry",
    "cluster_image_scanning",
];

pub(super) fn gitlab(bytes: &[u8]) -> Result<(), Refused> {
    let refused = |why: &str| Refused::new(format!("error unmarshalling report file: {why}"));
    let json = super::super::super::json::Json::document(bytes)
        .map_err(|error| refused(&error.of_a_document()).syntax(&error, bytes))?;
    fits(&small(), &json, "GitlabReport").map_err(|error| refused(&error.words).mismatch(&error))?;
    let scan = field(&json, json.start(), "scan");
    let found = scan.map(|scan| text(&json, scan, "type")).unwrap_or_default();
    if SCANS.contains(&found.as_str()) {
        return Ok(());
    }
    let detail = match found.is_empty() {
        true => "it has no `scan.type`".to_owned(),
        false => format!("`scan.type` is {found:?}"),
    };
    Err(Refused::new("error loading Gitlab report. Missing scan type")
        .detail(detail)
        .at(scan.unwrap_or(json.start()))
        .advise(format!("it may be {}", SCANS.join(", "))))
}

pub(super) fn blackduck(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid Blackduck SCA scan");
    let json = document(bytes, &refused)?;
    for name in ["detailedCodeLocations", "detailedProjectVersionCustomFields", "detailedVulnerabilities"] {
        if field(&json, json.start(), name).is_none() {
            return Err(refused().detail(format!("it has no `{name}`")).at(json.start()));
        }
    }
    Ok(())
}

pub(super) fn twistcli(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid twistcli scan file");
    let json = document(bytes, &refused)?;
    fits(&small(), &json, "Twistcli").map_err(|error| refused().mismatch(&error))?;
    if field(&json, json.start(), "results").is_none() {
        Err(refused().detail("it has no `results`").at(json.start()))
    } else if text(&json, json.start(), "consoleURL").is_empty() {
        Err(refused().detail("it has no `consoleURL`").at(json.start()))
    } else {
        Ok(())
    }
}

/// A list of alerts of GitHub: the first one has the `marker`, by which the three sorts are told apart.
pub(super) fn alerts(
    bytes: &[u8],
    kind: &'static str,
    title: &str,
    marker: &str,
    marker_title: &str,
) -> Result<(), Refused> {
    let refused = || Refused::of_type(&format!("invalid GHAS {title} file"));
    let json = document(bytes, &refused)?;
    let types = Types::new("github", include_str!("types/github.txt"));
    let list = match kind {
        "Alert" => "[Alert]",
        "SecretScanningAlert" => "[SecretScanningAlert]",
        _ => "[DependabotAlert]",
    };
    fits(&types, &json, list).map_err(|error| refused().mismatch(&error))?;
    let Some(first) = first(&json) else { return Ok(()) };
    match field(&json, first, marker) {
        Some(_) => Ok(()),
        None => Err(Refused::of_type(&format!("'{marker_title}' field not found in GHAS {title}"))
            .detail(format!("the first alert has no `{marker}`"))
            .at(first)),
    }
}

/// The first item of a list.
fn first(json: &super::super::super::json::Json<'_>) -> Option<usize> {
    (json.byte(json.start()) == b'[').then(|| json.items(json.start()).next()).flatten()
}

pub(super) fn gitleaks(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid gitleaks report file");
    let json = document(bytes, &refused)?;
    fits(&small(), &json, "[Finding]").map_err(|error| refused().mismatch(&error))?;
    let Some(first) = first(&json) else { return Ok(()) };
    match text(&json, first, "Fingerprint").is_empty() {
        true => Err(Refused::of_type("'Fingerprint' field not found in gitleaks report")
            .detail("the first finding has no `Fingerprint`")
            .at(first)),
        false => Ok(()),
    }
}

pub(super) fn detect_secrets(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid detect-secrets baseline file");
    let json = document(bytes, &refused)?;
    fits(&small(), &json, "Baseline").map_err(|error| refused().mismatch(&error))?;
    let there = |name: &str| match name {
        "version" => !text(&json, json.start(), name).is_empty(),
        name => field(&json, json.start(), name).is_some(),
    };
    match ["version", "plugins_used", "results"].into_iter().find(|name| !there(name)) {
        Some(name) => Err(Refused::of_type("missing required detect-secrets baseline fields")
            .detail(format!("it has no `{name}`"))
            .at(json.start())),
        None => Ok(()),
    }
}

pub(super) fn checkmarx(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid Checkmarx native JSON report");
    let json = document(bytes, &refused)?;
    fits(&small(), &json, "Checkmarx").map_err(|error| refused().mismatch(&error))?;
    let missing = |name: &str| {
        Refused::of_type("missing required Checkmarx report fields")
            .detail(format!("it has no `{name}`"))
            .at(json.start())
    };
    if text(&json, json.start(), "scanID").is_empty() {
        return Err(missing("scanID"));
    }
    // `null` is there, and is an empty list.
    let at = match json.byte(json.start()) {
        b'{' => json
            .members(json.start())
            .into_iter()
            .rev()
            .find(|member| json.key(*member).eq_ignore_ascii_case("results")),
        _ => None,
    };
    let results = at.map(|member| member.value()).ok_or_else(|| missing("results"))?;
    let no_list = || Refused::of_type("invalid Checkmarx results array");
    small().check(&json, results, "[CheckmarxResult]", |_, _| Ok(())).map_err(|error| no_list().mismatch(&error))?;
    if json.byte(results) == b'n' {
        return Ok(());
    }
    for (index, result) in json.items(results).enumerate() {
        let data = json.byte(result) == b'{'
            && json.members(result).into_iter().any(|member| json.key(member).eq_ignore_ascii_case("data"));
        if text(&json, result, "type").is_empty() || !data {
            return Err(Refused::of_type(&format!("checkmarx result {index} is missing type or data")).at(result));
        }
    }
    Ok(())
}
