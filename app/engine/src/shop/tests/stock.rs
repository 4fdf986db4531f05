//! Never oversold.

use super::*;
use crate::both_dbs;

both_dbs! {
    async fn sixty_four_buyers_want_the_last_five(store) {
        let house = Arc::new(House::new(&store).await);
        let piece = Arc::new(house.piece(180_000, 5).await);
        let buyers: Vec<_> = (0..64)
            .map(|_| {
                let (house, piece) = (Arc::clone(&house), Arc::clone(&piece));
                tokio::spawn(async move { house.orders(&piece, 1, ("collect", "counter")).await })
            })
            .collect();
        let mut got = 0;
        for buyer in buyers {
            match buyer.await.unwrap() {
                Ok(_) => got += 1,
                Err(ShopError::SoldOut { .. } | ShopError::Empty) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(got, 5);
        let left = house.again(&piece).await;
        assert_eq!((left.taken, left.stock, left.left()), (5, 5, 0));
        assert_eq!(left.standing(), Standing::SoldOut);
    }

    async fn the_shelf_is_never_counted_below_what_orders_have(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 3).await;
        house.orders(&piece, 2, ("collect", "counter")).await.unwrap();
        let count = async |stock: &str| {
            let actor = house.scene.staff.clone();
            let set = SetStock { actor, product: piece.id, stock: stock.to_owned() };
            store.write("count", set, |tx, c| Box::pin(set_stock(tx, c))).await
        };
        let Err(ShopError::Fields(wrongs)) = count("1").await else { panic!("too few") };
        assert_eq!(wrongs, [(Field::Stock, Wrong::Taken { taken: 2 })]);
        count("2").await.unwrap();
        assert_eq!(house.again(&piece).await.left(), 0);
        let stranger = SetStock {
            actor: house.scene.stranger.clone(),
            product: piece.id,
            stock: "9".into(),
        };
        let done = store.write("count", stranger, |tx, c| Box::pin(set_stock(tx, c))).await;
        assert!(matches!(done, Err(ShopError::Forbidden(_))));
    }

    async fn the_same_form_is_the_same_order(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 3).await;
        let put_in = Put { secret: None, product: piece.id, quantity: 1, more: true };
        let basket = store.write("put", put_in, |tx, c| Box::pin(put(tx, c))).await.unwrap();
        let input = PlaceInput {
            name: "Mai".into(),
            email: "mai@example.com".into(),
            way: "collect".into(),
            pays: "counter".into(),
            ..PlaceInput::default()
        };
        let order = Place {
            basket: basket.id,
            seller: piece.seller(),
            data: PlaceData::parse(&input).unwrap(),
            locale: Locale::En,
            form_key: "once".into(),
        };
        let mut ids = Vec::new();
        for _ in 0..2 {
            let done = store.write("place", order.clone(), |tx, c| Box::pin(place(tx, c))).await;
            ids.push(done.unwrap().id);
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(house.again(&piece).await.taken, 1);
    }
}

#[test]
fn what_is_typed_is_read_or_named() {
    assert!(ProductData::parse(&House::input(180_000, 5)).is_ok());
    let bad = ProductInput { price: "cheap".into(), grams: "0".into(), ..House::input(1_000, 1) };
    let Err(ShopError::Fields(wrongs)) = ProductData::parse(&bad) else { panic!("bad") };
    let fields: Vec<Field> = wrongs.into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, [Field::Price, Field::Grams]);
    let two = ProductInput { one_off: true, ..House::input(1_000, 2) };
    assert!(ProductData::parse(&two).is_err(), "one of a kind is there once");
    let Err(ShopError::Fields(wrongs)) = PlaceData::parse(&PlaceInput::default()) else {
        panic!("nothing was typed")
    };
    let fields: Vec<Field> = wrongs.into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, [Field::Name, Field::Email, Field::Way, Field::Pays]);
    assert!("w-nothing".parse::<Seller>().is_err());
}
