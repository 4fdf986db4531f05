//! What the formats of other systems mean in our terms. Nothing here touches the database.

pub mod octo;
