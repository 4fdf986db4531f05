//! Rows of an editor that buttons add, move and remove.

/// Does what a button asks of the rows: "add" what `blank` makes, "drop-2", "up-2". False, and nothing
/// done, when it asks for something else.
pub fn change<T>(rows: &mut Vec<T>, act: &str, blank: impl FnOnce() -> Option<T>) -> bool {
    let at = |name: &str| act.strip_prefix(name).and_then(|at| at.parse::<usize>().ok());
    if act == "add" {
        let new = blank();
        let known = new.is_some();
        rows.extend(new);
        return known;
    }
    if let Some(at) = at("drop-").filter(|at| *at < rows.len()) {
        rows.remove(at);
        return true;
    }
    if let Some(at) = at("up-").filter(|at| (1..rows.len()).contains(at)) {
        rows.swap(at, at - 1);
        return true;
    }
    false
}
