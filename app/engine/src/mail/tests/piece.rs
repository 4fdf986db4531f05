//! Letters about pieces, whole, in both languages.

use super::*;
use crate::booking::checkin::{CheckIn, check_in};
use crate::craft::delivery::{AddressInput, TrackData, TrackInput, WishData, WishInput};
use crate::craft::{
    self, Deed, Lose, MakingInput, MovePieces, NewPiece, Outcome, ParcelDeed, Piece, PieceNews,
    Register, SaveMaking, StepInput, What,
};
use crate::schedule::slots;
use crate::store::Kind;
use crate::store::testing::fresh;

/// What the party of a booking made: two pieces that dry, and are finished then.
async fn makes(village: &Village, store: &Store, locale: Locale) -> (Booking, Vec<Piece>) {
    let tour = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
    let step = |kind: &str| StepInput { kind: kind.into(), days: "3".into(), load: false };
    let input = MakingInput {
        way: "steps".into(),
        steps: vec![step("drying"), step("glaze_firing")],
        litres: "2".into(),
        grams: "600".into(),
        materials: vec![],
    };
    for option in &tour.options {
        let making = input.parse().unwrap();
        let save = SaveMaking { actor: Actor::System, option: option.id, making, of_tour: false };
        store.write("making", save, |tx, c| Box::pin(craft::save_making(tx, c))).await.unwrap();
    }
    let booking = village.book(store, locale, "hoa@example.com").await;
    let mut conn = store.read().await.unwrap();
    let slot = slots::find(&mut conn, booking.slot_id).await.unwrap().unwrap();
    drop(conn);
    store.clock().advance(slot.starts_at - store.now());
    let come = CheckIn { actor: Actor::System, booking: booking.id, arrived: 2, at: None };
    store.write("come", come, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    let names = ["Bát của An", ""];
    let pieces = names.map(|name| NewPiece { name: name.into(), ..NewPiece::default() });
    let register = Register {
        actor: Actor::System,
        booking: booking.id,
        pieces: pieces.to_vec(),
        form_key: uuid::Uuid::now_v7().to_string(),
    };
    let made = store.write("make", register, |tx, c| Box::pin(craft::register(tx, c))).await;
    (booking, made.unwrap())
}

async fn moves(store: &Store, pieces: &[Piece], deed: Deed) {
    let command = MovePieces {
        actor: Actor::System,
        workshop: pieces[0].workshop_id,
        pieces: pieces.iter().map(|piece| piece.id).collect(),
        deed,
    };
    store.write("move", command, |tx, c| Box::pin(craft::move_pieces(tx, c))).await.unwrap();
}

async fn letter(
    village: &Village,
    store: &Store,
    kind: Letter,
    (booking, news): (&Booking, Vec<(What, &Piece)>),
) -> Option<String> {
    let mut conn = store.read().await.unwrap();
    let party = craft::party_of_booking(&mut conn, booking.id).await.unwrap().unwrap();
    let pieces = craft::pieces_of(&mut conn, party.id).await.unwrap();
    let records = craft::records_of(&mut conn, &pieces).await.unwrap();
    drop(conn);
    let payload = PieceNews {
        party_id: party.id,
        pieces: news.into_iter().map(|(what, piece)| (what, piece.id)).collect(),
        fired: Some(craft::StepKind::GlazeFiring),
    };
    let payload = serde_json::to_string(&payload).unwrap();
    let mut row = queued(
        kind,
        ("hoa@example.com", "Hoa"),
        booking.locale,
        payload,
        Some(booking.workshop_id),
    );
    row.booking_id = Some(booking.id);
    let rendered = village.rendered(store, &row).await?;
    let text = format!("Subject: {}\n\n{}", rendered.subject, rendered.text);
    let text = records.values().fold(text, |text, record| text.replace(&record.code, "CODE"));
    Some(steady(&text.replace(&party.secret, "SECRET")))
}

/// Days are of today: each is the same word.
fn steady(text: &str) -> String {
    // A year of this century, and no address.
    let year = |four: &[u8]| four.starts_with(b"20") && four.iter().all(u8::is_ascii_digit);
    let dated = |line: &str| line.as_bytes().windows(4).any(year) && !line.contains("http");
    text.lines()
        .map(|line| match line.split_once(": ") {
            Some((label, value)) if dated(value) => format!("{label}: DAY"),
            _ => line.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn letters_of_pieces_in_both_languages() {
    for locale in Locale::WRITTEN {
        let store = fresh(Kind::Sqlite).await.unwrap();
        let village = Village::new(&store).await;
        let (booking, pieces) = makes(&village, &store, locale).await;
        let [one, two] = [&pieces[0], &pieces[1]];
        let both = |what| vec![(what, one), (what, two)];
        let mut texts = Vec::new();
        let say = async |kind, news| letter(&village, &store, kind, (&booking, news)).await;
        texts.push(say(Letter::PieceRegistered, both(What::Registered)).await.unwrap());
        texts.push(say(Letter::PieceFired, both(What::Fired)).await.unwrap());
        texts.push(say(Letter::PieceLate, vec![(What::Late, one)]).await.unwrap());
        assert!(say(Letter::PieceReady, both(What::Ready)).await.is_none(), "they are not");
        let lose = Lose {
            actor: Actor::System,
            piece: two.id,
            outcome: Outcome::Cracked,
            photo: None,
            note: String::new(),
        };
        store.write("lose", lose, |tx, c| Box::pin(craft::lose(tx, c))).await.unwrap();
        let mixed = vec![(What::Cracked, two), (What::Fired, one)];
        texts.push(say(Letter::PieceCracked, mixed).await.unwrap());
        moves(&store, &pieces[..1], Deed::Next).await;
        moves(&store, &pieces[..1], Deed::Next).await;
        texts.push(say(Letter::PieceReady, vec![(What::Ready, one)]).await.unwrap());
        let input = WishInput {
            way: "post".into(),
            recipient: "Camille Lefèvre".into(),
            address: AddressInput {
                phone: "+33639980101".into(),
                country: "FR".into(),
                line1: "12 rue Oberkampf".into(),
                city: "Paris".into(),
                postcode: "75011".into(),
                ..AddressInput::default()
            },
            pays: "cash".into(),
        };
        let wish = craft::WishParcel {
            actor: Actor::Guest,
            party: one.party_id,
            data: WishData::parse(&input).unwrap(),
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        let parcel = store.write("wish", wish, |tx, c| Box::pin(craft::wish(tx, c))).await.unwrap();
        texts.push(say(Letter::PieceReady, vec![(What::Ready, one)]).await.unwrap());
        let track = TrackInput { carrier: "ems".into(), tracking: "EE123456789VN".into() };
        for deed in [ParcelDeed::Pack, ParcelDeed::Post(TrackData::parse(&track).unwrap())] {
            let handle = craft::HandleParcel { actor: Actor::System, parcel: parcel.id, deed };
            let done = store.write("handle", handle, |tx, c| Box::pin(craft::handle_parcel(tx, c)));
            done.await.unwrap();
        }
        texts.push(say(Letter::PiecePosted, vec![(What::Posted, one)]).await.unwrap());
        let payload = serde_json::json!({ "pieces": [two.id] }).to_string();
        let to = ("host@example.com", "Gốm");
        let row = queued(Letter::HostPieceChoice, to, locale, payload, Some(booking.workshop_id));
        let host = village.rendered(&store, &row).await.unwrap();
        texts.push(steady(&format!("Subject: {}\n\n{}", host.subject, host.text)));
        let numbers = |text: String| {
            let text = text.replace(&one.label, "BT-1");
            text.replace(&two.label, "BT-2")
        };
        let texts: Vec<String> = texts.into_iter().map(numbers).collect();
        insta::assert_snapshot!(format!("piece-{locale}"), texts.join("\n════\n"));
        let choose = craft::Choose {
            actor: Actor::Guest,
            party: two.party_id,
            piece: two.id,
            choice: craft::Choice::Nothing,
        };
        store.write("choose", choose, |tx, c| Box::pin(craft::choose(tx, c))).await.unwrap();
        let late = say(Letter::PieceCracked, vec![(What::Cracked, two)]).await;
        assert!(late.is_none(), "it is chosen");
    }
}
