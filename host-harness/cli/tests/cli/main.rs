//! The command line, from outside: arguments in, exit code, stdout and stderr out.

mod annotate;
mod asked;
mod build;
mod cache;
mod compiling;
mod deployment;
mod eval;
mod faults;
mod features;
mod file_schemas;
mod host_calls;
mod inspect;
mod links;
mod lint;
mod metadata;
mod new;
mod order;
mod run;
mod scaffold;
mod settings_schema;
mod several;
mod support;
mod test;
mod usage;
