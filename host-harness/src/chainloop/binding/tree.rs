//! What a template is made of.

/// A part of a template.
#[derive(Debug)]
pub(super) enum Part {
    Text(String),
    /// An action that prints what it comes to, unless it sets variables.
    Action(Clause),
    /// `if`, `with` and `range`: what is done if there is something, and if not.
    Block(Block, Clause, Vec<Part>, Vec<Part>),
    Break,
    Continue,
}

/// How a block decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    If,
    With,
    Range,
}

impl Block {
    /// The word that it starts with.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

/// A pipeline, and the variables that get its value.
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) variables: Vec<String>,
    /// Whether the variables are new.
    pub(super) declares: bool,
    pub(super) pipeline: Pipeline,
}

/// Commands, each of which gets the value of the one before as its last argument.
pub(super) type Pipeline = Vec<Vec<Operand>>;

/// A part of a command, and where it is.
#[derive(Debug)]
pub(super) struct Operand {
    pub(super) at: usize,
    pub(super) is: Is,
    /// Names of fields that are looked up in it, and where each of them is.
    pub(super) fields: Vec<(String, usize)>,
}

#[derive(Debug)]
pub(super) enum Is {
    /// `.`: everything that a template may ask for, or what `with` and `range` are at.
    Dot,
    /// `$` is everything, always.
    Variable(String),
    Nil,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    Function(String),
    /// In parentheses.
    Clause(Clause),
}
