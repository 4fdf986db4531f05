//! Email addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);
impl std::str::FromStr for Email {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.contains('@') { Ok(Self(text.trim().into())) } else { Err(()) }
    }
}
impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
