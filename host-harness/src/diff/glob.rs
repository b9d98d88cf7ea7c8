//! Patterns for texts.

/// Whether a pattern fits a whole text: `*` stands for any characters, `?` for one.
///
/// It takes time in proportion to the product of both lengths at most.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where the last `*` stands, and up to where it stands for the text.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[read] => {
                at += 1;
                read += 1;
            }
            _ => match &mut star {
                Some((behind, until)) => {
                    *until += 1;
                    (at, read) = (*behind + 1, *until);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a\nb"),
            ("a*c", "abcbc"),
            ("?b*", "äb"),
            ("**", "x"),
            ("a*b*c", "aXbYbZc"),
            ("web", "web"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("?", ""), ("a*c", "abcb"), ("web", "webhook"), ("web", "my-web"), ("[a]", "a")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        assert!(!fits(&"a*".repeat(200), &"a".repeat(4_000).replace("aa", "ab").repeat(2).replace('a', "c")));
    }
}
