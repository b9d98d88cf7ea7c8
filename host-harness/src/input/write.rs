//! Writing YAML.

use serde::Serialize;
use serde_json::Value;

use super::{Document, as_sent};
use crate::visible;

/// YAML that reads back as what was written: by kubectl and by what reads YAML 1.2, such as kwctl.
///
/// # Errors
///
/// Why there is none, for a text that YAML cannot hold.
pub(crate) fn yaml(value: &impl Serialize) -> Result<String, String> {
    let wanted = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let text = visible::yaml(value, false)?;
    if reads_back(&text, &wanted).is_ok() {
        return Ok(text);
    }
    // What is a string for one of them is a number or a boolean for the other.
    let text = visible::yaml(value, true)?;
    reads_back(&text, &wanted).map(|()| text)
}

fn reads_back(text: &str, wanted: &Value) -> Result<(), String> {
    const OTHER: &str = "it does not read back as it was";
    let kubectl = Document::parse(text.as_bytes(), "written.yaml").map_err(|error| error.message)?;
    let other: Value = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let same = *kubectl.value() == as_sent(wanted) && other == *wanted;
    if same { Ok(()) } else { Err(OTHER.to_owned()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strings_stay_strings_for_everybody() {
        let words = [
            "yes", "on", "y", "N", "0644", "0o17", "0x1f", "1_000", ".1_0", "0b-1", "1e3", "3.0", "~", "", "<<", "=",
            "12:30:45",
        ];
        for word in words {
            let keys = json!({ word: word, "list": [word], "deep": { word: { word: word } } });
            let written = yaml(&keys).unwrap_or_else(|error| panic!("{word}: {error}"));
            let read = Document::parse(written.as_bytes(), "written.yaml").expect("YAML");
            assert_eq!(*read.value(), keys, "{written}");
        }
        let plain = json!({ "name": "web", "replicas": 3, "ratio": 0.5 });
        assert_eq!(
            yaml(&plain).expect("YAML"),
            "name: web\nratio: 0.5\nreplicas: 3\n",
            "nothing is quoted without need"
        );
    }
}
