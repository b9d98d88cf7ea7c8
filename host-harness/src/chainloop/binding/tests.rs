use super::rendered;

/// What Go makes of each template when `inputs` is empty; the text behind `!` is its error.
const OF_GO: &str = include_str!("of_go.txt");

#[test]
fn templates_are_rendered_as_go_does() {
    let mut wrong = Vec::new();
    for line in OF_GO.lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let (text, expected) = (value[0].as_str().expect("a template"), value[1].as_str().expect("a text"));
        let found = rendered(text).unwrap_or_else(|error| format!("!{error}"));
        if found != expected {
            wrong.push(format!("{text}\n  expected: {expected}\n  found:    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_needs_values_is_refused() {
    for (text, word) in [
        ("a {{ if true }}b{{ end }}", "{{if}} is not evaluated here"),
        ("{{ range .inputs }}x{{ end }}", "{{range}} is not evaluated here"),
        ("{{ $a := 1 }}{{ $a }}", "variables are not evaluated here"),
        ("{{ slice \"abc\" 1 }}", "slice is not evaluated here"),
        ("{{ printf \"%s\" \"a\" }}", "printf is not evaluated here"),
        ("{{ eq 1 \"a\" }}", "such a comparison is not evaluated here: int and string"),
        ("{{ 1i }}", "complex numbers are not evaluated here"),
    ] {
        let error = rendered(text).expect_err(text);
        assert!(error.starts_with("template: chainloop:1:") && error.contains(word), "{text}: {error}");
    }
}
