//! Search by what a tour's workshop is certified to be.

use super::*;
use crate::both_dbs;
use crate::catalogue::CatalogueCache;
use crate::catalogue::search::{Search, search};

both_dbs! {
    async fn a_search_finds_what_is_shown_and_nothing_else(store) {
        let house = House::new(&store).await;
        let cache = CatalogueCache::new(store.clone());
        let finds = async |credentials: Asked| {
            let catalogue = cache.get().await.unwrap();
            let wish = Search { credentials, ..Search::default() };
            let mut conn = store.read().await.unwrap();
            search(&mut conn, &catalogue, &wish, store.now()).await.unwrap().len()
        };
        let stars = |least| Asked { stars: Stars::new(least), ..Asked::default() };
        let artisan = Asked { artisan: true, ..Asked::default() };
        let environment = Asked { environment: true, ..Asked::default() };
        let mark_user = Asked { mark: true, ..Asked::default() };
        assert_eq!(finds(Asked::default()).await, 1);
        for asked in [stars(3), artisan, environment, mark_user] {
            assert_eq!(finds(asked).await, 0);
        }
        let claim = house.claim(Kind::Ocop, house.seat(), &ocop("4", "2026-06-15"));
        let id = house.enters(&house.scene.owner, claim).await.unwrap();
        assert_eq!(finds(stars(3)).await, 0, "it waits for the office");
        house.decides(&house.office, id, Decision::Verify).await.unwrap();
        assert_eq!((finds(stars(4)).await, finds(stars(5)).await), (1, 0));
        let title = ClaimInput {
            subject: "Trần Văn Lâm".into(),
            decision: "87/QĐ-UBND".into(),
            year: "2018".into(),
            ..ClaimInput::default()
        };
        house.has(Kind::Title(TitleKind::Hanoi), house.seat(), &title).await;
        assert_eq!(finds(artisan).await, 1);
        assert_eq!(finds(Asked { stars: Stars::new(3), ..artisan }).await, 1);
        let check = ClaimInput {
            issuer: "UBND xã".into(),
            issued_on: "2026-10-01".into(),
            until: "2027-10-01".into(),
            ..ClaimInput::default()
        };
        house.has(Kind::Check(CheckKind::FireSafety), house.seat(), &check).await;
        assert_eq!(finds(environment).await, 0, "fire is no matter of the environment");
        house.has(Kind::Check(CheckKind::CleanKiln), house.seat(), &check).await;
        assert_eq!(finds(environment).await, 1);
        // Its last day over, it is found no more, and nobody had to do anything.
        store.clock().advance(chrono::TimeDelta::days(365));
        assert_eq!(finds(environment).await, 0);
    }

    async fn a_tour_has_stars_of_its_own(store) {
        let house = House::new(&store).await;
        let input = ClaimInput { of: house.scene.tour.to_string(), ..ocop("3", "2026-06-15") };
        house.has(Kind::Ocop, house.seat(), &input).await;
        let cache = CatalogueCache::new(store.clone());
        let catalogue = cache.get().await.unwrap();
        let today = day("2026-12-01");
        let tour = Holder::Tour(house.scene.tour);
        assert_eq!(catalogue.credentials.shown(&tour, today).len(), 1);
        assert!(house.seen("2026-12-01").await.is_empty(), "they are the tour's alone");
        let stranger = ClaimInput {
            of: crate::TourId::new(store.now()).to_string(),
            ..ocop("3", "2026-06-15")
        };
        let claim = house.claim(Kind::Ocop, house.seat(), &stranger);
        let refused = house.enters(&house.scene.owner, claim).await;
        assert!(matches!(refused, Err(CredentialError::Fields(_))), "{refused:?}");
    }
}
