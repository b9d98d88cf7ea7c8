//! Help and wrong usage.

use crate::support::Folder;

/// One page for each command, which `man` finds by its name.
#[test]
fn manual_pages_and_completions() {
    let folder = Folder::new();
    let written = folder.run("man pages/man1").exits(0).stdout;
    let names: Vec<&str> = written.lines().filter_map(|line| line.strip_prefix("pages/man1/")).collect();
    for name in ["cargo-admit.1", "cargo-admit-eval.1", "cargo-admit-scaffold-manifest.1"] {
        assert!(names.contains(&name), "{written}");
    }
    let page = std::fs::read_to_string(folder.path().join("pages/man1/cargo-admit-eval.1")).expect("a page");
    assert!(page.contains(".TH cargo-admit-eval 1") && page.contains("exit\\-zero"), "{page}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        folder.run(&format!("completions {shell}")).exits(0).prints("allowed-hostnames");
    }
    folder.run("completions tcsh").exits(2);
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in
        ["new", "build", "test", "run", "diff", "eval", "lint", "inspect", "annotate", "cache", "completions", "man"]
    {
        let ran = Folder::new().run(&format!("{command} --help")).exits(0);
        assert!(ran.stdout.contains("Example"), "{command}:\n{}", ran.stdout);
        assert!(ran.stdout.contains(&format!("cargo admit {command} ")), "{command}:\n{}", ran.stdout);
    }
}

#[test]
fn help_shows_every_key_of_a_case_and_what_open_and_closed_mean() {
    let help = Folder::new().run("test --help").exits(0).stdout;
    for part in ["host_calls:", "It fails open when it accepts", "fails closed"] {
        assert!(help.contains(part), "{part}");
    }
    let reference = concat!(
        include_str!("../../../src/case/format.md"),
        include_str!("../../../src/case/example.yaml"),
        include_str!("../../../src/case/example-material.yaml"),
    );
    let no_word =
        |text: &str, key: &str| !text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == key);
    // What is no key at all is told which keys there are.
    for case in ["zzzzzzzzzz: 1\n", "material: {}\nzzzzzzzzzz: 1\n"] {
        let told =
            Folder::new().krate("program").file("program/cases/a.yaml", case).run("test program").exits(2).stderr;
        let (_, keys) = told.split_once("known keys: ").expect("the keys");
        let keys: Vec<&str> = keys.trim().split(", ").collect();
        assert!(keys.len() > 10 && keys.contains(&"expect"), "{told}");
        for key in keys {
            assert!(!no_word(&help, key), "`cargo admit test --help` does not show `{key}`");
            assert!(!no_word(reference, key), "the documentation of admit_host::case does not show `{key}`");
        }
    }
}

#[test]
fn help_lists_the_exit_codes() {
    let ran = Folder::new().run("admit --help").exits(0);
    for code in
        ["  0  done", "  1  the policy rejected", "  2  wrong usage", "  3  the policy mis", "  4  the policy does not"]
    {
        assert!(ran.stdout.contains(code), "{code}");
    }
}

#[test]
fn wrong_usage_is_2() {
    Folder::new().run("").exits(2).prints_nothing();
    Folder::new().run("frobnicate").exits(2).tells("frobnicate");
    Folder::new().run("run policy.wasm").exits(2).tells("--request");
    Folder::new().run("build --abi extism").exits(2).tells("expected `wapc`, `wasi` or `chainloop`");
}
