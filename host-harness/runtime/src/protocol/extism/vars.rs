//! The variables of a plug-in, which end with its evaluation.

use std::collections::BTreeMap;

use super::Panic;

/// Bytes that all variables together must stay below.
const LIMIT: usize = 1 << 20;

/// What a variable counts besides its name and its value: Go's headers of a string and a slice.
const OVERHEAD: usize = 40;

/// Names and values.
#[derive(Default)]
pub(super) struct Vars {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    size: usize,
}

impl Vars {
    pub(super) fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.entries.get(name).map(Vec::as_slice)
    }

    pub(super) fn remove(&mut self, name: &[u8]) {
        if let Some(value) = self.entries.remove(name) {
            self.size -= cost(name, &value);
        }
    }

    /// # Errors
    ///
    /// Ends the run when the budget does not allow it. A value that is about to be replaced still counts.
    pub(super) fn set(&mut self, name: &[u8], value: &[u8]) -> Result<(), Panic> {
        let cost = cost(name, value);
        if self.size + cost >= LIMIT {
            return Err(Panic("Variable store is full".to_owned()));
        }
        self.remove(name);
        self.size += cost;
        self.entries.insert(name.to_vec(), value.to_vec());
        Ok(())
    }
}

fn cost(name: &[u8], value: &[u8]) -> usize {
    OVERHEAD + name.len() + value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_counts_until_it_is() {
        let mut vars = Vars::default();
        let half = vec![0; LIMIT / 2];
        assert!(vars.set(b"a", &half).is_ok());
        assert!(vars.set(b"a", &half).is_err());
        assert!(vars.set(b"a", &half[100..]).is_ok());
        assert_eq!(vars.get(b"a").map(<[u8]>::len), Some(LIMIT / 2 - 100));
        vars.remove(b"a");
        vars.remove(b"a");
        assert_eq!((vars.get(b"a"), vars.size), (None, 0));
        assert!(vars.set(b"a", &vec![0; LIMIT - OVERHEAD - 1]).is_err());
        assert!(vars.set(b"a", &vec![0; LIMIT - OVERHEAD - 2]).is_ok());
    }
}
