//! Texts that code refers to.

use wasmparser::Operator as O;

use super::{
    module::Module,
    sites::{At, Edit},
};

/// The longest text that is changed, in bytes, and the longest part of one that is told.
const MAX_TEXT: u32 = 4096;
const MAX_TOLD: usize = 40;

/// As many operators as the length of a text is behind its address.
const AHEAD: usize = 4;

/// The change of the text at `address`, when code that pushes this address pushes a length soon after.
pub(super) fn find(module: &Module<'_>, at: &At<'_, '_>, address: u32, mut found: impl FnMut(Edit, String)) {
    let Some(bytes) = module.bytes_at(address) else { return };
    let length = (1..=AHEAD).find_map(|ahead| match at.operator(ahead) {
        O::I32Const { value } => u32::try_from(*value).ok().filter(|length| (1..=MAX_TEXT).contains(length)),
        _ => None,
    });
    let Some(text) = length.and_then(|length| std::str::from_utf8(bytes.get(..length as usize)?).ok()) else { return };
    if text.chars().any(char::is_control) {
        return;
    }
    // The last letter or digit, whose neighbour is one as well.
    let last = text.bytes().rposition(|byte| byte.is_ascii_alphanumeric());
    let Some((position, byte)) = last.and_then(|position| Some((position, *text.as_bytes().get(position)?))) else {
        return;
    };
    let value = match byte {
        b'z' | b'Z' | b'9' => byte - 1,
        _ => byte + 1,
    };
    let mut changed = text.as_bytes().to_vec();
    changed[position] = value;
    let changed = String::from_utf8_lossy(&changed).into_owned();
    let edit = Edit::Byte { address: address + position as u32, value };
    found(edit, format!("text \"{}\" became \"{}\"", end(text), end(&changed)));
}

/// The end of a text, which is where it is changed.
fn end(text: &str) -> String {
    let count = text.chars().count();
    match count.checked_sub(MAX_TOLD) {
        None | Some(0) => text.to_owned(),
        Some(skipped) => format!("…{}", text.chars().skip(skipped).collect::<String>()),
    }
}
