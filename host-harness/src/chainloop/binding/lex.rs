//! The pieces of an action.

use super::quoted;

/// The words of control structures.
pub(super) const CONTROL: &[&str] =
    &["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];

/// A piece, and where it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Space,
    /// `:=`
    Declare,
    Pipe,
    /// In quotes, as it is written.
    String(String),
    /// In backticks, without them.
    Raw(String),
    /// In single quotes, as it is written.
    Character(String),
    /// `$name`
    Variable(String),
    /// `.name`, without the dot.
    Field(String),
    Dot,
    Number(String),
    /// Also `true`, `false`, `nil` and the words of control structures.
    Word(String),
    Open,
    Close,
    /// Any other character of ASCII.
    Other(char),
    End,
    /// What is wrong from here on.
    Error(String),
}

impl What {
    /// As Go shows it in errors.
    pub(super) fn shown(&self) -> String {
        let text = match self {
            Self::Dot => return "<.>".to_owned(),
            Self::Word(word) if CONTROL.contains(&word.as_str()) || word == "nil" => {
                return format!("<{word}>");
            }
            Self::Space => " ".to_owned(),
            Self::Declare => ":=".to_owned(),
            Self::Pipe => "|".to_owned(),
            Self::Raw(text) => format!("`{text}`"),
            Self::Field(name) => format!(".{name}"),
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
            Self::Other(letter) => letter.to_string(),
            Self::End => "}}".to_owned(),
            Self::String(text)
            | Self::Character(text)
            | Self::Variable(text)
            | Self::Number(text)
            | Self::Word(text)
            | Self::Error(text) => text.clone(),
        };
        match text.chars().count() {
            0..=10 => quoted(&text),
            _ => format!("{}...", quoted(&text.chars().take(10).collect::<String>())),
        }
    }
}

/// The pieces of the action that starts at `at`, up to its end or to what is wrong with it, and where the text goes on.
pub(super) fn tokens(text: &str, at: usize) -> (Vec<Token>, usize) {
    let mut lexer = Lexer { text, at, depth: 0 };
    let mut tokens = Vec::new();
    loop {
        let at = lexer.at;
        let what = lexer.next().unwrap_or_else(What::Error);
        let last = matches!(what, What::End | What::Error(_));
        tokens.push(Token { at, what });
        if last {
            return (tokens, lexer.at);
        }
    }
}

/// How many parentheses may be inside of each other.
const DEPTH: usize = 100;

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Parentheses that are open.
    depth: usize,
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

fn is_letter(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

/// A character as Go shows it with its code point.
fn point(letter: char) -> String {
    let code = format!("U+{:04X}", u32::from(letter));
    if letter.is_control() { code } else { format!("{code} '{letter}'") }
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The length of the end of an action here.
    fn end(&self) -> Option<usize> {
        let rest = self.rest();
        if rest.starts_with("}}") {
            return Some(2);
        }
        let mut letters = rest.chars();
        (letters.next().is_some_and(is_space) && letters.as_str().starts_with("-}}")).then_some(4)
    }

    fn next(&mut self) -> Result<What, String> {
        if let Some(length) = self.end() {
            if self.depth > 0 {
                return Err("unclosed left paren".to_owned());
            }
            self.at += length;
            if length == 4 {
                self.at += self.rest().len() - self.rest().trim_start_matches(is_space).len();
            }
            return Ok(What::End);
        }
        let rest = self.rest();
        let Some(letter) = rest.chars().next() else { return Err("unclosed action".to_owned()) };
        let digit = |text: &str| text.starts_with(|letter: char| letter.is_ascii_digit());
        match letter {
            letter if is_space(letter) => {
                while self.end().is_none() && self.rest().starts_with(is_space) {
                    self.at += 1;
                }
                Ok(What::Space)
            }
            ':' if rest.starts_with(":=") => self.take(2, |_| What::Declare),
            ':' => Err("expected :=".to_owned()),
            '|' => self.take(1, |_| What::Pipe),
            '"' | '\'' => self.quotes(letter),
            '`' => match rest[1..].find('`') {
                Some(length) => self.take(length + 2, |text| What::Raw(text[1..text.len() - 1].to_owned())),
                None => Err("unterminated raw quoted string".to_owned()),
            },
            '$' => self.name(1, |text| What::Variable(text.to_owned())),
            '.' if !digit(&rest[1..]) => {
                self.name(1, |text| if text == "." { What::Dot } else { What::Field(text[1..].to_owned()) })
            }
            '.' | '+' | '-' | '0'..='9' => self.number(),
            letter if is_letter(letter) => self.name(0, |text| What::Word(text.to_owned())),
            '(' if self.depth == DEPTH => {
                Err("there are more parentheses inside of each other than an input needs".to_owned())
            }
            '(' => {
                self.depth += 1;
                self.take(1, |_| What::Open)
            }
            ')' if self.depth == 0 => Err("unexpected right paren".to_owned()),
            ')' => {
                self.depth -= 1;
                self.take(1, |_| What::Close)
            }
            letter if letter.is_ascii() && !letter.is_control() => self.take(1, |_| What::Other(letter)),
            letter => Err(format!("unrecognized character in action: {}", point(letter))),
        }
    }

    fn take(&mut self, length: usize, what: impl FnOnce(&str) -> What) -> Result<What, String> {
        let made = what(&self.rest()[..length]);
        self.at += length;
        Ok(made)
    }

    /// Letters and digits behind `before` bytes; behind them must be something that ends a name.
    fn name(&mut self, before: usize, what: impl FnOnce(&str) -> What) -> Result<What, String> {
        let rest = &self.rest()[before..];
        let length = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
        let behind = rest[length..].chars().next();
        let ends = |letter: char| is_space(letter) || ".,|:)(".contains(letter);
        match behind {
            Some(letter) if !ends(letter) && !rest[length..].starts_with("}}") => {
                Err(format!("bad character {}", point(letter)))
            }
            _ => self.take(before + length, what),
        }
    }

    fn quotes(&mut self, quote: char) -> Result<What, String> {
        let mut escaped = false;
        for (at, letter) in self.rest().char_indices().skip(1) {
            match letter {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                letter if letter == quote && quote == '"' => {
                    return self.take(at + 1, |text| What::String(text.to_owned()));
                }
                letter if letter == quote => return self.take(at + 1, |text| What::Character(text.to_owned())),
                _ => {}
            }
        }
        let what = if quote == '"' { "quoted string" } else { "character constant" };
        Err(format!("unterminated {what}"))
    }

    fn number(&mut self) -> Result<What, String> {
        let rest = self.rest();
        let unsigned = rest.trim_start_matches(['+', '-']);
        let sign = usize::from(rest.len() > unsigned.len());
        let rest = &rest[sign..];
        let run = |from: usize, digits: &str| {
            from + rest[from..].chars().take_while(|letter| digits.contains(*letter)).count()
        };
        let (digits, mut at) = match rest.get(..2) {
            Some("0x" | "0X") => ("0123456789abcdefABCDEF_", 2),
            Some("0o" | "0O") => ("01234567_", 2),
            Some("0b" | "0B") => ("01_", 2),
            _ => ("0123456789_", 0),
        };
        at = run(at, digits);
        if rest[at..].starts_with('.') {
            at = run(at + 1, digits);
        }
        if digits.len() == 11 && rest[at..].starts_with(['e', 'E']) {
            at += 1;
            at += usize::from(rest[at..].starts_with(['+', '-']));
            at = run(at, digits);
        }
        at += usize::from(rest[at..].starts_with('i'));
        if let Some(next) = rest[at..].chars().next().filter(|next| is_letter(*next)) {
            let shown = &self.rest()[..sign + at + next.len_utf8()];
            return Err(format!("bad number syntax: {}", quoted(shown)));
        }
        self.take(sign + at, |text| What::Number(text.to_owned()))
    }
}
