//! Syntax errors of JSON, with Go's texts.

/// Deepest nesting of values. Go's limit is 10,000; real documents are far below both.
pub(crate) const MAX_DEPTH: usize = 500;

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SyntaxError {
    /// There is nothing but white space.
    Empty,
    /// It ends in the middle of a value.
    Ended,
    /// A byte that does not belong there.
    Unexpected {
        /// Its offset in bytes.
        at: usize,
        /// The byte.
        byte: u8,
        /// The place in the grammar, as Go names it.
        place: String,
    },
    /// Too many values inside of each other.
    TooDeep {
        /// The offset in bytes.
        at: usize,
    },
    /// The text is too long for offsets of 32 bits.
    TooLong,
}

impl SyntaxError {
    /// The offset in bytes; `None` is the end of the text.
    pub(crate) fn at(&self) -> Option<usize> {
        match self {
            Self::Unexpected { at, .. } | Self::TooDeep { at } => Some(*at),
            Self::Empty | Self::Ended | Self::TooLong => None,
        }
    }

    /// Go's error when it reads the first of any number of values.
    pub(crate) fn of_a_stream(&self) -> String {
        match self {
            Self::Empty => "EOF".to_owned(),
            Self::Ended => "unexpected EOF".to_owned(),
            other => other.other(),
        }
    }

    /// Go's error when it reads a text that has to be one value.
    pub(crate) fn of_a_document(&self) -> String {
        match self {
            Self::Empty | Self::Ended => "unexpected end of JSON input".to_owned(),
            other => other.other(),
        }
    }

    fn other(&self) -> String {
        match self {
            Self::Empty | Self::Ended => "unexpected end of JSON input".to_owned(),
            Self::Unexpected { byte, place, .. } => format!("invalid character {} {place}", quoted(*byte)),
            Self::TooDeep { .. } => format!("values are nested deeper than {MAX_DEPTH} levels"),
            Self::TooLong => "the document has more than 4 GiB, which no WebAssembly module can hold".to_owned(),
        }
    }
}

/// A byte as Go prints it, which takes it for a character of Latin 1.
fn quoted(byte: u8) -> String {
    let inside = match byte {
        b'\'' => r"\'".to_owned(),
        0x07 => r"\a".to_owned(),
        0x08 => r"\b".to_owned(),
        0x0c => r"\f".to_owned(),
        b'\n' => r"\n".to_owned(),
        b'\r' => r"\r".to_owned(),
        b'\t' => r"\t".to_owned(),
        0x0b => r"\v".to_owned(),
        b'\\' => r"\\".to_owned(),
        0..0x20 | 0x7f => format!("\\x{byte:02x}"),
        0x80..=0xa0 | 0xad => format!("\\u00{byte:02x}"),
        _ => char::from(byte).to_string(),
    };
    format!("'{inside}'")
}
