//! Text of strings and keys: comparing it, and resolving its escapes.

/// Equality of short texts. `memcmp` of wasm32-wasip1 goes byte by byte; this goes by eight.
#[inline]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (mut a, mut b) = (a, b);
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first_chunk::<8>(), b.split_first_chunk::<8>()) {
        if u64::from_le_bytes(*x) != u64::from_le_bytes(*y) {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    a.iter().zip(b).all(|(x, y)| x == y)
}

/// Resolves the escapes of a string that the scanner has checked.
#[cold]
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let hex =
        |chars: &mut std::str::Chars<'_>| chars.by_ref().take(4).fold(0, |v, c| v << 4 | c.to_digit(16).unwrap_or(0));
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let mut code = hex(&mut chars);
                if (0xD800..0xDC00).contains(&code) {
                    chars.by_ref().take(2).for_each(drop);
                    code = 0x10000 + ((code - 0xD800) << 10) + (hex(&mut chars).wrapping_sub(0xDC00) & 0x3FF);
                }
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            Some(c) => c,
            None => break,
        });
    }
    out
}
