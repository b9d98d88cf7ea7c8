//! What stands between `<` and `>`.

use super::text::Within;
use super::{Start, Token, Xml, XmlError};

impl<'t> Xml<'t> {
    /// What starts with the `<` before the current place.
    pub(super) fn markup(&mut self) -> Result<Token<'t>, XmlError> {
        match self.byte()? {
            b'/' => self.end_tag(),
            b'?' => self.instruction(),
            b'!' => match self.byte()? {
                b'-' => self.comment(),
                b'[' => {
                    for expected in *b"CDATA[" {
                        if self.byte()? != expected {
                            return Err(self.error("invalid <![ sequence"));
                        }
                    }
                    Ok(Token::Text(self.section()?))
                }
                _ => self.directive(),
            },
            _ => {
                self.at -= 1;
                self.start_tag()
            }
        }
    }

    fn end_tag(&mut self) -> Result<Token<'t>, XmlError> {
        let start = self.at - 2;
        let name = self.name("expected element name after </")?;
        self.space();
        if self.byte()? != b'>' {
            self.at -= 1;
            return Err(self.error(format!("invalid characters between </{} and >", local(name))));
        }
        match self.open.pop() {
            None => Err(self.error(format!("unexpected end element </{}>", local(name)))),
            Some(open) if local(open) != local(name) => {
                Err(self.error(format!("element <{}> closed by </{}>", local(open), local(name))))
            }
            Some(open) if open != name => {
                let prefix = |name: &'t str| name.len() - local(name).len();
                let (outer, inner) = (&open[..prefix(open)], &name[..prefix(name)]);
                let [outer, inner] = [outer, inner].map(|prefix| prefix.trim_end_matches(':'));
                let name = local(name);
                let inner = if inner.is_empty() { "\"\"" } else { inner };
                Err(self.error(format!("element <{name}> in space {outer} closed by </{name}> in space {inner}")))
            }
            Some(_) => Ok(Token::End(start)),
        }
    }

    fn start_tag(&mut self) -> Result<Token<'t>, XmlError> {
        let name = self.name("expected element name after <")?;
        let mut attributes = Vec::new();
        loop {
            self.space();
            match self.byte()? {
                b'/' => {
                    if self.byte()? != b'>' {
                        self.at -= 1;
                        return Err(self.error("expected /> in element"));
                    }
                    self.empty = true;
                    break;
                }
                b'>' => break,
                _ => self.at -= 1,
            }
            let attribute = self.name("expected attribute name in element")?;
            self.space();
            if self.byte()? != b'=' {
                self.at -= 1;
                return Err(self.error("attribute name without = in element"));
            }
            self.space();
            let quote = self.byte()?;
            if !matches!(quote, b'"' | b'\'') {
                self.at -= 1;
                return Err(self.error("unquoted or missing attribute value in element"));
            }
            attributes.push((local(attribute), self.run(Within::Quotes(quote))?));
        }
        self.open.push(name);
        Ok(Token::Start(Start { name: local(name), attributes, end: self.at }))
    }

    fn instruction(&mut self) -> Result<Token<'t>, XmlError> {
        let target = self.name("expected target name after <?")?;
        self.space();
        let start = self.at;
        let end = memchr::memmem::find(&self.text[start..], b"?>").map(|found| start + found);
        self.at = end.map_or(self.text.len(), |end| end + 2);
        let Some(end) = end else { return Err(self.error("unexpected EOF")) };
        if target == "xml" {
            let content = self.between(start, end);
            let version = parameter("version", &content);
            if !version.is_empty() && version != "1.0" {
                let words = format!("xml: unsupported version {version:?}; only version 1.0 is supported");
                return Err(XmlError::unsupported(self.at, words));
            }
            let encoding = parameter("encoding", &content);
            if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("utf-8") {
                let words = format!("xml: encoding {encoding:?} declared but Decoder.CharsetReader is nil");
                return Err(XmlError::unsupported(self.at, words));
            }
        }
        Ok(Token::Other)
    }

    fn comment(&mut self) -> Result<Token<'t>, XmlError> {
        if self.byte()? != b'-' {
            return Err(self.error("invalid sequence <!- not part of <!--"));
        }
        let Some(found) = memchr::memmem::find(&self.text[self.at..], b"--") else {
            self.at = self.text.len();
            return Err(self.error("unexpected EOF"));
        };
        self.at += found + 2;
        if self.byte()? != b'>' {
            return Err(self.error("invalid sequence \"--\" not allowed in comments"));
        }
        Ok(Token::Other)
    }

    /// A document type and the like, with everything in it.
    fn directive(&mut self) -> Result<Token<'t>, XmlError> {
        let (mut quote, mut depth) = (None, 0_usize);
        loop {
            let byte = self.byte()?;
            match (byte, quote) {
                (byte, Some(open)) if byte == open => quote = None,
                (_, Some(_)) => {}
                (b'"' | b'\'', None) => quote = Some(byte),
                (b'>', None) if depth == 0 => return Ok(Token::Other),
                (b'>', None) => depth -= 1,
                (b'<', None) if self.text[self.at..].starts_with(b"!--") => {
                    self.at += 3;
                    let found = memchr::memmem::find(&self.text[self.at..], b"-->");
                    self.at = found.map_or(self.text.len(), |found| self.at + found + 3);
                }
                (b'<', None) => depth += 1,
                _ => {}
            }
        }
    }

    /// A name, with its prefix. `missing` is said when there is none.
    fn name(&mut self, missing: &str) -> Result<&'t str, XmlError> {
        let name = self.raw_name()?.ok_or_else(|| self.error(missing))?;
        // More than one prefix is no name, and Go does not say why.
        if name.matches(':').count() > 1 { Err(self.error(missing)) } else { Ok(name) }
    }

    /// The bytes that can be in a name; `None` if there is none of them.
    pub(super) fn raw_name(&mut self) -> Result<Option<&'t str>, XmlError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.first() else { return Err(self.error("unexpected EOF")) };
        let allowed = |byte: &u8| *byte >= 0x80 || byte.is_ascii_alphanumeric() || b"_:.-".contains(byte);
        if !allowed(first) {
            return Ok(None);
        }
        let length = rest.iter().take_while(|byte| allowed(byte)).count();
        self.at += length;
        if length == rest.len() {
            return Err(self.error("unexpected EOF"));
        }
        let invalid = || self.error(format!("invalid XML name: {}", String::from_utf8_lossy(&rest[..length])));
        let name = std::str::from_utf8(&rest[..length]).map_err(|_| invalid())?;
        if is_name(name) { Ok(Some(name)) } else { Err(invalid()) }
    }
}

/// Whether a name starts with a letter, `_` or `:`.
fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
    name.starts_with(letter)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    match name.split_once(':') {
        Some((prefix, rest)) if !prefix.is_empty() && !rest.is_empty() => rest,
        _ => name,
    }
}

/// The value of `name="value"` in a processing instruction; empty if it is not there.
fn parameter<'c>(name: &str, content: &'c str) -> &'c str {
    let mut rest = content;
    while let Some(found) = rest.find(&format!("{name}=")) {
        rest = &rest[found + name.len() + 1..];
        let Some(quote) = rest.chars().next() else { break };
        if matches!(quote, '"' | '\'') {
            let inside = &rest[1..];
            return inside.find(quote).map_or("", |end| &inside[..end]);
        }
    }
    ""
}
