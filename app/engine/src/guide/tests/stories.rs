//! Two workshops of a co-op share guides.

use std::sync::Arc;

use chrono::{Days, TimeDelta};
use futures::future::join_all;

use crate::accounts::Actor;
use crate::booking::testing::{Setup, run};
use crate::catalogue::Spoken;
use crate::clock::{local_date, local_time};
use crate::guide::{self, *};
use crate::mail::{MailSettings, Route};
use crate::resource::tests::stories::Village;
use crate::resource::{
    Basis, EditResource, NeedEntry, Owner, ResourceError, ResourceKind, Stretch, Timing, Use,
    WeekHours, edit_resource, unblock,
};
use crate::schedule::{
    CancelSlot, MoveSlot, NoteSlot, OnSlot, Slot, cancel_slot, close_slot, generate_workshop,
    move_slot, note_slot, reopen_slot, slots,
};
use crate::store::{Store, TimeOfDay};
use crate::{Locale, ResourceId, SlotId, both_dbs, params};

pub(super) fn texts(name: &str, languages: &[Spoken]) -> GuideTexts {
    GuideTexts {
        name: name.into(),
        languages: languages.to_vec(),
        phone: "0987654321".into(),
        email: String::new(),
        locale: Locale::Vi,
        travel_minutes: 30,
        may_check_in: true,
        hours: WeekHours::default(),
        note: String::new(),
        active: true,
    }
}

struct Troupe {
    village: Village,
    mai: Guide,
}

impl Troupe {
    async fn new(store: &Store) -> Self {
        let village = Village::new(store, Setup::default()).await;
        let mai = add(store, Owner::Coop(village.coop), "Lê Thị Mai").await;
        Self { village, mai }
    }

    fn store(&self) -> &Store {
        &self.village.store
    }

    async fn assign(&self, slot: SlotId, guide: &Guide) -> Result<Slot, GuideError> {
        let command = Assign { actor: Actor::System, slot, guide: guide.id() };
        self.store().write("assign", command, |tx, c| Box::pin(assign(tx, c))).await
    }

    async fn unassign(&self, slot: SlotId) -> Slot {
        let command = Unassign { actor: Actor::System, slot };
        self.store().write("unassign", command, |tx, c| Box::pin(unassign(tx, c))).await.unwrap()
    }

    async fn slot(&self, id: SlotId) -> Slot {
        let mut conn = self.store().read().await.unwrap();
        slots::find(&mut conn, id).await.unwrap().unwrap()
    }

    /// What a guide leads from yesterday on.
    async fn leads(&self, guide: &Guide) -> Vec<SlotId> {
        let today = local_date(self.store().now());
        let mut conn = self.store().read().await.unwrap();
        let diary = diary(&mut conn, guide.id(), today, today + Days::new(200)).await.unwrap();
        diary.into_iter().map(|duty| duty.slot.id).collect()
    }

    async fn uses(&self, guide: &Guide) -> Vec<Stretch> {
        let mut conn = self.store().read().await.unwrap();
        let sql = "SELECT * FROM resource_use WHERE resource_id = $1 ORDER BY starts_at";
        let uses: Vec<Use> = conn.fetch_all(sql, params![guide.id()]).await.unwrap();
        uses.iter().map(Use::stretch).collect()
    }

    async fn note(&self, slot: SlotId, guide: &str) -> Slot {
        let (actor, note) = (Actor::System, String::new());
        let command = NoteSlot { actor, slot, note, guide: guide.into() };
        self.store().write("note", command, |tx, c| Box::pin(note_slot(tx, c))).await.unwrap()
    }

    async fn move_by(&self, slot: SlotId, by: TimeDelta) -> Slot {
        let to = self.slot(slot).await.starts_at + by;
        let command = MoveSlot {
            catalogue: Arc::clone(&self.village.one.catalogue),
            actor: Actor::System,
            slot,
            date: local_date(to),
            time: local_time(to).format("%H:%M").to_string().parse::<TimeOfDay>().unwrap(),
        };
        self.store().write("move", command, |tx, c| Box::pin(move_slot(tx, c))).await.unwrap()
    }

    async fn edit(
        &self,
        guide: &Guide,
        texts: GuideTexts,
        force: bool,
    ) -> Result<Guide, GuideError> {
        let command = EditGuide { actor: Actor::System, guide: guide.id(), texts, force };
        self.store().write("edit", command, |tx, c| Box::pin(edit_guide(tx, c))).await
    }

    async fn day_off(&self, slot: &Slot, force: bool) -> Result<Use, GuideError> {
        let command = DayOff {
            actor: Actor::System,
            guide: self.mai.id(),
            from: slot.local_date,
            to: slot.local_date,
            note: "Giỗ".into(),
            force,
        };
        self.store().write("day off", command, |tx, c| Box::pin(day_off(tx, c))).await
    }
}

async fn add(store: &Store, owner: Owner, name: &str) -> Guide {
    let texts = texts(name, &[Spoken::Vi, Spoken::En]);
    let command = AddGuide { actor: Actor::System, owner, texts };
    store.write("add", command, |tx, c| Box::pin(add_guide(tx, c))).await.unwrap()
}

/// "leads" for a guide who is busy with another departure, and so on.
fn reason<T: std::fmt::Debug>(done: Result<T, GuideError>) -> Hindrance {
    match done.unwrap_err() {
        GuideError::Hindered(hindrance) => hindrance,
        other => panic!("{other}"),
    }
}

both_dbs! {
    async fn a_guide_of_the_co_op_leads_one_departure_at_a_time(store) {
        let troupe = Troupe::new(&store).await;
        let (one, two) = (&troupe.village.one, &troupe.village.two);
        let led = troupe.assign(one.slot, &troupe.mai).await.unwrap();
        assert_eq!(led.guide, "Lê Thị Mai");
        // The same time at the other workshop, and too shortly after for the way.
        assert!(matches!(reason(troupe.assign(two.slot, &troupe.mai).await), Hindrance::Leads(_)));
        let start = TimeDelta::days(3);
        let near = two.add_slot(start + TimeDelta::minutes(110)).await;
        let task = match reason(troupe.assign(near, &troupe.mai).await) {
            Hindrance::TooFar(task, 30) => task,
            other => panic!("{other:?}"),
        };
        assert_eq!((task.slot_id, task.workshop_id), (Some(one.slot), Some(one.workshop)));
        // Directly after the first in the same yard there is no way.
        let next = one.add_slot(start + TimeDelta::minutes(90)).await;
        troupe.assign(next, &troupe.mai).await.unwrap();
        assert_eq!(troupe.leads(&troupe.mai).await, [one.slot, next]);
        // Somebody else instead; then nobody.
        let binh = add(&store, Owner::Workshop(one.workshop), "Bình").await;
        assert_eq!(troupe.assign(one.slot, &binh).await.unwrap().guide, "Bình");
        assert_eq!(troupe.leads(&troupe.mai).await, [next]);
        troupe.assign(two.slot, &troupe.mai).await.unwrap_err();
        assert_eq!(troupe.unassign(next).await.guide, "");
        troupe.assign(two.slot, &troupe.mai).await.unwrap();
        assert_eq!(troupe.leads(&troupe.mai).await, [two.slot]);
        // Bình is the first workshop's alone.
        assert!(matches!(troupe.assign(two.slot, &binh).await, Err(GuideError::Unknown)));
    }

    async fn of_many_who_assign_one_guide_at_once_one_wins(store) {
        let troupe = Troupe::new(&store).await;
        let start = TimeDelta::days(3);
        let mut overlapping = vec![troupe.village.one.slot, troupe.village.two.slot];
        for minutes in [10, 20, 30, 40, 50] {
            let later = start + TimeDelta::minutes(minutes);
            overlapping.push(troupe.village.one.add_slot(later).await);
            overlapping.push(troupe.village.two.add_slot(later).await);
        }
        let tasks = overlapping.iter().map(|slot| {
            let (store, guide, slot) = (store.clone(), troupe.mai.id(), *slot);
            tokio::spawn(async move {
                let command = Assign { actor: Actor::System, slot, guide };
                store.write("assign", command, |tx, c| Box::pin(assign(tx, c))).await
            })
        });
        let done = join_all(tasks).await;
        let mut won = 0;
        for one in done {
            match one.unwrap() {
                Ok(_) => won += 1,
                Err(GuideError::Hindered(Hindrance::Leads(_) | Hindrance::TooFar(..))) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(won, 1);
        assert_eq!(troupe.uses(&troupe.mai).await.len(), 1);
        assert_eq!(troupe.leads(&troupe.mai).await.len(), 1);
    }

    async fn a_guide_follows_a_departure_and_is_free_when_it_ends(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        troupe.assign(one.slot, &troupe.mai).await.unwrap();
        let moved = troupe.move_by(one.slot, TimeDelta::hours(2)).await;
        assert_eq!(moved.guide, "Lê Thị Mai");
        let now = Stretch { from: moved.starts_at, to: moved.ends_at };
        assert_eq!(troupe.uses(&troupe.mai).await, [now]);
        // To a time at which she leads at the other workshop: the departure has no guide.
        troupe.assign(troupe.village.two.slot, &troupe.mai).await.unwrap();
        let back = troupe.move_by(one.slot, -TimeDelta::minutes(30)).await;
        assert_eq!((back.guide.as_str(), troupe.leads(&troupe.mai).await), ("", vec![troupe.village.two.slot]));
        // Closed while nobody comes she is free, and leads again when it opens.
        let on = OnSlot { actor: Actor::System, slot: troupe.village.two.slot };
        store.write("close", on.clone(), |tx, c| Box::pin(close_slot(tx, c))).await.unwrap();
        assert!(troupe.uses(&troupe.mai).await.is_empty());
        store.write("open", on, |tx, c| Box::pin(reopen_slot(tx, c))).await.unwrap();
        assert_eq!(troupe.leads(&troupe.mai).await, [troupe.village.two.slot]);
        let (actor, reason) = (Actor::System, "Mưa".into());
        let cancel = CancelSlot { actor, slot: troupe.village.two.slot, reason };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_slot(tx, c))).await.unwrap();
        assert!(troupe.uses(&troupe.mai).await.is_empty() && troupe.leads(&troupe.mai).await.is_empty());
    }

    async fn a_name_on_a_slot_is_heeded_when_the_guide_is_free(store) {
        let troupe = Troupe::new(&store).await;
        let (one, two) = (&troupe.village.one, &troupe.village.two);
        assert_eq!(troupe.note(one.slot, "lê thị  mai").await.id, one.slot);
        assert_eq!(troupe.leads(&troupe.mai).await, [one.slot]);
        // Busy elsewhere: the name stands, nobody is assigned.
        troupe.note(two.slot, "Lê Thị Mai").await;
        let slot = troupe.slot(two.slot).await;
        let mut conn = store.read().await.unwrap();
        let found = choice(&mut conn, &two.staff, &slot, store.now()).await.unwrap();
        drop(conn);
        assert!(found.lead.is_none());
        assert!(matches!(found.candidates[0].hindrance, Some(Hindrance::Leads(_))));
        // Another name takes her off; the daily work finds her free for the other departure.
        troupe.note(one.slot, "Anh Tuấn").await;
        assert!(troupe.leads(&troupe.mai).await.is_empty());
        let command = (Arc::clone(&two.catalogue), two.workshop);
        store.write("daily", command, |tx, (catalogue, workshop)| Box::pin(async move {
            generate_workshop(tx, &catalogue, workshop, 30).await
        })).await.unwrap();
        // No rule wants the slot, which nobody booked: but a host touched it, so it stays.
        assert_eq!(troupe.leads(&troupe.mai).await, [two.slot]);
    }

    async fn rules_name_guides_and_leave_those_alone_whom_somebody_chose(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        let binh = add(&store, Owner::Workshop(one.workshop), "Bình").await;
        let rule = |guide: &'static str| {
            let one = one.clone();
            async move {
                run(&one.store, "DELETE FROM schedule_rule", vec![]).await;
                let command = (Arc::clone(&one.catalogue), one.workshop, one.option);
                one.store.write("rule", command, move |tx, (catalogue, workshop, option)| Box::pin(async move {
                    let opening = crate::schedule::Opening {
                        weekdays: crate::schedule::Weekdays(vec![chrono::Weekday::Mon, chrono::Weekday::Sun]),
                        lunar_days: crate::schedule::LunarDays(vec![]),
                        times: crate::schedule::Times(vec!["09:00".parse().unwrap(), "10:00".parse().unwrap()]),
                        season: None, valid_from: None, valid_to: None, capacity: 6, guide: guide.into(),
                    };
                    if !guide.is_empty() {
                        crate::schedule::insert_rule(tx, workshop, option, &opening).await?;
                    }
                    generate_workshop(tx, &catalogue, workshop, 12).await
                })).await.unwrap()
            }
        };
        rule("Lê Thị Mai").await;
        // 9:00 and 10:00 overlap: of each day she leads the first.
        let led = troupe.leads(&troupe.mai).await;
        assert_eq!(led.len(), 3, "two Sundays and a Monday within twelve days");
        for id in &led {
            assert_eq!(local_time(troupe.slot(*id).await.starts_at).format("%H:%M").to_string(), "09:00");
        }
        // Bình is chosen for one; the rule names somebody else later and leaves that alone.
        troupe.assign(led[0], &binh).await.unwrap();
        rule("Anh Tuấn").await;
        assert_eq!(troupe.slot(led[0]).await.guide, "Bình");
        assert_eq!(troupe.slot(led[1]).await.guide, "Anh Tuấn");
        assert!(troupe.leads(&troupe.mai).await.is_empty());
        // Without a rule the empty slots go, whoever leads them.
        rule("").await;
        assert!(troupe.leads(&binh).await.is_empty() && troupe.uses(&binh).await.is_empty());
    }

    async fn days_off_and_new_hours_ask_before_departures_lose_their_guide(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        let slot = troupe.assign(one.slot, &troupe.mai).await.unwrap();
        let refused = troupe.day_off(&slot, false).await.unwrap_err();
        assert!(matches!(refused, GuideError::Leads(slots) if slots.len() == 1));
        assert_eq!(troupe.leads(&troupe.mai).await, [one.slot]);
        let off = troupe.day_off(&slot, true).await.unwrap();
        assert_eq!(troupe.slot(one.slot).await.guide, "");
        assert!(matches!(reason(troupe.assign(one.slot, &troupe.mai).await), Hindrance::DayOff(_)));
        store.write("back", off.id, |tx, id| Box::pin(async move {
            unblock(tx, &Actor::System, id).await
        })).await.unwrap();
        troupe.assign(one.slot, &troupe.mai).await.unwrap();
        // She stops: asked first.
        let away = GuideTexts { active: false, ..texts("Lê Thị Mai", &[Spoken::Vi]) };
        let refused = troupe.edit(&troupe.mai, away.clone(), false).await.unwrap_err();
        assert!(matches!(refused, GuideError::Leads(_)));
        let gone = troupe.edit(&troupe.mai, away, true).await.unwrap();
        assert!(!gone.resource.active && troupe.leads(&gone).await.is_empty());
        assert!(matches!(reason(troupe.assign(one.slot, &gone).await), Hindrance::Retired));
    }

    async fn a_new_name_goes_with_the_departures(store) {
        let troupe = Troupe::new(&store).await;
        troupe.assign(troupe.village.one.slot, &troupe.mai).await.unwrap();
        let texts = texts("Mai Lê", &[Spoken::Vi]);
        let named = troupe.edit(&troupe.mai, texts.clone(), false).await.unwrap();
        assert_eq!(troupe.slot(troupe.village.one.slot).await.guide, "Mai Lê");
        assert_eq!(troupe.leads(&named).await, [troupe.village.one.slot]);
        // A name is taken once among those who share guides.
        let owner = Owner::Workshop(troupe.village.two.workshop);
        let again = AddGuide { actor: Actor::System, owner, texts };
        let refused = store.write("add", again, |tx, c| Box::pin(add_guide(tx, c))).await;
        assert!(matches!(refused, Err(GuideError::Fields(fields)) if fields == [GuideField::NameTaken]));
    }

    async fn strangers_and_staff_may_not_change_guides(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        let texts = texts("Hoa", &[Spoken::Vi]);
        for actor in [&one.stranger, &one.staff, &Actor::Guest] {
            let owner = Owner::Workshop(one.workshop);
            let add = AddGuide { actor: actor.clone(), owner, texts: texts.clone() };
            let done = store.write("add", add, |tx, c| Box::pin(add_guide(tx, c))).await;
            assert!(matches!(done, Err(GuideError::Forbidden(_))));
        }
        // A member's owner is no manager.
        let edit = EditGuide { actor: one.owner.clone(), guide: troupe.mai.id(), texts, force: true };
        let done = store.write("edit", edit, |tx, c| Box::pin(edit_guide(tx, c))).await;
        assert!(matches!(done, Err(GuideError::Forbidden(_))));
        let assign_by = |actor: &Actor| {
            let command = Assign { actor: actor.clone(), slot: one.slot, guide: troupe.mai.id() };
            store.write("assign", command, |tx, c| Box::pin(assign(tx, c)))
        };
        assert!(matches!(assign_by(&one.stranger).await, Err(GuideError::Forbidden(_))));
        assign_by(&one.staff).await.unwrap();
        // As a plain resource nobody changes a person.
        let as_resource = EditResource {
            actor: Actor::System,
            resource: troupe.mai.id(),
            texts: crate::resource::ResourceTexts {
                kind: ResourceKind::Guide, name: troupe.mai.resource.name.clone(), quantity: 9,
                setup_minutes: 0, cleanup_minutes: 0, hours: WeekHours::default(),
                own_hours_week: None, own_days_ahead: None, note: String::new(), active: true,
            },
            force: true,
        };
        let done = store.write("edit", as_resource, |tx, c| Box::pin(edit_resource(tx, c))).await;
        assert!(matches!(done, Err(ResourceError::Unknown)));
    }

    async fn a_tour_that_needs_a_guide_gets_the_one_who_leads(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        let binh = add(&store, Owner::Coop(troupe.village.coop), "Bình").await;
        let need = |choices: &[ResourceId]| NeedEntry {
            id: None, basis: Basis::Departure, amount: 1,
            timing: Timing::During { from: 0, to: 90 }, choices: choices.to_vec(),
        };
        troupe.village.needs(one, vec![need(&[troupe.mai.id(), binh.id()])]).await;
        one.booked(one.slot, 2).await.unwrap();
        assert_eq!(troupe.uses(&troupe.mai).await.len(), 1, "kept free for the visit");
        // Bình leads: then Mai is not needed and may lead elsewhere.
        troupe.assign(one.slot, &binh).await.unwrap();
        assert!(troupe.uses(&troupe.mai).await.is_empty());
        assert_eq!(troupe.uses(&binh).await.len(), 2);
        troupe.assign(troupe.village.two.slot, &troupe.mai).await.unwrap();
        // Both are busy: a departure at the same time has no guide to offer.
        let third = one.add_slot(TimeDelta::days(3) + TimeDelta::minutes(5)).await;
        let full = one.booked(third, 1).await;
        assert!(full.is_err(), "{full:?}");
        troupe.unassign(troupe.village.two.slot).await;
        one.booked(third, 1).await.unwrap();
    }

    async fn the_link_shows_who_comes_and_lets_a_guide_check_in(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        let booking = one.booked(one.slot, 3).await.unwrap();
        troupe.assign(one.slot, &troupe.mai).await.unwrap();
        let today = local_date(store.now());
        let mut conn = store.read().await.unwrap();
        let found = by_token(&mut conn, &troupe.mai.token).await.unwrap().unwrap();
        let coming = coming(&mut conn, &found, today).await.unwrap();
        drop(conn);
        assert_eq!((coming.duties.len(), coming.people(one.slot)), (1, 3));
        store.clock().advance(TimeDelta::days(3));
        let check = |guide: &Guide| {
            let command = CheckInByGuide { token: guide.token.clone(), booking: booking.id, arrived: 2 };
            store.write("check in", command, |tx, c| Box::pin(guide::check_in(tx, c)))
        };
        let other = add(&store, Owner::Coop(troupe.village.coop), "Bình").await;
        assert!(matches!(check(&other).await, Err(GuideError::Unknown)), "does not lead it");
        assert!(check(&troupe.mai).await.is_ok());
        // The host does not want it any more; then the link is renewed.
        let texts = GuideTexts { may_check_in: false, ..texts("Lê Thị Mai", &[Spoken::Vi]) };
        troupe.edit(&troupe.mai, texts, false).await.unwrap();
        assert!(matches!(check(&troupe.mai).await, Err(GuideError::Unknown)));
        let renew = RenewLink { actor: Actor::System, guide: troupe.mai.id() };
        let token = store.write("renew", renew, |tx, c| Box::pin(renew_link(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(by_token(&mut conn, &troupe.mai.token).await.unwrap().is_none());
        assert!(by_token(&mut conn, &token).await.unwrap().is_some());
    }

    async fn leave_is_asked_for_and_answered_once(store) {
        let troupe = Troupe::new(&store).await;
        let slot = troupe.assign(troupe.village.one.slot, &troupe.mai).await.unwrap();
        let ask = |to| {
            let (token, from) = (troupe.mai.token.clone(), slot.local_date);
            let command = AskLeave { token, from, to, note: "Cưới em".into() };
            store.write("ask", command, |tx, c| Box::pin(ask_leave(tx, c)))
        };
        let leave = ask(slot.local_date).await.unwrap();
        assert_eq!(ask(slot.local_date).await.unwrap(), leave);
        let wrong = ask(slot.local_date - Days::new(1)).await;
        assert!(matches!(wrong, Err(GuideError::Fields(fields)) if fields == [GuideField::Dates]));
        let answer = |grant, force| {
            let command = AnswerLeave { actor: Actor::System, leave: leave.id, grant, force };
            store.write("answer", command, |tx, c| Box::pin(answer_leave(tx, c)))
        };
        assert!(matches!(answer(true, false).await, Err(GuideError::Leads(_))));
        assert_eq!(answer(true, true).await.unwrap().state, LeaveState::Granted);
        assert!(matches!(answer(false, false).await, Err(GuideError::Unknown)), "answered already");
        let mut conn = store.read().await.unwrap();
        assert_eq!(days_off(&mut conn, troupe.mai.id(), store.now()).await.unwrap().len(), 1);
        drop(conn);
        assert!(troupe.leads(&troupe.mai).await.is_empty());
    }

    async fn the_feed_tells_what_a_guide_leads(store) {
        let troupe = Troupe::new(&store).await;
        let one = &troupe.village.one;
        let settings = MailSettings {
            base_url: "https://langnghe.example".into(),
            from: "bookings@langnghe.example".parse().unwrap(),
            from_name: "Làng Nghề".into(),
            route: Route::Files(std::env::temp_dir()),
        };
        let read = async |token: &str| {
            let mut conn = store.read().await.unwrap();
            guide::feed_of_token(&mut conn, &one.catalogue, &settings, token, store.now()).await.unwrap()
        };
        troupe.assign(one.slot, &troupe.mai).await.unwrap();
        let before = read(&troupe.mai.token).await.unwrap();
        assert!(before.contains(&format!("UID:lead-{}@langnghe.example", one.slot)), "{before}");
        assert!(before.contains("SUMMARY:Gốm (0 khách)"), "{before}");
        assert_eq!(read(&troupe.mai.token).await.unwrap(), before, "the same data, the same text");
        one.booked(one.slot, 3).await.unwrap();
        assert!(read(&troupe.mai.token).await.unwrap().contains("SUMMARY:Gốm (3 khách)"));
        troupe.unassign(one.slot).await;
        assert!(!read(&troupe.mai.token).await.unwrap().contains("UID:lead-"));
        assert!(read("nothing").await.is_none());
    }
}
