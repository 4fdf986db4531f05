//! Who acts. The verb that acts asks here, once, whether it may.

use crate::{ContractId, Locale, PersonId, ResellerId, WorkshopId, stored_enum};

stored_enum! {
    /// What a person is in a workshop: an owner edits everything, staff see the calendar, take
    /// phone bookings and check guests in.
    pub enum Role { Owner = "owner", Staff = "staff" }
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    pub locale: Locale,
    /// Runs the platform: sees every workshop and the outbox.
    pub admin: bool,
    pub memberships: Vec<(WorkshopId, Role)>,
}

/// A travel company under one of its contracts, by key or by a person of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    pub reseller: ResellerId,
    pub name: String,
    /// Where letters about its bookings go.
    pub email: String,
    /// The language of its letters.
    pub locale: Locale,
    pub contract: ContractId,
    /// Whose tours the contract sells.
    pub workshop: WorkshopId,
    /// None for a program with a key.
    pub person: Option<PersonId>,
    /// Tries the connection out: what it books takes no seats, and it sees nothing else.
    pub test: bool,
}

/// Who asks for something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A visitor; what they may touch is proven by the secret of their booking.
    Guest,
    Person(Person),
    /// A travel company; it touches what it sold itself.
    Reseller(Seller),
    /// A worker of the platform.
    System,
}

/// The actor may not do that. Said as "not found" to the outside: what exists is no stranger's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Forbidden;

impl Actor {
    /// May see the workshop's calendar and run its day.
    pub fn must_serve(&self, workshop: WorkshopId) -> Result<(), Forbidden> {
        self.must(|person| person.admin || person.memberships.iter().any(|(id, _)| *id == workshop))
    }

    /// May change the workshop's tours, prices, rules and people.
    pub fn must_own(&self, workshop: WorkshopId) -> Result<(), Forbidden> {
        self.must(|person| person.admin || person.memberships.contains(&(workshop, Role::Owner)))
    }

    /// Runs the platform.
    pub fn must_administer(&self) -> Result<(), Forbidden> {
        self.must(|person| person.admin)
    }

    fn must(&self, allowed: impl Fn(&Person) -> bool) -> Result<(), Forbidden> {
        match self {
            Actor::System => Ok(()),
            Actor::Person(person) if allowed(person) => Ok(()),
            Actor::Person(_) | Actor::Reseller(_) | Actor::Guest => Err(Forbidden),
        }
    }

    /// Whether somebody buys: a guest, or a travel company for its guests. The tour's limits, its
    /// cut-off and its seats hold for them as they stand.
    pub const fn buys(&self) -> bool {
        matches!(self, Actor::Guest | Actor::Reseller(_))
    }

    /// How the audit names the actor.
    pub fn label(&self) -> String {
        match self {
            Actor::Guest => "guest".into(),
            Actor::System => "system".into(),
            Actor::Person(person) => format!("person:{}", person.id),
            Actor::Reseller(seller) => match seller.person {
                Some(person) => format!("person:{person}"),
                None => format!("reseller:{}", seller.reseller),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn staff_serve_owners_own_strangers_nothing() {
        let at = DateTime::UNIX_EPOCH;
        let (mine, other) = (WorkshopId::new(at), WorkshopId::new(at));
        let person = |role| {
            Actor::Person(Person {
                id: PersonId::new(at),
                email: String::new(),
                name: String::new(),
                locale: Locale::Vi,
                admin: false,
                memberships: vec![(mine, role)],
            })
        };
        assert!(person(Role::Staff).must_serve(mine).is_ok());
        assert!(person(Role::Staff).must_own(mine).is_err());
        assert!(person(Role::Owner).must_own(mine).is_ok());
        assert!(person(Role::Owner).must_serve(other).is_err());
        assert!(person(Role::Owner).must_administer().is_err());
        assert!(Actor::Guest.must_serve(mine).is_err());
    }
}
