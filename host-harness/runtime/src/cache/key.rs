//! What the code of a module depends on.

use crate::metadata::SECTION;

/// Section ids.
const CUSTOM: u8 = 0;
const CODE: u8 = 10;

/// A header of the binary format: a magic number and a version.
const HEADER: usize = 8;

/// The parts of a module that decide what it is compiled to: all of it but the metadata that were written behind its code, where every
/// tool writes them. So a policy with another description is not compiled again. Metadata before the code stays a part: a backtrace has
/// offsets of the code in it.
pub(super) fn parts(wasm: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    // Where the part begins that is being read.
    let mut start = 0;
    let mut at = HEADER;
    let mut behind_code = false;
    while let Some(section) = section(wasm, at) {
        if section.id == CUSTOM && behind_code && name(section.content) == Some(SECTION.as_bytes()) {
            parts.push(&wasm[start..at]);
            start = section.end;
        }
        behind_code |= section.id == CODE;
        at = section.end;
    }
    parts.push(&wasm[start..]);
    parts
}

struct Section<'w> {
    id: u8,
    content: &'w [u8],
    /// Where the next one begins.
    end: usize,
}

/// The section at an offset; `None` at the end, and where there is none.
fn section(wasm: &[u8], at: usize) -> Option<Section<'_>> {
    let (id, rest) = wasm.get(at..)?.split_first()?;
    let (size, rest) = number(rest)?;
    let content = rest.get(..size)?;
    Some(Section { id: *id, content, end: wasm.len() - rest.len() + size })
}

/// The name of a custom section.
fn name(content: &[u8]) -> Option<&[u8]> {
    let (size, rest) = number(content)?;
    rest.get(..size)
}

/// A number of 32 bits in LEB128, and what comes behind it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_u64;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(number).ok()?, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"(@custom "io.kubewarden.metadata" (AT) "TEXT")"#;

    fn module(before: &str, behind: &str) -> Vec<u8> {
        let custom = |at: &str, text: &str| METADATA.replace("AT", at).replace("TEXT", text);
        let (before, behind) = (custom("before code", before), custom("after last", behind));
        wat::parse_str(format!(r#"(module {before} (func (export "f")) (@custom "other" (after last) "x") {behind})"#))
            .unwrap()
    }

    fn of(wasm: &[u8]) -> Vec<u8> {
        parts(wasm).concat()
    }

    #[test]
    fn only_metadata_behind_the_code_does_not_count() {
        let plain = wat::parse_str(r#"(module (func (export "f")) (@custom "other" (after last) "x"))"#).unwrap();
        assert_eq!(of(&plain), plain);
        let (short, long) = (
            module("a", "b"),
            module(
                "a",
                "a description that is longer than a hundred and twenty-eight bytes, whose length takes two bytes in place of one, as in most policies",
            ),
        );
        assert!(short != long && of(&short) == of(&long));
        assert_ne!(of(&module("a", "b")), of(&module("c", "b")), "offsets of the code");
        assert!(of(&short).len() < short.len() && of(&short).ends_with(b"other\x78"));
    }

    #[test]
    fn everything_counts_of_what_is_no_module() {
        let module = module("a", "b");
        for bytes in [&module[..module.len() - 1], &module[..9], &module[..8], b"", b"x", &[0; 40], &[0xff; 40]] {
            let parts = of(bytes);
            assert!(parts.len() <= bytes.len());
            assert!(bytes.len() > 8 || parts == bytes);
        }
        assert_eq!(of(&[0xff; 40]), [0xff; 40]);
    }
}
