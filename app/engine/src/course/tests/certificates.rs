//! Certificates are earned, proved and withdrawn.

use super::*;
use crate::GuestId;

async fn certify(
    scene: &Scene,
    actor: &Actor,
    run: SlotId,
    guest: Option<GuestId>,
) -> Result<Issued, CourseError> {
    let command =
        Issue { catalogue: Arc::clone(&scene.catalogue), actor: actor.clone(), run, guest };
    scene.store.write("issue", command, |tx, c| Box::pin(issue(tx, c))).await
}

async fn take_back(
    scene: &Scene,
    actor: &Actor,
    certificate: &Certificate,
    reason: &str,
) -> Result<Certificate, CourseError> {
    let command =
        Withdraw { actor: actor.clone(), certificate: certificate.id, reason: reason.into() };
    scene.store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await
}

async fn proof(scene: &Scene, code: &str) -> Option<Certificate> {
    by_code(&mut scene.store.read().await.unwrap(), code).await.unwrap()
}

/// An attended two of three sessions, Bình one; it is the evening after the second.
async fn studied(scene: &Scene) -> (Slot, Roll) {
    let run = saturdays(scene).await;
    let booking = scene.booked(run.id, 2).await.unwrap();
    named(scene, &booking, "An, 2010\nBình").await.unwrap();
    let all = sessions(scene, run.id).await;
    scene.store.clock().advance(TimeDelta::days(4));
    mark(scene, &scene.staff, &all[0], &[("An", Some(true)), ("Bình", Some(false))]).await.unwrap();
    scene.store.clock().advance(TimeDelta::days(7));
    mark(scene, &scene.staff, &all[1], &[("An", Some(true)), ("Bình", Some(true))]).await.unwrap();
    let roll = roll(scene, run.id).await;
    (run, roll)
}

both_dbs! {
    async fn who_attended_enough_is_certified(store) {
        let scene = school(&store, false).await;
        let (run, roll) = studied(&scene).await;
        let (an, binh) = (&roll.parties[0].1[0].guest, &roll.parties[0].1[1].guest);
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let tried = certify(&scene, actor, run.id, None).await;
            assert!(matches!(tried, Err(CourseError::Forbidden(_))));
        }
        assert!(matches!(certify(&scene, &scene.owner, run.id, Some(binh.id)).await,
            Err(CourseError::NotEnough { attended: 1, needed: 2 })));
        let issued = certify(&scene, &scene.owner, run.id, None).await.unwrap();
        assert_eq!((issued.certificates.len(), issued.not_yet), (1, 1));
        let one = &issued.certificates[0];
        assert_eq!((one.name.as_str(), one.born, one.guest_id), ("An", Some(2010), an.id));
        assert_eq!((one.attended, one.sessions, one.minutes), (2, 3, 360));
        assert_eq!((one.first_date, one.last_date, one.issued_on), (day(5), day(12), day(12)));
        assert_eq!((one.label().as_str(), one.issued_by.as_str()), ("0001/2026", "Trần Văn Lâm"));
        assert_eq!(one.code.len(), 16);
        assert_eq!(scene.letters(Letter::Certificate).await, 1);
        // Pressed twice, and asked for once more: the same.
        assert_eq!(certify(&scene, &scene.owner, run.id, None).await.unwrap().certificates, []);
        let again = certify(&scene, &scene.owner, run.id, Some(an.id)).await.unwrap();
        assert_eq!(&again.certificates[0], one);
        assert_eq!(scene.letters(Letter::Certificate).await, 1);

        // What it says stays, whatever is put right later.
        let command = Rename {
            actor: scene.owner.clone(), guest: an.id, name: "Ân".into(), born: None,
        };
        store.write("rename", command, |tx, c| Box::pin(rename(tx, c))).await.unwrap();
        assert_eq!(proof(&scene, &one.code).await.as_ref(), Some(one));
        let mut conn = store.read().await.unwrap();
        assert_eq!(certificates_of_run(&mut conn, run.id).await.unwrap().len(), 1);
        let of = certificates_of_booking(&mut conn, roll.parties[0].0.id).await.unwrap();
        assert_eq!(&of[0], one);
    }

    async fn a_code_proves_and_nothing_else_does(store) {
        let scene = school(&store, false).await;
        let (run, _) = studied(&scene).await;
        let issued = certify(&scene, &scene.owner, run.id, None).await.unwrap();
        let one = &issued.certificates[0];
        // As people type it from paper.
        let typed = format!(" {} ", one.spoken_code().to_lowercase());
        assert_eq!(proof(&scene, &typed).await.as_ref(), Some(one));
        // Neither ids, numbers, parts nor patterns of a code find anything.
        let mut other = one.code.clone();
        other.replace_range(15..16, if one.code.ends_with('A') { "B" } else { "A" });
        for guess in [
            one.id.to_string(), one.label(), one.guest_id.to_string(), one.code[..15].to_owned(),
            other, "%".repeat(16), "_".repeat(16), String::new(), format!("{}'--", one.code),
        ] {
            assert_eq!(proof(&scene, &guess).await, None, "{guess}");
        }
        let mut codes = std::collections::HashSet::new();
        for _ in 0..200 {
            let code = store.write("draw", (), |tx, ()| Box::pin(async move {
                Ok::<_, crate::store::StoreError>(tx.draw_code(16))
            })).await.unwrap();
            assert!(codes.insert(code), "drawn anew each time");
        }
    }

    async fn a_certificate_is_withdrawn_and_another_may_follow(store) {
        let scene = school(&store, false).await;
        let (run, _) = studied(&scene).await;
        let first = certify(&scene, &scene.owner, run.id, None).await.unwrap().certificates.remove(0);
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let tried = take_back(&scene, actor, &first, "Sai tên").await;
            assert!(matches!(tried, Err(CourseError::Forbidden(_))));
        }
        assert!(matches!(take_back(&scene, &scene.owner, &first, " ").await,
            Err(CourseError::Reason)));
        let gone = take_back(&scene, &scene.owner, &first, "Sai tên").await.unwrap();
        assert!(!gone.is_valid());
        assert_eq!(take_back(&scene, &scene.owner, &first, "Khác").await.unwrap(), gone, "once");
        assert_eq!(proof(&scene, &first.code).await, Some(gone), "its page says so");
        let next = certify(&scene, &scene.owner, run.id, None).await.unwrap().certificates.remove(0);
        assert_eq!(next.label(), "0002/2026");
        assert_ne!(next.code, first.code);

        // Another workshop counts for itself and sees none of these.
        let other = school(&store, false).await;
        let command = Issue {
            catalogue: Arc::clone(&scene.catalogue), actor: other.owner.clone(), run: run.id,
            guest: None,
        };
        let tried = store.write("issue", command, |tx, c| Box::pin(issue(tx, c))).await;
        assert!(matches!(tried, Err(CourseError::Forbidden(_))));
    }
}
