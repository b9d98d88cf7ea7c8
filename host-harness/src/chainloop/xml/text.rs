//! Text between tags, in CDATA sections and in attributes.

use super::{Xml, XmlError};

/// Where a text stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Within {
    Element,
    Section,
    Quotes(u8),
}

impl Xml<'_> {
    /// The text up to the next tag.
    pub(super) fn characters(&mut self) -> Result<String, XmlError> {
        self.run(Within::Element)
    }

    /// The text up to the end of a CDATA section.
    pub(super) fn section(&mut self) -> Result<String, XmlError> {
        self.run(Within::Section)
    }

    /// A text, decoded, up to what ends it.
    pub(super) fn run(&mut self, within: Within) -> Result<String, XmlError> {
        let mut out = Vec::new();
        // How many `]` stand before the current place, up to two.
        let mut brackets = 0_u8;
        while let Some(byte) = self.text.get(self.at).copied() {
            match (byte, within) {
                (b'>', Within::Section | Within::Element) if brackets == 2 => {
                    self.at += 1;
                    if within == Within::Element {
                        return Err(self.error("unescaped ]]> not in CDATA section"));
                    }
                    out.truncate(out.len() - 2);
                    return self.checked(out);
                }
                (b'<', Within::Quotes(_)) => {
                    self.at += 1;
                    return Err(self.error("unescaped < inside quoted string"));
                }
                (b'<', Within::Element) => return self.checked(out),
                (byte, Within::Quotes(quote)) if byte == quote => {
                    self.at += 1;
                    return self.checked(out);
                }
                (b'&', Within::Element | Within::Quotes(_)) => {
                    self.at += 1;
                    let character = self.entity()?;
                    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    brackets = 0;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            brackets = if byte == b']' { 2.min(brackets + 1) } else { 0 };
            match byte {
                b'\r' => out.push(b'\n'),
                b'\n' if self.at >= 2 && self.text[self.at - 2] == b'\r' => {}
                other => out.push(other),
            }
        }
        match within {
            Within::Section => Err(self.error("unexpected EOF in CDATA section")),
            Within::Quotes(_) => Err(self.error("unexpected EOF")),
            Within::Element => self.checked(out),
        }
    }

    /// The character that is meant by what comes after `&`.
    fn entity(&mut self) -> Result<char, XmlError> {
        let start = self.at - 1;
        let character = if self.byte()? == b'#' {
            let radix = if self.text.get(self.at) == Some(&b'x') { 16 } else { 10 };
            if radix == 16 {
                self.at += 1;
            }
            let digits = self.at;
            while char::from(self.byte()?).is_digit(radix) {}
            self.at -= 1;
            let number = std::str::from_utf8(&self.text[digits..self.at]).unwrap_or_default();
            // Half of a surrogate pair is U+FFFD.
            let character = u32::from_str_radix(number, radix).ok().filter(|number| *number <= 0x10_ffff);
            character.map(|number| char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
        } else {
            self.at -= 1;
            predefined(self.raw_name()?.unwrap_or_default())
        };
        let closed = self.byte()? == b';';
        match character {
            Some(character) if closed => Ok(character),
            _ => {
                if !closed {
                    self.at -= 1;
                }
                let entity = self.between(start, self.at).into_owned();
                let hint = if closed { "" } else { " (no semicolon)" };
                Err(self.error(format!("invalid character entity {entity}{hint}")))
            }
        }
    }

    /// The text, if it is UTF-8 and all characters can be in XML.
    fn checked(&self, out: Vec<u8>) -> Result<String, XmlError> {
        let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        let check = |text: &str| match text.chars().find(|c| !allowed(*c)) {
            Some(c) => Err(self.error(format!("illegal character code U+{:04X}", u32::from(c)))),
            None => Ok(()),
        };
        match String::from_utf8(out) {
            Ok(text) => check(&text).map(|()| text),
            Err(error) => {
                // What is wrong first is said.
                check(&String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]))?;
                Err(self.error("invalid UTF-8"))
            }
        }
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// A text with its references resolved as in HTML, which is how reports of tests are read: numbers from 128 to 159 mean
/// the characters of Windows 1252. Names beyond those of XML stay as they are.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.find(';').filter(|end| *end <= 12);
        let name = end.map_or("", |end| &after[..end]);
        let number = match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => name.strip_prefix('#').and_then(|digits| digits.parse().ok()),
        };
        match (predefined(name).or_else(|| number.map(numbered)), end) {
            (Some(character), Some(end)) => {
                out.push(character);
                rest = &after[end + 1..];
            }
            _ => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn numbered(number: u32) -> char {
    const WINDOWS: [u16; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
        0x17e, 0x178,
    ];
    let number = match number {
        0x80..=0x9f => u32::from(WINDOWS[number as usize - 0x80]),
        0 => 0xfffd,
        other => other,
    };
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}
