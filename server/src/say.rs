//! What the program says to whoever started it.

use std::fmt::Arguments;
use std::io::Write as _;

/// Prints a line like `println!`, which panics once nobody listens any more (`langnghe serve |
/// head`): no reason to stop serving.
macro_rules! say {
    ($($line:tt)*) => { $crate::say::line(format_args!($($line)*)) };
}

pub(crate) use say;

pub fn line(line: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
