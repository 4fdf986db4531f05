//! From the wheel to the shelf: registered, fired, cracked, promised.

use super::*;
use crate::both_dbs;

#[test]
fn a_making_is_read_and_refused() {
    let input = |way: &str, steps| MakingInput {
        way: way.into(),
        steps,
        litres: "2".into(),
        grams: "600".into(),
        materials: vec![],
    };
    let read = input("steps", pot_steps()).parse().unwrap().unwrap();
    let loads: Vec<bool> = read.steps.0.iter().map(|step| step.load).collect();
    assert_eq!(loads, [false, true, false, true], "only firings wait for a load");
    assert_eq!(input("none", pot_steps()).parse().unwrap(), None);
    assert!(input("at_once", vec![]).parse().unwrap().unwrap().at_once);
    let fields = |input: MakingInput| match input.parse() {
        Err(CraftError::Fields(wrongs)) => wrongs.into_iter().map(|(field, _)| field).collect(),
        _ => vec![],
    };
    assert_eq!(fields(input("steps", vec![])), [Field::Steps]);
    let mut twice = pot_steps();
    twice[1].kind = "drying".into();
    assert_eq!(fields(input("steps", twice)), [Field::Kind(1)]);
    let mut odd = pot_steps();
    (odd[0].days, odd[2].kind) = ("x".into(), "baking".into());
    assert_eq!(fields(input("steps", odd)), [Field::Days(0), Field::Kind(2)]);
    let none = (Localized::default(), Localized::default());
    let half = (vi("Cao lanh"), Localized::default());
    let made_of = MakingInput { materials: vec![none, half], ..input("steps", pot_steps()) };
    assert_eq!(fields(made_of), [Field::Origin(1)]);
}

both_dbs! {
    async fn pieces_are_registered_once_and_numbered_for_ever(store) {
        let house = House::new(&store, 100).await;
        let slot = house.scene.add_slot(TimeDelta::days(2)).await;
        let coming = house.scene.booked(slot, 2).await.unwrap();
        let early = house.tries(&house.scene, &coming, 2, &house.scene.staff, Uuid::now_v7()).await;
        assert!(matches!(early, Err(CraftError::NotHere)));
        let booking = house.here(&house.scene, 2).await;
        let key = Uuid::now_v7();
        let strange = house.tries(&house.scene, &booking, 2, &house.scene.stranger, key).await;
        assert!(matches!(strange, Err(CraftError::Forbidden(_))));
        let pieces = house.tries(&house.scene, &booking, 2, &house.scene.staff, key).await.unwrap();
        let same = house.tries(&house.scene, &booking, 2, &house.scene.staff, key).await.unwrap();
        assert_eq!(pieces.iter().map(|it| it.id).collect::<Vec<_>>(), same.iter().map(|it| it.id).collect::<Vec<_>>());
        store.clock().advance(TimeDelta::minutes(1));
        let more = house.registers(&house.scene, &booking, 1).await;
        let labels: Vec<&str> = pieces.iter().chain(&more).map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["LN-1", "LN-2", "LN-3"]);
        assert_eq!(pieces[0].party_id, more[0].party_id, "one link for the party");
        assert_ne!(pieces[0].code, pieces[1].code);
        assert_eq!(house.scene.letters(Letter::PieceRegistered).await, 2, "one a registration");
        // Three days to dry, one in each kiln, one to glaze, five to spare.
        let today = local_date(store.now());
        assert!(pieces[0].promised_on.unwrap() >= today + TimeDelta::days(11));
        let mut conn = store.read().await.unwrap();
        let found = by_number(&mut conn, house.scene.workshop, "ln 2").await.unwrap().unwrap();
        assert_eq!(found.id, pieces[1].id);
        let secret = party_of(&mut conn, found.party_id).await.unwrap().unwrap().secret;
        assert!(matches!(Found::of(&mut conn, &secret).await.unwrap(), Some(Found::Party(_))));
        assert!(matches!(Found::of(&mut conn, &found.code).await.unwrap(), Some(Found::Piece(_))));
        assert!(Found::of(&mut conn, "nothing").await.unwrap().is_none());
    }

    async fn what_is_woven_goes_home_at_once(store) {
        let house = House::new(&store, 100).await;
        house.makes(&house.scene, "at_once", vec![]).await.unwrap();
        let (_, pieces) = house.made(2).await;
        assert!(pieces.iter().all(|it| it.state == PieceState::Handed && it.promised_on.is_none()));
        assert_eq!(house.scene.letters(Letter::PieceRegistered).await, 0);
        house.makes(&house.scene, "none", vec![]).await.unwrap();
        let booking = house.here(&house.scene, 1).await;
        let none = house.tries(&house.scene, &booking, 1, &house.scene.staff, Uuid::now_v7()).await;
        assert!(matches!(none, Err(CraftError::NoMaking)));
    }

    async fn three_pots_one_of_which_cracks(store) {
        let house = House::new(&store, 100).await;
        let (booking, pieces) = house.made(3).await;
        let load = house.plans(&house.scene, &pieces, StepKind::BisqueFiring, 4).await.unwrap();
        assert!(house.all(&pieces).await.iter().all(|it| it.firing_id == Some(load.id)));
        assert!(house.moves(&pieces, Deed::Next).await.is_err(), "the load decides");
        house.fires(load.id, &[]).await.unwrap();
        assert!(house.fires(load.id, &[]).await.is_err(), "once");
        assert_eq!(house.scene.letters(Letter::PieceFired).await, 1, "one for the party");
        house.moves(&pieces, Deed::Next).await.unwrap();
        let load = house.plans(&house.scene, &house.all(&pieces).await, StepKind::GlazeFiring, 4).await.unwrap();
        house.fires(load.id, &[pieces[1].id]).await.unwrap();
        let now = house.all(&pieces).await;
        let states: Vec<PieceState> = now.iter().map(|it| it.state).collect();
        assert_eq!(states, [PieceState::Ready, PieceState::Cracked, PieceState::Ready]);
        assert_eq!(house.scene.letters(Letter::PieceCracked).await, 1);
        assert_eq!(house.scene.letters(Letter::PieceReady).await, 0, "it is in the same letter");
        assert!(house.history(&pieces[1]).await.ends_with(&[Mark::Loaded, Mark::Cracked]));

        // Two weeks later the workshop is reminded, once.
        let mut conn = store.read().await.unwrap();
        let open = choices_open(&mut conn, &house.scene.staff, house.scene.workshop).await.unwrap();
        drop(conn);
        assert_eq!(open.len(), 1);
        house.works().await;
        assert_eq!(house.scene.letters(Letter::HostPieceChoice).await, 0);
        store.clock().advance(TimeDelta::days(15));
        house.works().await;
        house.works().await;
        assert_eq!(house.scene.letters(Letter::HostPieceChoice).await, 1);

        house.chooses(&now[1], Choice::New).await.unwrap();
        assert!(matches!(house.chooses(&now[1], Choice::Voucher).await, Err(CraftError::Changed)));
        let mut conn = store.read().await.unwrap();
        let all = pieces_of(&mut conn, now[1].party_id).await.unwrap();
        let made = all.iter().find(|it| it.replaces == Some(now[1].id)).unwrap();
        assert_eq!((made.number, made.state, made.done), (4, PieceState::Making, 0));
        let losses = losses_of(&mut conn, now[1].party_id).await.unwrap();
        assert_eq!(losses[0].replacement_id, Some(made.id));
        assert_eq!(losses[0].chosen_by, "guest");
        let known = query::by_id(&mut conn, booking.id).await.unwrap().unwrap();
        assert_eq!(party_of_booking(&mut conn, known.id).await.unwrap().unwrap().id, made.party_id);
    }

    async fn a_voucher_is_given_for_a_cracked_pot(store) {
        let house = House::new(&store, 100).await;
        let (_, pieces) = house.made(1).await;
        let lose_it = Lose {
            actor: house.scene.staff.clone(),
            piece: pieces[0].id,
            outcome: Outcome::Cracked,
            photo: None,
            note: "nứt khi khô".into(),
        };
        store.write("lose", lose_it, |tx, c| Box::pin(lose(tx, c))).await.unwrap();
        house.chooses(&pieces[0], Choice::Voucher).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let losses = losses_of(&mut conn, pieces[0].party_id).await.unwrap();
        let card = crate::giftcard::by_id(&mut conn, losses[0].card_id.unwrap()).await.unwrap().unwrap();
        assert_eq!(card.value, Dong(200_000));
        drop(conn);
        assert_eq!(house.scene.letters(Letter::GiftCard).await, 1);
    }

    async fn a_promise_that_moves_is_told_once(store) {
        let house = House::new(&store, 100).await;
        let (_, pieces) = house.made(2).await;
        let before = pieces[0].promised_on.unwrap();
        house.works().await;
        assert_eq!(house.scene.letters(Letter::PieceLate).await, 0);
        store.clock().advance(TimeDelta::days(30));
        house.works().await;
        assert_eq!(house.scene.letters(Letter::PieceLate).await, 1, "both in one letter");
        let after = house.again(&pieces[0]).await.promised_on.unwrap();
        assert!(after > before && after > local_date(store.now()));
        store.clock().advance(TimeDelta::days(1));
        house.works().await;
        assert_eq!(house.scene.letters(Letter::PieceLate).await, 1, "not again tomorrow");
        assert!(house.history(&pieces[0]).await.contains(&Mark::Promised));
    }
}
