//! Compared with another parser, on texts that nobody wrote.

use serde_json::Value;

use super::{Json, Sink, indented};

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn value(&mut self, depth: u32, text: &mut String) {
        let spaces = ["", "", "", " ", "\n", "\t\r\n "];
        text.push_str(self.one(&spaces));
        let last = if depth == 0 { 5 } else { 9 };
        match self.below(last) {
            0 => text.push_str(self.one(&["null", "true", "false"])),
            1 => text.push_str(self.one(&["0", "-0", "1.50", "-12e3", "0.1E-2", "123456789"])),
            2..5 => self.text(text),
            5..7 => self.list(depth, '[', ']', text),
            _ => self.list(depth, '{', '}', text),
        }
        text.push_str(self.one(&spaces));
    }

    fn list(&mut self, depth: u32, start: char, end: char, text: &mut String) {
        text.push(start);
        for index in 0..self.below(6) {
            if index > 0 {
                text.push(',');
            }
            if start == '{' {
                self.text(text);
                text.push(':');
            }
            self.value(depth - 1, text);
        }
        text.push(end);
    }

    fn text(&mut self, text: &mut String) {
        let parts = [
            "a",
            "b",
            "zz",
            "é",
            "\u{2028}",
            "<",
            "&",
            "😀",
            "\\n",
            "\\u0041",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u0001",
            "a long text that has nothing in it",
        ];
        text.push('"');
        (0..self.below(4)).for_each(|_| text.push_str(self.one(&parts)));
        text.push('"');
    }
}

fn written(text: &str) -> Vec<u8> {
    let json = Json::document(text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}: {text}"));
    let mut sink = Sink::default();
    json.write(json.start(), &mut sink);
    sink.into_bytes()
}

#[test]
fn what_is_written_means_the_same_and_is_written_the_same_again() {
    let mut random = Random(1);
    for _ in 0..5_000 {
        let mut text = String::new();
        random.value(5, &mut text);
        let once = String::from_utf8(written(&text)).expect("UTF-8");
        let (before, after): (Value, Value) = (
            serde_json::from_str(&text).expect("JSON"),
            serde_json::from_str(&once).unwrap_or_else(|error| panic!("{error}: {once}")),
        );
        assert_eq!(before, after, "{text}");
        assert_eq!(written(&once), once.as_bytes(), "{text}");
        let lines = indented(once.as_bytes(), "   ");
        assert_eq!(serde_json::from_slice::<Value>(&lines).expect("JSON"), before, "{text}");
        let json = Json::document(text.as_bytes()).expect("JSON");
        assert_eq!(json.tree(json.start()), Ok(before), "{text}");
    }
}

#[test]
fn what_is_damaged_is_refused_by_both() {
    let mut random = Random(2);
    let mut refused = 0;
    for _ in 0..5_000 {
        let mut text = String::new();
        random.value(4, &mut text);
        let mut bytes = text.into_bytes();
        let at = random.below(bytes.len() as u64) as usize;
        match random.below(3) {
            0 => bytes.truncate(at),
            1 => drop(bytes.remove(at)),
            _ => bytes[at] = b",:]}\"\\0-x\x01"[random.below(10) as usize],
        }
        // What only one of them takes: half of a pair, bytes that are no UTF-8.
        if bytes.windows(2).any(|pair| pair == b"\\u") || std::str::from_utf8(&bytes).is_err() {
            continue;
        }
        let ours = Json::document(&bytes);
        let other = serde_json::from_slice::<Value>(&bytes);
        assert_eq!(ours.is_ok(), other.is_ok(), "{} {ours:?} {other:?}", String::from_utf8_lossy(&bytes));
        refused += usize::from(ours.is_err());
    }
    assert!(refused > 1_000, "{refused}");
}
