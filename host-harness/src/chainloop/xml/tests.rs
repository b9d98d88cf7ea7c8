//! What of the reader no report shows. The rest is in `tests/chainloop/material`.

use super::{Token, Xml, unescaped};

fn all(text: &str) -> Result<String, String> {
    let mut xml = Xml::new(text.as_bytes());
    let mut out = String::new();
    loop {
        match xml.next().map_err(|error| error.to_string())? {
            Token::Start(start) => out.push_str(&format!("<{} {:?}>", start.name, start.attributes)),
            Token::End(at) => out.push_str(&format!("</{at}>")),
            Token::Text(text) => out.push_str(&format!("{text:?}")),
            Token::Other => out.push('.'),
            Token::Finished => return Ok(out),
        }
    }
}

#[test]
fn lines_end_with_a_newline_whatever_ends_them() {
    assert_eq!(
        all("<a b='1\r\n2\r3'>\r\nx\ry<![CDATA[\r\n]]></a>"),
        Ok("<a [(\"b\", \"1\\n2\\n3\")]>\"\\nx\\ny\"\"\\n\"</33>".into())
    );
}

#[test]
fn references_and_brackets() {
    assert_eq!(all("<a>&lt;&#x41;&#66;]&gt;]]</a>"), Ok("<a []>\"<AB]>]]\"</25>".into()));
    assert_eq!(all("<a><![CDATA[x]]]></a>"), Ok("<a []>\"x]\"</17>".into()));
    let ended = "XML syntax error on line 1: unescaped ]]> not in CDATA section";
    assert_eq!(all("<a>]]]></a>"), Err(ended.into()));
}

#[test]
fn empty_elements_end_at_once() {
    assert_eq!(all("<p:a/><b></b>"), Ok("<a []></6><b []></9>".into()));
}

#[test]
fn bodies_are_read_as_html() {
    assert_eq!(unescaped("&#150;&amp;&#x80;&#0;&nbsp;&lt"), "\u{2013}&\u{20ac}\u{fffd}&nbsp;&lt");
}
