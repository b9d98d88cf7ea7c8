//! Outputs of tools that Chainloop makes JSON of.

use super::super::super::json::Json;
use super::super::super::kind::Kind;
use super::super::archive::{self, Format};
use super::super::project::{self, Unreadable};
use super::{Refused, TYPE, text};

pub(super) fn junit(path: &str, bytes: &[u8]) -> Result<(), Refused> {
    let found = project::json(Kind::JunitXml, path, bytes).map_err(|Unreadable { words, at }| {
        let refused = Refused::new(format!("failed to ingest JUnit XML: {words}"));
        match at {
            Some(0) => refused
                .detail("it does not start with `<?xml`")
                .at(0)
                .advise("Chainloop takes a file for a report only if it starts with an XML declaration"),
            Some(at) if at > bytes.len() => refused.detail("it ends too early").at(at),
            Some(at) => of_xml(refused.detail("the XML cannot be read").at(at)),
            None => refused,
        }
    })?;
    match found.as_slice() {
        b"[]" => {
            Err(Refused::of_type("invalid JUnit XML file, no suites found").detail("there is no element `testsuite`"))
        }
        _ => Ok(()),
    }
}

/// With what to do about an XML text that Go cannot read.
fn of_xml(refused: Refused) -> Refused {
    const ADVICE: [(&str, &str); 7] = [
        ("CharsetReader is nil", "save it in UTF-8, and say so in its declaration"),
        ("unsupported version", "its declaration has to say version=\"1.0\""),
        ("illegal character code", "XML 1.0 has no such character, however it is written: remove it"),
        ("invalid UTF-8", "save it in UTF-8"),
        ("unescaped ]]>", "write `]]&gt;`"),
        ("unescaped <", "write `&lt;`"),
        ("invalid character entity", "XML has `&lt;`, `&gt;`, `&amp;`, `&apos;`, `&quot;` and numbers"),
    ];
    let said = [Some(&refused.words), refused.detail.as_ref()];
    let found = ADVICE.iter().find(|(words, _)| said.iter().flatten().any(|said| said.contains(words)));
    match found {
        Some((_, advice)) => refused.advise(*advice),
        None => refused,
    }
}

pub(super) fn jacoco(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid Jacoco report file");
    let found = project::json(Kind::JacocoXml, "", bytes).map_err(|error| of_xml(refused().unreadable(error)))?;
    let json = Json::document(&found).map_err(|error| refused().syntax(&error, &found))?;
    let counters = json.member(json.start(), "counters").filter(|at| json.byte(*at) == b'[');
    let Some(counters) = counters else {
        // The two spaces are Chainloop's.
        let words = format!("invalid Jacoco report file, no counters found:  {TYPE}");
        return Err(Refused::new(words).detail("the outermost element has no `counter` in it"));
    };
    match json.items(counters).any(|counter| text(&json, counter, "type") == "INSTRUCTION") {
        true => Ok(()),
        false => Err(refused().detail("no counter of the report is of type `INSTRUCTION`")),
    }
}

pub(super) fn cobertura(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid Cobertura report file");
    let found = project::json(Kind::CoberturaXml, "", bytes).map_err(|error| of_xml(refused().unreadable(error)))?;
    let json = Json::document(&found).map_err(|error| refused().syntax(&error, &found))?;
    let is = |name: &str, token: &[u8]| json.member(json.start(), name).is_some_and(|at| json.token(at) == token);
    if (is("line-rate", b"0") || is("line-rate", b"-0")) && is("packages", b"null") {
        return Err(Refused::of_type("invalid Cobertura report file, missing coverage data")
            .detail("`line-rate` is 0 and there is no `package`"));
    }
    Ok(())
}

pub(super) fn sigcheck(bytes: &[u8]) -> Result<(), Refused> {
    match project::has_its_columns(bytes) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refused::of_type("missing required sigcheck columns (Path, Verified)")
            .detail("its first line does not name both")
            .at(0)),
        Err(error) => Err(Refused::of_type("invalid sigcheck report").unreadable(error)),
    }
}

pub(super) fn accesschk(bytes: &[u8]) -> Result<(), Refused> {
    match project::looks_like_accesschk(bytes) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refused::of_type("input does not look like accesschk output")
            .detail("there is neither the banner of the tool nor a line about access")),
        Err(error) => Err(Refused::of_type("invalid accesschk output").unreadable(error)),
    }
}

pub(super) fn dranzer(bytes: &[u8]) -> Result<(), Refused> {
    let none = || {
        Refused::of_type("input does not look like dranzer output")
            .detail("there is no version of the test engine, no tested object, no error and no counter")
    };
    match Format::of(bytes) {
        None => match project::looks_like_dranzer(bytes) {
            Ok(true) => Ok(()),
            Ok(false) => Err(none()),
            Err(error) => Err(Refused::of_type("invalid dranzer report").unreadable(error)),
        },
        Some(_) => match project::json(Kind::CertccDranzer, "", bytes) {
            Ok(_) => Ok(()),
            Err(error) if error.words == project::NO_REPORT => Err(none()),
            Err(error) => Err(Refused::new(error.words)),
        },
    }
}

pub(super) fn radamsa_report(bytes: &[u8]) -> Result<(), Refused> {
    match project::json(Kind::RadamsaReport, "", bytes) {
        Ok(_) => Ok(()),
        Err(error) if error.words.contains("invalid radamsa -M report") => {
            Err(Refused::new(format!("invalid radamsa -M metadata log: {TYPE}: {}", error.words)))
        }
        Err(error) => Err(Refused::new(error.words)),
    }
}

pub(super) fn radamsa_crashes(bytes: &[u8]) -> Result<(), Refused> {
    // An archive is never empty, and whatever else is not empty is one crash.
    match bytes.is_empty() {
        true => Err(Refused::new(format!("{TYPE}: crash file is empty")).detail("there is nothing in it")),
        false => Ok(()),
    }
}

pub(super) fn trufflehog(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid trufflehog report file");
    let found = project::json(Kind::TrufflehogJson, "", bytes).map_err(|error| refused().unreadable(error))?;
    let json = Json::document(&found).map_err(|error| refused().syntax(&error, &found))?;
    match json.items(json.start()).next() {
        Some(first) if text(&json, first, "DetectorName").is_empty() => {
            Err(Refused::of_type("'DetectorName' field not found in trufflehog report")
                .detail("the first finding has no `DetectorName`"))
        }
        _ => Ok(()),
    }
}

/// What Go says of a file that should be compressed, and is not.
pub(super) fn gzip_header(bytes: &[u8]) -> Result<(), String> {
    archive::gzip_header(bytes)
}
