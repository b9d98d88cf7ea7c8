//! Modules of others are compiled in a process of its own, as far as they are not refused before.

use std::{
    fs,
    io::Write as _,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{Folder, POD, fixtures};

/// Less than it takes to start a process: nothing is compiled in one.
const NO_TIME: (&str, &str) = ("ADMIT_COMPILE_TIMEOUT", "0.000001");

/// A WASI policy with this function, so many times.
fn with_functions(folder: Folder, count: usize, function: &str) -> Folder {
    let text = fs::read_to_string(fixtures().join("modules/wasi.wat")).expect("a fixture");
    let end = text.trim_end().rfind(')').expect("the end of the module");
    let text = format!("{}{})", &text[..end], function.repeat(count));
    folder.file("policy.wasm", wat::parse_str(text).expect("valid text")).file("pod.json", POD)
}

/// A policy with functions that take so long to be compiled that it is worth a process.
fn large(functions: usize) -> (Folder, String) {
    let body = "(local.set $a (i32.add (i32.mul (local.get $a) (i32.const 7)) (i32.load (local.get $a))))
                (if (i32.eqz (local.get $a)) (then (local.set $a (i32.const 3))))";
    let function = format!("(func (param $a i32) (result i32) {} (local.get $a))", body.repeat(300));
    let folder = with_functions(Folder::new(), functions, &function);
    let cache = folder.path().join("cache").display().to_string();
    (folder, cache)
}

/// A policy with a function that is refused: nested loops with many locals.
fn bomb(folder: Folder) -> Folder {
    let (locals, reads) =
        ("i32 ".repeat(500), (0..500).map(|local| format!("local.get {local} drop ")).collect::<String>());
    let (open, close) = ("loop ".repeat(2_000), "end ".repeat(2_000));
    with_functions(folder, 1, &format!("(func (local {locals}) {open} {reads} i32.const 0 br_if 0 {close})"))
}

#[test]
fn what_takes_too_much_is_refused_by_every_command() {
    let folder = bomb(Folder::new()).file("cases/a.yaml", format!("object: {POD}\nexpect: accept\n"));
    for arguments in ["run policy.wasm --request pod.json", "test policy.wasm"] {
        let ran = folder.run(arguments).exits(2).prints_nothing();
        let ran = ran.tells("policy.wasm: function 2 would take too much to be compiled: ");
        let ran = ran.tells("values of locals that come together").tells(", and the limit is 3");
        ran.tells("multiply the limits with the environment variable ADMIT_COMPILE_LIMITS, for example by 4");
    }
    let run = "run policy.wasm --request pod.json";
    folder
        .run_with(run, "", &[("ADMIT_COMPILE_LIMITS", "5"), NO_TIME])
        .exits(2)
        .tells("could not be compiled in 0.000001 s");
}

#[test]
fn variables_that_make_no_sense_are_refused() {
    let folder = Folder::new().module("wasi").file("pod.json", POD);
    for (name, value, wanted) in [
        ("ADMIT_COMPILE_TIMEOUT", "0", "a number of seconds above 0, for example 300"),
        ("ADMIT_COMPILE_TIMEOUT", "a minute", "a number of seconds above 0, for example 300"),
        ("ADMIT_COMPILE_MEMORY", "1.5", "a whole number of MiB above 0, for example 4096"),
        ("ADMIT_COMPILE_LIMITS", "-1", "a whole number above 0, by which the limits are multiplied, for example 4"),
    ] {
        let ran = folder.run_with("run policy.wasm --request pod.json", "", &[(name, value)]).exits(2).prints_nothing();
        ran.tells(&format!("error: {name}: must be {wanted}, and not `{value}`"));
    }
    folder.run_with("run policy.wasm --request pod.json", "", &[("ADMIT_COMPILE_TIMEOUT", "")]).exits(0);
    // More than any clock has.
    folder.run_with("run policy.wasm --request pod.json", "", &[("ADMIT_COMPILE_TIMEOUT", "1e18")]).exits(0);
}

#[test]
fn a_process_that_takes_too_long_is_ended() {
    let (folder, cache) = large(100);
    let environment = [("XDG_CACHE_HOME", cache.as_str()), ("ADMIT_COMPILE_TIMEOUT", "0.1")];
    let ran = folder.run_with("run policy.wasm --request pod.json", "", &environment).exits(2).prints_nothing();
    let ran = ran.tells("error: policy.wasm: the module could not be compiled in 0.1 s, which is the limit; ");
    ran.tells("set the environment variable ADMIT_COMPILE_TIMEOUT to more seconds");
    assert!(!folder.path().join("cache/admit").exists(), "nothing was compiled, so nothing is kept");
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_wants_too_much_memory_is_ended() {
    // One function, of which the compiler needs all at once.
    let folder = with_functions(
        Folder::new(),
        1,
        &format!("(func (param i32) (result i32) local.get 0 {})", "local.get 0 i32.add ".repeat(300_000)),
    );
    let cache = folder.path().join("cache").display().to_string();
    let environment = [("XDG_CACHE_HOME", cache.as_str()), ("ADMIT_COMPILE_MEMORY", "100")];
    let ran = folder.run_with("run policy.wasm --request pod.json", "", &environment).exits(2).prints_nothing();
    let ran =
        ran.tells("error: policy.wasm: the module could not be compiled in 100 MiB of memory, which is the limit; ");
    ran.tells("set the environment variable ADMIT_COMPILE_MEMORY to more MiB");
    let environment = [("XDG_CACHE_HOME", cache.as_str()), ("ADMIT_COMPILE_MEMORY", "1000")];
    folder.run_with("run policy.wasm --request pod.json", "", &environment).exits(0);
}

/// What is small, what is compiled already, and what a build just made is not worth a process, or needs none.
#[test]
fn a_process_is_started_only_for_what_takes_long() {
    let small = Folder::new().module("wasi").file("pod.json", POD);
    small.run_with("run policy.wasm --request pod.json", "", &[NO_TIME]).exits(0);
    let (folder, cache) = large(20);
    let run = |variable| {
        folder.run_with("run policy.wasm --request pod.json", "", &[("XDG_CACHE_HOME", cache.as_str()), variable])
    };
    run(NO_TIME).exits(2);
    let first = run(("ADMIT_COMPILE_TIMEOUT", "")).exits(0);
    let second = run(NO_TIME).exits(0);
    assert_eq!(first.stdout, second.stdout);
    // Where nothing is kept, the result comes all the same, each time.
    let nowhere = [("XDG_CACHE_HOME", "relative"), ("HOME", "")];
    let third = folder.run_with("run policy.wasm --request pod.json", "", &nowhere).exits(0);
    assert_eq!(first.stdout, third.stdout);
    let [name, home] = nowhere;
    folder.run_with("run policy.wasm --request pod.json", "", &[name, home, NO_TIME]).exits(2);
}

#[test]
fn what_a_build_made_is_compiled_without_a_process() {
    let folder = Folder::new().krate("labels").file("pod.json", POD);
    let cache = folder.path().join("cache").display().to_string();
    let built =
        folder.run_with("run labels --abi wapc --request pod.json", "", &[("XDG_CACHE_HOME", cache.as_str()), NO_TIME]);
    assert!(matches!(built.code, 0 | 1), "{built:?}");
    // The same module is somebody's when it is given as a file.
    let built = folder.run("build labels --abi wapc").exits(0);
    let module = built.stdout.split_whitespace().last().expect("a file").to_owned();
    fs::copy(folder.path().join(module), folder.path().join("policy.wasm")).expect("a module");
    let other = folder.path().join("other").display().to_string();
    let environment = [("XDG_CACHE_HOME", other.as_str()), NO_TIME];
    folder.run_with("run policy.wasm --request pod.json", "", &environment).exits(2).tells("could not be compiled in");
}

#[test]
fn the_command_of_the_process_is_for_nobody_else() {
    let folder = Folder::new();
    for input in ["", "a policy"] {
        let ran = folder.run_with("compile-for-parent", input, &[]).exits(2).prints_nothing();
        ran.tells("error: compile-for-parent is for this program itself: ");
    }
    let help = folder.run("--help").exits(0);
    assert!(!help.stdout.contains("compile-for-parent"), "{}", help.stdout);
    folder.run("compile-for-parent more").exits(2).tells("unrecognized subcommand");
}

/// It ends before it has a result when the pipe is closed on which it was asked, as it is when its parent is no more.
#[test]
fn a_process_that_nobody_listens_to_ends() {
    let (folder, _) = large(100);
    let module = fs::read(folder.path().join("policy.wasm")).expect("a module");
    let numbers = [0, 1 << 30, 100, module.len() as u64];
    let request = [numbers.map(u64::to_le_bytes).concat(), module].concat();
    let mut process = Command::new(env!("CARGO_BIN_EXE_cargo-admit"))
        .arg("compile-for-parent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = process.stdin.take().expect("a pipe");
    input.write_all(&request).expect("it reads");
    drop(input);
    let output = process.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "it went on to the end");
    assert!(output.stdout.len() < 1_000, "{} bytes of a result", output.stdout.len());
}

/// The process is not left over, in whatever way its parent ends.
#[cfg(target_os = "linux")]
#[test]
fn a_process_ends_with_its_parent() {
    let (folder, cache) = large(400);
    let mut parent = Command::new(env!("CARGO_BIN_EXE_cargo-admit"))
        .args(["run", "policy.wasm", "--request", "pod.json"])
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", cache)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let child = wait_for(|| child_of(&parent)).expect("a process that compiles");
    parent.kill().expect("it is there");
    parent.wait().expect("it ends");
    let ended = wait_for(|| (!is_running(child)).then_some(()));
    assert!(ended.is_some(), "process {child} goes on");
}

/// The process of the program that another one started.
#[cfg(target_os = "linux")]
fn child_of(parent: &Child) -> Option<u32> {
    let threads = fs::read_dir(format!("/proc/{}/task", parent.id())).ok()?;
    let children = threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    children.flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()).next()
}

/// Whether a process is there, and not just what is left of it until somebody asks.
#[cfg(target_os = "linux")]
fn is_running(process: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else { return false };
    !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X']))
}

/// Tries for a while.
#[cfg(target_os = "linux")]
fn wait_for<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = attempt() {
            return Some(found);
        }
        if started.elapsed() > Duration::from_secs(30) {
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
}
