//! Bills of materials.

use boon::{ErrorKind, ValidationError};

use super::super::super::go::{Types, field};
use super::super::super::json::Json;
use super::documents::small;
use super::specifications::{tree, unfit};
use super::{Refused, document, fits, schema, text};

/// A document of CycloneDX. Whatever its version is, it is checked against the schema of 1.6.
pub(super) fn cyclonedx(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid cyclonedx sbom file");
    let json = document(bytes, &refused)?;
    fits(&small(), &json, "CycloneDX").map_err(|error| refused().mismatch(&error))?;
    let start = json.start();
    let at = |name: &str| field(&json, start, name).unwrap_or(start);
    let format = text(&json, start, "bomFormat");
    if format != "CycloneDX" {
        let detail =
            if format.is_empty() { "it has no `bomFormat`".to_owned() } else { format!("`bomFormat` is {format:?}") };
        return Err(refused().detail(detail).at(at("bomFormat")).advise("it has to be \"CycloneDX\""));
    }
    if text(&json, start, "specVersion").is_empty() {
        return Err(refused().detail("it has no `specVersion`").at(at("specVersion")));
    }
    let version = field(&json, start, "version").map_or(0, |at| number(&json, at));
    if version < 1 {
        let detail = match field(&json, start, "version") {
            None => "it has no `version`".to_owned(),
            Some(_) => format!("`version` is {version}"),
        };
        return Err(refused()
            .detail(detail)
            .at(at("version"))
            .advise("Chainloop wants the version of the document itself, a number from 1 on: `\"version\": 1`"));
    }
    let found = tree(&json, &refused)?;
    match schema::CYCLONEDX.check(&found, forgiven) {
        Err(complaint) if !complaint.forgiven => Err(unfit(refused(), &json, start, &complaint)),
        _ => Ok(()),
    }
}

fn number(json: &Json<'_>, at: usize) -> i64 {
    std::str::from_utf8(json.token(at)).ok().and_then(|token| token.parse().ok()).unwrap_or(0)
}

/// Whether a component is there twice, or `cwes` is `null`, in that place of the tree of complaints where Chainloop looks.
/// Then all complaints count for nothing.
fn forgiven(error: &ValidationError<'_, '_>) -> bool {
    // Several complaints about one value are in a group.
    let grouped = |error: &ValidationError<'_, '_>| matches!(error.kind, ErrorKind::Group);
    let causes: Vec<_> = match error.causes.as_slice() {
        [only] if grouped(only) => only.causes.iter().collect(),
        causes => causes.iter().collect(),
    };
    causes.into_iter().any(|cause| {
        let place = cause.instance_location.to_string();
        (matches!(cause.kind, ErrorKind::UniqueItems { .. }) && place == "/components")
            || (matches!(cause.kind, ErrorKind::Reference { .. }) && cause.causes.iter().any(no_cwes))
    })
}

fn no_cwes(error: &ValidationError<'_, '_>) -> bool {
    let place = error.instance_location.to_string();
    let of_vulnerability = place.strip_prefix("/vulnerabilities/").and_then(|rest| rest.strip_suffix("/cwes"));
    let index = of_vulnerability.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()));
    match &error.kind {
        ErrorKind::Type { .. } => index,
        ErrorKind::Group => error.causes.iter().any(no_cwes),
        _ => false,
    }
}

/// A document of SPDX 2.1, 2.2 or 2.3.
pub(super) fn spdx(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid spdx sbom file");
    let json = document(bytes, &refused)?;
    let start = json.start();
    // The tree is what says that there is no number that Go cannot read.
    tree(&json, &refused)?;
    if json.byte(start) != b'{' {
        return Err(refused().detail("it is not an object").at(start));
    }
    let Some(at) = json.member(start, "spdxVersion") else {
        return Err(refused().detail("it has no `spdxVersion`").at(start));
    };
    let structures = match json.string(at).as_deref() {
        Some("SPDX-2.1") => include_str!("types/spdx-2.1.txt"),
        Some("SPDX-2.2") => include_str!("types/spdx-2.2.txt"),
        Some("SPDX-2.3") => include_str!("types/spdx-2.3.txt"),
        _ => {
            let found = String::from_utf8_lossy(json.token(at)).into_owned();
            let detail = format!("`spdxVersion` is {found}");
            return Err(refused().detail(detail).at(at).advise("Chainloop reads SPDX-2.1, SPDX-2.2 and SPDX-2.3"));
        }
    };
    let types = Types::new("spdx", structures);
    types.check(&json, start, "Document", special).map_err(|error| refused().mismatch(&error))?;
    let packages = field(&json, start, "packages").map(|list| json.items(list).collect::<Vec<_>>()).unwrap_or_default();
    if let Some(nothing) = packages.into_iter().find(|at| json.byte(*at) == b'n') {
        return Err(Refused::new("a package of the document is null").at(nothing).detail(CRASHES));
    }
    match field(&json, start, "creationInfo") {
        Some(_) => Ok(()),
        None => Err(Refused::new("the document has no `creationInfo`")
            .at(start)
            .detail(CRASHES)
            .advise("add `creationInfo` with `created` and `creators`, which SPDX asks for")),
    }
}

const CRASHES: &str = "Chainloop itself crashes on such a document (invalid memory address or nil pointer dereference)";

/// What SPDX writes into one string.
fn special(name: &str, token: &str) -> Result<(), String> {
    let text = token.trim_matches('"');
    let element = |id: &str| id.strip_prefix("SPDXRef-").is_some_and(|rest| !rest.is_empty());
    let document = |id: &str| id.strip_prefix("DocumentRef-").is_some_and(|rest| !rest.is_empty());
    let nothing = text == "NOASSERTION";
    let fits = match name {
        "ElementID" => element(text),
        "DocumentID" => document(text),
        "DocElementID" => match text.split_once(':') {
            _ if nothing || text == "NONE" => true,
            Some((outer, inner)) if text.starts_with("DocumentRef-") => document(outer) && element(inner),
            _ if text.starts_with("DocumentRef-") => document(text),
            _ => element(text),
        },
        "Supplier" | "Originator" => nothing || text.contains(':'),
        // An annotator, and a creator: a type and a name.
        _ => text.contains(':'),
    };
    let what = if name == "DocElementID" { "ElementID" } else { name };
    if fits { Ok(()) } else { Err(format!("failed to parse {what} '{text}'")) }
}
