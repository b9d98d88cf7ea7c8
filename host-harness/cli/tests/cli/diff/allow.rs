//! Changes that are meant.

use super::{STRICT, STRICTER, pod, pods, policies};
use crate::support::{Folder, Ran};

fn folder(allow: &str) -> Folder {
    let pods = format!("{}---\n{}", pods(), pod("lab", "tool", Some(false)));
    policies(&STRICT, &STRICTER).file("pods.yaml", pods).file("allow.yaml", allow)
}

fn run(folder: &Folder) -> Ran {
    folder.run("diff old.wasm new.wasm -r pods.yaml --allow allow.yaml")
}

#[test]
fn what_every_pattern_fits_is_no_failure() {
    let ran = run(&folder(
        "- change: accept-to-reject\n  where: {kind: Pod, message: '*is privileged'}\n  why: told in May\n",
    ));
    ran.exits(0)
        .prints("accept-to-reject: accepted before, rejected now, 2 requests, all of them allowed\n")
        .prints("     allowed: told in May\n")
        .prints("suggested release: major (accept-to-reject)");
}

#[test]
fn one_change_that_is_not_allowed_is_enough() {
    let ran = run(&folder("- {change: accept-to-reject, where: {namespace: l*}, why: the lab knows}\n")).exits(1);
    ran.prints("accept-to-reject: accepted before, rejected now, 2 requests, 1 of them allowed\n")
        .prints("  1  container `…` is privileged\n       pods.yaml:3  Pod shop/db\n")
        .prints("\n1 change is not allowed\n")
        .prints("  1  container `…` is privileged\n     allowed: the lab knows\n       pods.yaml:7  Pod lab/tool\n");
    for other in ["{namespace: lab, name: web}", "{operation: DELETE}", "{kind: Deployment}", "{message: privileged}"] {
        let allow = format!("- {{change: accept-to-reject, where: {other}, why: x}}\n");
        run(&folder(&allow)).exits(1).prints("accepted before, rejected now, 2 requests\n");
    }
}

#[test]
fn entries_that_allow_nothing_are_told() {
    let allow = "- {change: accept-to-reject, why: all of it}\n- {change: mutation, why: labels}\n";
    let ran = run(&folder(allow)).exits(0);
    ran.prints("\nentry 2 of what is allowed is not used: mutation: labels\n");
}

#[test]
fn mistakes_have_their_place() {
    let ran = run(&folder("- change: accept-reject\n  why: x\n")).exits(2).prints_nothing();
    ran.tells("error: allow.yaml:1:3: [0].change: `accept-reject` is no change; did you mean `accept-to-reject`?\n");
    run(&folder("- change: message\n")).exits(2).tells("allow.yaml:1:3: [0].why: missing; an entry says why");
    let missing = folder("[]").run("diff old.wasm new.wasm -r pods.yaml --allow none.yaml").exits(2);
    missing.tells("none.yaml: cannot read this file");
}
