//! The command line, from outside: arguments in, exit code, stdout and stderr out.

mod annotate;
mod build;
mod inspect;
mod metadata;
mod run;
mod scaffold;
mod support;
mod test;
mod usage;
