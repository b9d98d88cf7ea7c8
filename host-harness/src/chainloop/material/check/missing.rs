//! What Chainloop says of a file that it cannot read.

use std::io;

use super::super::super::kind::Kind;

/// Chainloop's words, by kind. `path` is the file as it is named on the command line.
pub(in super::super) fn missing(kind: Kind, path: &str, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    };
    let call = if error.kind() == io::ErrorKind::IsADirectory { "read" } else { "open" };
    let opened = format!("{call} {path}: {why}");
    match kind {
        Kind::Artifact | Kind::Evidence => format!("getting file stats: stat {path}: {why}"),
        Kind::JunitXml if call == "read" => format!("failed to ingest JUnit XML: reading file {path:?}: {opened}"),
        Kind::JunitXml => format!("failed to ingest JUnit XML: opening file {path:?}: {opened}"),
        Kind::Sarif if error.kind() == io::ErrorKind::NotFound => {
            "invalid SARIF file (the provided file path doesn't have a file): unexpected material type".to_owned()
        }
        Kind::Sarif => {
            format!(
                "invalid SARIF file (the provided filepath could not be opened. {opened}): unexpected material type"
            )
        }
        Kind::Attestation | Kind::SlsaProvenance => format!("artifact file cannot be read: {opened}"),
        Kind::CsafVex
        | Kind::CsafInformationalAdvisory
        | Kind::CsafSecurityAdvisory
        | Kind::CsafSecurityIncidentResponse
        | Kind::AsyncapiSpec => format!("can't open the file: {opened} - unexpected material type"),
        Kind::ZapDastZip => format!("can't open the zip file: {opened}"),
        Kind::RadamsaCrashes => format!("can't open the file: stat {path}: {why}"),
        _ => format!("can't open the file: {opened}"),
    }
}
