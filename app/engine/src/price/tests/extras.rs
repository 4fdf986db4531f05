//! Things to have with a visit.

use crate::price::{Extra, ExtraError, ExtraInput, ExtraKind, ExtraList, Extras, Per, Taken};
use crate::{Dong, ExtraId, Localized};

fn id(number: u128) -> ExtraId {
    uuid::Uuid::from_u128(number).into()
}

fn extra(number: u128, per: Per, price: i64) -> Extra {
    let title = Localized { vi: format!("Thứ {number}"), en: String::new() };
    Extra { id: id(number), kind: ExtraKind::Other, title, price: Dong(price), per, most: 5 }
}

fn offered() -> Extras {
    Extras(vec![
        extra(1, Per::Person, 90_000),
        extra(2, Per::Booking, 200_000),
        extra(3, Per::Piece, 50_000),
    ])
}

#[test]
fn a_party_takes_as_much_as_makes_sense() {
    let take =
        |number, count| Taken::choose(&offered(), &Taken::default(), &[(id(number), count)], 3);
    assert_eq!(take(1, 3).unwrap().total(), Dong(270_000));
    assert_eq!(take(1, 4), Err(ExtraError::TooMany { id: id(1), most: 3 }));
    assert_eq!(take(2, 2), Err(ExtraError::TooMany { id: id(2), most: 1 }));
    assert_eq!(take(3, 5).unwrap().total(), Dong(250_000));
    assert_eq!(take(3, 6), Err(ExtraError::TooMany { id: id(3), most: 5 }));
    assert_eq!(take(9, 1), Err(ExtraError::Unknown(id(9))));
    assert!(take(1, 0).unwrap().is_empty());
}

#[test]
fn what_was_taken_keeps_its_price_and_stays_to_be_had() {
    let before =
        Taken::choose(&offered(), &Taken::default(), &[(id(1), 2), (id(3), 2)], 3).unwrap();
    let mut dearer = offered();
    dearer.0[0].price = Dong(120_000);
    // Offered no more.
    dearer.0.truncate(2);
    let after = Taken::choose(&dearer, &before, &[(id(1), 3), (id(3), 2)], 3).unwrap();
    assert_eq!(after.total(), Dong(3 * 90_000 + 2 * 50_000));
    let more = Taken::choose(&dearer, &before, &[(id(3), 3)], 3);
    assert_eq!(more, Err(ExtraError::TooMany { id: id(3), most: 2 }));
    let mut cheaper = offered();
    cheaper.0[0].price = Dong(60_000);
    let after = Taken::choose(&cheaper, &before, &[(id(1), 2)], 3).unwrap();
    assert_eq!(after.total(), Dong(120_000));
}

#[test]
fn a_smaller_party_eats_fewer_lunches() {
    let wanted = [(id(1), 3), (id(2), 1), (id(3), 4)];
    let taken = Taken::choose(&offered(), &Taken::default(), &wanted, 3).unwrap();
    let fewer = taken.for_people(&offered(), 2);
    assert_eq!(fewer.quantity(id(1)), 2);
    assert_eq!((fewer.quantity(id(2)), fewer.quantity(id(3))), (1, 4));
}

#[test]
fn what_hosts_type_is_checked() {
    let row = |price: &str, title: &str| ExtraInput {
        kind: "meal".into(),
        title: Localized { vi: title.into(), en: String::new() },
        price: price.into(),
        per: "person".into(),
        ..ExtraInput::default()
    };
    assert!(ExtraList::parse(&[row("90.000", "Cơm trưa")]).is_ok());
    assert!(ExtraList::parse(&[row("90 nghìn", "Cơm trưa")]).is_err());
    assert!(ExtraList::parse(&[row("90.000", "")]).is_err());
}
