//! People and their workshops.

use super::{Actor, Forbidden, Person, Role, audit, password, session};
use crate::store::{Conn, Store, StoreError, Tx};
use crate::{Locale, PersonId, WorkshopId, params};

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("the name must have 1 to {MAX_NAME} characters")]
    Name,
    #[error("the password must have at least {} characters", password::MIN_PASSWORD)]
    PasswordTooShort,
    #[error("the password is too long")]
    PasswordTooLong,
    /// Also said of an address without an account.
    #[error("the address and the password do not belong together")]
    WrongPassword,
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// Longest name of a person, in characters.
pub const MAX_NAME: usize = 120;

/// Addresses are compared in lower case: nobody has two mailboxes that differ in case alone.
pub(super) fn address(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(super) fn checked_name(name: &str) -> Result<String, AccountError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(AccountError::Name);
    }
    Ok(name)
}

/// The person with this address, made when there is none yet.
pub async fn ensure_person(tx: &mut Tx, email: &str, name: &str) -> Result<PersonId, StoreError> {
    ensure_person_in(tx, email, name, Locale::Vi).await
}

/// The same, with the language that a new person reads.
pub(super) async fn ensure_person_in(
    tx: &mut Tx,
    email: &str,
    name: &str,
    locale: Locale,
) -> Result<PersonId, StoreError> {
    let email = address(email);
    tx.execute(
        "INSERT INTO person (id, email, name, locale, admin, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING",
        params![PersonId::new(tx.now()), email, *name, locale, false, tx.now()],
    )
    .await?;
    let (id,): (PersonId,) =
        tx.fetch_one("SELECT id FROM person WHERE email = $1", params![email]).await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
pub(super) struct PersonRow {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    pub locale: Locale,
    pub admin: bool,
    pub password_hash: Option<String>,
}

impl PersonRow {
    pub(super) async fn by_email(
        conn: &mut Conn,
        email: &str,
    ) -> Result<Option<PersonRow>, StoreError> {
        conn.fetch_optional(
            "SELECT id, email, name, locale, admin, password_hash FROM person WHERE email = $1",
            params![address(email)],
        )
        .await
    }

    pub(super) async fn by_id(
        conn: &mut Conn,
        id: PersonId,
    ) -> Result<Option<PersonRow>, StoreError> {
        conn.fetch_optional(
            "SELECT id, email, name, locale, admin, password_hash FROM person WHERE id = $1",
            params![id],
        )
        .await
    }

    pub(super) async fn with_memberships(self, conn: &mut Conn) -> Result<Person, StoreError> {
        let memberships: Vec<(WorkshopId, Role)> = conn
            .fetch_all(
                "SELECT workshop_id, role FROM membership WHERE person_id = $1 \
                 ORDER BY workshop_id",
                params![self.id],
            )
            .await?;
        let PersonRow { id, email, name, locale, admin, .. } = self;
        Ok(Person { id, email, name, locale, admin, memberships })
    }
}

pub async fn set_password_hash(
    tx: &mut Tx,
    person: PersonId,
    hash: &str,
) -> Result<(), StoreError> {
    tx.execute_one("UPDATE person SET password_hash = $1 WHERE id = $2", params![*hash, person])
        .await
}

pub async fn set_admin(tx: &mut Tx, person: PersonId, admin: bool) -> Result<(), StoreError> {
    tx.execute_one("UPDATE person SET admin = $1 WHERE id = $2", params![admin, person]).await
}

/// Makes a person an owner or staff of a workshop; a second grant replaces the first.
pub async fn grant(
    tx: &mut Tx,
    person: PersonId,
    workshop: WorkshopId,
    role: Role,
) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO membership (person_id, workshop_id, role) VALUES ($1, $2, $3) \
         ON CONFLICT (person_id, workshop_id) DO UPDATE SET role = excluded.role",
        params![person, workshop, role],
    )
    .await
}

/// The first of a workshop's owners, by email.
pub async fn owner_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Option<Person>, StoreError> {
    let row: Option<PersonRow> = conn
        .fetch_optional(
            "SELECT id, email, name, locale, admin, password_hash FROM person \
             JOIN membership ON membership.person_id = person.id \
             WHERE membership.workshop_id = $1 AND membership.role = $2 ORDER BY email LIMIT 1",
            params![workshop, Role::Owner],
        )
        .await?;
    match row {
        Some(row) => Ok(Some(row.with_memberships(conn).await?)),
        None => Ok(None),
    }
}

/// What a person may change of themselves.
#[derive(Debug, Clone)]
pub struct Introduce {
    pub actor: Actor,
    pub name: String,
    /// The language of their pages and letters.
    pub locale: Locale,
}

/// Sets one's own name and language.
pub async fn introduce(tx: &mut Tx, command: Introduce) -> Result<(), AccountError> {
    let Actor::Person(person) = command.actor else {
        return Err(Forbidden.into());
    };
    let name = checked_name(&command.name)?;
    tx.execute_one(
        "UPDATE person SET name = $1, locale = $2 WHERE id = $3",
        params![name, command.locale, person.id],
    )
    .await?;
    Ok(())
}

/// Whether the person signs in by password too, for the account page.
pub async fn has_password(conn: &mut Conn, person: PersonId) -> Result<bool, StoreError> {
    let row = PersonRow::by_id(conn, person).await?;
    Ok(row.is_some_and(|row| row.password_hash.is_some()))
}

/// Sets one's own password, and ends every other session.
///
/// Who has a password must type it, unless they signed in within the last quarter of an hour:
/// a phone left on a table is not enough, a forgotten password is no dead end (sign in by
/// link, then set a new one).
pub async fn set_own_password(
    store: &Store,
    token: &str,
    current: String,
    new: String,
) -> Result<(), AccountError> {
    let mut conn = store.read().await?;
    let session =
        session::find(&mut conn, token, store.now()).await?.ok_or(AccountError::WrongPassword)?;
    let row = PersonRow::by_id(&mut conn, session.person_id).await?.ok_or(Forbidden)?;
    drop(conn);
    let fresh = session.created_at + session::FRESH > store.now();
    if row.password_hash.is_some()
        && !fresh
        && !password::password_matches_aside(current, row.password_hash.clone()).await?
    {
        return Err(AccountError::WrongPassword);
    }
    let hash = password::hash_password_aside(new).await?;
    let command = (session.person_id, session.token_hash, hash);
    store
        .write("set_password", command, |tx, (person, kept, hash)| {
            Box::pin(async move {
                set_password_hash(tx, person, &hash).await?;
                tx.execute(
                    "DELETE FROM session WHERE person_id = $1 AND token_hash <> $2",
                    params![person, kept],
                )
                .await?;
                let actor = Actor::of(tx, person).await?;
                let detail = serde_json::json!({});
                audit::record(tx, &actor, "account.password", person, None, detail).await?;
                Ok(())
            })
        })
        .await
}

impl Actor {
    /// The person as an actor, with the workshops they belong to now.
    pub(super) async fn of(conn: &mut Conn, id: PersonId) -> Result<Actor, StoreError> {
        match PersonRow::by_id(conn, id).await? {
            Some(row) => Ok(Actor::Person(row.with_memberships(conn).await?)),
            None => Ok(Actor::Guest),
        }
    }
}

/// An administrator, made at the command line.
#[derive(Debug, Clone)]
pub struct CreateAdmin {
    pub email: String,
    pub name: String,
    pub locale: Locale,
    /// See [`super::hash_password`]; without one the admin signs in by link.
    pub password_hash: Option<String>,
}

/// Makes a person (new or known) run the platform. Answers the token of a sign-in link, so
/// that the first admin gets in before mail works.
pub async fn create_admin(
    tx: &mut Tx,
    command: CreateAdmin,
) -> Result<(PersonId, String), AccountError> {
    let name = checked_name(&command.name)?;
    let person = ensure_person_in(tx, &command.email, &name, command.locale).await?;
    set_admin(tx, person, true).await?;
    if let Some(hash) = &command.password_hash {
        set_password_hash(tx, person, hash).await?;
    }
    let token = super::link::make(tx, person, super::link::SIGN_IN_LIFE).await?;
    let detail = serde_json::json!({ "email": command.email });
    audit::record(tx, &Actor::System, "account.create_admin", person, None, detail).await?;
    Ok((person, token))
}
