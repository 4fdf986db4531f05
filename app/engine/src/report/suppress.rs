//! Which figures are hidden, so that nobody is told by them: one pure function.
//!
//! A figure that rests on too few (people, workshops) is hidden. That alone hides nothing where a total stands
//! beside it: who subtracts what is shown gets what is not. So [`System::protect`] knows all sums that hold
//! between figures, also across tables, and hides further ones until
//!
//! 1. in no sum a single figure is hidden, and those hidden in a sum whose total is shown rest together on so
//!    many that each of them may still be too small or large enough;
//! 2. no hidden figure follows from any combination of sums (Gaussian elimination over what is hidden).
//!
//! What is hidden is hidden alike, whichever of the reasons it was: a mark that told them apart would
//! narrow down the rest. Nothing (0) is nobody's figure and is shown.

use std::collections::BTreeMap;

/// People below which a group is hidden.
pub const LEAST_PEOPLE: i64 = 5;
/// Workshops below which their money and jobs are hidden.
pub const LEAST_WORKSHOPS: i64 = 3;

/// A figure as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Known(i64),
    Hidden,
}

impl Default for Figure {
    fn default() -> Self {
        Figure::Known(0)
    }
}

impl Figure {
    pub const fn known(self) -> Option<i64> {
        match self {
            Figure::Known(value) => Some(value),
            Figure::Hidden => None,
        }
    }
}

/// A figure of a system, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(usize);

#[derive(Debug, Clone, Copy)]
struct Cell {
    value: i64,
    /// On how many it rests.
    weight: i64,
    hidden: bool,
}

#[derive(Debug, Clone)]
struct Sum {
    total: usize,
    parts: Vec<usize>,
}

impl Sum {
    fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }
}

/// Figures and the sums that hold between them.
#[derive(Debug, Clone)]
pub struct System {
    least: i64,
    cells: Vec<Cell>,
    sums: Vec<Sum>,
}

/// What is shown of a system.
#[derive(Debug, Clone)]
pub struct Protected(Vec<Cell>);

impl Protected {
    pub fn figure(&self, id: Id) -> Figure {
        match self.0.get(id.0) {
            Some(cell) if !cell.hidden => Figure::Known(cell.value),
            _ => Figure::Hidden,
        }
    }
}

impl System {
    /// One in which figures that rest on fewer than `least` are hidden.
    pub const fn new(least: i64) -> Self {
        Self { least, cells: Vec::new(), sums: Vec::new() }
    }

    /// A count of those on whom it rests.
    pub fn count(&mut self, of: i64) -> Id {
        self.rests_on(of, of)
    }

    /// A figure that rests on so many.
    pub fn rests_on(&mut self, value: i64, weight: i64) -> Id {
        self.add(value, weight, false)
    }

    /// The same, hidden at any rate where `sensitive`.
    pub fn add(&mut self, value: i64, weight: i64, sensitive: bool) -> Id {
        let small = weight > 0 && weight < self.least;
        self.cells.push(Cell { value, weight, hidden: value != 0 && (small || sensitive) });
        Id(self.cells.len() - 1)
    }

    /// Says that a figure is the sum of others.
    pub fn sum(&mut self, total: Id, parts: impl IntoIterator<Item = Id>) {
        self.sums.push(Sum { total: total.0, parts: parts.into_iter().map(|id| id.0).collect() });
    }

    /// Hides what must be hidden.
    pub fn protect(mut self) -> Protected {
        loop {
            while self.hide_in_sums() {}
            if !self.hide_what_follows() {
                return Protected(self.cells);
            }
        }
    }

    /// The cheapest of these that is shown and not nothing.
    fn cheapest(&self, cells: impl Iterator<Item = usize>) -> Option<usize> {
        cells
            .filter(|at| !self.cells[*at].hidden && self.cells[*at].value != 0)
            .min_by_key(|at| (self.cells[*at].weight, self.cells[*at].value, *at))
    }

    /// Looks at each sum by itself; tells whether it hid anything.
    fn hide_in_sums(&mut self) -> bool {
        let mut more = false;
        for at in 0..self.sums.len() {
            while let Some(cell) = self.lacking(&self.sums[at]) {
                self.cells[cell].hidden = true;
                more = true;
            }
        }
        more
    }

    /// What a sum needs hidden besides; None where it tells nothing or has nothing left to hide.
    fn lacking(&self, sum: &Sum) -> Option<usize> {
        let hidden: Vec<&Cell> =
            sum.parts.iter().map(|at| &self.cells[*at]).filter(|cell| cell.hidden).collect();
        let count = i64::try_from(hidden.len()).unwrap_or(i64::MAX);
        let enough = if self.cells[sum.total].hidden {
            count > 0 || sum.parts.iter().all(|at| self.cells[*at].value == 0)
        } else {
            // Each may be anything from 1 to what the others leave: that must reach `least`.
            let weight: i64 = hidden.iter().map(|cell| cell.weight).sum();
            count == 0 || (count > 1 && weight >= count - 1 + self.least)
        };
        if enough {
            return None;
        }
        let part = self.cheapest(sum.parts.iter().copied());
        part.or_else(|| self.cheapest(std::iter::once(sum.total)))
    }

    /// Hides one more figure for each that follows from the sums together; tells whether it did.
    fn hide_what_follows(&mut self) -> bool {
        let mut more = false;
        for group in self.connected() {
            for cell in follows(&self.cells, &group) {
                let beside = group.iter().filter(|sum| sum.cells().any(|at| at == cell));
                let near = self.cheapest(beside.flat_map(Sum::cells));
                let any = near.or_else(|| self.cheapest(group.iter().flat_map(Sum::cells)));
                if let Some(other) = any {
                    self.cells[other].hidden = true;
                    more = true;
                }
            }
        }
        more
    }

    /// Sums that have hidden figures, in groups that share some: each is looked at alone.
    fn connected(&self) -> Vec<Vec<Sum>> {
        let mut leader: Vec<usize> = (0..self.cells.len()).collect();
        let hidden =
            |sum: &Sum| sum.cells().filter(|at| self.cells[*at].hidden).collect::<Vec<usize>>();
        for sum in &self.sums {
            for pair in hidden(sum).windows(2) {
                let (one, other) = (find(&mut leader, pair[0]), find(&mut leader, pair[1]));
                leader[one] = other;
            }
        }
        let mut groups: BTreeMap<usize, Vec<Sum>> = BTreeMap::new();
        for sum in &self.sums {
            if let Some(first) = hidden(sum).first() {
                groups.entry(find(&mut leader, *first)).or_default().push(sum.clone());
            }
        }
        groups.into_values().collect()
    }
}

/// Who speaks for the group of `at`.
fn find(leader: &mut [usize], mut at: usize) -> usize {
    while leader[at] != at {
        leader[at] = leader[leader[at]];
        at = leader[at];
    }
    at
}

/// A prime: what is decided modulo it holds of these small whole numbers.
const PRIME: u64 = 2_147_483_647;

fn inverse(number: u64) -> u64 {
    let (mut result, mut base, mut power) = (1, number % PRIME, PRIME - 2);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}

/// The hidden figures of these sums that can be worked out from what is shown.
fn follows(cells: &[Cell], sums: &[Sum]) -> Vec<usize> {
    let mut columns: Vec<usize> =
        sums.iter().flat_map(Sum::cells).filter(|at| cells[*at].hidden).collect();
    columns.sort_unstable();
    columns.dedup();
    let place = |at: usize| columns.binary_search(&at).ok();
    let mut rows: Vec<Vec<u64>> = sums
        .iter()
        .map(|sum| {
            let mut row = vec![0; columns.len()];
            if let Some(at) = place(sum.total) {
                row[at] = 1;
            }
            for at in sum.parts.iter().filter_map(|part| place(*part)) {
                row[at] = (row[at] + PRIME - 1) % PRIME;
            }
            row
        })
        .collect();
    let mut rank = 0;
    for column in 0..columns.len() {
        let Some(pivot) = (rank..rows.len()).find(|at| rows[*at][column] != 0) else { continue };
        rows.swap(rank, pivot);
        let scale = inverse(rows[rank][column]);
        for value in &mut rows[rank] {
            *value = *value * scale % PRIME;
        }
        let lead = rows[rank].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != rank) {
            let times = row[column];
            if times != 0 {
                for (value, lead) in row.iter_mut().zip(&lead) {
                    *value = (*value + (PRIME - times) * lead) % PRIME;
                }
            }
        }
        rank += 1;
    }
    // A row with a single figure says what it is.
    rows.iter()
        .filter_map(|row| {
            let mut there = row.iter().enumerate().filter(|(_, value)| **value != 0);
            let (only, _) = there.next()?;
            there.next().is_none().then(|| columns[only])
        })
        .collect()
}
