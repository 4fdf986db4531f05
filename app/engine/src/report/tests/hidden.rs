//! What is hidden can't be worked out, tried with any table.

use proptest::prelude::*;

use super::super::suppress::{Figure, Id, LEAST_PEOPLE, System};

/// A table with a total for each row and column and one of all: cells by row, sums of rows, of columns, of all.
struct Table {
    cells: Vec<Vec<Id>>,
    rows: Vec<Id>,
    columns: Vec<Id>,
    all: Id,
}

fn build(values: &[Vec<i64>]) -> (System, Table) {
    let mut system = System::new(LEAST_PEOPLE);
    let width = values[0].len();
    let cells: Vec<Vec<Id>> =
        values.iter().map(|row| row.iter().map(|n| system.count(*n)).collect()).collect();
    let rows: Vec<Id> = values.iter().map(|row| system.count(row.iter().sum())).collect();
    let columns: Vec<Id> =
        (0..width).map(|at| system.count(values.iter().map(|row| row[at]).sum())).collect();
    let all = system.count(values.iter().flatten().sum());
    for (sum, row) in rows.iter().zip(&cells) {
        system.sum(*sum, row.clone());
    }
    for (at, sum) in columns.iter().enumerate() {
        system.sum(*sum, cells.iter().map(|row| row[at]));
    }
    system.sum(all, rows.clone());
    system.sum(all, columns.clone());
    (system, Table { cells, rows, columns, all })
}

/// Whether numbers satisfy all sums and agree with what is shown, with another value at `(row, column)`: a
/// change along a loop of hidden cells does that.
fn may_differ(hidden: &[Vec<bool>], row: usize, column: usize) -> bool {
    // Cells are edges between rows and columns (the sums are one of each). An edge may change where
    // it lies on a loop: where its ends stay connected without it.
    let (height, width) = (hidden.len(), hidden[0].len());
    let mut reached = vec![false; height + width];
    let mut open = vec![row];
    reached[row] = true;
    while let Some(node) = open.pop() {
        #[expect(clippy::needless_range_loop, reason = "a node is its number")]
        for other in 0..height + width {
            let (r, c) = if node < height && other >= height {
                (node, other - height)
            } else if node >= height && other < height {
                (other, node - height)
            } else {
                continue;
            };
            if hidden[r][c] && (r, c) != (row, column) && !reached[other] {
                reached[other] = true;
                open.push(other);
            }
        }
    }
    reached[height + column]
}

proptest! {
    #[test]
    fn no_small_group_is_shown_and_none_follows(
        values in (1_usize..5, 1_usize..6).prop_flat_map(|(height, width)| {
            let cell = prop_oneof![3 => 0_i64..8, 1 => 0_i64..90];
            prop::collection::vec(prop::collection::vec(cell, width), height)
        })
    ) {
        let (system, table) = build(&values);
        let shown = system.protect();
        let is_hidden = |id: Id| shown.figure(id) == Figure::Hidden;
        // The whole table as one with the sums as a last row and column, where a change of a cell
        // is made up for in a sum that is hidden as well.
        let mut hidden: Vec<Vec<bool>> = table
            .cells
            .iter()
            .zip(&table.rows)
            .map(|(row, sum)| row.iter().chain([sum]).map(|id| is_hidden(*id)).collect())
            .collect();
        hidden.push(table.columns.iter().chain([&table.all]).map(|id| is_hidden(*id)).collect());
        let mut full: Vec<Vec<i64>> = values
            .iter()
            .map(|row| row.iter().copied().chain([row.iter().sum()]).collect())
            .collect();
        full.push((0..full[0].len()).map(|at| full.iter().map(|row| row[at]).sum()).collect());
        for (r, row) in full.iter().enumerate() {
            for (c, value) in row.iter().enumerate() {
                if (1..LEAST_PEOPLE).contains(value) {
                    prop_assert!(hidden[r][c], "{value} at {r}, {c} is shown");
                }
                if *value == 0 {
                    prop_assert!(!hidden[r][c], "nothing is nobody's");
                }
                if hidden[r][c] && full.iter().flatten().sum::<i64>() > 0 {
                    prop_assert!(may_differ(&hidden, r, c), "{value} at {r}, {c} follows: {full:?} {hidden:?}");
                }
            }
        }
    }

    #[test]
    fn beside_a_total_each_hidden_part_may_be_large_enough(
        values in prop::collection::vec(0_i64..12, 1..9)
    ) {
        let mut system = System::new(LEAST_PEOPLE);
        let parts: Vec<Id> = values.iter().map(|n| system.count(*n)).collect();
        let total = system.count(values.iter().sum());
        system.sum(total, parts.clone());
        let shown = system.protect();
        let hidden: Vec<i64> = values
            .iter()
            .zip(&parts)
            .filter(|(_, id)| shown.figure(**id) == Figure::Hidden)
            .map(|(n, _)| *n)
            .collect();
        if shown.figure(total) != Figure::Hidden && !hidden.is_empty() {
            // Whoever knows the total knows their sum and how many they are: any of them may still be
            // one person, or enough not to be hidden.
            let others = i64::try_from(hidden.len()).unwrap() - 1;
            prop_assert!(others > 0);
            prop_assert!(hidden.iter().sum::<i64>() - others >= LEAST_PEOPLE);
        }
        // What is large enough is only hidden for the sake of what is not.
        if values.iter().all(|n| *n == 0 || *n >= LEAST_PEOPLE) {
            prop_assert!(hidden.is_empty());
        }
    }

    #[test]
    fn tables_of_one_total_are_protected_together(
        left in prop::collection::vec(0_i64..9, 2..6),
        seed in 0_usize..5,
    ) {
        // The same people parted in another way.
        let sum: i64 = left.iter().sum();
        let first = sum.min(i64::try_from(seed).unwrap());
        let right = [first, sum - first];
        let mut system = System::new(LEAST_PEOPLE);
        let total = system.count(sum);
        let one: Vec<Id> = left.iter().map(|n| system.count(*n)).collect();
        let other = right.map(|n| system.count(n));
        system.sum(total, one.clone());
        system.sum(total, other);
        let shown = system.protect();
        for side in [one.as_slice(), other.as_slice()] {
            let hidden = side.iter().filter(|id| shown.figure(**id) == Figure::Hidden).count();
            // Also where only the other table made the total hidden, this one must not tell it.
            let none_left = side.iter().all(|id| shown.figure(*id) == Figure::Known(0));
            if shown.figure(total) == Figure::Hidden {
                prop_assert!(hidden > 0 || none_left);
            } else {
                prop_assert!(hidden != 1);
            }
        }
    }
}

#[test]
fn a_single_small_part_takes_the_next_with_it() {
    let mut system = System::new(LEAST_PEOPLE);
    let parts = [3, 40, 9, 0].map(|n| system.count(n));
    let total = system.count(52);
    system.sum(total, parts);
    let shown = system.protect();
    let figures = parts.map(|id| shown.figure(id));
    assert_eq!(
        figures,
        [Figure::Hidden, Figure::Known(40), Figure::Hidden, Figure::Known(0)],
        "the cheapest beside it"
    );
    assert_eq!(shown.figure(total), Figure::Known(52));
}

#[test]
fn what_a_long_way_of_sums_tells_is_hidden_too() {
    // Two loops of hidden cells joined by one: that one follows from all sums together, though in each sum
    // two are hidden.
    let values: Vec<Vec<i64>> =
        vec![vec![4, 4, 30, 30], vec![4, 4, 3, 30], vec![30, 30, 4, 4], vec![30, 30, 4, 4]];
    let (system, table) = build(&values);
    let shown = system.protect();
    let hidden: Vec<Vec<bool>> = table
        .cells
        .iter()
        .map(|row| row.iter().map(|id| shown.figure(*id) == Figure::Hidden).collect())
        .collect();
    assert!(hidden[1][2]);
    assert!(may_differ(&hidden, 1, 2), "{hidden:?}");
}
