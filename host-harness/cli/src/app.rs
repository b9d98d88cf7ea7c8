//! The command line.

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::{
    commands,
    error::CliError,
    exit,
    exit::Exit,
    output::{Text, line, to_stderr, to_stdout},
};

/// Starts, builds, tests, runs and inspects WebAssembly admission policies.
#[derive(Debug, Parser)]
#[command(name = "cargo-admit", bin_name = "cargo admit", version, after_help = exit::HELP)]
struct App {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(commands::new::Args),
    Build(commands::build::Args),
    Test(commands::test::Args),
    Run(Box<commands::run::Args>),
    Diff(commands::diff::Args),
    Eval(Box<commands::eval::Args>),
    Lint(commands::lint::Args),
    Inspect(commands::inspect::Args),
    Annotate(commands::annotate::Args),
    Scaffold(commands::scaffold::Args),
    Cache(commands::cache::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
}

pub(crate) fn main(arguments: impl Iterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = without_subcommand_name(arguments).collect();
    if matches!(&arguments[..], [_, command] if command == commands::compiler::COMMAND) {
        return commands::compiler::run();
    }
    let app = match App::try_parse_from(&arguments) {
        Ok(app) => app,
        Err(error) => {
            // Names of files are among the arguments, and the error repeats them as they are.
            let seen = arguments.iter().map(|argument| line(argument.to_string_lossy()).to_string());
            let error = App::try_parse_from(seen).err().unwrap_or(error);
            let text = Text::styled(error.render().ansi().to_string().trim_end());
            // Help goes to stdout, mistakes to stderr, of which an error cannot be reported.
            if error.use_stderr() {
                let _ = to_stderr(&text);
                return Exit::BadInput;
            }
            return ended(to_stdout(&text).map(|()| Exit::Done).map_err(CliError::from));
        }
    };
    let result = match app.command {
        Command::New(args) => commands::new::run(&args),
        Command::Build(args) => commands::build::run(&args),
        Command::Test(args) => commands::test::run(&args),
        Command::Run(args) => commands::run::run(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Eval(args) => commands::eval::run(&args),
        Command::Lint(args) => commands::lint::run(&args),
        Command::Inspect(args) => commands::inspect::run(&args),
        Command::Annotate(args) => commands::annotate::run(&args),
        Command::Scaffold(args) => commands::scaffold::run(&args),
        Command::Cache(args) => commands::cache::run(&args),
        Command::Completions(args) => commands::completions::run(&args, App::command()),
        Command::Man(args) => commands::man::run(&args, App::command()),
    };
    ended(result)
}

/// Tells an error.
fn ended(result: Result<Exit, CliError>) -> Exit {
    result.unwrap_or_else(|error| {
        error.report();
        error.exit()
    })
}

/// As a cargo subcommand the program is started as `cargo-admit admit …`.
fn without_subcommand_name(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    arguments.enumerate().filter(|(index, argument)| *index != 1 || argument != "admit").map(|(_, argument)| argument)
}

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;

    use super::*;

    fn parse(line: &str) -> Result<App, ErrorKind> {
        let words = line.split_whitespace().map(OsString::from);
        App::try_parse_from(without_subcommand_name(words)).map_err(|error| error.kind())
    }

    #[test]
    fn command_lines_that_are_right() {
        for line in [
            "cargo-admit new",
            "cargo-admit new a -t raw --description b --destination c --admit-path d",
            "cargo-admit admit build",
            "cargo-admit build examples/a --abi wapc,wasi",
            "cargo-admit test . --filter pod --format json --timeout 0.5",
            "cargo-admit run p.wasm --request -",
            "cargo-admit run file:///p.wasm --request -",
            "cargo-admit run p.wasm --request r.json --settings s.yaml --abi wasi --operation update --old-object o.yaml",
            "cargo-admit run p.wasm --request r.json --settings-json {} --user a --group b --group c --namespace d",
            "cargo-admit run p.wasm --request r.json --raw",
            "cargo-admit run p.wasm --request r.json --world w --record s.yml --allow-context-aware",
            "cargo-admit run p.wasm --request r.json --replay s.yml --replay-order recorded",
            "cargo-admit run -r r.json -s s.yaml -e wasi p.wasm",
            "cargo-admit run --request-path r --settings-path s --execution-mode opa p.wasm",
            "cargo-admit run --allowed-host-capabilities oci/* net/v1/dns_lookup_host -r r p.wasm",
            "cargo-admit run p.wasm -r r --allowed-host-capabilities",
            "cargo-admit run p.wasm -r r --world w --record-host-capabilities-interactions s.yml",
            "cargo-admit run p.wasm -r r --replay-host-capabilities-interactions s.yml",
            "cargo-admit run p.yaml -r r --ignore-rules --format json",
            "cargo-admit diff a.wasm b.wasm --requests dump pods.yaml - --allow allow.yaml --world w",
            "cargo-admit diff a.wasm b.wasm -r dump --settings s --new-settings t --shard 2/8 --format json",
            "cargo-admit diff --merge a.json b.json --format json",
            "cargo-admit annotate p.wasm --metadata-path m.yml --output-path q.wasm --usage-path README.md",
            "cargo-admit test --world w --faults --fault-reasons",
            "cargo-admit test --faults=closed .",
            "cargo-admit test --report junit=out/junit.xml --report sarif=a=b.sarif --report github=-",
            "cargo-admit inspect p.wasm --format json",
            "cargo-admit eval --material m.json",
            "cargo-admit eval -p p.wasm --material text --kind STRING --input a=b,c --input d= --annotation a=b,c=d",
            "cargo-admit eval --material m --kind SARIF --allowed-hostnames a,b --network --debug --exit-zero",
            "cargo-admit lint",
            "cargo-admit cache",
            "cargo-admit cache --clear --format json",
            "cargo-admit lint policy.yaml --format json",
            "cargo-admit scaffold settings-schema",
            "cargo-admit scaffold case-schema",
            "cargo-admit scaffold world-schema -o world.schema.json",
            "cargo-admit scaffold report-schema -o report.schema.json",
            "cargo-admit scaffold diff-job --image i --shards 8 -- a.wasm b.wasm --requests c",
            "cargo-admit scaffold questions examples/a -o questions-ui.yml",
            "cargo-admit inspect p.wasm --format yaml",
            "cargo-admit annotate p.wasm --metadata m.yml -o q.wasm --usage README.md",
            "cargo-admit scaffold manifest p.wasm -t AdmissionPolicy --title a --settings s.yml",
            "cargo-admit scaffold artifacthub --metadata . --created-at 2026-01-31T12:00:00Z",
            "cargo-admit scaffold admission-request -o update --object a --old-object b",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn command_lines_that_are_wrong() {
        for (line, kind) in [
            ("cargo-admit", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
            ("cargo-admit admit admit build", ErrorKind::InvalidSubcommand),
            ("cargo-admit build --abi extism", ErrorKind::ValueValidation),
            ("cargo-admit test --timeout 0", ErrorKind::ValueValidation),
            ("cargo-admit test --timeout -1", ErrorKind::UnknownArgument),
            ("cargo-admit test --format xml", ErrorKind::InvalidValue),
            ("cargo-admit run p.wasm", ErrorKind::MissingRequiredArgument),
            ("cargo-admit run p.wasm --request r --operation PATCH", ErrorKind::ValueValidation),
            ("cargo-admit run p.wasm --request r --settings s --settings-json {}", ErrorKind::ArgumentConflict),
            ("cargo-admit run p.wasm -r r --execution-mode rego", ErrorKind::InvalidValue),
            (
                "cargo-admit run p.wasm -r r --allow-host-capability a --allowed-host-capabilities b",
                ErrorKind::ArgumentConflict,
            ),
            ("cargo-admit run p.wasm --request r --raw --user u", ErrorKind::ArgumentConflict),
            ("cargo-admit run p.wasm --request r --abi wapc,wasi", ErrorKind::ValueValidation),
            ("cargo-admit run p.wasm --request r --world w --replay s", ErrorKind::ArgumentConflict),
            ("cargo-admit run p.wasm --request r --record s", ErrorKind::MissingRequiredArgument),
            ("cargo-admit new a --template nothing", ErrorKind::ValueValidation),
            ("cargo-admit diff a.wasm -r dump", ErrorKind::MissingRequiredArgument),
            ("cargo-admit diff a.wasm b.wasm", ErrorKind::MissingRequiredArgument),
            ("cargo-admit diff a.wasm b.wasm -r dump --shard 0/2", ErrorKind::ValueValidation),
            ("cargo-admit diff a.wasm b.wasm --merge a.json", ErrorKind::ArgumentConflict),
            ("cargo-admit diff --merge a.json --shard 1/2", ErrorKind::ArgumentConflict),
            ("cargo-admit eval", ErrorKind::MissingRequiredArgument),
            ("cargo-admit eval --material m --network --world w", ErrorKind::ArgumentConflict),
            ("cargo-admit test --fault-reasons", ErrorKind::MissingRequiredArgument),
            ("cargo-admit test --faults=no", ErrorKind::InvalidValue),
            ("cargo-admit test --report xml=a", ErrorKind::ValueValidation),
            ("cargo-admit test --report junit", ErrorKind::ValueValidation),
            ("cargo-admit test --report junit=", ErrorKind::ValueValidation),
            ("cargo-admit inspect", ErrorKind::MissingRequiredArgument),
            ("cargo-admit inspect file://policy.wasm", ErrorKind::ValueValidation),
            ("cargo-admit cache all", ErrorKind::UnknownArgument),
            ("cargo-admit scaffold nothing", ErrorKind::InvalidSubcommand),
            ("cargo-admit scaffold diff-job --image i --shards 0 -- a b -r c", ErrorKind::ValueValidation),
            ("cargo-admit scaffold diff-job --image i --shards 2", ErrorKind::MissingRequiredArgument),
            ("cargo-admit scaffold case-schema .", ErrorKind::UnknownArgument),
            ("cargo-admit annotate p.wasm -o q.wasm", ErrorKind::MissingRequiredArgument),
            ("cargo-admit scaffold", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
            ("cargo-admit scaffold manifest p.wasm -t Policy", ErrorKind::InvalidValue),
            ("cargo-admit scaffold admission-request -o PATCH --object a", ErrorKind::ValueValidation),
        ] {
            assert_eq!(parse(line).map(|_| ()), Err(kind), "{line}");
        }
    }
}
