//! `cargo admit cache`, and what is kept from one run to the next.

use std::{fs, path::PathBuf};

use crate::support::{Folder, METADATA, POD};

/// A folder with a policy, and where its compiled modules are kept.
fn folder() -> (Folder, String) {
    let folder = Folder::new().answers(r#"{"valid": true}"#, r#"{"accepted": true}"#).file("pod.json", POD);
    let cache = folder.path().join("cache").display().to_string();
    (folder, cache)
}

fn kept(cache: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(PathBuf::from(cache).join("admit")).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn compiled_modules_are_shown_and_cleared() {
    let (folder, cache) = folder();
    let run = |arguments: &str| folder.run_with(arguments, "", &[("XDG_CACHE_HOME", &cache)]);
    run("cache")
        .exits(0)
        .prints(&format!("folder  {cache}/admit\nkept    0 modules, 0 B\nlimits  2.0 GiB, and 30 days"));
    run("run policy.wasm --request pod.json").exits(0);
    let [file] = &kept(&cache)[..] else { panic!("one module") };
    let size = fs::metadata(file).expect("a file").len();
    run("cache").exits(0).prints("kept    1 module, ").prints("\noldest  not used for 0 days\n");
    let json = run("cache --format json").exits(0).json();
    let expected = serde_json::json!({"folder": format!("{cache}/admit"), "modules": 1, "size": size, "cleared": false, "refused": null});
    assert_eq!(json, expected);
    fs::write(PathBuf::from(&cache).join("admit/mine.txt"), "").expect("a file");
    run("cache --clear").exits(0).prints("removed  1 module, ");
    assert_eq!(kept(&cache), [PathBuf::from(&cache).join("admit/mine.txt")]);
    run("run policy.wasm --request pod.json").exits(0);
    assert_eq!(kept(&cache).len(), 2);
}

#[test]
fn a_module_with_other_metadata_is_the_same_code() {
    let (folder, cache) = folder();
    let folder = folder.answers(r#"{"valid": true}"#, r#""v1""#);
    let folder =
        folder.file("a.yml", METADATA).file("b.yml", METADATA.replace("Wants labels", "Wants labels, and more"));
    for (metadata, output) in [("a.yml", "a.wasm"), ("b.yml", "b.wasm")] {
        let arguments = format!("annotate policy.wasm --metadata {metadata} -o {output}");
        folder.run_with(&arguments, "", &[("XDG_CACHE_HOME", &cache)]).exits(0);
    }
    assert_ne!(fs::read(folder.path().join("a.wasm")).unwrap(), fs::read(folder.path().join("b.wasm")).unwrap());
    assert_eq!(kept(&cache).len(), 1);
}

#[test]
fn without_a_folder_there_is_nothing_to_show() {
    let (folder, _) = folder();
    let nowhere = [("XDG_CACHE_HOME", "relative"), ("HOME", "")];
    folder.run_with("cache", "", &nowhere).exits(2).tells("compiled modules are kept nowhere").prints_nothing();
    let (folder, cache) = self::folder();
    let folder = folder.file("cache", "");
    let ran = folder.run_with("cache --clear", "", &[("XDG_CACHE_HOME", &cache)]).exits(2).prints_nothing();
    ran.tells(&format!("the compiled modules in {cache}/admit cannot be listed or removed: "));
}

/// A module that takes a few seconds: what it is, how far it is, that this is done once, and where the result is.
#[test]
fn a_long_compilation_is_told() {
    let text = fs::read_to_string(crate::support::fixtures().join("modules/wasi.wat")).expect("a fixture");
    let mut body = String::new();
    for number in 0..400 {
        body.push_str(&format!(
            "(local.set $a (i32.add (i32.mul (local.get $a) (i32.const {number})) (i32.load (local.get $a))))\n"
        ));
        body.push_str("(if (i32.eqz (local.get $a)) (then (local.set $a (i32.const 3))))\n");
    }
    let function = format!("(func (param $a i32) (result i32) {body} (local.get $a))\n");
    let end = text.trim_end().rfind(')').expect("the end of the module");
    let text = format!("{}{})", &text[..end], function.repeat(300));
    let folder = Folder::new().file("policy.wasm", wat::parse_str(text).expect("valid text")).file("pod.json", POD);
    let cache = folder.path().join("cache").display().to_string();
    let run = || folder.run_with("run policy.wasm --request pod.json", "", &[("XDG_CACHE_HOME", &cache)]);
    let first = run();
    let line = first.stderr.lines().next().expect("a line");
    assert!(line.starts_with("compiling policy.wasm (") && line.contains(" functions): "), "{line}");
    assert!(line.ends_with(&format!("%; this is done once: the result is kept in {cache}/admit")), "{line}");
    assert!(!first.stderr.contains('\r'), "{}", first.stderr);
    let second = run();
    assert!(!second.stderr.contains("compiling"), "{}", second.stderr);
    assert_eq!((second.code, second.stdout), (first.code, first.stdout));
}
