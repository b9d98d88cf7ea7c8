//! The modules that show the rules of Chainloop's host, each on both hosts. They agree, or the difference is known.

mod differences;

use std::path::Path;

use admit_host::CompiledPolicy;
use libtest_mimic::{Failed, Trial};

use super::there::There;
use super::{Run, here, there};
use crate::chainloop::guest::Guest;
use crate::support::{engine, files, guests};
use differences::{DIFFERENCES, Said};

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = trials![
        return_codes_are_errors_for_one_of_them,
        commands_that_are_reactors_are_refused_by_one_of_them,
        clocks_and_randomness_are_real_for_one_of_them,
        every_difference_has_its_module,
    ];
    for path in files(&guests("chainloop"), "wat") {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !is_for_us_only(&name) {
            trials.push(Trial::test(format!("peers::extism::rules::{name}"), move || compare(&name)));
        }
    }
    trials
}

/// Whether a guest is about limits, which are this project's, or cannot be compared.
fn is_for_us_only(name: &str) -> bool {
    match name {
        "http-denied" | "http-not-a-request" | "http-nowhere" => false,
        // Only this project has calls without an answer.
        "discover-unanswerable" => true,
        // The output differs each time.
        "clocks" | "random" | "random-seed" => true,
        // The other host would sleep, for an hour.
        "sleep" => true,
        // The other host reads outside of its memory, and aborts when it is compiled to notice.
        "output-out-of-range" => true,
        // The answers are in the header; the other host has the network only.
        _ => name.starts_with("http") || name.starts_with("hostile-"),
    }
}

fn read(name: &str) -> Guest {
    Guest::read(&guests("chainloop").join(name).with_extension("wat"))
}

fn run_of(guest: &Guest) -> Run {
    Run {
        input: guest.input.clone(),
        args: guest.args.clone(),
        allowed_hosts: guest.options.chainloop.allowed_hostnames.clone(),
        log_level: guest.options.chainloop.log_level,
        timeout: guest.options.limits.wall_time,
        discover: guest.answers.clone(),
    }
}

fn there(module: &[u8], run: &Run, with: fn(&Path, &Run) -> There) -> There {
    let file = tempfile::NamedTempFile::new().expect("there is a folder for it");
    std::fs::write(file.path(), module).expect("the module is written");
    with(file.path(), run)
}

fn compare(name: &str) -> Result<(), Failed> {
    let guest = read(name);
    let there = there(&guest.module, &run_of(&guest), there::run);
    let here = guest.here.as_ref().map(here::seen);
    let agreed = match &here {
        Ok(here) => there.loaded && *here == there.seen,
        // Whether a module is refused when it is loaded or when it is called is up to the host.
        Err(_) => there.seen.result.is_err(),
    };
    let difference = DIFFERENCES.iter().find(|(module, _)| *module == name);
    match difference {
        None if agreed => Ok(()),
        None => Err(format!("the hosts differ\n  here:  {here:?}\n  there: {:?}", there.seen).into()),
        Some(_) if agreed => Err("the hosts agree".into()),
        Some((_, said)) => {
            let as_known = match (said, &there.seen.result) {
                (Said::Output(text), Ok(output)) => output == text.as_bytes(),
                (Said::Error(text), Err(error)) => there.loaded && error == text,
                (Said::Refused(text), Err(error)) => !there.loaded && error == text,
                _ => false,
            };
            let found = || format!("expected {said:?}, found {:?} (loaded: {})", there.seen.result, there.loaded);
            if as_known { Ok(()) } else { Err(found().into()) }
        }
    }
}

fn return_codes_are_errors_for_one_of_them() {
    for (name, code) in [("return-1", 1), ("return-minus-1", -1)] {
        let guest = read(name);
        let run = run_of(&guest);
        let executed = guest.here.expect("it loads").result.expect("it is a result");
        assert_eq!((executed.output.as_slice(), executed.return_code), (&b"{}"[..], i64::from(code as u32)));
        let strict = there(&guest.module, &run, there::run_strictly);
        assert_eq!(strict.seen.error(), format!("Returned non-zero exit code: {code}"));
    }
}

fn commands_that_are_reactors_are_refused_by_one_of_them() {
    let module = wat::parse_str(
        r#"(module
          (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
          (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
          (global $initialized (mut i64) (i64.const 0))
          (func (export "_start") unreachable)
          (func (export "_initialize") (global.set $initialized (i64.const 2)))
          (func (export "Execute")
            (call $output_set (call $alloc (global.get $initialized)) (global.get $initialized))))"#,
    )
    .expect("a module");
    let run = Run::default();
    let policy = CompiledPolicy::from_bytes(engine(), &module).expect("it loads");
    assert_eq!(here::run(&policy, &run).result.map(|output| output.len()), Ok(2));
    let there = there(&module, &run, there::run);
    assert!(!there.loaded);
    assert_eq!(there.seen.error(), "Program cannot be both a Command and a Reactor");
}

fn clocks_and_randomness_are_real_for_one_of_them() {
    let outputs = |name: &str| {
        let guest = read(name);
        let run = run_of(&guest);
        let here = here::seen(guest.here.as_ref().expect("it loads")).result.expect("an output");
        let there = [(); 2].map(|()| there(&guest.module, &run, there::run).seen.result.expect("an output"));
        (here, there)
    };
    let (here, [first, second]) = outputs("random");
    assert_ne!(first, second);
    assert_eq!(here, [0x53, 0x8c, 0x7f, 0x96, 0xb1, 0x64, 0xbf, 0x1b]);
    let (here, there) = outputs("clocks");
    let nanoseconds = |output: &[u8]| -> u64 {
        let text = String::from_utf8_lossy(output);
        text.split(' ').next().and_then(|first| first.parse().ok()).expect("a number")
    };
    assert_eq!(nanoseconds(&here), 1_640_995_200_000_000_000);
    assert!(nanoseconds(&there[0]) < nanoseconds(&there[1]));
}

fn every_difference_has_its_module() {
    for (name, _) in DIFFERENCES {
        let path = guests("chainloop").join(name).with_extension("wat");
        assert!(path.is_file() && !is_for_us_only(name), "{name} is not compared");
    }
}
