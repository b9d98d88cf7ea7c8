//! Texts that code refers to.

use wasm_encoder::Instruction as I;
use wasmparser::{Operator as O, ValType};

use super::{at::At, change::Edit, module::Module};

/// The longest text that is changed, in bytes, and the longest part of one that is told.
const MAX_TEXT: u32 = 4096;
const MAX_TOLD: usize = 40;

/// A text, and the change of it.
pub(super) struct Found {
    pub(super) edit: Edit,
    pub(super) text: String,
    /// What the change is, in words.
    pub(super) told: String,
}

/// The text that an operator pushes, or whose address it pushes.
pub(super) fn find(module: &Module<'_>, at: &At<'_, '_>) -> Option<Found> {
    match at.operator(0) {
        O::I32Const { value } => {
            let address = value.cast_unsigned();
            let (offset, text) = match module.bytes_at(address) {
                Some(bytes) => sized(at, bytes).map(|text| (0, text)).or_else(|| first_of_template(bytes))?,
                None => return compared(at, &value.to_le_bytes(), ValType::I32),
            };
            let (position, value, changed) = change(text)?;
            let edit = Edit::Byte { address: address + (offset + position) as u32, value };
            let told = format!("text \"{}\" became \"{}\"", end(text), end(&changed));
            Some(Found { edit, text: text.to_owned(), told })
        }
        O::I64Const { value } => compared(at, &value.to_le_bytes(), ValType::I64),
        _ => None,
    }
}

/// The text at an address when code that pushes this address pushes a length right after it, or stores the one beside the other.
fn sized<'a>(at: &At<'_, '_>, bytes: &'a [u8]) -> Option<&'a str> {
    let length = match (at.operator(1), at.operator(2), at.operator(3), at.operator(4)) {
        (O::I32Const { value }, ..) => *value,
        (O::I32Store { memarg: first }, _, O::I32Const { value }, O::I32Store { memarg: second })
            if second.offset == first.offset + 4 =>
        {
            *value
        }
        _ => return None,
    };
    let length = u32::try_from(length).ok().filter(|length| (2..=MAX_TEXT).contains(length))?;
    shown(bytes.get(..length as usize)?)
}

/// The first text of the templates that Rust's formatting reads, and where it is: texts with their lengths in front, up to 127, marks of
/// what is put between them, and 0 at the end.
fn first_of_template(bytes: &[u8]) -> Option<(usize, &str)> {
    let (mut position, mut first) = (0, None);
    loop {
        match *bytes.get(position)? {
            0 => return first,
            length @ 1..=0x7f => {
                let start = position + 1;
                position = start + usize::from(length);
                let text = shown(bytes.get(start..position)?)?;
                if first.is_none() && change(text).is_some() {
                    first = Some((start, text));
                }
            }
            0xc0 => position += 1,
            _ => return None,
        }
        if position > MAX_TEXT as usize {
            return None;
        }
    }
}

/// The text in a number that memory is compared with: short texts are compared like this.
fn compared(at: &At<'_, '_>, bytes: &[u8], ty: ValType) -> Option<Found> {
    if !matches!(at.operator(1), O::I64Xor | O::I64Eq | O::I64Ne | O::I32Xor | O::I32Eq | O::I32Ne) {
        return None;
    }
    let text = shown(bytes)?;
    let (_, _, changed) = change(text)?;
    let code = match ty {
        ValType::I32 => I::I32Const(i32::from_le_bytes(changed.as_bytes().try_into().ok()?)),
        _ => I::I64Const(i64::from_le_bytes(changed.as_bytes().try_into().ok()?)),
    };
    let edit = Edit::Instead { operands: Vec::new(), results: vec![ty], code: vec![code] };
    let told = format!("\"{text}\", in a text, became \"{changed}\"");
    Some(Found { edit, text: text.to_owned(), told })
}

/// Bytes as a text that people can read.
fn shown(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

/// Another letter or digit for the last one of a text: where it is, which one, and the whole text.
fn change(text: &str) -> Option<(usize, u8, String)> {
    let position = text.bytes().rposition(|byte| byte.is_ascii_alphanumeric())?;
    let value = match text.as_bytes()[position] {
        byte @ (b'z' | b'Z' | b'9') => byte - 1,
        byte => byte + 1,
    };
    let (before, after) = (text.get(..position)?, text.get(position + 1..)?);
    Some((position, value, format!("{before}{}{after}", char::from(value))))
}

/// The end of a text, which is where it is changed.
fn end(text: &str) -> String {
    let count = text.chars().count();
    match count.checked_sub(MAX_TOLD) {
        None | Some(0) => text.to_owned(),
        Some(skipped) => format!("…{}", text.chars().skip(skipped).collect::<String>()),
    }
}
