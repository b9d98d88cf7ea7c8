#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| admit_fuzz_targets::run("diff_corpus", data));
