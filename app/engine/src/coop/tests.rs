//! Workshops found, join and leave; each verb is tried by people who may not.

use std::sync::Arc;

use chrono::NaiveDate;

use super::*;
use crate::accounts::{self, Actor, Person, Role};
use crate::booking::testing::Scene;
use crate::catalogue::edit::{Field, Wrong};
use crate::store::Store;
use crate::{CoopId, Locale, Localized, MemberId, PersonId, WorkshopId, both_dbs, params};

fn input(name: &str) -> CoopInput {
    CoopInput {
        name: name.into(),
        form: "group".into(),
        summary: Localized {
            vi: "Ba xưởng ven sông".into(),
            en: "Three riverside workshops".into(),
        },
        story: Localized { vi: "Chuyện chung".into(), en: String::new() },
        founded_on: "15/3/2024".into(),
        phone: "0912 345 678".into(),
        email: "Ven.Song@Example.com".into(),
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()
}

fn data(name: &str) -> CoopData {
    CoopData::parse(&input(name), today()).unwrap()
}

/// Three workshops, of which the first has founded a co-op.
struct Village {
    store: Store,
    minh: Scene,
    van: Scene,
    thuan: Scene,
    coop: CoopId,
}

fn admin(store: &Store) -> Actor {
    Actor::Person(Person {
        id: PersonId::new(store.now()),
        email: "admin@example.com".into(),
        name: "Quản trị".into(),
        locale: Locale::Vi,
        admin: true,
        memberships: vec![],
    })
}

impl Village {
    async fn new(store: &Store) -> Self {
        let (minh, van) = (Scene::new(store).await, Scene::new(store).await);
        let thuan = Scene::new(store).await;
        let (coop, _) = begin(store, &minh.owner, minh.workshop, "Gốm Ven Sông").await.unwrap();
        Self { store: store.clone(), minh, van, thuan, coop }
    }

    async fn ask(&self, actor: &Actor, workshop: WorkshopId) -> Result<MemberId, CoopError> {
        let command = Invite { actor: actor.clone(), coop: self.coop, workshop };
        self.store.write("invite", command, |tx, c| Box::pin(invite(tx, c))).await
    }

    async fn accept(&self, actor: &Actor, member: MemberId) -> Result<Coop, CoopError> {
        let command = Answer { actor: actor.clone(), member };
        self.store.write("accept", command, |tx, c| Box::pin(accept(tx, c))).await
    }

    async fn decline(&self, actor: &Actor, member: MemberId) -> Result<(), CoopError> {
        let command = Answer { actor: actor.clone(), member };
        self.store.write("decline", command, |tx, c| Box::pin(decline(tx, c))).await
    }

    async fn withdraw(&self, actor: &Actor, member: MemberId) -> Result<(), CoopError> {
        let command = Answer { actor: actor.clone(), member };
        self.store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await
    }

    async fn make(
        &self,
        actor: &Actor,
        member: MemberId,
        role: MemberRole,
    ) -> Result<(), CoopError> {
        let command = SetRole { actor: actor.clone(), member, role };
        self.store.write("role", command, |tx, c| Box::pin(set_role(tx, c))).await
    }

    async fn leave(&self, actor: &Actor, member: MemberId) -> Result<(), CoopError> {
        let command = Leave { actor: actor.clone(), member };
        self.store.write("leave", command, |tx, c| Box::pin(leave(tx, c))).await
    }

    async fn remove(&self, actor: &Actor, member: MemberId) -> Result<(), CoopError> {
        let command = Remove { actor: actor.clone(), member };
        self.store.write("remove", command, |tx, c| Box::pin(remove(tx, c))).await
    }

    /// The workshop of a scene becomes a member.
    async fn join(&self, scene: &Scene) -> MemberId {
        let member = self.ask(&self.minh.owner, scene.workshop).await.unwrap();
        self.accept(&scene.owner, member).await.unwrap();
        member
    }

    /// Workshops and roles, as the co-op lists its members.
    async fn now(&self) -> Vec<(WorkshopId, MemberRole)> {
        let members = members(&mut self.store.read().await.unwrap(), self.coop).await.unwrap();
        members.iter().map(|member| (member.workshop_id, member.role)).collect()
    }

    async fn mine(&self, scene: &Scene) -> MemberId {
        let mut conn = self.store.read().await.unwrap();
        membership_of(&mut conn, scene.workshop).await.unwrap().unwrap().id
    }

    async fn standing(&self, actor: &Actor) -> Option<MemberRole> {
        standing(&mut self.store.read().await.unwrap(), actor, self.coop).await.unwrap()
    }
}

async fn begin(
    store: &Store,
    actor: &Actor,
    workshop: WorkshopId,
    name: &str,
) -> Result<(CoopId, String), CoopError> {
    let command = Found { actor: actor.clone(), workshop, data: data(name) };
    store.write("found", command, |tx, c| Box::pin(found(tx, c))).await
}

async fn audited(store: &Store, verb: &'static str) -> i64 {
    let mut conn = store.read().await.unwrap();
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit WHERE verb = $1";
    let (lines,): (i64,) = conn.fetch_one(sql, params![*verb]).await.unwrap();
    lines
}

fn forbidden<T: std::fmt::Debug>(answer: Result<T, CoopError>) {
    assert!(matches!(answer, Err(CoopError::Forbidden(_))), "{answer:?}");
}

#[test]
fn what_was_typed_is_read_with_all_that_is_wrong() {
    let bad = CoopInput {
        form: "guild".into(),
        summary: Localized::default(),
        founded_on: "2026-12-02".into(),
        phone: "12".into(),
        email: "no".into(),
        ..input(" ")
    };
    assert_eq!(
        CoopData::parse(&bad, today()).unwrap_err(),
        [
            (Field::Name, Wrong::Missing),
            (Field::Form, Wrong::Choice),
            (Field::Summary(Locale::Vi), Wrong::Missing),
            (Field::FoundedOn, Wrong::Date),
            (Field::Phone, Wrong::Phone),
            (Field::Email, Wrong::Email),
        ]
    );
    let bare = CoopInput {
        founded_on: String::new(),
        phone: " ".into(),
        email: String::new(),
        ..input("Ven Sông")
    };
    assert!(CoopData::parse(&bare, today()).is_ok());
}

both_dbs! {
    async fn an_owner_founds_a_co_op_with_the_workshop_as_manager(store) {
        let village = Village::new(&store).await;
        let mut conn = store.read().await.unwrap();
        let coop = of_workshop(&mut conn, village.minh.workshop).await.unwrap().unwrap();
        assert_eq!((coop.id, coop.slug.as_str()), (village.coop, "gom-ven-song"));
        assert_eq!(coop.founded_on, NaiveDate::from_ymd_opt(2024, 3, 15));
        assert_eq!((coop.phone.as_str(), coop.email.as_str()), ("+84912345678", "Ven.Song@example.com"));
        assert_eq!(by_slug(&mut conn, "gom-ven-song").await.unwrap(), Some(coop.clone()));
        assert_eq!(of_village(&mut conn, coop.village_id).await.unwrap(), std::slice::from_ref(&coop));
        drop(conn);
        assert_eq!(village.now().await, [(village.minh.workshop, MemberRole::Manager)]);
        assert_eq!(audited(&store, "coop.found").await, 1);

        let Village { van, minh, .. } = &village;
        // Staff, strangers and guests found nothing in a workshop's name.
        for actor in [&van.staff, &van.stranger, &minh.owner, &Actor::Guest] {
            forbidden(begin(&store, actor, van.workshop, "Hội khác").await);
        }
        // One co-op at a time; and what was refused left nothing behind.
        let second = begin(&store, &minh.owner, minh.workshop, "Hội khác").await;
        assert!(matches!(second, Err(CoopError::InAnother)), "{second:?}");
        assert_eq!(active(&mut store.read().await.unwrap()).await.unwrap().len(), 1);
        // The same name elsewhere has an address of its own.
        let (_, slug) = begin(&store, &van.owner, van.workshop, "Gốm ven sông").await.unwrap();
        assert_eq!(slug, "gom-ven-song-2");
    }

    async fn only_managers_edit(store) {
        let village = Village::new(&store).await;
        let member = village.join(&village.van).await;
        let save = |actor: &Actor, coop| {
            let command = Edit { actor: actor.clone(), coop, data: data("Tên mới") };
            store.write("edit", command, |tx, c| Box::pin(edit(tx, c)))
        };
        let Village { minh, van, thuan, coop, .. } = &village;
        for actor in [&van.owner, &thuan.owner, &minh.staff, &Actor::Guest] {
            forbidden(save(actor, *coop).await);
        }
        save(&minh.owner, *coop).await.unwrap();
        save(&admin(&store), *coop).await.unwrap();
        let unknown = save(&admin(&store), CoopId::new(store.now())).await;
        assert!(matches!(unknown, Err(CoopError::Unknown)), "{unknown:?}");
        let coop = by_id(&mut store.read().await.unwrap(), *coop).await.unwrap().unwrap();
        assert_eq!((coop.name.as_str(), coop.slug.as_str()), ("Tên mới", "gom-ven-song"));
        village.make(&minh.owner, member, MemberRole::Manager).await.unwrap();
        save(&van.owner, coop.id).await.unwrap();
        assert_eq!(audited(&store, "coop.edit").await, 3);
    }

    async fn a_workshop_joins_by_its_own_answer(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, coop, .. } = &village;
        for actor in [&van.owner, &thuan.owner, &minh.staff, &Actor::Guest] {
            forbidden(village.ask(actor, van.workshop).await);
        }
        let nowhere = village.ask(&minh.owner, WorkshopId::new(store.now())).await;
        assert!(matches!(nowhere, Err(CoopError::Unknown)), "{nowhere:?}");
        let member = village.ask(&minh.owner, van.workshop).await.unwrap();
        let again = village.ask(&minh.owner, van.workshop).await;
        assert!(matches!(again, Err(CoopError::AlreadyInvited)), "{again:?}");
        assert_eq!(village.standing(&van.owner).await, None, "asked is not joined");

        // The workshop's owners see it, its staff too, others don't.
        let mut conn = store.read().await.unwrap();
        let asked = invitations_to(&mut conn, &van.staff, van.workshop).await.unwrap();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].member.id, asked[0].coop.id), (member, *coop));
        forbidden(invitations_to(&mut conn, &minh.owner, van.workshop).await);
        assert_eq!(invitations(&mut conn, &minh.owner, *coop).await.unwrap().len(), 1);
        forbidden(invitations(&mut conn, &van.owner, *coop).await);
        drop(conn);

        for actor in [&van.staff, &minh.owner, &thuan.owner, &Actor::Guest] {
            forbidden(village.accept(actor, member).await);
            forbidden(village.decline(actor, member).await);
        }
        assert_eq!(village.accept(&van.owner, member).await.unwrap().id, *coop);
        assert_eq!(
            village.now().await,
            [(minh.workshop, MemberRole::Manager), (van.workshop, MemberRole::Member)]
        );
        for answer in [village.accept(&van.owner, member).await.map(|_| ()), village.decline(&van.owner, member).await] {
            assert!(matches!(answer, Err(CoopError::Answered)), "{answer:?}");
        }
        let again = village.ask(&minh.owner, van.workshop).await;
        assert!(matches!(again, Err(CoopError::AlreadyMember)), "{again:?}");
        assert_eq!(audited(&store, "coop.accept").await, 1);
    }

    async fn an_invitation_is_declined_or_withdrawn_and_may_come_again(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, .. } = &village;
        let first = village.ask(&minh.owner, van.workshop).await.unwrap();
        village.decline(&van.owner, first).await.unwrap();
        let second = village.ask(&minh.owner, van.workshop).await.unwrap();
        for actor in [&van.owner, &thuan.owner, &Actor::Guest] {
            forbidden(village.withdraw(actor, second).await);
        }
        village.withdraw(&minh.owner, second).await.unwrap();
        let late = village.accept(&van.owner, second).await;
        assert!(matches!(late, Err(CoopError::Answered)), "{late:?}");
        let third = village.ask(&minh.owner, van.workshop).await.unwrap();
        village.accept(&van.owner, third).await.unwrap();
        assert_eq!(village.now().await.len(), 2);
        let nobody = village.accept(&van.owner, MemberId::new(store.now())).await;
        assert!(matches!(nobody, Err(CoopError::Unknown)), "{nobody:?}");
    }

    async fn a_workshop_is_in_one_co_op_at_a_time(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, .. } = &village;
        let asked = village.ask(&minh.owner, van.workshop).await.unwrap();
        let (_, slug) = begin(&store, &van.owner, van.workshop, "Bến Xưa").await.unwrap();
        assert_eq!(slug, "ben-xua");
        let both = village.accept(&van.owner, asked).await;
        assert!(matches!(both, Err(CoopError::InAnother)), "{both:?}");
        let busy = village.ask(&minh.owner, van.workshop).await;
        assert!(matches!(busy, Err(CoopError::InAnother)), "{busy:?}");
        village.leave(&van.owner, village.mine(van).await).await.unwrap();
        // The invitation waited for it.
        village.accept(&van.owner, asked).await.unwrap();
        assert_eq!(village.now().await.len(), 2);

        // Asked by two co-ops, answered yes to both at the same moment: one of them counts.
        let (other, _) = begin(&store, &admin(&store), Scene::new(&store).await.workshop, "Bến Mới").await.unwrap();
        let here = village.ask(&minh.owner, thuan.workshop).await.unwrap();
        let there = Invite { actor: admin(&store), coop: other, workshop: thuan.workshop };
        let there = store.write("invite", there, |tx, c| Box::pin(invite(tx, c))).await.unwrap();
        let (one, two) = tokio::join!(village.accept(&thuan.owner, here), village.accept(&thuan.owner, there));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    }

    async fn roles_decide_who_manages_and_who_reads(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, coop, .. } = &village;
        let member = village.join(van).await;
        for (actor, expected) in [
            (&minh.owner, Some(MemberRole::Manager)),
            (&van.owner, Some(MemberRole::Member)),
            (&admin(&store), Some(MemberRole::Manager)),
            (&Actor::System, Some(MemberRole::Manager)),
            (&minh.staff, None),
            (&van.staff, None),
            (&thuan.owner, None),
            (&minh.stranger, None),
            (&Actor::Guest, None),
        ] {
            assert_eq!(village.standing(actor).await, expected, "{actor:?}");
            let mut conn = store.read().await.unwrap();
            let manages = must_manage(&mut conn, actor, *coop).await.is_ok();
            let belongs = must_belong(&mut conn, actor, *coop).await.is_ok();
            assert_eq!(manages, expected == Some(MemberRole::Manager), "{actor:?}");
            assert_eq!(belongs, expected.is_some(), "{actor:?}");
        }
        // Who owns both a member and a manager manages.
        let Actor::Person(mut both) = van.owner.clone() else { panic!("a person") };
        both.memberships.push((minh.workshop, Role::Owner));
        assert_eq!(village.standing(&Actor::Person(both)).await, Some(MemberRole::Manager));

        for actor in [&van.owner, &thuan.owner, &minh.staff, &Actor::Guest] {
            forbidden(village.make(actor, member, MemberRole::Manager).await);
        }
        village.make(&minh.owner, member, MemberRole::Manager).await.unwrap();
        assert_eq!(village.standing(&van.owner).await, Some(MemberRole::Manager));
        let first = village.mine(minh).await;
        village.make(&van.owner, first, MemberRole::Member).await.unwrap();
        let last = village.make(&van.owner, member, MemberRole::Member).await;
        assert!(matches!(last, Err(CoopError::LastManager)), "{last:?}");
        village.leave(&minh.owner, first).await.unwrap();
        assert_eq!(village.standing(&minh.owner).await, None, "who left reads nothing any more");
        // Alone it manages still.
        let last = village.make(&van.owner, member, MemberRole::Member).await;
        assert!(matches!(last, Err(CoopError::LastManager)), "{last:?}");
        assert_eq!(audited(&store, "coop.role").await, 2);
    }

    async fn members_leave_and_history_stays(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, coop, .. } = &village;
        let (first, second) = (village.mine(minh).await, village.join(van).await);
        let asked = village.ask(&minh.owner, thuan.workshop).await.unwrap();
        let last = village.leave(&minh.owner, first).await;
        assert!(matches!(last, Err(CoopError::LastManager)), "{last:?}");
        let last = village.remove(&minh.owner, first).await;
        assert!(matches!(last, Err(CoopError::LastManager)), "{last:?}");
        for actor in [&minh.owner, &van.staff, &thuan.owner, &Actor::Guest] {
            forbidden(village.leave(actor, second).await);
        }
        store.clock().advance(chrono::TimeDelta::days(40));
        village.leave(&van.owner, second).await.unwrap();
        let twice = village.leave(&van.owner, second).await;
        assert!(matches!(twice, Err(CoopError::Unknown)), "{twice:?}");
        // An invitation is no membership.
        let never = village.leave(&thuan.owner, asked).await;
        assert!(matches!(never, Err(CoopError::Unknown)), "{never:?}");
        store.clock().advance(chrono::TimeDelta::days(1));
        village.leave(&minh.owner, first).await.unwrap();
        let late = village.accept(&thuan.owner, asked).await;
        assert!(matches!(late, Err(CoopError::Answered)), "{late:?}");
        let dead = village.ask(&admin(&store), thuan.workshop).await;
        assert!(matches!(dead, Err(CoopError::Ended)), "{dead:?}");

        let mut conn = store.read().await.unwrap();
        let kept = by_slug(&mut conn, "gom-ven-song").await.unwrap().unwrap();
        assert!(of_village(&mut conn, kept.village_id).await.unwrap().is_empty());
        assert!(active(&mut conn).await.unwrap().is_empty());
        let past = former_members(&mut conn, *coop).await.unwrap();
        assert_eq!(past.iter().map(|member| member.id).collect::<Vec<_>>(), [first, second]);
        let (joined, ended) = (past[1].joined_at.unwrap(), past[1].ended_at.unwrap());
        assert_eq!((ended - joined).num_days(), 40);
        assert_eq!(of_workshop(&mut conn, minh.workshop).await.unwrap(), None);
    }

    async fn a_manager_parts_from_a_member(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, .. } = &village;
        let (second, third) = (village.join(van).await, village.join(thuan).await);
        for actor in [&van.owner, &thuan.owner, &minh.staff, &Actor::Guest] {
            forbidden(village.remove(actor, third).await);
        }
        village.remove(&minh.owner, third).await.unwrap();
        assert_eq!(village.now().await.len(), 2);
        // Who manages may part from another manager, and comes back as a member.
        village.make(&minh.owner, second, MemberRole::Manager).await.unwrap();
        village.remove(&van.owner, village.mine(minh).await).await.unwrap();
        forbidden(village.ask(&minh.owner, thuan.workshop).await);
        let back = village.ask(&van.owner, minh.workshop).await.unwrap();
        village.accept(&minh.owner, back).await.unwrap();
        assert_eq!(village.standing(&minh.owner).await, Some(MemberRole::Member));
        assert_eq!(audited(&store, "coop.remove").await, 2);
    }

    async fn of_two_managers_who_leave_at_once_one_stays(store) {
        let village = Arc::new(Village::new(&store).await);
        let second = village.join(&village.van).await;
        village.join(&village.thuan).await;
        village.make(&village.minh.owner, second, MemberRole::Manager).await.unwrap();
        let first = village.mine(&village.minh).await;
        let (one, two) = tokio::join!(
            village.leave(&village.minh.owner, first),
            village.leave(&village.van.owner, second)
        );
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
        let managers = village.now().await.iter().filter(|(_, role)| *role == MemberRole::Manager).count();
        assert_eq!(managers, 1);

        // The last one goes while another joins: either the co-op ends, or it keeps a manager.
        let stays = if one.is_ok() { &village.van } else { &village.minh };
        let member = village.mine(&village.thuan).await;
        village.leave(&village.thuan.owner, member).await.unwrap();
        let asked = village.ask(&stays.owner, village.thuan.workshop).await.unwrap();
        let last = village.mine(stays).await;
        let _ = tokio::join!(
            village.leave(&stays.owner, last),
            village.accept(&village.thuan.owner, asked)
        );
        let now = village.now().await;
        assert!(now.is_empty() || now[0].1 == MemberRole::Manager, "{now:?}");
    }

    async fn letters_go_to_owners(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, .. } = &village;
        // The second workshop has two owners with accounts and one of staff, the others none.
        let workshop = van.workshop;
        store
            .write("people", (), move |tx, ()| {
                Box::pin(async move {
                    for (email, role) in [
                        ("van@example.com", Role::Owner),
                        ("chi@example.com", Role::Owner),
                        ("staff@example.com", Role::Staff),
                    ] {
                        let person = accounts::ensure_person(tx, email, "Chị Vân").await?;
                        accounts::grant(tx, person, workshop, role).await?;
                    }
                    Ok::<_, StoreError>(())
                })
            })
            .await
            .unwrap();
        let letters = || async {
            let mut conn = store.read().await.unwrap();
            let rows: Vec<(String, String)> = conn
                .fetch_all("SELECT kind, recipient FROM outbox ORDER BY kind, recipient", vec![])
                .await
                .unwrap();
            rows.into_iter().map(|(kind, to)| format!("{kind} {to}")).collect::<Vec<_>>()
        };
        let second = village.join(van).await;
        let mut expected = vec![
            "coop_invitation chi@example.com",
            "coop_invitation van@example.com",
            "coop_news host@example.com",
        ];
        assert_eq!(letters().await, expected);
        village.make(&minh.owner, second, MemberRole::Manager).await.unwrap();
        let asked = village.ask(&van.owner, thuan.workshop).await.unwrap();
        village.decline(&thuan.owner, asked).await.unwrap();
        expected.extend([
            "coop_invitation host@example.com",
            "coop_news host@example.com",
            "coop_news chi@example.com",
            "coop_news van@example.com",
        ]);
        expected.sort_unstable();
        assert_eq!(letters().await, expected);
        village.remove(&minh.owner, second).await.unwrap();
        expected.extend(["coop_news chi@example.com", "coop_news van@example.com"]);
        expected.sort_unstable();
        assert_eq!(letters().await, expected);
    }

    async fn the_circle_counts_what_came_while_workshops_were_members(store) {
        let village = Village::new(&store).await;
        let Village { minh, van, thuan, coop, .. } = &village;
        let ours = minh.booked(minh.slot, 3).await.unwrap();
        let early = van.booked(van.slot, 2).await.unwrap();
        let member = village.join(van).await;
        let later = van.add_slot(chrono::TimeDelta::days(6)).await;
        van.booked(later, 4).await.unwrap();
        thuan.booked(thuan.slot, 5).await.unwrap();
        let gone = minh.booked(minh.add_slot(chrono::TimeDelta::days(5)).await, 1).await.unwrap();
        let cancel = crate::booking::CancelByGuest { booking: gone.id, reason: String::new() };
        store.write("cancel", cancel, |tx, c| Box::pin(crate::booking::cancel_by_guest(tx, c))).await.unwrap();
        let december = (NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(), NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
        let flows = async |actor: &Actor, month| {
            let mut conn = store.read().await.unwrap();
            circle::flows(&mut conn, actor, *coop, month).await
        };
        forbidden(flows(&thuan.owner, december).await);
        forbidden(flows(&minh.staff, december).await);
        let sums = async |month| {
            let flows = flows(&van.owner, month).await.unwrap();
            let mut sums: Vec<_> =
                flows.iter().map(|flow| (flow.workshop_id, flow.bookings, flow.guests, flow.came, flow.value.0, flow.minutes)).collect();
            sums.sort_by_key(|sum| sum.2);
            sums
        };
        // Booked before it joined, but the visit is after: it counts.
        assert_eq!(
            sums(december).await,
            [(minh.workshop, 1, 3, 0, 900_000, 0), (van.workshop, 2, 6, 0, 1_800_000, 0)]
        );
        store.clock().advance(chrono::TimeDelta::hours(3 * 24 + 1));
        for (scene, booking, arrived) in [(minh, &ours, 2), (van, &early, 2)] {
            let arrived = crate::booking::checkin::CheckIn {
                actor: scene.owner.clone(), booking: booking.id, arrived, at: None,
            };
            store.write("check in", arrived, |tx, c| Box::pin(crate::booking::checkin::check_in(tx, c))).await.unwrap();
        }
        // It leaves before its second visit: that one is its own again.
        village.leave(&van.owner, member).await.unwrap();
        let flows = {
            let mut conn = store.read().await.unwrap();
            circle::flows(&mut conn, &minh.owner, *coop, december).await.unwrap()
        };
        let van_flow = flows.iter().find(|flow| flow.workshop_id == van.workshop).unwrap();
        assert_eq!((van_flow.bookings, van_flow.came, van_flow.minutes), (1, 2, 180));
        let minh_flow = flows.iter().find(|flow| flow.workshop_id == minh.workshop).unwrap();
        assert_eq!((minh_flow.guests, minh_flow.came, minh_flow.minutes), (3, 2, 180));
        let november = (NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(), december.0);
        let mut conn = store.read().await.unwrap();
        assert_eq!(circle::flows(&mut conn, &minh.owner, *coop, november).await.unwrap(), []);
    }
}
