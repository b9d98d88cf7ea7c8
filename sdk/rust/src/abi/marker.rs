//! The text of the custom section that says how a module was made. Made by the compiler, so that it costs a policy nothing
//! to have it.

macro_rules! text {
    ($raw:literal, $host:literal) => {
        concat!(r#"{"sdk":""#, env!("CARGO_PKG_VERSION"), r#"","raw":"#, $raw, r#","host":"#, $host, "}")
    };
}

/// Of a policy that takes the host.
pub const fn with_host(raw: bool) -> &'static str {
    if raw { text!(true, true) } else { text!(false, true) }
}

/// Of a policy that does not.
pub const fn without_host(raw: bool) -> &'static str {
    if raw { text!(true, false) } else { text!(false, false) }
}

/// A text as an array of its bytes; `N` is its length.
pub const fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(text.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Marker;

    #[test]
    fn the_texts_are_markers() {
        for raw in [false, true] {
            for (host, text) in [(false, without_host(raw)), (true, with_host(raw))] {
                let sdk = env!("CARGO_PKG_VERSION").to_owned();
                assert_eq!(serde_json::from_str::<Marker>(text).unwrap(), Marker { sdk, raw, host });
            }
        }
        const TEXT: &str = with_host(true);
        const BYTES: [u8; TEXT.len()] = bytes(TEXT);
        assert_eq!(BYTES, TEXT.as_bytes());
    }
}
