//! The report for people.

use admit_host::diff::{Change, Changes, Compared, Example, Group, Release, Report, Subject};
use anstyle::Style;

use crate::output::{BAD, DIM, GOOD, NOTICE, Text, aligned, hanging, indent, line, percent, text, thousands};

/// Most groups of a change that are shown.
const MAX_SHOWN: usize = 10;

pub(super) fn render(report: &Report) -> Text {
    let mut lines = vec![text!("{}", policies(report))];
    for (change, changes) in &report.changes {
        lines.push(text!(""));
        lines.extend(of_change(report, *change, changes));
    }
    lines.push(text!(""));
    lines.extend(summary(report));
    Text::join(&lines, "\n")
}

fn policies(report: &Report) -> Text {
    let row = |word: &'static str, side: &Compared| vec![line(word), line(&side.module), line(&side.abi)];
    Text::join(&aligned(&[row("old", &report.old), row("new", &report.new)], &[]), "\n")
}

/// The change in words.
fn words(change: Change) -> &'static str {
    match change {
        Change::AcceptToReject => "accepted before, rejected now",
        Change::AcceptToError => "accepted before, no answer now",
        Change::RejectToError => "rejected before, no answer now",
        Change::Mutation => "another object is stored",
        Change::RejectToAccept => "rejected before, accepted now",
        Change::ErrorToAccept => "no answer before, accepted now",
        Change::Warnings => "new warnings",
        Change::HostCalls => "new host calls",
        Change::ErrorToReject => "no answer before, rejected now",
        Change::Message => "rejected with another message",
        Change::Code => "rejected with another code",
        Change::Error => "no answer, for another reason",
        Change::FewerWarnings => "fewer warnings",
        Change::FewerHostCalls => "fewer host calls",
        Change::AuditAnnotations => "other entries for the audit log",
    }
}

fn style(release: Release) -> Style {
    match release {
        Release::Major => BAD,
        Release::Minor => NOTICE,
        Release::Patch => GOOD,
    }
}

fn of_change(report: &Report, change: Change, changes: &Changes) -> Vec<Text> {
    let style = style(change.release());
    let allowed = match changes.allowed {
        0 => text!(""),
        all if all == changes.count => text!(", all of them allowed"),
        some => text!(", {} of them allowed", thousands(some)),
    };
    let count = text!("{}{}", requests(changes.count), allowed);
    let mut lines = vec![text!("{}{}{:#}: {}", style, change.name(), style, text!("{}, {}", words(change), count))];
    let groups = changes.groups.largest_first();
    let digits = groups.first().map_or(1, |group| thousands(group.count).width());
    for group in groups.iter().take(MAX_SHOWN) {
        lines.extend(of_group(report, group, digits));
    }
    let shown: u64 = groups.iter().take(MAX_SHOWN).map(|group| group.count).sum();
    if changes.count > shown {
        lines.push(text!("  {}and {} in other groups{:#}", DIM, requests(changes.count - shown), DIM));
    }
    lines
}

fn requests(count: u64) -> Text {
    text!("{} {}", thousands(count), if count == 1 { "request" } else { "requests" })
}

fn of_group(report: &Report, group: &Group, digits: usize) -> Vec<Text> {
    let count = thousands(group.count);
    let blanks = indent(digits.saturating_sub(count.width()));
    let below = digits + 4;
    let mut lines = Vec::new();
    for (index, side) in sides(&group.was, &group.is, below).into_iter().enumerate() {
        match index {
            0 => lines.push(text!("  {}{}  {}", blanks, count, side)),
            _ => lines.push(text!("{}{}", indent(below), side)),
        }
    }
    if let Some(entry) = group.allowed_by.and_then(|number| report.allowed.get(number.checked_sub(1)?)) {
        lines.push(text!("{}{}allowed: {}{:#}", indent(below), DIM, hanging(&entry.why, below + 9), DIM));
    }
    lines.extend(examples(group, below + 2));
    lines
}

/// What it was and what it is, in a line each; in one line where there is only one of them.
fn sides(was: &str, is: &str, below: usize) -> Vec<Text> {
    match (was.is_empty(), is.is_empty()) {
        (true, true) => vec![text!("without a message")],
        (true, false) => vec![hanging(is, below)],
        (false, true) => vec![hanging(was, below)],
        (false, false) => vec![
            text!("{}before{:#}  {}", DIM, DIM, hanging(was, below + 8)),
            text!("{}now{:#}     {}", DIM, DIM, hanging(is, below + 8)),
        ],
    }
}

fn examples(group: &Group, below: usize) -> Vec<Text> {
    let row = |example: &Example| vec![line(&example.subject.place), line(&example.subject)];
    let rows: Vec<Vec<Text>> = group.examples.iter().map(row).collect();
    let mut lines = Vec::new();
    for (example, place) in group.examples.iter().zip(aligned(&rows, &[])) {
        lines.push(text!("{}{}{}{:#}", indent(below), DIM, place, DIM));
        if (&example.was, &example.is) != (&group.was, &group.is) {
            let sides = sides(&example.was, &example.is, below + 2);
            lines.extend(sides.into_iter().map(|side| text!("{}{}", indent(below + 2), side)));
        }
    }
    lines
}

fn summary(report: &Report) -> Vec<Text> {
    let of_shard = report.shard.map_or(text!(""), |shard| text!("shard {}: ", line(shard)));
    let mut lines = vec![text!(
        "{}{} compared: {} the same, {} changed",
        of_shard,
        requests(report.requests),
        thousands(report.same),
        thousands(report.changed)
    )];
    for (reason, left) in &report.left_out {
        lines.push(text!("{} left out: {}", thousands(left.count), reason.words()));
        for example in &left.examples {
            let about = hanging(&example.about, 6);
            lines.push(text!("  {}{}{:#}  {}", DIM, line(&example.place), DIM, about).trim_end());
        }
    }
    for (note, count) in &report.notes {
        lines.push(text!("{}: {}", requests(*count), hanging(note, 2)));
    }
    lines.extend(cost(report));
    for (entry, number) in report.allowed.iter().zip(1_usize..).filter(|(entry, _)| entry.used == 0) {
        let why = hanging(&entry.why, 2);
        lines.push(text!(
            "{}entry {} of what is allowed is not used{:#}: {}: {}",
            NOTICE,
            number,
            NOTICE,
            entry.change.name(),
            why
        ));
    }
    let failing = report.not_allowed();
    if failing > 0 && !report.allowed.is_empty() {
        let are = if failing == 1 { "change is" } else { "changes are" };
        lines.push(text!("{}{} {} not allowed{:#}", BAD, thousands(failing), are, BAD));
    }
    if report.requests == 0 {
        return lines;
    }
    let asking: Vec<Text> = report
        .changes
        .keys()
        .filter(|change| change.release() == report.suggests)
        .map(|change| text!("{}", change.name()))
        .collect();
    let asking = if asking.is_empty() { text!("nothing changed") } else { Text::join(&asking, ", ") };
    let style = style(report.suggests);
    lines.push(text!("suggested release: {}{}{:#} ({})", style, report.suggests.name(), style, asking));
    lines
}

/// What the runs took before and now.
fn cost(report: &Report) -> Option<Text> {
    let cost = &report.cost;
    if cost.old == 0 && cost.new == 0 {
        return None;
    }
    let (sign, by) = if cost.new >= cost.old { ("+", cost.new - cost.old) } else { ("-", cost.old - cost.new) };
    let most = match &cost.most {
        Some(growth) => {
            let Subject { place, .. } = &growth.subject;
            let (old, new) = (thousands(growth.old), thousands(growth.new));
            text!("; most at {} {}: {} fuel, {} fuel before", line(place), line(&growth.subject), new, old)
        }
        None => text!(""),
    };
    Some(text!(
        "cost: {} fuel, {} fuel before ({}{}){}",
        thousands(cost.new),
        thousands(cost.old),
        sign,
        percent(by, cost.old),
        most
    ))
}
