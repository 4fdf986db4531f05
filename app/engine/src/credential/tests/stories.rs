//! From the claim to the badge, on both databases.

use chrono::{NaiveTime, TimeDelta};

use super::*;
use crate::both_dbs;
use crate::clock::venue_instant;
use crate::coop::{Leave, leave};

fn forbidden<T: std::fmt::Debug>(answer: Result<T, CredentialError>) {
    assert!(matches!(answer, Err(CredentialError::Forbidden(_))), "{answer:?}");
}

const LETTERS: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE kind = 'credential_expiring'";
const ANSWERS: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE kind = 'credential_decided'";

both_dbs! {
    async fn a_claim_is_shown_once_the_office_has_verified_it(store) {
        let house = House::new(&store).await;
        let owner = house.scene.owner.clone();
        let claim = house.claim(Kind::Ocop, house.seat(), &ocop("4", "2024-06-15"));
        forbidden(house.enters(&house.scene.staff, claim.clone()).await);
        forbidden(house.enters(&house.scene.stranger, claim.clone()).await);
        let bare = Enter {
            actor: owner.clone(),
            claim: claim.clone(),
            papers: vec![],
            form_key: "bare".into(),
        };
        let refused = store.write("enter", bare, |tx, c| Box::pin(enter(tx, c))).await;
        assert!(matches!(refused, Err(CredentialError::Paper(PaperError::Missing))));

        let id = house.enters(&owner, claim.clone()).await.unwrap();
        assert!(house.seen("2026-12-01").await.is_empty(), "nobody has seen its papers");
        forbidden(house.decides(&owner, id, Decision::Verify).await);
        house.decides(&house.office, id, Decision::Verify).await.unwrap();
        assert_eq!(house.seen("2026-12-01").await, ["OCOP 4 sao: Bộ ấm chén"]);
        assert_eq!(house.seen("2027-06-15").await.len(), 1);
        assert!(house.seen("2027-06-16").await.is_empty(), "without any worker");
        assert_eq!(house.count(ANSWERS).await, 1);
        let verified = "SELECT CAST(COUNT(*) AS BIGINT) FROM audit WHERE verb = 'credential.verify'";
        assert_eq!(house.count(verified).await, 1);

        // Decided twice, and by what somebody saw before.
        let again = house.decides(&house.office, id, Decision::Verify).await;
        assert!(matches!(again, Err(CredentialError::State)));
        let late = Decide {
            actor: house.office.clone(),
            credential: id,
            version: 0,
            decision: Decision::Withdraw("sai".into()),
        };
        let late = store.write("late", late, |tx, c| Box::pin(decide(tx, c))).await;
        assert!(matches!(late, Err(CredentialError::Changed)));

        // The same details are nothing new; others must be verified anew.
        house.changes(&owner, id, claim).await.unwrap();
        assert_eq!(house.again(id).await.state, CredentialState::Verified);
        let more = house.claim(Kind::Ocop, house.seat(), &ocop("4", "2024-06-16"));
        forbidden(house.changes(&house.scene.stranger, id, more.clone()).await);
        house.changes(&owner, id, more).await.unwrap();
        assert_eq!(house.again(id).await.state, CredentialState::Claimed);
        assert!(house.seen("2026-12-01").await.is_empty());
        let none = house.decides(&house.office, id, Decision::Refuse(" ".into())).await;
        assert!(matches!(none, Err(CredentialError::Fields(_))));
        let why = Decision::Refuse("Ảnh mờ".into());
        house.decides(&house.office, id, why).await.unwrap();
        assert_eq!(house.again(id).await.reason, "Ảnh mờ");

        // A better paper, and it waits again.
        let add = AddPaper { actor: owner.clone(), credential: id, upload: paper() };
        store.write("paper", add, |tx, c| Box::pin(add_paper(tx, c))).await.unwrap();
        assert_eq!(house.again(id).await.state, CredentialState::Claimed);
        house.decides(&house.office, id, Decision::Verify).await.unwrap();
        let up = GiveUp { actor: owner, credential: id, reason: "Thôi bán".into() };
        store.write("give up", up.clone(), |tx, c| Box::pin(give_up(tx, c))).await.unwrap();
        assert!(house.seen("2026-12-01").await.is_empty());
        let twice = store.write("give up", up, |tx, c| Box::pin(give_up(tx, c))).await;
        assert!(matches!(twice, Err(CredentialError::State)));
    }

    async fn papers_are_read_by_the_holder_and_the_office_alone(store) {
        let house = House::new(&store).await;
        let owner = house.scene.owner.clone();
        let claim = house.claim(Kind::Ocop, house.seat(), &ocop("3", "2026-06-15"));
        let id = house.enters(&owner, claim.clone()).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let papers = papers_of(&mut conn, id).await.unwrap();
        assert_eq!((papers.len(), papers[0].name.as_str()), (1, "giay.pdf"));
        for reader in [&owner, &house.office] {
            let (_, kind, bytes) = content(&mut conn, reader, papers[0].id).await.unwrap();
            assert_eq!((kind, bytes.as_slice()), (PaperKind::Pdf, &b"%PDF-1.4\nx"[..]));
        }
        for reader in [&Actor::Guest, &house.scene.staff, &house.scene.stranger] {
            forbidden(content(&mut conn, reader, papers[0].id).await);
            forbidden(find(&mut conn, reader, id).await);
        }
        drop(conn);
        let remove = RemovePaper { actor: house.scene.stranger.clone(), paper: papers[0].id };
        forbidden(store.write("no", remove, |tx, c| Box::pin(remove_paper(tx, c))).await);
        for _ in 1..MAX_PAPERS {
            let add = AddPaper { actor: owner.clone(), credential: id, upload: paper() };
            store.write("paper", add, |tx, c| Box::pin(add_paper(tx, c))).await.unwrap();
        }
        let add = AddPaper { actor: owner.clone(), credential: id, upload: paper() };
        let full = store.write("paper", add.clone(), |tx, c| Box::pin(add_paper(tx, c))).await;
        assert!(matches!(full, Err(CredentialError::Paper(PaperError::TooMany))));
        let remove = RemovePaper { actor: owner, paper: papers[0].id };
        store.write("rm", remove, |tx, c| Box::pin(remove_paper(tx, c))).await.unwrap();
        // What was verified keeps the papers that it was verified with.
        house.decides(&house.office, id, Decision::Verify).await.unwrap();
        let closed = store.write("paper", add, |tx, c| Box::pin(add_paper(tx, c))).await;
        assert!(matches!(closed, Err(CredentialError::State)));

        // The same form is the same credential.
        let command = Enter {
            actor: house.scene.owner.clone(),
            claim,
            papers: vec![paper()],
            form_key: "twice".into(),
        };
        let first = store.write("1", command.clone(), |tx, c| Box::pin(enter(tx, c))).await;
        let second = store.write("2", command, |tx, c| Box::pin(enter(tx, c))).await;
        assert_eq!(first.unwrap(), second.unwrap());
    }

    async fn a_mark_is_licensed_by_its_owner_and_ends_with_it(store) {
        let house = House::new(&store).await;
        let coop = house.coop().await;
        let owner = house.scene.owner.clone();
        let kind = Kind::Mark(MarkKind::Collective);
        forbidden(
            house.enters(&house.scene.stranger, house.claim(kind, Seat::Coop(coop), &mark())).await,
        );
        let of = house.has(kind, Seat::Coop(coop), &mark()).await;
        let licence = house.claim(Kind::Licence, house.seat(), &licence(of));
        // On their own word, without a paper and without the office.
        let command = Enter {
            actor: owner.clone(),
            claim: licence.clone(),
            papers: vec![],
            form_key: "licence".into(),
        };
        let id = store.write("license", command, |tx, c| Box::pin(enter(tx, c))).await.unwrap();
        assert_eq!(house.again(id).await.state, CredentialState::Verified);
        assert_eq!(house.seen("2026-12-01").await, ["Được dùng nhãn hiệu: Gốm Ven Sông"]);
        let mut conn = store.read().await.unwrap();
        let shown = shown(&mut conn, &Holder::Coop(coop), day("2026-12-01")).await.unwrap();
        drop(conn);
        assert_eq!(shown[0].until, Some(day("2034-03-01")));

        // A workshop outside the co-op can't have one.
        let other = Scene::new(&store).await;
        let outside = Claim::parse(
            Kind::Licence,
            Seat::Workshop(other.workshop),
            &super::licence(of),
            day("2026-12-01"),
        );
        let outside = house.enters(&owner, outside.unwrap()).await;
        let Err(CredentialError::Fields(wrongs)) = outside else { panic!("{outside:?}") };
        assert_eq!(wrongs, [(Field::Mark, Wrong::NoMember)]);

        // Taken off the mark, nobody uses it.
        let why = Decision::Withdraw("Hết hiệu lực".into());
        house.decides(&house.office, of, why).await.unwrap();
        assert!(house.seen("2026-12-01").await.is_empty());
        assert_eq!(house.again(id).await.state, CredentialState::Verified);
    }

    async fn who_leaves_the_co_op_loses_its_mark(store) {
        let house = House::new(&store).await;
        let coop = house.coop().await;
        let owner = house.scene.owner.clone();
        let of = house.has(Kind::Mark(MarkKind::Collective), Seat::Coop(coop), &mark()).await;
        let claim = house.claim(Kind::Licence, house.seat(), &licence(of));
        let id = house.enters(&owner, claim).await.unwrap();
        assert_eq!(house.seen("2026-12-01").await.len(), 1);
        let mut conn = store.read().await.unwrap();
        let member = crate::coop::membership_of(&mut conn, house.scene.workshop).await.unwrap();
        drop(conn);
        let go = Leave { actor: owner, member: member.unwrap().id };
        store.write("leave", go, |tx, c| Box::pin(leave(tx, c))).await.unwrap();
        assert_eq!(house.again(id).await.state, CredentialState::Withdrawn);
        assert!(house.seen("2026-12-01").await.is_empty());
    }

    async fn villages_are_the_offices_and_lists_are_whose_they_are(store) {
        let house = House::new(&store).await;
        let seat = Seat::Village(house.village);
        let city = ClaimInput { year: "2025".into(), ..ClaimInput::default() };
        let claim = house.claim(Kind::WorldCraftCity, seat, &city);
        forbidden(house.enters(&house.scene.owner, claim).await);
        house.has(Kind::WorldCraftCity, seat, &city).await;
        let waits = house.claim(Kind::Ocop, house.seat(), &ocop("3", "2026-06-15"));
        house.enters(&house.scene.owner, waits).await.unwrap();
        house.has(Kind::Ocop, house.seat(), &ClaimInput {
            subject: "Bình".into(), ..ocop("3", "2024-01-10")
        }).await;
        assert_eq!(waiting(&mut store.read().await.unwrap()).await.unwrap(), 1);

        let mut conn = store.read().await.unwrap();
        let now = store.now();
        let mut all = async |filter: Filter| {
            let page = (50, 0);
            register(&mut conn, &house.office, &filter, now, page).await.unwrap().len()
        };
        assert_eq!(all(Filter::default()).await, 3);
        assert_eq!(all(Filter { kind: Some(Kind::Ocop), ..Filter::default() }).await, 2);
        let here = Filter { village: Some(house.village), ..Filter::default() };
        assert_eq!(all(here).await, 3);
        let elsewhere = Filter { village: Some(VillageId::new(now)), ..Filter::default() };
        assert_eq!(all(elsewhere).await, 0);
        let claimed = Filter { state: Some(CredentialState::Claimed), ..Filter::default() };
        assert_eq!(all(claimed).await, 1);
        // 10 January 2027 is 40 days ahead.
        assert_eq!(all(Filter { expiring: Some(39), ..Filter::default() }).await, 0);
        assert_eq!(all(Filter { expiring: Some(40), ..Filter::default() }).await, 1);
        let page = (50, 0);
        forbidden(register(&mut conn, &house.scene.owner, &Filter::default(), now, page).await);
        let ours = for_workshop(&mut conn, &house.scene.owner, house.scene.workshop).await.unwrap();
        assert_eq!((ours.ours.len(), ours.coop.is_some()), (2, false));
        assert_eq!(ours.ours[0].state, CredentialState::Claimed);
        forbidden(for_workshop(&mut conn, &house.scene.staff, house.scene.workshop).await);
    }

    async fn owners_are_reminded_three_times_and_not_of_what_is_renewed(store) {
        let house = House::new(&store).await;
        // The last day is 1 March 2027, 90 days after 1 December 2026.
        house.has(Kind::Ocop, house.seat(), &ocop("4", "2024-03-01")).await;
        let round = async |today: &str| {
            let eight = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
            let to = venue_instant(day(today), eight).unwrap();
            store.clock().advance(to - store.now());
            let due = is_due(&mut store.read().await.unwrap(), store.now()).await.unwrap();
            let done = store.write("remind", (), |tx, ()| Box::pin(async move { remind_due(tx).await }));
            assert_eq!(done.await.unwrap() > 0, due);
            house.count(LETTERS).await
        };
        assert_eq!(round("2026-12-01").await, 1);
        assert_eq!(round("2026-12-02").await, 1);
        assert_eq!(round("2027-01-30").await, 2);
        assert_eq!(round("2027-02-21").await, 2);
        // A new decision about the same product.
        house.has(Kind::Ocop, house.seat(), &ocop("4", "2027-02-20")).await;
        assert_eq!(round("2027-02-22").await, 2);
        assert_eq!(round("2027-03-02").await, 2);
        assert_eq!(house.seen("2027-02-22").await.len(), 1);
        store.clock().advance(TimeDelta::days(1));
    }
}
