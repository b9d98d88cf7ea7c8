//! A JSON Schema as a form sees it: references followed, optional values seen through.

use serde_json::{Map, Value};

/// One value that a form asks for.
#[derive(Clone, Copy)]
pub(super) struct Field<'s> {
    root: &'s Value,
    /// What is written at the place itself: a description or a default that belongs to it.
    own: &'s Map<String, Value>,
    /// The shape.
    shape: &'s Map<String, Value>,
    /// How many values it is inside of.
    depth: usize,
}

/// What can be asked for, by the shape of the answer.
pub(super) enum Kind<'s> {
    Boolean,
    Integer,
    Number,
    Text,
    /// One of these strings.
    Choice(Vec<&'s str>),
    /// An array of strings.
    Texts,
    /// An array of objects with these fields.
    Objects(Field<'s>),
    /// An object with any keys, and strings for values.
    TextMap,
    /// An object with fields.
    Object,
    /// A value for which a form has no input, with its description.
    Other(&'static str),
}

/// References may be circular, and the schema is what a module said; no settings that a person fills in are this deep.
const DEPTH: usize = 16;

impl<'s> Field<'s> {
    /// The outermost schema, which is an object.
    pub(super) fn root(schema: &'s Value) -> Option<Self> {
        let own = schema.as_object()?;
        Some(Self { root: schema, own, shape: own, depth: 0 })
    }

    /// A value inside of this one; none when it is too deep.
    fn inside(self, schema: &'s Value) -> Option<Self> {
        let (root, depth) = (self.root, self.depth + 1);
        let own = schema.as_object().filter(|_| depth <= DEPTH)?;
        let mut shape = own;
        for _ in 0..DEPTH {
            let inner = match (shape.get("$ref"), shape.get("anyOf").or_else(|| shape.get("oneOf"))) {
                (Some(Value::String(pointer)), _) => root.pointer(pointer.strip_prefix('#')?)?,
                // What is optional is one of two: the value, or `null`.
                (_, Some(Value::Array(choices))) => {
                    let mut values = choices.iter().filter(|choice| choice.get("type") != Some(&"null".into()));
                    match (values.next(), values.next()) {
                        (Some(only), None) if choices.len() == 2 => only,
                        _ => break,
                    }
                }
                _ => break,
            };
            shape = inner.as_object()?;
        }
        Some(Self { root, own, shape, depth })
    }

    /// The fields of an object in the schema's order, and whether each is required.
    pub(super) fn fields(self) -> impl Iterator<Item = (&'s str, Field<'s>, bool)> {
        let required = move |name: &str| {
            let names = self.shape.get("required").and_then(Value::as_array).into_iter().flatten();
            names.into_iter().any(|required| required == name)
        };
        let properties = self.shape.get("properties").and_then(Value::as_object).into_iter().flatten();
        properties.filter_map(move |(name, schema)| Some((name.as_str(), self.inside(schema)?, required(name))))
    }

    /// Whether both have the very same shape: one of them contains itself.
    pub(super) fn same_shape(self, other: Self) -> bool {
        std::ptr::eq(self.shape, other.shape)
    }

    /// A keyword of the place, or else of the shape.
    pub(super) fn keyword(self, name: &str) -> Option<&'s Value> {
        self.own.get(name).or_else(|| self.shape.get(name))
    }

    pub(super) fn kind(self) -> Kind<'s> {
        if let Some(choices) = self.choices() {
            return Kind::Choice(choices);
        }
        match self.type_name() {
            Some("boolean") => Kind::Boolean,
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("string") => Kind::Text,
            Some("array") => self.list(),
            Some("object") => self.object(),
            _ if self.shape.contains_key("oneOf") || self.shape.contains_key("anyOf") => {
                Kind::Other("an enum whose variants have fields")
            }
            _ => Kind::Other("any JSON"),
        }
    }

    /// The type, if it is one or optional.
    fn type_name(self) -> Option<&'s str> {
        match self.shape.get("type")? {
            Value::String(name) => Some(name),
            Value::Array(names) => {
                let mut names = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
                names.next().filter(|_| names.next().is_none())
            }
            _ => None,
        }
    }

    /// The strings that a value can be, when it can be nothing else.
    fn choices(self) -> Option<Vec<&'s str>> {
        if let Some(Value::Array(values)) = self.shape.get("enum") {
            // An optional enum has `null` in its list.
            return values.iter().filter(|value| !value.is_null()).map(Value::as_str).collect();
        }
        // With descriptions, each variant is a schema of its own; those without one share a list.
        let Some(Value::Array(variants)) = self.shape.get("oneOf") else { return None };
        let mut choices = Vec::new();
        for variant in variants {
            match (variant.get("const"), variant.get("enum")) {
                (Some(Value::String(text)), _) => choices.push(text.as_str()),
                (_, Some(Value::Array(texts))) => {
                    choices.extend(texts.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?);
                }
                _ => return None,
            }
        }
        Some(choices)
    }

    fn list(self) -> Kind<'s> {
        let item = self.shape.get("items").and_then(|items| self.inside(items));
        match item.map(|item| (item, item.kind())) {
            Some((_, Kind::Text | Kind::Choice(_))) => Kind::Texts,
            Some((item, Kind::Object)) => Kind::Objects(item),
            Some((_, Kind::Boolean | Kind::Integer | Kind::Number)) => {
                Kind::Other("a list of numbers or booleans, of which the form would make texts")
            }
            _ => Kind::Other("a list of lists or maps"),
        }
    }

    fn object(self) -> Kind<'s> {
        if self.shape.contains_key("properties") {
            return Kind::Object;
        }
        let value = self.shape.get("additionalProperties").and_then(|schema| self.inside(schema));
        match value.map(Self::kind) {
            Some(Kind::Text | Kind::Choice(_)) => Kind::TextMap,
            Some(_) => Kind::Other("a map whose values are no texts"),
            None => Kind::Other("an object without fields"),
        }
    }
}
