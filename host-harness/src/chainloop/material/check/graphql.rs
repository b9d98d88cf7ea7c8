//! The grammar of type systems in GraphQL.

use super::Refused;

/// How deep values and types may be nested.
const MAX_DEPTH: usize = 200;

pub(super) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let refused = |wrong: Wrong| Refused::of_type("invalid GraphQL SDL file").detail(wrong.what).at(wrong.at);
    let text = String::from_utf8_lossy(bytes);
    let tokens = tokens(text.strip_prefix('\u{feff}').unwrap_or(&text)).map_err(refused)?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: bytes.len(), depth: 0 };
    while !parser.finished() {
        parser.definition().map_err(refused)?;
    }
    Ok(())
}

/// Where directives may be.
const PLACES: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

/// What is wrong, and where, in bytes.
struct Wrong {
    what: String,
    at: usize,
}

type Parsed = Result<(), Wrong>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    /// `!`, `$`, `&`, `(`, `)`, `:`, `=`, `@`, `[`, `]`, `{`, `|`, `}`.
    Mark(u8),
    Name(&'t str),
    Number,
    String,
}

fn tokens(text: &str) -> Result<Vec<(Token<'_>, usize)>, Wrong> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let rest = &text[at..];
        let token = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                continue;
            }
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}' => {
                (Token::Mark(*byte), 1)
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
                (Token::Name(&rest[..length]), length)
            }
            b'-' | b'0'..=b'9' => {
                (Token::Number, number(rest).ok_or_else(|| Wrong { what: "not a number".to_owned(), at })?)
            }
            b'"' => {
                (Token::String, string(rest).ok_or_else(|| Wrong { what: "a string without its end".to_owned(), at })?)
            }
            _ => {
                let found = rest.chars().next().unwrap_or_default();
                return Err(Wrong { what: format!("{found:?} does not belong there"), at });
            }
        };
        tokens.push((token.0, at));
        at += token.1;
    }
    Ok(tokens)
}

/// How long a number is.
fn number(text: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = usize::from(text.starts_with('-'));
    let whole = digits(&text[at..]);
    if whole == 0 || (whole > 1 && text[at..].starts_with('0')) {
        return None;
    }
    at += whole;
    if text[at..].starts_with('.') {
        let part = digits(&text[at + 1..]);
        at += 1 + part;
        if part == 0 {
            return None;
        }
    }
    if text[at..].starts_with(['e', 'E']) {
        at += 1;
        at += usize::from(text[at..].starts_with(['+', '-']));
        let part = digits(&text[at..]);
        at += part;
        if part == 0 {
            return None;
        }
    }
    Some(at)
}

/// How long a string is, quotes included.
fn string(text: &str) -> Option<usize> {
    if text.starts_with("\"\"\"") {
        let mut at = 3;
        loop {
            let found = at + text[at..].find("\"\"\"")?;
            if !text[..found].ends_with('\\') {
                return Some(found + 3);
            }
            at = found + 3;
        }
    }
    let mut at = 1;
    loop {
        match text.as_bytes().get(at)? {
            b'\n' | b'\r' => return None,
            b'"' => return Some(at + 1),
            b'\\' => match text.as_bytes().get(at + 1)? {
                b'u' if text.get(at + 2..at + 6)?.bytes().all(|digit| digit.is_ascii_hexdigit()) => at += 6,
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                _ => return None,
            },
            _ => at += 1,
        }
    }
}

struct Parser<'p, 't> {
    tokens: &'p [(Token<'t>, usize)],
    at: usize,
    /// Where the text ends.
    end: usize,
    depth: usize,
}

impl<'t> Parser<'_, 't> {
    fn finished(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }

    fn wrong<T>(&self, expected: &str) -> Result<T, Wrong> {
        let at = self.tokens.get(self.at).map_or(self.end, |(_, at)| *at);
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(Token::Mark(mark)) => format!("`{}`", char::from(mark)),
            Some(Token::Name(name)) => format!("`{name}`"),
            Some(Token::Number) => "a number".to_owned(),
            Some(Token::String) => "a string".to_owned(),
        };
        Err(Wrong { what: format!("expected {expected}, found {found}"), at })
    }

    fn takes(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn mark(&mut self, mark: u8) -> Parsed {
        if self.takes(Token::Mark(mark)) { Ok(()) } else { self.wrong(&format!("`{}`", char::from(mark))) }
    }

    fn name(&mut self) -> Result<&'t str, Wrong> {
        match self.peek() {
            Some(Token::Name(name)) => {
                self.at += 1;
                Ok(name)
            }
            _ => self.wrong("a name"),
        }
    }

    /// What stands in brackets, at least one of it; nothing at all is fine.
    fn bracketed(&mut self, open: u8, close: u8, each: fn(&mut Self) -> Parsed) -> Parsed {
        if !self.takes(Token::Mark(open)) {
            return Ok(());
        }
        loop {
            each(self)?;
            if self.takes(Token::Mark(close)) {
                return Ok(());
            }
        }
    }

    fn deeper(&mut self, inner: fn(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.wrong("values that are nested less deep");
        }
        inner(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn definition(&mut self) -> Parsed {
        let described = self.takes(Token::String);
        if !described && self.takes(Token::Name("extend")) {
            return self.system(true);
        }
        self.system(false)
    }

    fn system(&mut self, extends: bool) -> Parsed {
        let Some(Token::Name(keyword)) = self.peek() else { return self.wrong("a definition of a type") };
        if !matches!(keyword, "schema" | "scalar" | "type" | "interface" | "union" | "enum" | "input" | "directive")
            || (extends && keyword == "directive")
        {
            return self.wrong("a definition of a type");
        }
        self.at += 1;
        if keyword == "directive" {
            return self.directive_definition();
        }
        if keyword != "schema" {
            self.name()?;
        }
        let bare = self.at;
        if matches!(keyword, "type" | "interface") && self.takes(Token::Name("implements")) {
            self.separated(b'&', |_| true)?;
        }
        self.directives()?;
        match keyword {
            "schema" if extends || self.peek() == Some(Token::Mark(b'{')) => {
                self.bracketed(b'{', b'}', |parser| {
                    let operation = matches!(parser.peek(), Some(Token::Name("query" | "mutation" | "subscription")));
                    if !operation {
                        return parser.wrong("`query`, `mutation` or `subscription`");
                    }
                    parser.name()?;
                    parser.mark(b':')?;
                    parser.name().map(drop)
                })?;
            }
            "schema" => return self.wrong("`{`"),
            "type" | "interface" => self.bracketed(b'{', b'}', Self::field)?,
            "input" => self.bracketed(b'{', b'}', Self::input)?,
            "enum" => self.bracketed(b'{', b'}', |parser| {
                parser.takes(Token::String);
                parser.name()?;
                parser.directives()
            })?,
            "union" if self.takes(Token::Mark(b'=')) => self.separated(b'|', |_| true)?,
            _ => {}
        }
        // What is extended by nothing is not extended.
        if extends && self.at == bare { self.wrong("what is extended") } else { Ok(()) }
    }

    fn directive_definition(&mut self) -> Parsed {
        self.mark(b'@')?;
        self.name()?;
        self.bracketed(b'(', b')', Self::input)?;
        self.takes(Token::Name("repeatable"));
        if !self.takes(Token::Name("on")) {
            return self.wrong("`on`");
        }
        self.separated(b'|', |place| PLACES.contains(&place))
    }

    /// Names with a mark between them, and one before them if it is there.
    fn separated(&mut self, mark: u8, allowed: fn(&str) -> bool) -> Parsed {
        self.takes(Token::Mark(mark));
        loop {
            if let Some(Token::Name(name)) = self.peek()
                && !allowed(name)
            {
                return self.wrong("a place for directives");
            }
            self.name()?;
            if !self.takes(Token::Mark(mark)) {
                return Ok(());
            }
        }
    }

    fn field(&mut self) -> Parsed {
        self.takes(Token::String);
        self.name()?;
        self.bracketed(b'(', b')', Self::input)?;
        self.mark(b':')?;
        self.kind()?;
        self.directives()
    }

    fn input(&mut self) -> Parsed {
        self.takes(Token::String);
        self.name()?;
        self.mark(b':')?;
        self.kind()?;
        if self.takes(Token::Mark(b'=')) {
            self.value()?;
        }
        self.directives()
    }

    fn kind(&mut self) -> Parsed {
        if self.takes(Token::Mark(b'[')) {
            self.deeper(Self::kind)?;
            self.mark(b']')?;
        } else {
            self.name()?;
        }
        self.takes(Token::Mark(b'!'));
        Ok(())
    }

    fn directives(&mut self) -> Parsed {
        while self.takes(Token::Mark(b'@')) {
            self.name()?;
            self.bracketed(b'(', b')', Self::argument)?;
        }
        Ok(())
    }

    fn argument(&mut self) -> Parsed {
        self.name()?;
        self.mark(b':')?;
        self.value()
    }

    fn value(&mut self) -> Parsed {
        match self.peek() {
            Some(Token::Name(_) | Token::Number | Token::String) => {
                self.at += 1;
                Ok(())
            }
            Some(Token::Mark(open @ (b'[' | b'{'))) => {
                self.at += 1;
                let close = if open == b'[' { b']' } else { b'}' };
                while !self.takes(Token::Mark(close)) {
                    self.deeper(if open == b'[' { Self::value } else { Self::argument })?;
                }
                Ok(())
            }
            _ => self.wrong("a value"),
        }
    }
}
