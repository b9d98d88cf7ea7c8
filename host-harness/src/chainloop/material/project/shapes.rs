//! What of a coverage report is kept.

/// An element, as JSON.
pub(super) struct Shape {
    /// Attributes, in the order of the JSON. The names are the same in both.
    pub(super) attributes: &'static [(&'static str, Type)],
    pub(super) lists: &'static [List],
}

/// Elements that become an array.
pub(super) struct List {
    /// The element that contains them, if it is not the one that the array belongs to.
    pub(super) inside: Option<&'static str>,
    pub(super) element: &'static str,
    /// The name in JSON.
    pub(super) name: &'static str,
    /// The shape of each; `None` for a string.
    pub(super) shape: Option<&'static Shape>,
}

/// What an attribute holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Type {
    Text,
    /// A string that is left out when it is empty.
    OptionalText,
    Integer,
    /// A number; `NaN` and infinities are `null`.
    Rate,
    Flag,
}

pub(super) const JACOCO: Shape = Shape {
    attributes: &[],
    lists: &[List {
        inside: None,
        element: "counter",
        name: "counters",
        shape: Some(&Shape {
            attributes: &[("type", Type::Text), ("missed", Type::Integer), ("covered", Type::Integer)],
            lists: &[],
        }),
    }],
};

pub(super) const COBERTURA: Shape = Shape {
    attributes: &[
        ("line-rate", Type::Rate),
        ("branch-rate", Type::Rate),
        ("lines-covered", Type::Integer),
        ("lines-valid", Type::Integer),
        ("branches-covered", Type::Integer),
        ("branches-valid", Type::Integer),
        ("complexity", Type::Rate),
        ("version", Type::Text),
        ("timestamp", Type::Integer),
    ],
    lists: &[
        List { inside: Some("sources"), element: "source", name: "sources", shape: None },
        List { inside: Some("packages"), element: "package", name: "packages", shape: Some(&PACKAGE) },
    ],
};

const PACKAGE: Shape = Shape {
    attributes: &[
        ("name", Type::Text),
        ("line-rate", Type::Rate),
        ("branch-rate", Type::Rate),
        ("complexity", Type::Rate),
    ],
    lists: &[List { inside: Some("classes"), element: "class", name: "classes", shape: Some(&CLASS) }],
};

const CLASS: Shape = Shape {
    attributes: &[
        ("name", Type::Text),
        ("filename", Type::Text),
        ("line-rate", Type::Rate),
        ("branch-rate", Type::Rate),
        ("complexity", Type::Rate),
    ],
    lists: &[List { inside: Some("methods"), element: "method", name: "methods", shape: Some(&METHOD) }, LINES],
};

const METHOD: Shape = Shape {
    attributes: &[
        ("name", Type::Text),
        ("signature", Type::Text),
        ("line-rate", Type::Rate),
        ("branch-rate", Type::Rate),
        ("complexity", Type::Rate),
    ],
    lists: &[LINES],
};

const LINES: List = List {
    inside: Some("lines"),
    element: "line",
    name: "lines",
    shape: Some(&Shape {
        attributes: &[
            ("number", Type::Integer),
            ("hits", Type::Integer),
            ("branch", Type::Flag),
            ("condition-coverage", Type::OptionalText),
        ],
        lists: &[],
    }),
};
