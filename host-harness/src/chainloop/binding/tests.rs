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
        ("{{ define \"t\" }}x{{ end }}", "{{define}} is not evaluated here"),
        ("{{ template \"t\" }}", "{{template}} is not evaluated here"),
        ("{{ slice \"abc\" 1 }}", "slice is not evaluated here"),
        ("{{ printf \"%5s\" \"a\" }}", "%5 is not evaluated here"),
        ("{{ eq 1 \"a\" }}", "such a comparison is not evaluated here: int and string"),
        ("{{ 1i }}", "complex numbers are not evaluated here"),
        ("{{ range 2000000 }}{{ end }}", "a million times"),
        ("{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}", "a million times"),
        ("{{ $x := \"aaaa\" }}{{ range 33 }}{{ $x = print $x $x }}{{ end }}{{ len $x }}", "more than 64 MiB of values"),
        (
            "{{ range 1000000 }}{{ $a := 1 }}{{ $b := 2 }}{{ $a = 3 }}{{ $b = 4 }}{{ end }}",
            "more than 64 MiB of values",
        ),
        ("{{ range 1000000 }}{{ range 1000000 }}abc{{ end }}{{ end }}", "more than 1 MiB"),
    ] {
        let error = rendered(text).expect_err(text);
        assert!(error.starts_with("template: chainloop:1:") && error.contains(word), "{text}: {error}");
    }
}

#[test]
fn nothing_is_so_deep_that_the_stack_ends() {
    for (open, word) in
        [("{{ if true }}", "more blocks"), ("{{ (((((", "more parentheses"), ("{{ else if true }}", "unexpected")]
    {
        let text = open.replace('(', &"(".repeat(20_000)).repeat(20_000 / open.len());
        let error = rendered(&text).expect_err(open);
        assert!(error.contains(word), "{error}");
    }
    let chain = format!("{{{{ if true }}}}{}", "{{ else if true }}".repeat(20_000));
    assert!(rendered(&chain).is_err_and(|error| error.contains("more blocks")));
}
