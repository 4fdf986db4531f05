//! Stories of signing in and of teams, told on both databases.

use chrono::TimeDelta;

use super::session::{self, EndSession, SignedIn};
use super::team::{self, Invite, Remove, TeamError};
use super::*;
use crate::store::Store;
use crate::{Locale, PersonId, WorkshopId, both_dbs, params};

/// Cheap to check, unlike a real hash: tests sign in often. "correct horse battery".
fn cheap_hash(password: &str) -> String {
    use argon2::password_hash::{PasswordHasher, SaltString};
    let params = argon2::Params::new(8, 1, 1, None).unwrap();
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let salt = SaltString::encode_b64(b"saltsaltsalt").unwrap();
    argon.hash_password(password.as_bytes(), &salt).unwrap().to_string()
}

const PASSWORD: &str = "correct horse battery";

/// A demo catalogue; answers the first workshop and its owner.
async fn village(store: &Store) -> (WorkshopId, PersonId, String) {
    store
        .write("seed", cheap_hash(PASSWORD), |tx, hash| {
            Box::pin(async move { crate::catalogue::demo::seed(tx, &hash).await })
        })
        .await
        .unwrap();
    let mut conn = store.read().await.unwrap();
    conn.fetch_one(
        "SELECT workshop.id, person.id, person.email FROM workshop \
         JOIN membership ON membership.workshop_id = workshop.id \
         JOIN person ON person.id = membership.person_id ORDER BY workshop.slug LIMIT 1",
        vec![],
    )
    .await
    .unwrap()
}

async fn sign_in(store: &Store, email: &str) -> SignedIn {
    session::sign_in_with_password(store, email, PASSWORD.into(), "Firefox").await.unwrap()
}

async fn actor(store: &Store, token: &str) -> Actor {
    session::actor_of(store, token).await.unwrap().actor
}

/// The token of the newest letter to an address.
async fn token_mailed(store: &Store, email: &str) -> Option<String> {
    let mut conn = store.read().await.unwrap();
    let row: Option<(String,)> = conn
        .fetch_optional(
            "SELECT payload FROM outbox WHERE recipient = $1 ORDER BY id DESC LIMIT 1",
            params![*email],
        )
        .await
        .unwrap();
    let payload: serde_json::Value = serde_json::from_str(&row?.0).unwrap();
    payload["token"].as_str().map(str::to_owned)
}

async fn ask_for_link(store: &Store, email: &str) {
    let command = RequestLink { email: email.into() };
    store.write("link", command, |tx, command| Box::pin(request_link(tx, command))).await.unwrap();
}

async fn open_link(store: &Store, token: &str) -> Result<SignedIn, LinkError> {
    let command = UseLink { token: token.into(), user_agent: "Firefox".into() };
    store.write("use_link", command, |tx, command| Box::pin(use_link(tx, command))).await
}

async fn ask(store: &Store, command: Invite) -> Result<PersonId, TeamError> {
    store.write("invite", command, |tx, command| Box::pin(team::invite(tx, command))).await
}

async fn dismiss(store: &Store, command: Remove) -> Result<(), TeamError> {
    store.write("remove", command, |tx, command| Box::pin(team::remove(tx, command))).await
}

fn invitation(actor: Actor, workshop: WorkshopId, email: &str, role: Role) -> Invite {
    let email = email.parse().unwrap();
    Invite { actor, workshop, email, name: "Nguyễn Thị Lan".into(), role, locale: Locale::Vi }
}

#[tokio::test]
async fn a_password_fits_its_own_hash_only() {
    let hash = hash_password_aside("một mật khẩu dài".into()).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(password_matches("một mật khẩu dài", &hash));
    assert!(!password_matches("một mật khẩu dàị", &hash));
    assert!(matches!(hash_password("ngắn quá"), Err(AccountError::PasswordTooShort)));
    assert!(matches!(hash_password(&"a".repeat(5000)), Err(AccountError::PasswordTooLong)));
}

both_dbs! {
    async fn a_host_signs_in_by_password_and_out(store) {
        let (workshop, person, email) = village(&store).await;
        for (address, password) in [
            (email.as_str(), "wrong"),
            ("nobody@langnghe.example", PASSWORD),
            ("", ""),
        ] {
            let answer =
                session::sign_in_with_password(&store, address, password.into(), "x").await;
            assert!(matches!(answer, Err(AccountError::WrongPassword)), "{address}");
        }
        let signed_in = sign_in(&store, &format!(" {}", email.to_uppercase())).await;
        assert_eq!(signed_in.person.id, person);
        let Actor::Person(found) = actor(&store, &signed_in.token).await else { panic!() };
        assert_eq!(found.memberships, [(workshop, Role::Owner)]);
        assert_eq!(actor(&store, "something else").await, Actor::Guest);

        // What the table keeps is no key.
        let mut conn = store.read().await.unwrap();
        let sessions = session::sessions_of(&mut conn, person, store.now()).await.unwrap();
        drop(conn);
        assert_eq!(sessions.len(), 1);
        assert!(sessions[0].is_of(&signed_in.token));
        assert_eq!(actor(&store, &sessions[0].token_hash).await, Actor::Guest);

        let token = signed_in.token.clone();
        store.write("out", token, |tx, token| Box::pin(session::sign_out(tx, token))).await.unwrap();
        assert_eq!(actor(&store, &signed_in.token).await, Actor::Guest);
    }

    async fn a_session_slides_and_ends(store) {
        let (_, person, email) = village(&store).await;
        let signed_in = sign_in(&store, &email).await;
        let token = &signed_in.token;
        assert!(!session::actor_of(&store, token).await.unwrap().renewed);
        store.clock().advance(TimeDelta::minutes(59));
        assert!(!session::actor_of(&store, token).await.unwrap().renewed);
        store.clock().advance(TimeDelta::minutes(1));
        assert!(session::actor_of(&store, token).await.unwrap().renewed);
        assert!(!session::actor_of(&store, token).await.unwrap().renewed);
        store.clock().advance(TimeDelta::days(29));
        assert!(session::actor_of(&store, token).await.unwrap().renewed, "the end has moved on");
        store.clock().advance(TimeDelta::days(30));
        assert_eq!(actor(&store, token).await, Actor::Guest);
        let gone = store
            .write("tidy", (), |tx, ()| Box::pin(session::forget_ended(tx)))
            .await
            .unwrap();
        assert_eq!(gone, 1);
        let mut conn = store.read().await.unwrap();
        assert!(session::sessions_of(&mut conn, person, store.now()).await.unwrap().is_empty());
    }

    async fn sessions_end_one_by_one_or_together(store) {
        let (_, person, email) = village(&store).await;
        let (phone, laptop) = (sign_in(&store, &email).await, sign_in(&store, &email).await);
        let other: (String,) = store.read().await.unwrap()
            .fetch_one("SELECT email FROM person WHERE email <> $1 ORDER BY email LIMIT 1", params![email])
            .await.unwrap();
        let stranger = sign_in(&store, &other.0).await;

        let mut conn = store.read().await.unwrap();
        let sessions = session::sessions_of(&mut conn, person, store.now()).await.unwrap();
        drop(conn);
        let lost = sessions.iter().find(|s| s.is_of(&phone.token)).unwrap().token_hash.clone();
        let end = |actor: Actor| {
            let command = EndSession { actor, token_hash: lost.clone() };
            store.write("end", command, |tx, command| Box::pin(session::end_session(tx, command)))
        };
        end(Actor::Person(stranger.person.clone())).await.unwrap();
        assert!(matches!(actor(&store, &phone.token).await, Actor::Person(_)), "not a stranger's");
        end(Actor::Person(laptop.person.clone())).await.unwrap();
        assert_eq!(actor(&store, &phone.token).await, Actor::Guest);
        assert!(matches!(actor(&store, &laptop.token).await, Actor::Person(_)));

        let me = actor(&store, &laptop.token).await;
        store
            .write("all", me, |tx, me| Box::pin(session::sign_out_everywhere(tx, me)))
            .await
            .unwrap();
        assert_eq!(actor(&store, &laptop.token).await, Actor::Guest);
        assert!(matches!(actor(&store, &stranger.token).await, Actor::Person(_)));
    }

    async fn a_link_opens_once_and_not_for_long(store) {
        let (_, person, email) = village(&store).await;
        ask_for_link(&store, "nobody@langnghe.example").await;
        assert_eq!(token_mailed(&store, "nobody@langnghe.example").await, None);

        ask_for_link(&store, &email).await;
        let token = token_mailed(&store, &email).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(link_opens(&mut conn, &token, store.now()).await.unwrap());
        assert!(!link_opens(&mut conn, "another", store.now()).await.unwrap());
        drop(conn);
        let (one, two) = tokio::join!(open_link(&store, &token), open_link(&store, &token));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "single use");
        let signed_in = one.or(two).unwrap();
        assert_eq!(signed_in.person.id, person);
        assert!(matches!(actor(&store, &signed_in.token).await, Actor::Person(_)));

        ask_for_link(&store, &email).await;
        let token = token_mailed(&store, &email).await.unwrap();
        store.clock().advance(TimeDelta::minutes(15));
        assert!(matches!(open_link(&store, &token).await, Err(LinkError::Spent)));
    }

    async fn links_are_not_a_way_to_fill_a_mailbox(store) {
        let (_, _, email) = village(&store).await;
        for _ in 0..6 {
            ask_for_link(&store, &email).await;
        }
        let mut conn = store.read().await.unwrap();
        let (letters,): (i64,) = conn
            .fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE recipient = $1", params![email])
            .await
            .unwrap();
        assert_eq!(letters, 3);
        drop(conn);
        store.clock().advance(TimeDelta::minutes(16));
        let before = token_mailed(&store, &email).await;
        ask_for_link(&store, &email).await;
        assert_ne!(token_mailed(&store, &email).await, before);
    }

    async fn an_owner_asks_people_and_one_owner_stays(store) {
        let (workshop, owner, email) = village(&store).await;
        let boss = Actor::Person(sign_in(&store, &email).await.person);
        let lan = ask(&store, invitation(boss.clone(), workshop, "lan@langnghe.example", Role::Staff))
            .await
            .unwrap();
        let token = token_mailed(&store, "lan@langnghe.example").await.unwrap();
        store.clock().advance(TimeDelta::days(6));
        let staff = Actor::Person(open_link(&store, &token).await.unwrap().person);
        assert!(staff.must_serve(workshop).is_ok() && staff.must_own(workshop).is_err());

        // Staff ask nobody and remove nobody; a stranger does not even see the list.
        let answer = ask(&store, invitation(staff.clone(), workshop, "x@langnghe.example", Role::Owner)).await;
        assert!(matches!(answer, Err(TeamError::Account(AccountError::Forbidden(_)))));
        let removal = Remove { actor: staff.clone(), workshop, person: owner };
        assert!(matches!(dismiss(&store, removal).await, Err(TeamError::Account(AccountError::Forbidden(_)))));
        let mut conn = store.read().await.unwrap();
        assert!(team::members(&mut conn, &Actor::Guest, workshop).await.is_err());
        let members = team::members(&mut conn, &staff, workshop).await.unwrap();
        drop(conn);
        assert_eq!(
            members.iter().map(|m| (m.person_id, m.role)).collect::<Vec<_>>(),
            [(owner, Role::Owner), (lan, Role::Staff)]
        );
        assert_eq!(members[1].last_seen_at, Some(store.now()));

        // The last owner neither leaves nor becomes staff.
        let removal = Remove { actor: boss.clone(), workshop, person: owner };
        assert!(matches!(dismiss(&store, removal.clone()).await, Err(TeamError::LastOwner)));
        let answer = ask(&store, invitation(boss.clone(), workshop, &email, Role::Staff)).await;
        assert!(matches!(answer, Err(TeamError::LastOwner)));
        ask(&store, invitation(boss.clone(), workshop, "lan@langnghe.example", Role::Owner)).await.unwrap();

        // Two owners who remove each other at the same moment: one stays.
        let each_other = Remove { actor: boss.clone(), workshop, person: lan };
        let (one, two) = tokio::join!(dismiss(&store, removal), dismiss(&store, each_other.clone()));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
        let nobody = Remove { person: PersonId::new(store.now()), ..each_other };
        assert!(matches!(dismiss(&store, nobody).await, Err(TeamError::NotAMember)));
    }

    async fn roles_change_and_one_owner_stays(store) {
        let (workshop, owner, email) = village(&store).await;
        let host = actor(&store, &sign_in(&store, &email).await.token).await;
        let change = |actor: &Actor, person, role| team::ChangeRole {
            actor: actor.clone(), workshop, person, role,
        };
        let write = |command| store.write("role", command, |tx, c| Box::pin(team::change_role(tx, c)));
        assert!(matches!(write(change(&host, owner, Role::Staff)).await, Err(TeamError::LastOwner)));
        let invite = Invite {
            actor: host.clone(), workshop, email: "lan@example.com".parse().unwrap(),
            name: "Lan".into(), role: Role::Staff, locale: Locale::Vi,
        };
        let lan = ask(&store, invite).await.unwrap();
        let staff = {
            let mut conn = store.read().await.unwrap();
            let person = people::PersonRow::by_id(&mut conn, lan).await.unwrap().unwrap();
            Actor::Person(person.with_memberships(&mut conn).await.unwrap())
        };
        assert!(matches!(
            write(change(&staff, lan, Role::Owner)).await,
            Err(TeamError::Account(AccountError::Forbidden(_)))
        ));
        write(change(&host, lan, Role::Owner)).await.unwrap();
        write(change(&host, owner, Role::Staff)).await.unwrap();
        let stranger = PersonId::new(store.now());
        assert!(matches!(
            write(change(&Actor::System, stranger, Role::Owner)).await,
            Err(TeamError::NotAMember)
        ));
    }

    async fn the_audit_is_read_by_admins_in_pages_and_by_filters(store) {
        let (workshop, _, email) = village(&store).await;
        // The catalogue has lines of its own, which are older; lines of one moment have no order.
        store.clock().advance(TimeDelta::seconds(1));
        let host = actor(&store, &sign_in(&store, &email).await.token).await;
        for n in 0..5 {
            store.clock().advance(TimeDelta::seconds(1));
            let invite = Invite {
                actor: host.clone(), workshop, email: format!("p{n}@example.com").parse().unwrap(),
                name: "Lan".into(), role: Role::Staff, locale: Locale::Vi,
            };
            ask(&store, invite).await.unwrap();
        }
        let mut conn = store.read().await.unwrap();
        let all = audit::Filter::default();
        assert!(matches!(
            audit::list(&mut conn, &host, &all, 10).await,
            Err(audit::AuditError::Forbidden(_))
        ));
        let lines = audit::list(&mut conn, &Actor::System, &all, 6).await.unwrap();
        assert_eq!((lines[0].verb.as_str(), lines[5].verb.as_str()), ("team.invite", "account.sign_in"));
        let page = audit::list(&mut conn, &Actor::System, &all, 4).await.unwrap();
        let older = audit::Filter { before: page.last().map(|line| line.id), ..all.clone() };
        let rest = audit::list(&mut conn, &Actor::System, &older, 2).await.unwrap();
        assert_eq!([page, rest].concat(), lines);
        let filter = audit::Filter { areas: &["team", "coop"], workshop: Some(workshop), ..all.clone() };
        assert_eq!(audit::list(&mut conn, &Actor::System, &filter, 100).await.unwrap().len(), 5);
        let one = audit::Filter { subject: Some(lines[0].subject.clone()), ..all };
        assert_eq!(audit::list(&mut conn, &Actor::System, &one, 100).await.unwrap().len(), 1);
        let names = audit::names(&mut conn, &lines).await.unwrap();
        assert!(lines.iter().all(|line| names.contains_key(&line.person().unwrap())));
    }

    async fn people_change_their_own_account(store) {
        let (_, person, email) = village(&store).await;
        let (here, there) = (sign_in(&store, &email).await, sign_in(&store, &email).await);
        let rename = |actor, name: &str| {
            let command = Introduce { actor, name: name.into(), locale: Locale::En };
            store.write("introduce", command, |tx, command| Box::pin(introduce(tx, command)))
        };
        let me = Actor::Person(here.person.clone());
        rename(me.clone(), "  Bà \n Thoa ").await.unwrap();
        assert!(matches!(rename(me, "  ").await, Err(AccountError::Name)));
        assert!(matches!(rename(Actor::Guest, "Ai").await, Err(AccountError::Forbidden(_))));
        let Actor::Person(now) = actor(&store, &here.token).await else { panic!() };
        assert_eq!((now.id, now.name.as_str(), now.locale), (person, "Bà Thoa", Locale::En));

        let set = |current: &'static str, new: &'static str| {
            let (store, token) = (store.clone(), here.token.clone());
            async move { set_own_password(&store, &token, current.into(), new.into()).await }
        };
        assert!(matches!(set("", "short").await, Err(AccountError::PasswordTooShort)));
        set("", "a new long password").await.unwrap();
        assert_eq!(actor(&store, &there.token).await, Actor::Guest, "other browsers are out");
        assert!(matches!(actor(&store, &here.token).await, Actor::Person(_)));
        store.clock().advance(TimeDelta::minutes(16));
        assert!(matches!(set("", "another password").await, Err(AccountError::WrongPassword)));
        set("a new long password", "another password").await.unwrap();
        let old = session::sign_in_with_password(&store, &email, PASSWORD.into(), "x").await;
        assert!(matches!(old, Err(AccountError::WrongPassword)));
    }

    async fn an_admin_is_made_at_the_command_line(store) {
        let command = CreateAdmin {
            email: "Admin@langnghe.example".into(),
            name: "Quản trị".into(),
            locale: Locale::Vi,
            password_hash: None,
        };
        let (id, token) = store
            .write("admin", command, |tx, command| Box::pin(create_admin(tx, command)))
            .await
            .unwrap();
        let signed_in = open_link(&store, &token).await.unwrap();
        assert_eq!(signed_in.person.id, id);
        assert!(actor(&store, &signed_in.token).await.must_administer().is_ok());
        let mut conn = store.read().await.unwrap();
        assert!(!has_password(&mut conn, id).await.unwrap());
    }
}
