//! Modules that are small, and would take minutes or gigabytes to be compiled: each is refused before the compiler sees it. And modules
//! that are as they should be are far below the limits.

use std::fmt::Write as _;
use std::fs;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::cost::{self, CostError, Excess};
use admit_host::{CompileLimits, CompiledPolicy, Engine, EngineOptions, LoadError, PolicyModule};
use libtest_mimic::{Failed, Trial};

use crate::support::{engine, files, guests, repository};

/// A module of some kind that takes much to be compiled.
struct Bomb {
    name: &'static str,
    /// What is behind the imports and before the functions.
    before: fn() -> String,
    /// The functions, and what else there is.
    fields: fn() -> String,
    /// A part of the error.
    says: &'static str,
}

/// A bomb that is one function with two parameters and a result; this is its body.
macro_rules! function {
    ($name:literal, $says:literal, $body:expr) => {
        Bomb {
            name: $name,
            before: String::new,
            fields: || format!("(func (param i32 i32) (result i32) {})", $body),
            says: $says,
        }
    };
}

const BOMBS: &[Bomb] = &[
    function!("nested_loops_with_many_locals", "values of locals that come together", nested_loops(1_000, 500)),
    function!("nested_loops_that_write_to_many_locals", "values of locals that come together", {
        let locals = "i32 ".repeat(500);
        let writes = each(500, "(local.set {} (i32.add (local.get {}) (i32.const 1)))");
        let (open, close) = ("loop ".repeat(500), "local.get 0 br_if 0 end ".repeat(500));
        format!("(local {locals}) {open} {writes} {close} i32.const 0")
    }),
    function!("loops_in_a_row_with_many_locals", "values of locals that come together", {
        let locals = "i32 ".repeat(500);
        let (sets, reads) = (each(500, "(local.set {} (local.get 0))"), each(500, "(drop (local.get {}))"));
        format!("(local {locals}) {sets} {} {reads} (i32.const 0)", "(loop (br_if 0 (local.get 0)))".repeat(1_000))
    }),
    function!("conditions_that_write_to_many_locals", "values of locals that come together", {
        let locals = "i32 ".repeat(500);
        let writes = each(500, "(if (local.get 0) (then (local.set {} (local.get 1))))").repeat(20);
        format!("(local {locals}) {writes} {} (i32.const 0)", each(500, "(drop (local.get {}))"))
    }),
    function!("branch_tables_between_loops", "values of locals that come together", {
        let locals = "i32 ".repeat(500);
        let (reads, sets) = (each(500, "(drop (local.get {}))"), each(500, "(local.set {} (i32.load (local.get 0)))"));
        let targets: String = (0..1_000).fold(String::new(), |mut text, depth| {
            write!(text, " {depth}").expect("a text grows");
            text
        });
        let (open, close) = ("loop ".repeat(1_000), "end ".repeat(1_000));
        format!("(local {locals}) {open} {reads} {sets} local.get 0 br_table{targets} {close} i32.const 0")
    }),
    function!("conditions_in_conditions", "ends of blocks and branches", {
        format!("{} {} i32.const 0", "local.get 0 if ".repeat(30_000), "end ".repeat(30_000))
    }),
    function!("conditions_in_a_row", "ends of blocks and branches", {
        format!("{} i32.const 0", "local.get 0 if end ".repeat(30_000))
    }),
    function!("branches_out_of_a_block", "ends of blocks and branches", {
        format!("block {} end i32.const 0", "local.get 0 br_if 0 ".repeat(30_000))
    }),
    function!("loops_in_a_row", "loops", format!("{} i32.const 0", "loop local.get 0 br_if 0 end ".repeat(10_000))),
    function!("a_branch_table_of_a_million", "table entries", {
        format!("block local.get 0 br_table{} end i32.const 0", " 0".repeat(2_000_000))
    }),
    function!("a_sum_of_loads_between_conditions", "values are kept on the stack", {
        format!("local.get 0 {}", "local.get 0 if end local.get 1 i32.load i32.add ".repeat(5_000))
    }),
    function!("a_sum_in_a_local_between_conditions", "values of locals are kept", {
        let term = "local.get 0 if local.get 1 local.set 2 else local.get 0 local.set 2 end \
                    local.get 3 local.get 2 i32.add local.set 3 ";
        format!("(local i32 i32) {} local.get 3", term.repeat(5_000))
    }),
    function!("a_sum_in_a_local_written_in_blocks", "values of locals are kept", {
        let term = "local.get 0 if end block local.get 2 local.get 1 i32.load i32.add local.set 2 end ";
        format!("(local i32) {} local.get 2", term.repeat(5_000))
    }),
    function!("many_values_on_the_stack", "values are kept on the stack", {
        format!("{} {}", "local.get 0 i32.load ".repeat(12_000), "i32.add ".repeat(11_999))
    }),
    function!("many_locals_with_a_value", "values of locals are kept", {
        let locals = "i32 ".repeat(9_000);
        let sets = each(9_000, "(local.set {} (i32.load (local.get 0)))");
        format!("(local {locals}) {sets} (i32.const 0) {}", each(9_000, "(local.get {}) (i32.add)"))
    }),
    function!("calls_through_a_table", "operations with help of the host", {
        "(drop (call_indirect (type $entry) (local.get 0) (local.get 1) (local.get 0)))".repeat(30_000)
            + "(i32.const 0)"
    }),
    function!("copies_of_memory", "operations with help of the host", {
        "(memory.copy (local.get 0) (local.get 1) (local.get 0))".repeat(30_000) + "(i32.const 0)"
    }),
    function!("conversions_of_floating_point", "divisions and conversions", {
        format!("local.get 0 {}", "f64.convert_i32_s i32.trunc_f64_s ".repeat(700_000))
    }),
    function!("a_large_function", "bytes", format!("local.get 0 {}", "local.get 1 i32.add ".repeat(1_900_000))),
    Bomb {
        name: "blocks_that_take_and_give_much",
        before: || format!("(type $much (func (param {0}) (result {0})))", "i32 ".repeat(1_000)),
        fields: || {
            let (values, drops) = ("local.get 0 ".repeat(1_000), "drop ".repeat(1_000));
            format!("(func (param i32) {values} {} {drops})", "block (type $much) end ".repeat(1_000))
        },
        says: "values that blocks and calls hand over",
    },
    function!("calls_in_blocks_that_catch", "ends of blocks and branches", {
        let calls = "(drop (call 0 (local.get 0) (local.get 1)))".repeat(400);
        format!("(block {} {calls} {}) i32.const 0", "(try_table (catch_all 0) ".repeat(400), ")".repeat(400))
    }),
    Bomb {
        name: "structs_of_many_fields",
        before: || format!("(type $much (struct {}))", "(field (mut (ref null any)))".repeat(3_000)),
        fields: || format!("(func {})", "(drop (struct.new_default $much))".repeat(1_000)),
        says: "values that blocks and calls hand over",
    },
    Bomb {
        name: "a_branch_table_that_takes_much",
        before: || format!("(type $much (func (result {})))", "i32 ".repeat(500)),
        fields: || {
            let targets: String = (0..1_000).map(|depth| format!(" {depth}")).collect();
            let (open, close, drops) = ("block (type $much) ".repeat(1_000), "end ".repeat(1_000), "drop ".repeat(500));
            let values = "local.get 0 ".repeat(501);
            format!("(func (param i32) {open} {values} br_table{targets} 0 {close} {drops})")
        },
        says: "values that blocks and calls hand over",
    },
    Bomb {
        name: "calls_that_give_much",
        before: String::new,
        fields: || {
            let results = "i32 ".repeat(1_000);
            format!(
                "(func $much (result {results}) {}) (func {} unreachable)",
                "i32.const 0 ".repeat(1_000),
                "call $much ".repeat(1_000)
            )
        },
        says: "values that blocks and calls hand over",
    },
    Bomb {
        name: "functions_with_many_locals",
        before: String::new,
        fields: || format!("(func (local {}))", "i32 ".repeat(49_000)).repeat(130),
        says: "the module would take too much to be compiled: ",
    },
    Bomb {
        name: "functions_with_many_parameters",
        before: || format!("(type $much (func (param {0})))", "i32 ".repeat(1_000)),
        fields: || "(func (type $much))".repeat(1_000),
        says: "the module would take too much to be compiled: ",
    },
    Bomb {
        name: "many_empty_functions",
        before: String::new,
        fields: || "(func)".repeat(90_000),
        says: "the module would take too much to be compiled: ",
    },
    Bomb {
        name: "more_functions_than_are_counted",
        before: String::new,
        fields: || "(func)".repeat(500_001),
        says: "it has 500002 or more functions, and the limit is 500000",
    },
    Bomb {
        name: "many_bombs_that_are_small_enough",
        before: String::new,
        fields: || format!("(func (param i32 i32) (result i32) {})", nested_loops(300, 400)).repeat(10),
        says: "the module would take too much to be compiled: ",
    },
    Bomb {
        name: "large_types",
        before: || {
            (0..120).fold(String::new(), |mut text, count| {
                write!(text, "(type (func (param {}) (result {})))", "i32 ".repeat(500), "i32 ".repeat(count))
                    .expect("a text grows");
                text
            })
        },
        fields: String::new,
        says: "or more types with their parts, and the limit is 50000",
    },
    Bomb {
        name: "passive_segments_of_elements",
        before: String::new,
        fields: || "(elem func 0)".repeat(20_000),
        says: "or more segments of elements, and the limit is 10000",
    },
    Bomb {
        name: "passive_elements",
        before: String::new,
        fields: || format!("(elem func{})", " 0".repeat(1_000)).repeat(60),
        says: "or more elements that no table starts with, and the limit is 50000",
    },
    Bomb {
        name: "elements_that_do_not_fit",
        before: String::new,
        fields: || format!("(elem (i32.const 1) func{})", " 0".repeat(60_000)),
        says: "or more elements that no table starts with, and the limit is 50000",
    },
    Bomb {
        name: "elements_behind_one_that_does_not_fit",
        before: || "(table 60000 funcref)".to_owned(),
        fields: || {
            format!(
                "(elem (table 0) (i32.const 59999) func 0 0) (elem (table 0) (i32.const 0) func{})",
                " 0".repeat(60_000)
            )
        },
        says: "or more elements that no table starts with, and the limit is 50000",
    },
    Bomb {
        name: "many_exports",
        before: String::new,
        fields: || (0..100_001).map(|number| format!("(export \"{number}\" (memory 0))")).collect(),
        says: "or more exports, and the limit is 100000",
    },
    Bomb {
        name: "many_globals",
        before: String::new,
        fields: || "(global i32 (i32.const 0))".repeat(100_001),
        says: "it has 100001 or more globals, and the limit is 100000",
    },
];

/// A text for each of so many locals behind the parameters, with its number in the place of `{}`.
fn each(locals: u32, text: &str) -> String {
    (2..locals + 2).map(|local| text.replace("{}", &local.to_string())).collect()
}

/// Each loop starts with every local, since the innermost one reads them.
fn nested_loops(depth: usize, locals: u32) -> String {
    format!(
        "(local {}) {} {} local.get 0 br_if 0 {} i32.const 0",
        "i32 ".repeat(locals as usize),
        "loop ".repeat(depth),
        each(locals, "local.get {} drop "),
        "end ".repeat(depth)
    )
}

impl Bomb {
    /// A policy as far as its outside tells.
    fn module(&self) -> Vec<u8> {
        let text = format!(
            "(module {} (type $entry (func (param i32 i32) (result i32))) (memory (export \"memory\") 1) (table 1 funcref)
               (func (export \"__guest_call\") (type $entry) (i32.const 0)) {})",
            (self.before)(),
            (self.fields)()
        );
        wat::parse_str(text).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = trials![
        what_toolchains_make_is_far_below_the_limits,
        limits_are_what_the_engine_was_given,
        what_the_tables_start_with_is_not_counted,
        many_segments_of_data_are_what_go_programs_have,
        what_is_not_valid_is_told_as_such,
    ];
    trials.extend(
        BOMBS.iter().map(|bomb| Trial::test(format!("compile_bombs::refused::{}", bomb.name), move || refused(bomb))),
    );
    trials
}

fn refused(bomb: &Bomb) -> Result<(), Failed> {
    let module = bomb.module();
    let error = match CompiledPolicy::from_bytes(engine(), &module) {
        Ok(_) => return Err("it was compiled".into()),
        Err(error) => error,
    };
    let LoadError::TooCostly(costly) = &error else { return Err(format!("another error: {error}").into()) };
    assert!(costly.count > costly.limit, "{costly:?}");
    let text = error.to_string();
    assert!(text.contains(bomb.says), "{text}");
    assert!(text.contains("build the module with optimisation") && text.contains("compile_limits"), "{text}");
    assert!(text.len() < 600, "{text}");
    // A module that was only looked at is refused when it is compiled, or before.
    let looked_at = PolicyModule::from_bytes(engine(), module.clone());
    let compiled = looked_at.and_then(|module| CompiledPolicy::from_module(engine(), module));
    assert_eq!(compiled.map(drop).unwrap_err().to_string(), text);
    // And whoever asks for the cost gets the same answer.
    assert_eq!(cost::check(&module, &CompileLimits::default()).unwrap_err().to_string(), text);
    Ok(())
}

/// A fifth of the limits is enough for all that is in this repository.
fn what_toolchains_make_is_far_below_the_limits() {
    let mut limits = CompileLimits::default();
    limits.function /= 5;
    limits.function_per_byte /= 2;
    limits.largest_function /= 5;
    limits.module /= 5;
    limits.per_byte /= 3;
    limits.functions /= 5;
    limits.types /= 5;
    limits.items /= 5;
    limits.elements /= 5;
    let mut checked = 0;
    let mut check = |name: String, module: &[u8]| {
        cost::check(module, &limits).unwrap_or_else(|error| panic!("{name}: {error}"));
        checked += 1;
    };
    for folder in ["behaved", "panics", "chainloop"] {
        for path in files(&guests(folder), "wat") {
            // Those that are not valid say so in their own tests.
            let Ok(module) = wat::parse_file(&path) else { continue };
            check(path.display().to_string(), &module);
        }
    }
    for name in ["pod-privileged", "sbom-licenses", "signed-images"] {
        let project = Project::open(&repository().join("examples").join(name)).expect("the example is a policy");
        // Not what is shipped: names and line tables take most of it.
        let options = BuildOptions { debug_info: true, ..BuildOptions::default() };
        for artifact in project.build_all(&[], &options).unwrap_or_else(|error| panic!("{error}")) {
            check(artifact.path.display().to_string(), &fs::read(&artifact.path).expect("it was built"));
        }
    }
    assert!(checked > 20, "{checked} modules");
}

fn limits_are_what_the_engine_was_given() {
    let module = wat::parse_str(
        r#"(module (memory (export "memory") 1)
             (func (export "__guest_call") (param i32 i32) (result i32) (loop (br_if 0 (local.get 0))) (i32.const 0)))"#,
    )
    .expect("valid text");
    let engine = |compile_limits| {
        Engine::new(EngineOptions { compile_limits, ..EngineOptions::default() })
            .expect("this machine runs WebAssembly")
    };
    let mut limits = CompileLimits::default();
    limits.function = 100;
    limits.function_per_byte = 0;
    limits.raised_by = "ask somebody";
    let error = CompiledPolicy::from_bytes(&engine(limits), &module).map(drop).expect_err("less than it has");
    let LoadError::TooCostly(costly) = &error else { panic!("{error}") };
    let Excess::Function { index: 0, cost } = &costly.what else { panic!("{costly:?}") };
    assert_eq!((cost.loops, cost.locals, costly.count, costly.limit), (1, 2, cost.work(), 100));
    assert!(error.to_string().ends_with("or ask somebody"), "{error}");
    CompiledPolicy::from_bytes(&engine(limits.times(1_000)), &module).expect("enough for it");
}

fn what_the_tables_start_with_is_not_counted() {
    let text = format!("(module (func) (table 70000 funcref) (elem (i32.const 0) func{}))", " 0".repeat(70_000));
    let module = wat::parse_str(text).expect("valid text");
    cost::check(&module, &CompileLimits::default()).expect("tables of that size are what Go programs have");
}

fn many_segments_of_data_are_what_go_programs_have() {
    let module = wat::parse_str(format!("(module (memory 1) {})", "(data (i32.const 0) \"x\")".repeat(100_000)));
    cost::check(&module.expect("valid text"), &CompileLimits::default()).expect("as many as WebAssembly allows");
}

fn what_is_not_valid_is_told_as_such() {
    let module = wat::parse_str("(module (func (result i32) (i64.const 0)))").expect("text");
    let error = cost::check(&module, &CompileLimits::default()).expect_err("types that differ");
    assert!(matches!(error, CostError::Invalid(_)), "{error}");
    assert!(error.to_string().contains("type mismatch"), "{error}");
}
