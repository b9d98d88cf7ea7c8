//! `cargo admit`: builds, tests, runs and inspects WebAssembly admission policies. A thin shell over `admit-host`.

mod app;
mod commands;
mod error;
mod exit;
mod output;

fn main() -> std::process::ExitCode {
    exit::outlive_file_limits();
    app::main(std::env::args_os()).into()
}
