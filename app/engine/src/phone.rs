//! Phone addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);
impl std::str::FromStr for Phone {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() > 5 { Ok(Self(text.trim().into())) } else { Err(()) }
    }
}
impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
