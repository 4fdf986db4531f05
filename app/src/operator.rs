//! Who runs this installation of the platform: the law wants it said on every page.

use std::sync::OnceLock;

static OPERATOR: OnceLock<Operator> = OnceLock::new();

/// What Vietnamese e-commerce law asks an intermediary platform to publish of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    pub legal_name: String,
    pub tax_code: String,
    pub address: String,
    pub email: String,
    pub phone: String,
    /// Number under which the Ministry of Industry and Trade lists the platform; empty before.
    pub notification: String,
}

/// Tells who it is, once, at start.
pub fn set(operator: Operator) {
    let _ = OPERATOR.set(operator);
}

/// None as long as nobody was named: a demo or a development machine.
pub fn get() -> Option<&'static Operator> {
    OPERATOR.get().filter(|operator| !operator.legal_name.is_empty())
}
