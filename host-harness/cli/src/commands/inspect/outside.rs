//! ABI, imports, exports and sections, for people.

use admit_host::inspect::Inspection;

use super::declared::rego_mode;
use crate::output::{bytes, percent, table, thousands};

pub(super) fn text(inspection: &Inspection) -> String {
    let abi = match inspection.recognised.abi() {
        Ok(abi) => abi.to_string(),
        Err(_) if inspection.is_rego() => format!("none: this is a Rego policy, {}", rego_mode(inspection)),
        Err(reason) => format!("none: {reason}"),
    };
    let imports = inspection.imports.iter().map(|i| vec![format!("  {}::{}", i.module, i.name), i.ty.to_string()]);
    let exports = inspection.exports.iter().map(|e| vec![format!("  {}", e.name), e.ty.to_string()]);
    let sections = inspection.sections.iter().map(|s| {
        let name = if s.custom { format!("  {} (custom)", s.name) } else { format!("  {}", s.name) };
        vec![name, thousands(s.size), percent(s.size, inspection.size)]
    });
    let block = |title: &str, rows: Vec<Vec<String>>, right: &[usize]| {
        let rows = if rows.is_empty() { vec![vec!["  (none)".to_owned()]] } else { rows };
        format!("\n{title}\n{}", table(&rows, right))
    };
    let rego = inspection.rego.as_ref().map(|rego| {
        let list = |names: &[String]| if names.is_empty() { "(none)".to_owned() } else { names.join(", ") };
        let version = match rego.abi_version {
            Some((major, minor)) => format!("{major}.{minor}"),
            None => "not said".to_owned(),
        };
        let rows = [
            ("ABI of OPA", version),
            ("entrypoints", list(&rego.entrypoints)),
            ("builtins of the host", list(&rego.builtins)),
        ];
        block("rego", rows.map(|(name, text)| vec![format!("  {name}"), text]).to_vec(), &[])
    });
    [
        format!("ABI   {abi}\nsize  {} ({} bytes)", bytes(inspection.size), thousands(inspection.size)),
        rego.unwrap_or_default(),
        block("imports", imports.collect(), &[]),
        block("exports", exports.collect(), &[]),
        block("sections, bytes", sections.collect(), &[1, 2]),
    ]
    .into_iter()
    .filter(|block| !block.is_empty())
    .collect::<Vec<_>>()
    .join("\n")
}
