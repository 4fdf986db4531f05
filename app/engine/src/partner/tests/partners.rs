//! A partner is named, agrees, and parts; its designs and who may use them.

use super::*;
use crate::booking::testing::run;
use crate::mail::Letter;
use crate::{CoopId, MemberId, both_dbs, params};

/// Both work in one co-op, the first as its manager.
async fn together(one: &Scene, other: &Scene) -> CoopId {
    let now = one.store.now();
    let coop = CoopId::new(now);
    run(
        &one.store,
        "INSERT INTO coop (id, slug, village_id, form, name, summary, story, founded_on, phone, \
         email, created_at) SELECT $1, $2, village_id, 'group', 'Gốm', $5, $5, NULL, '', '', $3 \
         FROM workshop WHERE id = $4",
        params![coop, coop.to_string(), now, one.workshop, *r#"{"vi":"","en":""}"#],
    )
    .await;
    for (workshop, role) in [(one.workshop, "manager"), (other.workshop, "member")] {
        run(
            &one.store,
            "INSERT INTO coop_member (id, coop_id, workshop_id, role, state, invited_at, \
             joined_at) VALUES ($1, $2, $3, $4, 'active', $5, $5)",
            params![MemberId::new(now), coop, workshop, *role, now],
        )
        .await;
    }
    coop
}

both_dbs! {
    async fn a_partner_is_shown_while_both_agree(store) {
        let scene = Scene::new(&store).await;
        for actor in [&scene.staff, &scene.stranger] {
            let refused = scene.asks_partner(actor, "no").await.unwrap_err();
            assert!(matches!(refused, PartnerError::Forbidden(_)));
        }
        let id = scene.asks_partner(&scene.owner, "a").await.unwrap();
        assert_eq!(scene.asks_partner(&scene.owner, "a").await.unwrap(), id, "one form, one partner");
        assert_eq!(scene.letters(Letter::PartnerAsked).await, 1);
        let shown = async || {
            let mut conn = store.read().await.unwrap();
            shown_partners(&mut conn, Some(scene.workshop), None).await.unwrap().len()
        };
        assert_eq!(shown().await, 0);
        let agreed = scene.partner_says(id, PartnerAnswer::Agree).await.unwrap();
        scene.partner_says(id, PartnerAnswer::Agree).await.unwrap();
        assert_eq!((shown().await, scene.letters(Letter::HostPartner).await), (1, 1));
        let late = scene.partner_says(id, PartnerAnswer::Decline).await.unwrap_err();
        assert!(matches!(late, PartnerError::State));
        let mut conn = store.read().await.unwrap();
        assert!(partner_by_secret(&mut conn, id, "wrong").await.unwrap().is_none());
        assert!(partner_by_secret(&mut conn, id, &agreed.secret).await.unwrap().is_some());
        drop(conn);

        // What is said of it is changed: it is asked anew, by another link.
        let input = PartnerInput { city: "Huế".into(), ..partner_input() };
        let command = ChangePartner {
            actor: scene.owner.clone(),
            partner: id,
            version: agreed.version,
            data: PartnerData::parse(&input, local_date(store.now())).unwrap(),
        };
        let again = command.clone();
        store.write("change", command, |tx, c| Box::pin(change(tx, c))).await.unwrap();
        let stale = store.write("change", again, |tx, c| Box::pin(change(tx, c))).await.unwrap_err();
        assert!(matches!(stale, PartnerError::Changed));
        assert_eq!((shown().await, scene.letters(Letter::PartnerAsked).await), (0, 2));
        let mut conn = store.read().await.unwrap();
        assert!(partner_by_secret(&mut conn, id, &agreed.secret).await.unwrap().is_none());
        drop(conn);

        scene.partner_says(id, PartnerAnswer::Agree).await.unwrap();
        let gone = scene.partner_says(id, PartnerAnswer::End).await.unwrap();
        assert_eq!((gone.email.as_str(), gone.contact.as_str(), shown().await), ("", "", 0));
    }

    async fn who_may_use_a_design_follows_from_its_keeper(store) {
        let (one, other, stranger) =
            (Scene::new(&store).await, Scene::new(&store).await, Scene::new(&store).await);
        together(&one, &other).await;
        let partner = one.partner().await;
        let nobody = one.saves_design(&design_input(None, "workshop"), "x", None).await.unwrap_err();
        assert!(matches!(nobody, PartnerError::Fields(wrongs)
            if wrongs == [(Field::Picture, Wrong::Missing)]));
        let mut all = Vec::new();
        for shared in ["workshop", "coop", "all"] {
            let input = design_input(Some(partner), shared);
            all.push(one.saves_design(&input, shared, Some(picture())).await.unwrap());
        }
        let usable = async |scene: &Scene| {
            let mut conn = store.read().await.unwrap();
            usable_by(&mut conn, scene.workshop).await.unwrap().len()
        };
        assert_eq!((usable(&one).await, usable(&other).await, usable(&stranger).await), (3, 2, 1));
        let refused = stranger.uses(all[1], true).await.unwrap_err();
        assert!(matches!(refused, PartnerError::State));
        other.uses(all[1], true).await.unwrap();
        let foreign = SetTours {
            actor: one.owner.clone(),
            workshop: one.workshop,
            design: all[0],
            tours: vec![other.tour],
        };
        let foreign = store.write("use", foreign, |tx, c| Box::pin(set_tours(tx, c))).await;
        assert!(matches!(foreign, Err(PartnerError::Fields(_))));
        let mut conn = store.read().await.unwrap();
        let used = designs_of_tour(&mut conn, other.tour).await.unwrap();
        assert_eq!((used.len(), used[0].designer.as_str()), (1, DESIGNER));
        assert_eq!(used[0].widths().collect::<Vec<_>>(), [480, 960]);
        let small = picture_file(&mut conn, used[0].picture_id, 400).await.unwrap();
        let large = picture_file(&mut conn, used[0].picture_id, 5_000).await.unwrap();
        assert_eq!((small, large), (Some(vec![1]), Some(vec![2])));
        drop(conn);

        // Retired, nobody takes it anew; where it is in use it stays.
        let off = Retire { actor: one.owner.clone(), design: all[1], retired: true };
        store.write("retire", off, |tx, c| Box::pin(retire(tx, c))).await.unwrap();
        assert_eq!((usable(&one).await, usable(&other).await), (2, 1));
        let mut conn = store.read().await.unwrap();
        assert_eq!(designs_of_tour(&mut conn, other.tour).await.unwrap().len(), 1);
        assert!(design(&mut conn, &stranger.owner, all[0]).await.is_err());
    }

    async fn a_new_picture_has_a_new_address(store) {
        let scene = Scene::new(&store).await;
        let partner = scene.partner().await;
        let input = design_input(Some(partner), "all");
        let id = scene.saves_design(&input, "d", Some(picture())).await.unwrap();
        let read = async || {
            let mut conn = store.read().await.unwrap();
            design(&mut conn, &scene.owner, id).await.unwrap()
        };
        let before = read().await;
        let keeper = Keeper::Workshop(scene.workshop);
        let words = DesignInput { licence: "own".into(), ..input.clone() };
        assert!(DesignData::parse(&words, keeper).is_err(), "own words must be said");
        let words = DesignInput { licence_words: vi("Chỉ dùng một lần."), ..words };
        let save = SaveDesign {
            actor: scene.owner.clone(),
            keeper,
            design: Some((id, before.version)),
            form_key: String::new(),
            data: DesignData::parse(&words, keeper).unwrap(),
            picture: Some(picture()),
        };
        store.write("save", save, |tx, c| Box::pin(save_design(tx, c))).await.unwrap();
        let after = read().await;
        assert_ne!(after.picture_id, before.picture_id);
        assert_eq!((after.licence, after.designer.as_str()), (Licence::Own, DESIGNER));
        let mut conn = store.read().await.unwrap();
        assert_eq!(picture_file(&mut conn, before.picture_id, 480).await.unwrap(), None);
    }
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    let wrong = |input: &PartnerInput| PartnerData::parse(input, today).unwrap_err();
    let empty = wrong(&PartnerInput::default());
    let fields: Vec<Field> = empty.iter().map(|(field, _)| *field).collect();
    assert_eq!(
        fields,
        [
            Field::Kind,
            Field::Name,
            Field::City,
            Field::Since,
            Field::Contact,
            Field::Email,
            Field::Language
        ]
    );
    let future = PartnerInput { since: "2026-12-02".into(), ..partner_input() };
    assert_eq!(wrong(&future), [(Field::Since, Wrong::Date)]);
    let coop = Keeper::Coop(CoopId::new(chrono::DateTime::UNIX_EPOCH));
    let alone = DesignData::parse(&design_input(None, "workshop"), coop).unwrap_err();
    assert_eq!(alone, [(Field::SharedWith, Wrong::Choice)]);
}
