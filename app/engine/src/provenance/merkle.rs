//! Merkle trees as RFC 6962 (9162) hashes them: leaves and nodes are told apart by their first byte,
//! so that no inner node is ever taken for a leaf.

use super::hash::{Print, sha256};

pub(super) fn leaf(data: &[u8]) -> Print {
    sha256(&[&[0], data])
}

fn node(left: &Print, right: &Print) -> Print {
    sha256(&[&[1], &left.0, &right.0])
}

/// The largest power of two below `n`, which is more than 1.
const fn split(n: usize) -> usize {
    1 << (usize::BITS - 1 - (n - 1).leading_zeros())
}

/// The root over the leaves' hashes.
pub(super) fn root(leaves: &[Print]) -> Print {
    match leaves {
        [] => sha256(&[]),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(split(many.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The hashes that lead from a leaf to the root, nearest first; None where there is no such leaf.
pub(super) fn path(leaves: &[Print], index: usize) -> Option<Vec<Print>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = if index < left.len() {
        (path(left, index)?, root(right))
    } else {
        (path(right, index - left.len())?, root(left))
    };
    path.push(sibling);
    Some(path)
}

/// Whether the path leads from the leaf at `index` of `size` to the root (RFC 9162, 2.1.3.2).
pub(super) fn leads(leaf: &Print, index: u32, size: u32, path: &[Print], root: &Print) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaves(n: usize) -> Vec<Print> {
        (0..n).map(|at| leaf(&at.to_be_bytes())).collect()
    }

    /// The example of RFC 6962, 2.1.3: seven leaves.
    #[test]
    #[expect(clippy::many_single_char_names, reason = "as the RFC names them")]
    fn the_tree_has_the_shape_of_the_rfc() {
        let d = leaves(7);
        let (g, h, i) = (node(&d[0], &d[1]), node(&d[2], &d[3]), node(&d[4], &d[5]));
        let (k, l) = (node(&g, &h), node(&i, &d[6]));
        assert_eq!(root(&d), node(&k, &l));
        assert_eq!(path(&d, 0), Some(vec![d[1], h, l]));
        assert_eq!(path(&d, 3), Some(vec![d[2], g, l]));
        assert_eq!(path(&d, 4), Some(vec![d[5], d[6], k]));
        assert_eq!(path(&d, 6), Some(vec![i, k]));
        assert_eq!(path(&d, 7), None);
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(root(&[]).to_string(), empty);
    }

    proptest! {
        #[test]
        fn proofs_lead_to_the_root_and_to_no_other(n in 1_usize..70, at: prop::sample::Index, turn: u8) {
            let all = leaves(n);
            let at = at.index(n);
            let (index, size) = (u32::try_from(at).unwrap(), u32::try_from(n).unwrap());
            let (root, mut way) = (root(&all), path(&all, at).unwrap());
            prop_assert!(leads(&all[at], index, size, &way, &root));
            for other in 0..=size {
                prop_assert_eq!(leads(&all[at], other, size, &way, &root), other == index);
            }
            prop_assert!(!leads(&leaf(b"other"), index, size, &way, &root));
            if let Some(first) = way.first_mut() {
                first.0[usize::from(turn) % 32] ^= 1;
                prop_assert!(!leads(&all[at], index, size, &way, &root));
                way.pop();
                prop_assert!(!leads(&all[at], index, size, &way, &root));
            }
        }
    }
}
