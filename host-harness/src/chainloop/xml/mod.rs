//! XML as Go reads it: what Go's decoder refuses is refused here, in its words.
//!
//! It is stricter than the standard in some places (other encodings than UTF-8, versions other than 1.0) and laxer in
//! others (an attribute may be there twice, a namespace need not be declared).

mod error;
mod markup;
mod text;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use error::XmlError;
pub(crate) use text::unescaped;

/// A reader of one document.
#[derive(Debug)]
pub(crate) struct Xml<'t> {
    text: &'t [u8],
    at: usize,
    /// Names of the elements that are open, with their prefixes.
    open: Vec<&'t str>,
    /// Whether the last start tag was that of an empty element, whose end has yet to be told.
    empty: bool,
}

/// A part of a document.
#[derive(Debug)]
pub(crate) enum Token<'t> {
    /// A start tag; an empty element has an end as well.
    Start(Start<'t>),
    /// The end of the element that was started last, and where its tag starts.
    End(usize),
    /// Text between tags, or a CDATA section.
    Text(String),
    /// A comment, a processing instruction or a directive.
    Other,
    /// There is nothing more.
    Finished,
}

/// A start tag.
#[derive(Debug)]
pub(crate) struct Start<'t> {
    /// The name without its prefix.
    pub(crate) name: &'t str,
    /// Names without their prefixes, and values, in the order of the text.
    pub(crate) attributes: Vec<(&'t str, String)>,
    /// Where the content starts.
    pub(crate) end: usize,
}

impl<'t> Xml<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0, open: Vec::new(), empty: false }
    }

    /// How far it was read, in bytes.
    pub(crate) fn at(&self) -> usize {
        self.at.min(self.text.len())
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The text from one place to another, as it is written.
    pub(crate) fn between(&self, from: usize, to: usize) -> Cow<'t, str> {
        String::from_utf8_lossy(self.text.get(from..to).unwrap_or_default())
    }

    /// The next part.
    pub(crate) fn next(&mut self) -> Result<Token<'t>, XmlError> {
        if std::mem::take(&mut self.empty) {
            self.open.pop();
            return Ok(Token::End(self.at));
        }
        match self.text.get(self.at) {
            None if self.open.is_empty() => Ok(Token::Finished),
            None => Err(self.error("unexpected EOF")),
            Some(b'<') => {
                self.at += 1;
                self.markup()
            }
            Some(_) => Ok(Token::Text(self.characters()?)),
        }
    }

    /// Reads up to the end of the element that was started last, and says where its end tag starts.
    pub(crate) fn pass_over(&mut self) -> Result<usize, XmlError> {
        let depth = self.open.len();
        loop {
            if let Token::End(start) = self.next()?
                && self.open.len() < depth
            {
                return Ok(start);
            }
        }
    }

    /// A byte that has to be there.
    fn byte(&mut self) -> Result<u8, XmlError> {
        let byte = self.text.get(self.at).copied().ok_or_else(|| self.error("unexpected EOF"))?;
        self.at += 1;
        Ok(byte)
    }

    fn space(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\r' | b'\n' | b'\t')).count();
    }

    fn error(&self, words: impl Into<String>) -> XmlError {
        XmlError::syntax(self.text, self.at(), words)
    }
}
