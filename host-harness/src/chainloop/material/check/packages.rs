//! Charts of Helm, and reports of ZAP.

use super::super::super::go::field;
use super::super::super::json::Json;
use super::super::archive::{self, Format, Stopped};
use super::documents::small;
use super::{Refused, fits, text, yaml};

pub(super) fn helm_chart(bytes: &[u8]) -> Result<(), Refused> {
    super::scans::gzip_header(bytes).map_err(|words| {
        Refused::new(format!("can't uncompress file, unexpected material type: {words}"))
            .detail("a chart is a tar file that is compressed with gzip")
    })?;
    let (mut chart, mut values) = (false, false);
    let went = archive::each(bytes, Format::TarGz, &mut |entry| {
        let name = entry.name.clone();
        if !entry.file || (chart && values) {
            return Ok(());
        }
        if name.contains("Chart.yaml") {
            yaml::mapping(&entry.read()?)
                .and_then(|found| if found { Ok(()) } else { Err("EOF".to_owned()) })
                .map_err(|words| {
                    Stopped::Caller(format!("invalid Chart.yaml file: failed to unmarshal YAML file: {words}"))
                })?;
            chart = true;
        } else if name.contains("values.yaml") {
            yaml::mapping(&entry.read()?).map_err(|words| {
                Stopped::Caller(format!("invalid values.yaml file: failed to unmarshal YAML file: {words}"))
            })?;
            values = true;
        }
        Ok(())
    });
    match went {
        Ok(()) if chart && values => Ok(()),
        // Chainloop reads no further than the two files.
        Err(Stopped::Archive(_)) if chart && values => Ok(()),
        Ok(()) => {
            let lacks = if chart { "values.yaml" } else { "Chart.yaml" };
            let words = "missing required files in the helm chart: Chart.yaml and values.yaml";
            Err(Refused::new(words).detail(format!("there is no {lacks}")))
        }
        Err(Stopped::Caller(words)) => Err(Refused::new(words)),
        Err(stopped) => Err(Refused::new(format!("error reading tar file: {stopped}"))),
    }
}

pub(super) fn zap(bytes: &[u8]) -> Result<(), Refused> {
    let mut report = None;
    archive::each(bytes, Format::Zip, &mut |entry| {
        let name = entry.name.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if report.is_none() && name == "report_json.json" && !entry.name.ends_with('/') {
            report = Some(entry.read()?);
        }
        Ok(())
    })
    .map_err(|stopped| Refused::new(format!("can't open the zip file: {stopped}")).detail("it is not a zip file"))?;
    let report = report.filter(|report| !report.is_empty()).ok_or_else(|| {
        Refused::of_type("zip file does not contain the ZAP report").detail("there is no `report_json.json` in it")
    })?;
    let refused = || Refused::of_type("invalid ZAP report file");
    // Where something is wrong cannot be said of a file in an archive.
    let inside = |refused: Refused| Refused { at: None, ..refused };
    let json = Json::document(&report).map_err(|error| inside(refused().syntax(&error, &report)))?;
    fits(&small(), &json, "Zap").map_err(|error| inside(refused().mismatch(&error)))?;
    match text(&json, json.start(), "@programName").as_str() {
        "ZAP" => Ok(()),
        _ if field(&json, json.start(), "@programName").is_none() => {
            Err(refused().detail("its `report_json.json` has no `@programName`"))
        }
        other => {
            Err(refused().detail(format!("its `report_json.json` has the `@programName` {other:?}, and not \"ZAP\"")))
        }
    }
}
