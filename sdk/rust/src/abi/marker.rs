//! The content of the custom section `admit`: the JSON of a [`Marker`](crate::wire::Marker). It is a constant, so a policy
//! has no code for it and spends no fuel on it.

use crate::incoming::Takes;

macro_rules! text {
    ($takes:expr, $host:literal) => {
        match $takes {
            Takes::Request => text!(r#"false,"host":"#, $host, ""),
            Takes::Raw => text!(r#"true,"host":"#, $host, ""),
            Takes::Material => text!(r#"false,"host":"#, $host, r#","material":true"#),
        }
    };
    ($raw:literal, $host:literal, $material:literal) => {
        concat!(r#"{"sdk":""#, env!("CARGO_PKG_VERSION"), r#"","raw":"#, $raw, $host, $material, "}")
    };
}

/// The marker of a policy that takes the host.
pub const fn with_host(takes: Takes) -> &'static str {
    text!(takes, true)
}

/// The marker of a policy that does not take the host.
pub const fn without_host(takes: Takes) -> &'static str {
    text!(takes, false)
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
    use crate::testing::test;
    use crate::wire::Marker;

    #[test]
    fn the_texts_are_markers() {
        for takes in [Takes::Request, Takes::Raw, Takes::Material] {
            for (host, text) in [(false, without_host(takes)), (true, with_host(takes))] {
                let (raw, material) = (takes == Takes::Raw, takes == Takes::Material);
                let marker = Marker { sdk: env!("CARGO_PKG_VERSION").to_owned(), raw, host, material };
                assert_eq!(serde_json::from_str::<Marker>(text).unwrap(), marker);
            }
        }
        const TEXT: &str = with_host(Takes::Raw);
        const BYTES: [u8; TEXT.len()] = bytes(TEXT);
        assert_eq!(BYTES, TEXT.as_bytes());
    }
}
