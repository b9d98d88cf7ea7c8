//! The buffer to which documents are written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes whose capacity grows by a thirty-second, not to twice the size: they can be most of the memory in use.
#[derive(Debug, Default)]
pub(crate) struct Sink(Vec<u8>);

impl Sink {
    /// With room for this many bytes.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// Appends bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.room(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Appends bytes in base64.
    pub(crate) fn push_base64(&mut self, bytes: &[u8]) {
        let length = base64_length(bytes.len());
        self.room(length);
        let start = self.0.len();
        self.0.resize(start + length, 0);
        // Cannot fail: the only possible error is a buffer that is too short.
        let written = STANDARD.encode_slice(bytes, &mut self.0[start..]).unwrap_or(0);
        self.0.truncate(start + written);
    }

    /// How many bytes were written.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was written.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn room(&mut self, more: usize) {
        if self.0.capacity() - self.0.len() < more {
            self.0.reserve_exact(more.max(self.0.capacity() / 32).max(256));
        }
    }
}

/// How long this many bytes are in base64.
pub(crate) fn base64_length(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}
