//! Letters of a pass, whole, in both languages, and the calendar that rides on them.

use super::*;
use crate::accounts::Person;
use crate::booking::{CancelByHost, Field, cancel_by_host};
use crate::catalogue::{Question, Tour, UnitKind};
use crate::coop::Author;
use crate::mail::ics::Method;
use crate::pass::{
    self, Book, Booked, CancelPass, ChangePassParty, Create, Edit, Input, PassBooking, PassData,
    Publish,
};
use crate::store::Kind;
use crate::store::testing::fresh;
use crate::{Localized, PassBookingId, PersonId};

/// Pottery at nine and silk at two, and a guest who books both.
struct Outing {
    village: Village,
    store: Store,
    afternoon: SlotId,
    booking: PassBooking,
}

fn answers(tour: &Tour) -> Answers {
    let fill = |asked: &Question| {
        let choice = asked.choices.first().map_or("không", |choice| choice.value.as_str());
        (asked.key.clone(), choice.to_owned())
    };
    let typed: BTreeMap<String, String> =
        tour.questions.of(QuestionScope::Booking).map(fill).collect();
    let read: Result<Answers, Vec<Field>> =
        Answers::parse(tour, QuestionScope::Booking, &typed, true);
    read.unwrap()
}

async fn slot_at(store: &Store, tour: &Tour, hours: i64) -> SlotId {
    let (option, tour, workshop) = (tour.options[0].id, tour.id, tour.workshop_id);
    store
        .write("slot", (), move |tx, ()| {
            Box::pin(async move {
                let id = SlotId::new(tx.now());
                let start = tx.now() + TimeDelta::hours(hours);
                let date = crate::clock::local_date(start);
                tx.execute_one(
                    "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, \
                     closes_at, local_date, capacity, taken, overbooked, status, origin, guide, \
                     note, run_state) VALUES ($1, $2, $3, $4, $5, $6, $5, $7, 8, 0, 0, 'open', \
                     'host', '', '', 'undecided')",
                    params![
                        id,
                        option,
                        tour,
                        workshop,
                        start,
                        start + TimeDelta::minutes(90),
                        date
                    ],
                )
                .await?;
                Ok::<_, crate::store::StoreError>(id)
            })
        })
        .await
        .unwrap()
}

impl Outing {
    async fn new(locale: Locale) -> Self {
        let store = fresh(Kind::Sqlite).await.unwrap();
        let village = Village::new(&store).await;
        let catalogue = Arc::clone(&village.catalogue);
        let [clay, silk] = ["nan-gom-ban-xoay", "khan-lua-cua-rieng-ban"]
            .map(|slug| catalogue.tour_by_slug(slug).unwrap());
        let input = Input {
            title: Localized { vi: "Gốm và lụa".into(), en: "Clay and silk".into() },
            summary: Localized { vi: "Một ngày".into(), en: "One day".into() },
            description: Localized::default(),
            percent_off: "10".into(),
            stops: [clay, silk].map(|tour| tour.options[0].id.to_string()).to_vec(),
        };
        let create = Create {
            actor: Actor::System,
            catalogue: Arc::clone(&catalogue),
            author: Author::Office,
            data: PassData::parse(&input).unwrap(),
        };
        let made = store.write("create", create, |tx, c| Box::pin(pass::create(tx, c))).await;
        let made = made.unwrap();
        let publish = Publish { actor: Actor::System, pass: made.id, published: true };
        store.write("publish", publish, |tx, c| Box::pin(pass::publish(tx, c))).await.unwrap();
        let afternoon = slot_at(&store, silk, 4 * 24 + 6).await;
        let book = Book {
            catalogue: Arc::clone(&catalogue),
            pass: made.id,
            slots: vec![village.slot, afternoon],
            party: vec![(UnitKind::Adult, 2), (UnitKind::Child, 1)],
            contact: Contact::parse("Cô Trang", "trang@example.com", "", "").unwrap(),
            locale,
            answers: vec![answers(clay), answers(silk)],
            form_key: "form".into(),
        };
        let booking = store.write("book", book, |tx, c| Box::pin(pass::book(tx, c))).await.unwrap();
        Self { village, store, afternoon, booking }
    }

    async fn booked(&self) -> Booked {
        let mut conn = self.store.read().await.unwrap();
        pass::by_id(&mut conn, self.booking.id).await.unwrap().unwrap()
    }

    async fn letter(&self, kind: Letter) -> Option<Rendered> {
        let id: PassBookingId = self.booking.id;
        let payload = serde_json::json!({ "pass_booking_id": id }).to_string();
        let to = (self.booking.email.as_str(), self.booking.name.as_str());
        let row = queued(kind, to, self.booking.locale, payload, None);
        self.village.rendered(&self.store, &row).await
    }

    /// Subject and text without what is drawn anew each time.
    async fn text(&self, kind: Letter) -> String {
        let letter = self.letter(kind).await.unwrap();
        let text = letter.text.replace(&self.booking.code, "CODE");
        let text = text.replace(&self.booking.secret, "SECRET");
        format!("════ {kind}\nSubject: {}\n\n{text}", letter.subject)
    }

    async fn cancel_afternoon(&self) {
        let booked = self.booked().await;
        let leg = booked.legs.iter().find(|leg| leg.slot.id == self.afternoon).unwrap();
        let reason = "Máy dệt hỏng".to_owned();
        let command = CancelByHost { actor: Actor::System, booking: leg.booking.id, reason };
        self.store.write("cancel", command, |tx, c| Box::pin(cancel_by_host(tx, c))).await.unwrap();
    }

    async fn cancel(&self) {
        let command = CancelPass { booking: self.booking.id, reason: String::new() };
        self.store.write("cancel", command, |tx, c| Box::pin(pass::cancel(tx, c))).await.unwrap();
    }
}

async fn letters_in(locale: Locale) {
    let outing = Outing::new(locale).await;
    let mut all = vec![outing.text(Letter::PassConfirmation).await];
    let more = ChangePassParty {
        catalogue: Arc::clone(&outing.village.catalogue),
        booking: outing.booking.id,
        party: vec![(UnitKind::Adult, 3)],
    };
    let store = &outing.store;
    store.write("party", more, |tx, c| Box::pin(pass::change_party(tx, c))).await.unwrap();
    all.push(outing.text(Letter::PassChanged).await);
    assert!(outing.letter(Letter::PassCancelled).await.is_none());
    outing.cancel_afternoon().await;
    all.push(outing.text(Letter::PassCancelled).await);
    outing.cancel().await;
    all.push(outing.text(Letter::PassCancelled).await);
    assert!(outing.letter(Letter::PassChanged).await.is_none());
    insta::assert_snapshot!(format!("pass-{locale}"), all.join("\n"));
}

#[tokio::test]
async fn letters_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}

#[tokio::test]
async fn each_leg_has_an_entry_that_later_letters_change() {
    let outing = Outing::new(Locale::En).await;
    let (method, first) = outing.letter(Letter::PassConfirmation).await.unwrap().invite.unwrap();
    assert_eq!(method, Method::Publish);
    let first = first.replace("\r\n ", "");
    assert_eq!(first.matches("BEGIN:VEVENT").count(), 2);
    for leg in outing.booked().await.legs {
        let uid = leg.booking.calendar_uid("langnghe.example");
        assert!(first.contains(&format!("UID:{uid}")), "{first}");
        assert!(!first.contains(&leg.booking.secret), "the link is the pass's");
    }
    assert!(first.contains(&outing.booking.secret));
    assert_eq!(first.matches("SEQUENCE:0").count(), 2);
    outing.cancel_afternoon().await;
    let (_, after) = outing.letter(Letter::PassCancelled).await.unwrap().invite.unwrap();
    assert_eq!(after.matches("STATUS:CANCELLED").count(), 1);
    assert_eq!(after.matches("SEQUENCE:1").count(), 1);
    assert_eq!(after.matches("BEGIN:VALARM").count(), 1);
}

#[tokio::test]
async fn the_guest_gets_one_letter_and_each_host_one() {
    let outing = Outing::new(Locale::Vi).await;
    let delivered = outing.village.deliver(&outing.store).await;
    assert_eq!((delivered.sent, delivered.superseded), (3, 0));
    outing.store.clock().advance(TimeDelta::minutes(1));
    outing.cancel().await;
    let delivered = outing.village.deliver(&outing.store).await;
    assert_eq!((delivered.sent, delivered.superseded), (3, 0));
}

#[tokio::test]
async fn a_workshop_is_asked_and_not_bothered_once_it_has_answered() {
    let outing = Outing::new(Locale::Vi).await;
    let (store, catalogue) = (&outing.store, &outing.village.catalogue);
    let admin = Actor::Person(Person {
        id: PersonId::new(store.now()),
        email: "office@example.com".into(),
        name: "Văn phòng".into(),
        locale: Locale::Vi,
        admin: true,
        memberships: vec![],
    });
    let booked = outing.booked().await;
    let input = Input {
        title: booked.pass.title.clone(),
        summary: booked.pass.summary.clone(),
        description: Localized::default(),
        percent_off: "15".into(),
        stops: booked.legs.iter().map(|leg| leg.booking.option_id.to_string()).collect(),
    };
    let edit = Edit {
        actor: admin,
        catalogue: Arc::clone(catalogue),
        pass: booked.pass.id,
        data: PassData::parse(&input).unwrap(),
    };
    store.write("edit", edit, |tx, c| Box::pin(pass::edit(tx, c))).await.unwrap();
    let house = catalogue.workshop_by_slug("gom-minh-hai").unwrap();
    let mut both = Vec::new();
    for locale in Locale::WRITTEN {
        let payload = serde_json::json!({ "pass_id": booked.pass.id }).to_string();
        let to = (house.email.as_str(), house.name.as_str());
        let row = queued(Letter::PassAsked, to, locale, payload, Some(house.id));
        let letter = outing.village.rendered(store, &row).await.unwrap();
        both.push(format!("════ {locale}\nSubject: {}\n\n{}", letter.subject, letter.text));
    }
    insta::assert_snapshot!("pass-asked", both.join("\n"));
    // Three of the booking, two questions; one of these is answered before the mail leaves.
    let mut conn = store.read().await.unwrap();
    let stops = pass::stops_of(&mut conn, booked.pass.id).await.unwrap();
    drop(conn);
    let answer = pass::Answer { actor: Actor::System, stop: stops[0].id, agree: true };
    store.write("answer", answer, |tx, c| Box::pin(pass::answer(tx, c))).await.unwrap();
    let delivered = outing.village.deliver(store).await;
    assert_eq!((delivered.sent, delivered.superseded), (4, 1));
}
