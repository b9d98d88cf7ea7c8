//! The command line, from outside: arguments in, exit code, stdout and stderr out.

mod build;
mod deployment;
mod faults;
mod host_calls;
mod inspect;
mod run;
mod support;
mod test;
mod usage;
