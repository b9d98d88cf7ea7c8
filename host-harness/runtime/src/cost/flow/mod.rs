//! The control flow of a function, as it is read.
//!
//! A compiler makes of a local as many values as it has writes, and where control comes together it brings together the values of each
//! local that is read further on. With many locals and many branches, nothing takes more time and memory. So the function is cut into
//! pieces of code without branches, of which [`needed`] knows which locals have to be kept from one to the next.

mod needed;
mod set;

use set::Set;

pub(super) use needed::Needed;

/// What is kept of sets of locals, in words of 64 locals, before it is given up to know which they are.
const WORDS: usize = 4 << 20;

/// Steps from one end of a block to another in which locals are looked at, before it is given up.
const STEPS: u64 = 100_000_000;

/// A piece of code without branches.
#[derive(Default)]
struct Piece {
    /// How many operators it has.
    operators: u64,
    /// Where control goes from it.
    next: Vec<Next>,
    /// Locals that are read before they are written to.
    reads: Vec<u32>,
    /// Locals that are written to, with as how many values the last one counts.
    writes: Vec<(u32, u64)>,
    /// Locals that have one of several values from here on.
    merged: Vec<u32>,
}

#[derive(Clone, Copy)]
enum Next {
    Piece(usize),
    Label(usize),
}

/// A place that branches lead to.
struct Label {
    /// The piece that starts there; `None` for the end of the function, and for what nothing leads to.
    piece: Option<usize>,
    /// From how many places control comes.
    edges: u64,
    is_loop: bool,
    /// The locals that are written to in the block of the label.
    written: Option<Set>,
}

/// A block that is not closed.
struct Open {
    label: usize,
    kind: Kind,
    /// Where a condition goes that is not fulfilled.
    otherwise: Option<usize>,
    /// Where the first branch to its end is.
    branched: Option<u64>,
    written: Option<Set>,
}

/// What kind of block it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Block,
    Loop,
    /// A condition, whose end is reached without it as well.
    Condition,
}

#[derive(Clone, Copy)]
struct Local {
    /// The last pieces that read and that wrote to it.
    read_in: usize,
    written_in: usize,
    /// Where it is among what that piece wrote to.
    place: usize,
    /// Where it was read or written to last, in the piece that did.
    used: u64,
    written: u64,
}

const NOWHERE: usize = usize::MAX;

pub(super) struct Flow {
    locals: Vec<Local>,
    pieces: Vec<Piece>,
    labels: Vec<Label>,
    open: Vec<Open>,
    /// How many operators were read.
    at: u64,
    /// Values that are kept inside of a piece, from operator to operator.
    inside: u64,
    /// What is left of what the sets may have, and of the steps.
    words: usize,
    steps: u64,
    /// Whether a set is missing for which there were no words left.
    is_incomplete: bool,
}

impl Flow {
    /// A function with as many locals, all of which have a value when it starts.
    pub(super) fn new(locals: u32) -> Self {
        let local = Local { read_in: NOWHERE, written_in: NOWHERE, place: 0, used: 0, written: 0 };
        let end = Label { piece: None, edges: 1, is_loop: false, written: None };
        Self {
            locals: vec![local; locals as usize],
            pieces: vec![Piece::default()],
            labels: vec![end],
            open: vec![Open { label: 0, kind: Kind::Block, otherwise: None, branched: None, written: None }],
            at: 0,
            inside: 0,
            words: WORDS,
            steps: STEPS,
            is_incomplete: false,
        }
    }

    /// One operator more.
    pub(super) fn advance(&mut self) {
        self.at += 1;
        if let Some(piece) = self.pieces.last_mut() {
            piece.operators += 1;
        }
    }

    /// A read of a value that counts as so many.
    pub(super) fn read(&mut self, local: u32, weight: u64) {
        let piece = self.pieces.len() - 1;
        let Some(state) = self.locals.get_mut(local as usize) else { return };
        if state.written_in == piece || state.read_in == piece {
            self.inside = self.inside.saturating_add((self.at - state.used).saturating_mul(weight));
        } else {
            self.pieces[piece].reads.push(local);
        }
        (state.read_in, state.used) = (piece, self.at);
    }

    /// A write of a value that counts as so many.
    pub(super) fn written(&mut self, local: u32, weight: u64) {
        let piece = self.pieces.len() - 1;
        let count = self.locals.len();
        let Some(state) = self.locals.get_mut(local as usize) else { return };
        let writes = &mut self.pieces[piece].writes;
        if state.written_in == piece {
            writes[state.place].1 = weight;
        } else {
            (state.written_in, state.place) = (piece, writes.len());
            writes.push((local, weight));
        }
        (state.used, state.written) = (self.at, self.at);
        if let Some(block) = self.open.last_mut() {
            if block.written.is_none() {
                block.written = Set::within(count, &mut self.words);
                self.is_incomplete |= block.written.is_none();
            }
            if let Some(written) = &mut block.written {
                written.insert(local);
            }
        }
    }

    pub(super) fn open(&mut self, kind: Kind, reached: bool) {
        let label = self.label(kind == Kind::Loop);
        let mut open = Open { label, kind, otherwise: None, branched: None, written: None };
        match kind {
            Kind::Block => {}
            Kind::Loop => {
                let start = self.follow(reached);
                (self.labels[label].piece, self.labels[label].edges) = (Some(start), u64::from(reached));
            }
            Kind::Condition => {
                let otherwise = self.label(false);
                if reached {
                    self.lead(Next::Label(otherwise));
                    self.labels[otherwise].edges += 1;
                }
                (open.otherwise, open.branched) = (Some(otherwise), Some(self.at));
                self.follow(reached);
            }
        }
        self.open.push(open);
    }

    /// The first part of a condition ends, and the second one starts.
    pub(super) fn otherwise(&mut self, reached: bool) {
        let Some(open) = self.open.last_mut() else { return };
        let (label, otherwise) = (open.label, open.otherwise.take());
        if reached {
            self.lead(Next::Label(label));
            self.labels[label].edges += 1;
        }
        let start = self.follow(false);
        if let Some(otherwise) = otherwise {
            self.labels[otherwise].piece = Some(start);
        }
    }

    /// A block ends. Gives the locals that have one of several values behind it.
    pub(super) fn close(&mut self, reached: bool) -> Vec<u32> {
        let Some(open) = self.open.pop() else { return Vec::new() };
        let label = open.label;
        let mut merged = Vec::new();
        if let (Some(branched), Some(written), true) = (open.branched, &open.written, open.kind != Kind::Loop) {
            self.steps = self.steps.saturating_sub(self.locals.len() as u64 / 64 + 1);
            if self.steps > 0 {
                merged.extend(written.iter().filter(|local| self.locals[*local as usize].written > branched));
                self.steps = self.steps.saturating_sub(merged.len() as u64);
            }
        }
        let is_reached =
            self.labels[label].edges > 0 || open.otherwise.is_some_and(|other| self.labels[other].edges > 0);
        if open.kind != Kind::Loop && is_reached && !self.open.is_empty() {
            let start = self.follow(reached);
            self.labels[label].edges += u64::from(reached);
            self.labels[label].piece = Some(start);
            if let Some(otherwise) = open.otherwise {
                self.labels[otherwise].piece = Some(start);
                self.labels[label].edges += std::mem::take(&mut self.labels[otherwise].edges);
            }
            self.pieces[start].merged.clone_from(&merged);
        }
        if let Some(written) = open.written {
            let outer = self.open.last_mut().map(|outer| &mut outer.written);
            let keeps = self.labels[label].edges > 1;
            match outer {
                Some(Some(outer)) => outer.extend(&written),
                Some(outer) if keeps => {
                    *outer = written.copy_within(&mut self.words);
                    self.is_incomplete |= outer.is_none();
                }
                Some(outer) => {
                    *outer = Some(written);
                    return merged;
                }
                None => {}
            }
            if keeps {
                self.labels[label].written = Some(written);
            } else {
                self.words += written.words();
            }
        }
        merged
    }

    /// A branch to the label of the block that is so many blocks further out.
    pub(super) fn branch(&mut self, depth: u32) {
        let open = self.open.len().checked_sub(1 + depth as usize).and_then(|index| self.open.get_mut(index));
        if let Some(open) = open {
            let label = open.label;
            if open.kind != Kind::Loop {
                open.branched.get_or_insert(self.at);
            }
            self.labels[label].edges += 1;
            self.lead(Next::Label(label));
        }
    }

    /// The code behind a branch: control comes from what is before it, or never.
    pub(super) fn behind_branch(&mut self, reached: bool) {
        self.follow(reached);
    }

    fn label(&mut self, is_loop: bool) -> usize {
        self.labels.push(Label { piece: None, edges: 0, is_loop, written: None });
        self.labels.len() - 1
    }

    fn lead(&mut self, next: Next) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.next.push(next);
        }
    }

    /// Starts a piece, to which control goes from the last one if that is reached.
    fn follow(&mut self, reached: bool) -> usize {
        let start = self.pieces.len();
        if reached {
            self.lead(Next::Piece(start));
        }
        self.pieces.push(Piece::default());
        start
    }
}
