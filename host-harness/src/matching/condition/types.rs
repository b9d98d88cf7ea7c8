//! What an expression gives, as far as it shows before it is evaluated.

use std::fmt;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Known when it is evaluated: objects have no type here.
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List(Box<Type>),
    /// Keys are strings.
    Map(Box<Type>),
    Fields(&'static Fields),
    /// A value that may be missing.
    Optional(Box<Type>),
}

/// An object whose fields are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) name: &'static str,
    pub(super) fields: &'static [(&'static str, Field)],
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    String,
    Bool,
    Strings,
    ListsOfStrings,
    Dyn,
    Fields(&'static Fields),
}

impl Field {
    pub(super) fn to_type(self) -> Type {
        let list = |of| Type::List(Box::new(of));
        match self {
            Self::String => Type::String,
            Self::Bool => Type::Bool,
            Self::Strings => list(Type::String),
            Self::ListsOfStrings => Type::Map(Box::new(list(Type::String))),
            Self::Dyn => Type::Dyn,
            Self::Fields(fields) => Type::Fields(fields),
        }
    }
}

const KIND: Fields = Fields {
    name: "kind of a request",
    fields: &[("group", Field::String), ("version", Field::String), ("kind", Field::String)],
};
const RESOURCE: Fields = Fields {
    name: "resource of a request",
    fields: &[("group", Field::String), ("version", Field::String), ("resource", Field::String)],
};
const USER: Fields = Fields {
    name: "user of a request",
    fields: &[
        ("username", Field::String),
        ("uid", Field::String),
        ("groups", Field::Strings),
        ("extra", Field::ListsOfStrings),
    ],
};

/// The `request` of a condition. The objects are variables of their own.
pub(super) const REQUEST: Fields = Fields {
    name: "request",
    fields: &[
        ("kind", Field::Fields(&KIND)),
        ("resource", Field::Fields(&RESOURCE)),
        ("subResource", Field::String),
        ("requestKind", Field::Fields(&KIND)),
        ("requestResource", Field::Fields(&RESOURCE)),
        ("requestSubResource", Field::String),
        ("name", Field::String),
        ("namespace", Field::String),
        ("operation", Field::String),
        ("userInfo", Field::Fields(&USER)),
        ("dryRun", Field::Bool),
        ("options", Field::Dyn),
    ],
};

impl Type {
    /// Whether a value of this type can be one of the other.
    pub(super) fn fits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dyn, _) | (_, Self::Dyn) => true,
            (Self::Null, Self::Fields(_)) | (Self::Fields(_), Self::Null) => true,
            (Self::List(a), Self::List(b)) | (Self::Map(a), Self::Map(b)) | (Self::Optional(a), Self::Optional(b)) => {
                a.fits(b)
            }
            (a, b) => a == b,
        }
    }

    /// What is known of a value that is of one type or of another that fits.
    pub(super) fn either(self, other: Self) -> Self {
        if self == other { self } else { Self::Dyn }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dyn => f.write_str("dyn"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Uint => f.write_str("uint"),
            Self::Double => f.write_str("double"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::List(of) => write!(f, "list({of})"),
            Self::Map(of) => write!(f, "map(string, {of})"),
            Self::Fields(fields) => f.write_str(fields.name),
            Self::Optional(of) => write!(f, "optional({of})"),
        }
    }
}
