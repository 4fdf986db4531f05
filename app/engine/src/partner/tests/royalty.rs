//! A designer's share of visits: on the days on which the tour uses the design.

use chrono::TimeDelta;

use super::*;
use crate::ledger::{EntryKind, How, PartyKind};
use crate::{Dong, both_dbs};

both_dbs! {
    async fn a_designer_has_a_share_of_visits_with_the_design(store) {
        let scene = Scene::new(&store).await;
        let partner = scene.partner().await;
        let input = design_input(Some(partner), "workshop");
        let design = scene.saves_design(&input, "d", Some(picture())).await.unwrap();
        // A name is found however it is written.
        scene.rule(vec![
            (PartyKind::Designer, "nguyen ha linh", How::Percent(500)),
            (PartyKind::Workshop, "", How::Rest),
        ]).await;
        scene.visited(scene.slot, 2).await;
        scene.enter().await;
        assert_eq!(scene.share(PartyKind::Designer).await, Dong::ZERO, "no design is used");
        assert_eq!(scene.share(PartyKind::Workshop).await, Dong(600_000));

        // From tomorrow on, and through the day on which it ends.
        let today = scene.add_slot(TimeDelta::hours(5)).await;
        let later = scene.add_slot(TimeDelta::days(2)).await;
        scene.uses(design, true).await.unwrap();
        scene.uses(design, true).await.unwrap();
        scene.visited(today, 2).await;
        scene.enter().await;
        assert_eq!(scene.share(PartyKind::Designer).await, Dong::ZERO, "not today");
        let booking = scene.visited(later, 2).await;
        scene.enter().await;
        assert_eq!(scene.share(PartyKind::Designer).await, Dong(30_000));
        let party = scene.party(PartyKind::Designer).await;
        assert_eq!(party.workshop_id, Some(scene.workshop));
        let month = scene.statement_of(&party, scene.this_month()).await;
        let line = month.lines.iter().find(|line| line.kind == EntryKind::Visit).unwrap();
        assert_eq!((line.code.as_str(), line.share), (booking.code.as_str(), Dong(30_000)));

        let after = scene.add_slot(TimeDelta::days(3)).await;
        scene.uses(design, false).await.unwrap();
        scene.visited(after, 2).await;
        scene.enter().await;
        assert_eq!(scene.share(PartyKind::Designer).await, Dong(30_000));
        let mut conn = store.read().await.unwrap();
        assert_eq!(designers_of_tours(&mut conn, &[scene.tour]).await.unwrap(), Vec::<String>::new());
    }

    async fn using_a_design_again_the_same_day_is_as_if_it_had_gone_on(store) {
        let scene = Scene::new(&store).await;
        let partner = scene.partner().await;
        let input = design_input(Some(partner), "all");
        let design = scene.saves_design(&input, "d", Some(picture())).await.unwrap();
        for uses in [true, false, true] {
            scene.uses(design, uses).await.unwrap();
        }
        let today = local_date(store.now());
        let mut conn = store.read().await.unwrap();
        let on = async |conn: &mut crate::store::Conn, days: i64| {
            designers_on(conn, scene.tour, today + TimeDelta::days(days)).await.unwrap().len()
        };
        assert_eq!((on(&mut conn, 0).await, on(&mut conn, 1).await), (0, 1));
        assert_eq!(designers_of_tours(&mut conn, &[scene.tour]).await.unwrap(), [DESIGNER]);
        assert_eq!(tours_using(&mut conn, scene.workshop, design).await.unwrap(), [scene.tour]);
    }
}
