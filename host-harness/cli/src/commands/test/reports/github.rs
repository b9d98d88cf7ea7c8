//! Commands that make a runner of GitHub annotate lines of files.

use super::{Told, finding::Finding};
use crate::output::{line, plain};

pub(super) fn render(told: &Told<'_, '_>) -> String {
    let command = |finding: &Finding| {
        let mut properties = Vec::new();
        if let Some(at) = &finding.at {
            properties.push(format!("file={}", property(&plain(&line(told.root.name(&at.file))))));
            if let Some(position) = at.position {
                properties.push(format!("line={},col={}", position.line, position.column));
            }
        }
        properties.push(format!("title={}", property(&finding.title)));
        format!("::error {}::{}", properties.join(","), data(&finding.text))
    };
    told.findings.iter().map(command).collect::<Vec<_>>().join("\n")
}

/// The text of a command, which is one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind a name, up to the next comma or the end of the names.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
