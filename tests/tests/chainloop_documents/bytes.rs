//! Bytes, as a person writes them.

use serde::Deserialize;

/// A text, bytes in hexadecimal, something many times, or all of that in a row.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Bytes {
    Text(String),
    Hex { hex: String },
    Repeat { repeat: String, times: usize },
    Row(Vec<Bytes>),
}

impl Bytes {
    pub(super) fn get(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Hex { hex } => {
                let digits: Vec<_> = hex.chars().filter(|digit| !digit.is_whitespace()).collect();
                let byte =
                    |pair: &[char]| u8::from_str_radix(&String::from_iter(pair), 16).expect("hexadecimal digits");
                digits.chunks(2).map(byte).collect()
            }
            Self::Repeat { repeat, times } => repeat.repeat(*times).into_bytes(),
            Self::Row(row) => row.iter().flat_map(Self::get).collect(),
        }
    }
}
