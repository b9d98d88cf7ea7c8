//! Parts of a corpus.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Most shards of a corpus: as many as an Indexed Job of Kubernetes may have.
const MAX_SHARDS: u32 = 100_000;

/// One of several parts of a corpus. Which part a request is in depends on its content alone, and not on files and their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// How many shards there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// All of them.
    pub fn all(self) -> impl Iterator<Item = Self> {
        (1..=self.of).map(move |number| Self { number, ..self })
    }

    /// Whether it is this part that has what has this content.
    pub(super) fn has(self, content: &[u8]) -> bool {
        let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = Sha256::digest(content).into();
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

/// A text that names no [`Shard`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no shard; write K/N with K from 1 to N, for example 2/8, and N at most {MAX_SHARDS}")]
pub struct NoShard(String);

impl FromStr for Shard {
    type Err = NoShard;

    /// `K/N`, K from 1 to N.
    fn from_str(text: &str) -> Result<Self, NoShard> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) && of <= MAX_SHARDS => Ok(Self { number, of }),
            _ => Err(NoShard(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Shard {
    type Error = NoShard;

    fn try_from(text: String) -> Result<Self, NoShard> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_content_is_in_one_shard() {
        let shards: Vec<Shard> = "3/7".parse::<Shard>().expect("a shard").all().collect();
        assert_eq!(shards.len(), 7);
        let mut counts = [0_u32; 7];
        for number in 0..700_u32 {
            let having: Vec<usize> = (0..7).filter(|index| shards[*index].has(&number.to_le_bytes())).collect();
            assert_eq!(having.len(), 1);
            counts[having[0]] += 1;
        }
        assert!(counts.iter().all(|count| *count > 60), "{counts:?}");
    }

    #[test]
    fn what_is_no_shard() {
        for text in ["0/3", "4/3", "1/0", "1", "a/b", "-1/3", "1/100001", "", "1/2/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("100000/100000".parse::<Shard>().expect("a shard").to_string(), "100000/100000");
    }
}
