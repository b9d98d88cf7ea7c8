//! What a scalar means.
//!
//! kubectl reads YAML with a fork of go-yaml 2, which has the words of YAML 1.1 and numbers of its own.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};

/// A scalar as it is written.
pub(super) struct Written<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) tag: Tag,
}

/// What is said about the type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Nothing: the text decides.
    Implicit,
    /// A string: it is in quotes or in a block, or has the tag.
    String,
    Integer,
    Float,
    Boolean,
    Null,
    /// A string in base64.
    Binary,
    /// A string; for the key `<<`: that its value is merged.
    Merge,
    /// The tag `!`: the same.
    NonSpecific,
}

impl Tag {
    /// By the name in YAML's own namespace.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "str" => Self::String,
            "int" => Self::Integer,
            "float" => Self::Float,
            "bool" => Self::Boolean,
            "null" => Self::Null,
            "binary" => Self::Binary,
            "merge" => Self::Merge,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Implicit => "",
            Self::String => "!!str",
            Self::Integer => "!!int",
            Self::Float => "!!float",
            Self::Boolean => "!!bool",
            Self::Null => "!!null",
            Self::Binary => "!!binary",
            Self::Merge => "!!merge",
            Self::NonSpecific => "!",
        }
    }
}

/// The value of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'t> {
    Null,
    Boolean(bool),
    Integer(i64),
    /// An integer above those.
    Large(u64),
    /// Infinite and not a number, too.
    Float(f64),
    String(Cow<'t, str>),
}

impl Written<'_> {
    /// The value.
    ///
    /// # Errors
    ///
    /// When the text does not fit the tag, in words.
    pub(super) fn value(&self) -> Result<Scalar<'_>, String> {
        let found = match self.tag {
            Tag::Implicit => return Ok(plain(&self.text)),
            Tag::String | Tag::Merge | Tag::NonSpecific => return Ok(Scalar::String(Cow::Borrowed(&self.text))),
            Tag::Binary => return self.decoded(),
            Tag::Integer | Tag::Float | Tag::Boolean | Tag::Null => plain(&self.text),
        };
        match (self.tag, found) {
            (Tag::Integer, number @ (Scalar::Integer(_) | Scalar::Large(_))) => Ok(number),
            (Tag::Float, number @ Scalar::Float(_)) => Ok(number),
            (Tag::Float, Scalar::Integer(number)) => Ok(Scalar::Float(number as f64)),
            (Tag::Boolean, word @ Scalar::Boolean(_)) | (Tag::Null, word @ Scalar::Null) => Ok(word),
            _ => Err(format!("`{}` is not a valid `{}`", self.text, self.tag.name())),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.value(), Ok(Scalar::Null))
    }

    /// Whether it is the key `<<`, whose value is merged.
    pub(super) fn is_merge(&self) -> bool {
        self.text == "<<" && matches!(self.tag, Tag::Implicit | Tag::Merge | Tag::NonSpecific)
    }

    fn decoded(&self) -> Result<Scalar<'_>, String> {
        let text: String = self.text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let bytes = BASE64_STANDARD.decode(text).map_err(|error| format!("the `!!binary` is not base64: {error}"))?;
        let text =
            String::from_utf8(bytes).map_err(|_| "the `!!binary` is not UTF-8, which JSON has to be".to_owned())?;
        Ok(Scalar::String(Cow::Owned(text)))
    }
}

/// The value of a text without quotes and tag.
pub(super) fn plain(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Boolean(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Boolean(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => number(text).unwrap_or(Scalar::String(Cow::Borrowed(text))),
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    match text.as_bytes().first()? {
        // Here an underscore has to stand between digits.
        b'.' => (are_between_digits(text))
            .then(|| text.replace('_', ""))
            .filter(|text| is_float(text))
            .and_then(|text| float(&text)),
        b'0'..=b'9' | b'+' | b'-' => {
            let text = text.replace('_', "");
            integer(&text).or_else(|| is_float(&text).then(|| float(&text))?).or_else(|| binary(&text))
        }
        _ => None,
    }
}

/// An integer as Go writes them, whose prefix says the base; `0` alone is one for base 8.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    let (base, digits) = match (bytes.first()?, bytes.get(1).map(u8::to_ascii_lowercase)) {
        (b'0', Some(b'b')) if bytes.len() > 2 => (2, &bytes[2..]),
        (b'0', Some(b'o')) if bytes.len() > 2 => (8, &bytes[2..]),
        (b'0', Some(b'x')) if bytes.len() > 2 => (16, &bytes[2..]),
        (b'0', _) => (8, &bytes[1..]),
        _ => (10, bytes),
    };
    let mut value = 0_u64;
    for digit in digits {
        let digit = char::from(*digit).to_digit(base)?;
        value = value.checked_mul(base.into())?.checked_add(digit.into())?;
    }
    let signed = unsigned.len() < text.len();
    match i64::try_from(value) {
        Ok(value) if text.starts_with('-') => Some(Scalar::Integer(-value)),
        Ok(value) => Some(Scalar::Integer(value)),
        Err(_) if value == i64::MIN.unsigned_abs() && text.starts_with('-') => Some(Scalar::Integer(i64::MIN)),
        Err(_) => (!signed).then_some(Scalar::Large(value)),
    }
}

/// Whether every underscore of a text is between two digits.
fn are_between_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    text.match_indices('_').all(|(at, _)| digit(at.checked_sub(1)) && digit(Some(at + 1)))
}

/// A sign may also stand behind the prefix of base 2, and only there.
fn binary(text: &str) -> Option<Scalar<'static>> {
    let digits = match text.strip_prefix("-0b") {
        Some(digits) => format!("-{digits}"),
        None => text.strip_prefix("0b")?.to_owned(),
    };
    i64::from_str_radix(&digits, 2).ok().map(Scalar::Integer)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let some_digits = if whole.is_empty() { number.starts_with('.') && !fraction.is_empty() } else { true };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    some_digits
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// What is too large for a float is a string.
fn float(text: &str) -> Option<Scalar<'static>> {
    text.parse().ok().filter(|float: &f64| float.is_finite()).map(Scalar::Float)
}
