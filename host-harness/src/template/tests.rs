//! Names, placeholders, and that every template renders.

use super::{render::*, *};

fn value(name: &str) -> Option<Option<String>> {
    match name {
        "project-name" => Some(Some("a-b".to_owned())),
        "crate_name" => Some(Some("a_b".to_owned())),
        "description" => Some(None),
        _ => None,
    }
}

#[test]
fn placeholders() {
    for (text, expected) in [
        ("", ""),
        ("x { {} } } y", "x { {} } } y"),
        ("{{project-name}}", "a-b"),
        ("{{crate_name}} {{ crate_name | kebab_case }}", "a_b a-b"),
        ("<{{ project-name }}>{{description}}", "<a-b>"),
        ("{% if description %}{{description}}{% else %}none{% endif %}.", "none."),
        ("{ {% if project-name %}{{project-name}}{% else %}none{% endif %} }", "{ a-b }"),
        ("{% if project-name %}1{% endif %}2{% if description %}3{% endif %}4", "124"),
    ] {
        assert_eq!(render(text, value).as_deref(), Ok(expected), "{text}");
    }
    for (text, expected) in [
        ("{{name}}", RenderError::NoValue("name".to_owned())),
        ("{% if name %}", RenderError::NoValue("name".to_owned())),
        ("{% if description %}{{name}}{% endif %}", RenderError::NoValue("name".to_owned())),
        ("{{", RenderError::Open("{{")),
        ("{% if description", RenderError::Open("{%")),
        ("{% if description %}", RenderError::Open("{% if %}")),
        ("{% else %}", RenderError::Tag("else".to_owned())),
        ("{% if description %}{% else %}{% else %}", RenderError::Tag("else".to_owned())),
        ("{{project-name|upcase}}", RenderError::Tag("project-name|upcase".to_owned())),
        ("{% assign a = 1 %}", RenderError::Tag("assign a = 1".to_owned())),
    ] {
        assert_eq!(render(text, value), Err(expected), "{text}");
    }
}

#[test]
fn names() {
    for name in ["a", "my-policy", "my_policy", "v1", "a-1-b", "policy2-for-k8s"] {
        assert_eq!(name.parse::<ProjectName>().unwrap().as_str(), name);
    }
    for (name, hint) in [
        ("", "my-policy"),
        ("MyPolicy", "`my-policy`"),
        ("my policy", "`my-policy`"),
        ("my-first_policy", "`my-first-policy`"),
        ("-a", "`a`"),
        ("a--b", "`a-b`"),
        ("a_", "`a`"),
        ("2-pods", "`pods`"),
        ("../a", "`a`"),
        ("a/b", "`a-b`"),
        ("größe", "`gr-e`"),
        ("日", "`my-policy`"),
        ("fn", "`fn-policy`"),
        ("test", "`test-policy`"),
        ("build", "`build-policy`"),
        ("Admit", "`my-policy`"),
    ] {
        let error = name.parse::<ProjectName>().unwrap_err().to_string();
        assert!(error.contains(hint), "{error}");
    }
}

#[test]
fn every_template_renders_and_says_what_it_is() {
    let names: Vec<_> = Template::all().map(Template::name).collect();
    assert_eq!(names, ["chainloop", "context-aware", "mutate", "raw", "validate", "workspace"]);
    let values = Values::named("my-policy").unwrap();
    for template in Template::all() {
        assert!(!template.about().is_empty(), "{template:?}");
        for file in template.render(&values) {
            assert!(!file.text.contains("{{") && !file.text.contains("{%"), "{template:?} {}", file.path);
            assert!(!file.path.ends_with(".liquid") && file.path != CONFIGURATION, "{template:?} {}", file.path);
        }
    }
}

/// Nobody has the names `admit` and `cargo-admit` on crates.io yet, and whoever takes them first is trusted with what is built.
#[test]
fn no_project_takes_a_name_that_nobody_owns() {
    let named = || Values::named("my-policy").unwrap();
    let revision = "0123456789abcdef0123456789abcdef01234567";
    for (values, dependency, install) in [
        (named(), "{ git = \"https://github.com/admit-rs/admit\"", "--git https://github.com/admit-rs/admit"),
        (
            named().admit_revision(revision).unwrap(),
            ", rev = \"0123456789abcdef",
            "admit-rs/admit --rev 0123456789abcdef",
        ),
    ] {
        for template in Template::all() {
            let files = template.render(&values);
            let text = |path: &str| &files.iter().find(|file| file.path == path).expect(path).text;
            let line = text("Cargo.toml").lines().find(|line| line.starts_with("admit = ")).expect("the dependency");
            assert!(line.contains(dependency) && !line.contains("version"), "{template:?}: {line}");
            for path in [".github/workflows/ci.yml", "README.md"] {
                let install_line = text(path).lines().find(|line| line.contains("cargo install")).expect(path);
                assert!(install_line.contains(install), "{template:?}: {install_line}");
            }
        }
    }
    assert!(named().admit_revision("main; rm").is_err() && named().admit_revision("").is_err());
}

#[test]
fn what_cannot_stand_between_quotes_is_refused() {
    let values = || Values::named("a").unwrap();
    for text in ["say \"no\"", "a\\b", "two\nlines", "{{name}}", " "] {
        assert!(values().description(text).is_err(), "{text}");
    }
    assert!(values().description("Größe: it's <fine> & 100%").is_ok());
    assert!(values().admit_path(std::path::Path::new("/nowhere")).is_err());
}
