//! Where in a function the values of its locals are needed, and where they come together.
//!
//! A compiler makes of a local as many values as it has writes, and where control comes together it brings together the values of each
//! local that is read further on. With many locals and many branches, nothing takes more time and memory. It is counted here in one
//! pass in the order of the text, and never less than it is: a write ends where the value before it is needed only if it is in the
//! block of the read or in one around it, and what a loop reads from before its start is needed until its end.

/// Positions in a function: how many operators are before it, of which those count more that end a block of the compiler's.
type Position = u64;

/// The last write of a local that is certain.
#[derive(Clone, Copy)]
struct Write {
    at: Position,
    /// The block that it is in.
    block: u32,
    /// Where its value is needed, in `ranges`.
    needed: Option<usize>,
}

/// A block that is not closed.
struct Block {
    number: u32,
    /// Its number among the loops, if it is one.
    in_loops: Option<usize>,
    /// How many edges lead to its label.
    edges: u64,
    /// Where the first one of these starts that is not its end.
    branched: Option<Position>,
    /// What was known of the locals that it wrote to.
    before: Vec<(u32, Write)>,
    /// Locals that the first part of a condition wrote to.
    first_part: Vec<u32>,
}

/// What kind of block it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Block,
    Loop,
    /// A condition, whose end is reached without it as well.
    Condition,
}

/// A place where control comes together.
struct Label {
    at: Position,
    edges: u64,
}

impl Block {
    fn new(number: u32, in_loops: Option<usize>, branched: Option<Position>) -> Self {
        Self { number, in_loops, edges: 1, branched, before: Vec::new(), first_part: Vec::new() }
    }
}

struct Loop {
    start: Label,
    end: Position,
}

/// Where the value of a local is needed.
#[derive(Clone, Copy)]
struct Range {
    local: u32,
    from: Position,
    to: Position,
    /// Then it is needed until the end of this loop, if that is further.
    in_loop: Option<usize>,
    /// As how many values it counts.
    weight: u64,
}

/// What is counted, when a function is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Total {
    /// At all positions, how many values are needed for locals.
    pub(super) live: u64,
    /// On all edges of the control flow, how many locals have several values where the edge leads to, of which one is needed.
    pub(super) merged: u64,
}

pub(super) struct Live {
    at: Position,
    locals: Vec<Write>,
    blocks: Vec<Block>,
    opened: u32,
    /// Loops that are not closed, the outermost first.
    open_loops: Vec<usize>,
    /// All loops, in the order of their starts.
    loops: Vec<Loop>,
    /// All other labels, in the order of their places.
    labels: Vec<Label>,
    writes: Vec<(u32, Position)>,
    ranges: Vec<Range>,
}

impl Live {
    /// A function with as many locals, all of which have a value when it starts.
    pub(super) fn new(locals: u32) -> Self {
        Self {
            at: 0,
            locals: vec![Write { at: 0, block: 0, needed: None }; locals as usize],
            blocks: vec![Block::new(0, None, None)],
            opened: 0,
            open_loops: Vec::new(),
            loops: Vec::new(),
            labels: Vec::new(),
            writes: Vec::new(),
            ranges: Vec::new(),
        }
    }

    /// So many positions further.
    pub(super) fn advance(&mut self, positions: u64) {
        self.at += positions;
    }

    pub(super) fn open(&mut self, kind: Kind) {
        let in_loops = (kind == Kind::Loop).then(|| {
            let start = Label { at: self.at, edges: 0 };
            self.loops.push(Loop { start, end: Position::MAX });
            self.open_loops.push(self.loops.len() - 1);
            self.loops.len() - 1
        });
        self.opened += 1;
        let branched = (kind == Kind::Condition).then_some(self.at);
        self.blocks.push(Block::new(self.opened, in_loops, branched));
    }

    /// The first part of a condition ends, and the second one starts.
    pub(super) fn otherwise(&mut self) {
        self.opened += 1;
        let Some(block) = self.blocks.last_mut() else { return };
        block.number = self.opened;
        block.edges += 1;
        let before = std::mem::take(&mut block.before);
        block.first_part = before.iter().map(|(local, _)| *local).collect();
        self.forget(before);
    }

    /// A block ends. Gives the locals that may have one of several values behind it.
    pub(super) fn close(&mut self) -> Vec<u32> {
        let Some(block) = self.blocks.pop() else { return Vec::new() };
        let mut merged = block.first_part;
        if let Some(branched) = block.branched {
            let written_later = |(local, _): &&(u32, Write)| self.locals[*local as usize].at > branched;
            merged.extend(block.before.iter().filter(written_later).map(|(local, _)| local));
        }
        self.forget(block.before);
        match block.in_loops.and_then(|number| self.loops.get_mut(number)) {
            Some(closed) => {
                closed.start.edges = block.edges;
                closed.end = self.at;
                self.open_loops.pop();
                Vec::new()
            }
            None => {
                self.labels.push(Label { at: self.at, edges: block.edges });
                merged
            }
        }
    }

    /// A branch to the label of the block that is so many blocks further out.
    pub(super) fn branch(&mut self, depth: u32) {
        let block = self.blocks.len().checked_sub(1 + depth as usize).and_then(|index| self.blocks.get_mut(index));
        if let Some(block) = block {
            block.edges += 1;
            block.branched.get_or_insert(self.at);
        }
    }

    pub(super) fn written(&mut self, local: u32) {
        let (Some(write), Some(block)) = (self.locals.get_mut(local as usize), self.blocks.last_mut()) else { return };
        if write.block != block.number {
            block.before.push((local, *write));
        }
        self.writes.push((local, self.at));
        *write = Write { at: self.at, block: block.number, needed: None };
    }

    /// A read of a value that counts as so many.
    pub(super) fn read(&mut self, local: u32, weight: u64) {
        let Some(write) = self.locals.get_mut(local as usize) else { return };
        let entered = |number: &usize| self.loops[*number].start.at < write.at;
        let outermost = self.open_loops.partition_point(entered);
        let in_loop = self.open_loops.get(outermost).copied();
        match write.needed.and_then(|number| self.ranges.get_mut(number)) {
            // Of two loops around reads of the same value, the first is the one that is around the other, or it is over.
            Some(range) if in_loop.is_none() || range.in_loop == in_loop => {
                range.to = self.at;
                range.weight = range.weight.max(weight);
            }
            _ => {
                write.needed = Some(self.ranges.len());
                self.ranges.push(Range { local, from: write.at, to: self.at, in_loop, weight });
            }
        }
    }

    /// What was written to in a block is not certain behind it.
    fn forget(&mut self, before: Vec<(u32, Write)>) {
        for (local, write) in before {
            self.locals[local as usize] = write;
        }
    }

    pub(super) fn total(self) -> Total {
        let Self { mut ranges, mut writes, loops, labels, .. } = self;
        for range in &mut ranges {
            if let Some(number) = range.in_loop {
                range.to = range.to.max(loops[number].end);
            }
        }
        ranges.sort_unstable_by_key(|range| (range.local, range.from));
        writes.sort_unstable();
        let (starts, ends) = (Places::new(loops.iter().map(|each| &each.start)), Places::new(labels.iter()));
        let mut total = Total::default();
        let mut counted = (u32::MAX, 0);
        for Range { local, from, to, weight, .. } in ranges {
            let from = if counted.0 == local { from.max(counted.1) } else { from };
            if from >= to {
                continue;
            }
            counted = (local, to);
            total.live = total.live.saturating_add((to - from).saturating_mul(weight));
            total.merged = total.merged.saturating_add(starts.between(from, to));
            // Values come together behind a block only when there is a write in it.
            let write = writes.partition_point(|write| *write <= (local, from));
            if let Some((_, at)) = writes.get(write).filter(|(written, at)| *written == local && *at < to) {
                total.merged = total.merged.saturating_add(ends.between(*at, to));
            }
        }
        total
    }
}

/// How many edges lead to the labels between two positions.
struct Places {
    /// The place of a label, and how many edges lead to it and to those before.
    sums: Vec<(Position, u64)>,
}

impl Places {
    fn new<'l>(labels: impl Iterator<Item = &'l Label>) -> Self {
        let mut sum = 0_u64;
        let sums = labels.map(|label| {
            sum = sum.saturating_add(label.edges);
            (label.at, sum)
        });
        Self { sums: sums.collect() }
    }

    fn between(&self, from: Position, to: Position) -> u64 {
        let before = |at| match self.sums.partition_point(|(place, _)| *place < at) {
            0 => 0,
            index => self.sums[index - 1].1,
        };
        before(to) - before(from)
    }
}
