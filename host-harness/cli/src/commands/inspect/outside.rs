//! ABI, imports, exports and sections, for people.

use admit_host::inspect::Inspection;

use super::declared::rego_mode;
use crate::output::{Text, bytes, hanging, line, percent, rows, table, text, thousands};

pub(super) fn text(inspection: &Inspection) -> Text {
    let abi = match inspection.recognised.abi() {
        Ok(abi) => line(abi),
        Err(_) if inspection.is_rego() => text!("none: this is a Rego policy, {}", rego_mode(inspection)),
        Err(reason) => text!("none: {}", hanging(reason, 6)),
    };
    let imports = rows(&inspection.imports, |i| vec![text!("  {}::{}", name(&i.module), name(&i.name)), line(&i.ty)]);
    let exports = rows(&inspection.exports, |e| vec![text!("  {}", name(&e.name)), line(&e.ty)]);
    let sections = rows(&inspection.sections, |s| {
        let name = if s.custom { text!("  {} (custom)", name(&s.name)) } else { text!("  {}", line(&s.name)) };
        vec![name, thousands(s.size), percent(s.size, inspection.size)]
    });
    let block = |title: &'static str, rows: Vec<Vec<Text>>, right: &[usize]| {
        let rows = if rows.is_empty() { vec![vec![text!("  (none)")]] } else { rows };
        text!("\n{}\n{}", title, table(&rows, right))
    };
    let rego = inspection.rego.as_ref().map(|rego| {
        let list = |names: &[String]| if names.is_empty() { text!("(none)") } else { line(names.join(", ")) };
        let version = match rego.abi_version {
            Some((major, minor)) => line(format_args!("{major}.{minor}")),
            None => text!("not said"),
        };
        let rows = [
            ("ABI of OPA", version),
            ("entrypoints", list(&rego.entrypoints)),
            ("builtins of the host", list(&rego.builtins)),
        ];
        block("rego", rows.map(|(name, value)| vec![text!("  {}", name), value]).to_vec(), &[])
    });
    let size = inspection.size;
    let blocks = [
        text!("ABI   {}\nsize  {} ({} bytes)", abi, bytes(size), thousands(size)),
        rego.unwrap_or_default(),
        block("imports", imports, &[]),
        block("exports", exports, &[]),
        block("sections, bytes", sections, &[1, 2]),
    ]
    .into_iter()
    .filter(|block| *block != Text::default());
    Text::join(&blocks.collect::<Vec<_>>(), "\n")
}

/// Characters of a name that are shown.
const MAX_NAME: usize = 1_000;

/// A name of the module, or its beginning.
fn name(text: &str) -> Text {
    match text.char_indices().nth(MAX_NAME) {
        Some((end, _)) => text!("{}… ({} characters)", line(&text[..end]), text.chars().count()),
        None => line(text),
    }
}
