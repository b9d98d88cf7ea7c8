//! The form that Rancher shows for a policy's settings: `questions-ui.yml`.

use serde::Serialize;
use serde_json::Value;

use super::form::{Field, Kind};

/// A form, and what it does not ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Questions {
    /// The text of `questions-ui.yml`.
    pub yaml: String,
    /// Settings that have no input in the form; users set them in YAML.
    pub left_out: Vec<LeftOut>,
}

/// A setting without an input in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The setting, as the form would name it: `a.b`.
    pub variable: String,
    /// Why: what it is that the form cannot ask for.
    pub reason: &'static str,
    /// Whether a policy cannot be deployed without it.
    pub required: bool,
}

#[derive(Serialize)]
struct Document {
    questions: Vec<Question>,
}

/// One input, in Rancher's words.
#[derive(Default, Serialize)]
struct Question {
    variable: String,
    label: String,
    r#type: &'static str,
    group: &'static str,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tooltip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_chars: Option<Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hide_input: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subquestions: Vec<Question>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sequence_questions: Vec<Question>,
}

/// Where a question is in the form.
#[derive(Clone, Copy)]
struct Place<'p> {
    /// The variable of the question around it, with a dot; empty for the outermost, and in each item of a list.
    prefix: &'p str,
    /// The setting around it, with a dot, for people.
    path: &'p str,
    /// The default of the object around it.
    default: Option<&'p Value>,
    /// The object around it, and its place; none for the outermost.
    outer: Option<(Field<'p>, &'p Place<'p>)>,
}

impl Place<'_> {
    /// Whether the shape of a field is one that it is inside of.
    fn is_inside(&self, field: Field<'_>) -> bool {
        self.outer.is_some_and(|(object, place)| object.same_shape(field) || place.is_inside(field))
    }
}

/// Most questions in a form. A schema of a few lines can describe far more.
const MOST: usize = 500;

/// What is left out, and how much was asked for.
#[derive(Default)]
struct Report {
    left_out: Vec<LeftOut>,
    asked: usize,
}

/// Makes the form for the settings that a JSON Schema describes, as Rancher's Kubewarden extension reads it.
///
/// Rancher turns the values in arrays and maps into strings, so those of other values are left out, as are enums whose
/// variants have fields: a form that asks for them would give settings that the policy refuses.
pub fn questions(schema: &Value) -> Questions {
    let mut report = Report::default();
    let place = Place { prefix: "", path: "", default: None, outer: None };
    let questions = Field::root(schema).map(|root| ask(root, &place, &mut report)).unwrap_or_default();
    let yaml = crate::visible::yaml(&Document { questions }, false)
        .expect("texts, numbers and maps with text keys can be written as YAML");
    Questions { yaml, left_out: report.left_out }
}

/// The questions for the fields of an object.
fn ask(object: Field<'_>, place: &Place<'_>, report: &mut Report) -> Vec<Question> {
    let fields = object.fields().filter_map(|(name, field, required)| {
        let own_default = place.default.and_then(|default| default.get(name)).or_else(|| field.keyword("default"));
        let path = format!("{}{name}", place.path);
        let default = own_default.filter(|value| !value.is_null());
        match question(object, (name, field), default, &path, place, report) {
            Ok(question) => Some(Question { required, ..question }),
            Err(reason) => {
                report.left_out.push(LeftOut { variable: path, reason, required });
                None
            }
        }
    });
    fields.collect()
}

fn question(
    object: Field<'_>,
    (name, field): (&str, Field<'_>),
    default: Option<&Value>,
    path: &str,
    place: &Place<'_>,
    report: &mut Report,
) -> Result<Question, &'static str> {
    if name.contains('.') {
        return Err("a name with a dot, which the form takes for a field in a field");
    }
    report.asked += 1;
    if report.asked > MOST {
        return Err("the form is full: it has 500 inputs");
    }
    let variable = format!("{}{name}", place.prefix);
    let prefix = format!("{variable}.");
    let path = format!("{path}.");
    let inside = Place { prefix: &prefix, path: &path, default, outer: Some((object, place)) };
    let mut question = Question {
        label: field.keyword("title").and_then(Value::as_str).map_or_else(|| label(name), str::to_owned),
        group: "Settings",
        default: default.cloned(),
        ..Question::default()
    };
    let keyword = |name: &str| field.keyword(name).cloned();
    match field.kind() {
        Kind::Boolean => question.r#type = "boolean",
        number @ (Kind::Integer | Kind::Number) => {
            question.r#type = if matches!(number, Kind::Integer) { "int" } else { "float" };
            (question.min, question.max) = (keyword("minimum"), keyword("maximum"));
        }
        Kind::Text => {
            question.r#type = "string";
            (question.min_length, question.max_length) = (keyword("minLength"), keyword("maxLength"));
            question.valid_chars = keyword("pattern");
        }
        Kind::Choice(choices) => {
            question.r#type = "enum";
            question.options = Some(choices.into_iter().map(str::to_owned).collect());
        }
        Kind::Texts => question.r#type = "array[",
        Kind::TextMap => question.r#type = "map[",
        Kind::Object if inside.is_inside(field) => return Err("a type that contains itself"),
        Kind::Objects(item) if inside.is_inside(item) => return Err("a list of a type that contains itself"),
        Kind::Object => {
            question.r#type = "map[";
            question.hide_input = true;
            question.subquestions = ask(field, &inside, report);
        }
        Kind::Objects(item) => {
            question.r#type = "sequence[";
            question.hide_input = true;
            // In each item, names are counted from the item.
            question.sequence_questions = ask(item, &Place { prefix: "", default: None, ..inside }, report);
        }
        Kind::Other(reason) => return Err(reason),
    }
    let description = field.keyword("description").and_then(Value::as_str).map(one_paragraph);
    // Rancher shows a description below an input, which is too much where inputs are nested.
    if place.outer.is_none() {
        question.description = description;
    } else {
        question.tooltip = description;
    }
    question.variable = variable;
    Ok(question)
}

/// `maxQuantity` and `max_quantity` become `Max quantity`.
fn label(name: &str) -> String {
    let mut label = String::new();
    let mut after_lowercase = false;
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        let acronym = letters.peek().is_some_and(|next| next.is_uppercase());
        if c == '_' || c == '-' {
            label.push(' ');
        } else if label.is_empty() {
            label.extend(c.to_uppercase());
        } else if c.is_uppercase() && after_lowercase {
            label.push(' ');
            if acronym { label.push(c) } else { label.extend(c.to_lowercase()) }
        } else {
            label.push(c);
        }
        after_lowercase = c.is_lowercase() || c.is_ascii_digit();
    }
    label
}

/// Lines of a comment that belong together become one line.
fn one_paragraph(text: &str) -> String {
    let paragraphs: Vec<String> = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_are_words() {
        for (name, expected) in [
            ("maxQuantity", "Max quantity"),
            ("max_quantity", "Max quantity"),
            ("allow-list", "Allow list"),
            ("hostPID", "Host PID"),
            ("x", "X"),
        ] {
            assert_eq!(label(name), expected);
        }
    }
}
