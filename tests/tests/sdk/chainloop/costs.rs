//! What a large material costs.

use admit_host::RunOptions;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{material, output};

pub(super) fn trials() -> Vec<Trial> {
    trials![a_large_material_fits, cost_grows_with_the_material_and_not_faster]
}

/// A material of so many components, each of about 100 bytes.
fn components(count: usize) -> Value {
    let item = |at: usize| {
        let mut item = json!({"name": format!("component-{at}"), "purl": format!("pkg:npm/component-{at}@1.0.{at}"), "licenses": ["MIT"]});
        if !at.is_multiple_of(1000) {
            item["version"] = format!("1.0.{at}").into();
        }
        item
    };
    json!({"ask": "count", "items": (0..count).map(item).collect::<Vec<_>>()})
}

/// About 10 MB, typed: five bytes of memory and fifty units of fuel for each byte of it, and some room.
fn a_large_material_fits() {
    let components = components(90_000);
    let size = components.to_string().len() as u64;
    assert!(size > 9 << 20, "{size}");
    let mut options = RunOptions::default();
    options.limits.memory = Some(64 << 20);
    let execution = material().run(&components, &Value::Null, &options);
    assert_eq!(output(&execution)["violations"], json!(["90 of 90000: component-0, component-1000"]));
    let (peak, fuel) = (execution.trace.peak_memory, execution.trace.fuel);
    assert!(peak < size * 6, "{size} bytes took {peak} bytes of memory");
    assert!(fuel < size * 75, "{size} bytes took {fuel} units of fuel");
}

fn cost_grows_with_the_material_and_not_faster() {
    let fuel = |count: usize| {
        let execution = material().run(&components(count), &Value::Null, &RunOptions::default());
        output(&execution);
        execution.trace.fuel
    };
    let (small, large) = (fuel(300), fuel(3_000));
    assert!(large < small * 12, "{small} units of fuel for 300 components, {large} for 3,000");
}
