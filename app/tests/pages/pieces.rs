//! Pieces without script: registered, loaded, fired, cracked, chosen, sent home. On SQLite.

use crate::site::{OTHER, SHOP, Site, multipart};
use axum::http::{Method, StatusCode};
use engine::accounts::{Actor, Role};
use engine::booking::Booking;
use engine::booking::checkin::{CheckIn, check_in};
use engine::craft::{self, Piece, PieceState};

fn at(sub: &str) -> String {
    format!("/vi/host/{SHOP}{sub}")
}

impl Site {
    /// A party that is here.
    pub async fn arrived(&self, name: &str) -> Booking {
        let slot = self.shared_slot(2).await;
        let booking = self.booked(&slot, name).await;
        self.store.clock().advance(slot.starts_at - self.store.now());
        let (actor, arrived) = (Actor::System, booking.people);
        let come = CheckIn { actor, booking: booking.id, arrived, at: None };
        self.store.write("come", come, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
        self.again(&booking).await
    }

    /// Sends a form that may carry files, which must lead on; answers where to.
    async fn leads(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.ask(Method::POST, path, cookie, multipart(fields)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.location
    }

    /// A party with two pieces; with the secret of its link.
    pub async fn made(&self, cookie: &str) -> (String, Vec<Piece>) {
        let booking = self.arrived("Bà Sáu").await;
        let page = at(&format!("/bookings/{}/pieces", booking.code));
        let form = self.get(&page, cookie).await;
        let key = form.attr("[name=form_key]", "value");
        let fields = [("act", "party"), ("n", "2"), ("form_key", key.as_str())];
        let there = self.leads(&page, cookie, &fields).await;
        assert!(there.ends_with("?made=2"), "{there}");
        let mut conn = self.store.read().await.unwrap();
        let party = craft::party_of_booking(&mut conn, booking.id).await.unwrap().unwrap();
        (party.secret, craft::pieces_of(&mut conn, party.id).await.unwrap())
    }

    async fn piece(&self, piece: &Piece) -> Piece {
        let mut conn = self.store.read().await.unwrap();
        craft::by_id(&mut conn, piece.id).await.unwrap().unwrap()
    }
}

/// A load with these pieces; its page.
pub async fn load(site: &Site, cookie: &str, pieces: &[Piece]) -> String {
    let page = site.get(&at("/firings"), cookie).await;
    let document = page.page();
    let options = scraper::Selector::parse("#chance option").unwrap();
    let chance = document.select(&options).nth(1).unwrap().attr("value").unwrap().to_owned();
    let kind = pieces[0].next_firing().unwrap().to_string();
    let ids: Vec<String> = pieces.iter().map(|piece| piece.id.to_string()).collect();
    let mut fields = vec![("chance", chance.as_str()), ("kind", kind.as_str())];
    fields.extend(ids.iter().map(|id| ("pieces", id.as_str())));
    let there = site.goes(&at("/firings"), cookie, &fields).await;
    there.split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_party_registers_and_follows_its_pieces() {
    let site = Site::open().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let slot = site.shared_slot(4).await;
    let coming = site.booked(&slot, "Ông Ba").await;
    let early = site.get(&at(&format!("/bookings/{}/pieces", coming.code)), &staff).await;
    assert_eq!(early.count("form[enctype]"), 0, "nobody is here yet");
    let (secret, pieces) = site.made(&staff).await;
    let [one, two] = [&pieces[0], &pieces[1]];
    assert!(one.label.starts_with("BT-"));
    let list = site.get(&at("/pieces"), &staff).await;
    assert_eq!(list.count(".piece-row"), 2, "{}", list.body);
    let found = site.get(&at(&format!("/pieces?q={}", one.number)), &staff).await;
    assert!(found.location.ends_with(&one.id.to_string()));
    assert_eq!(site.get(&at("/pieces?q=99999"), &staff).await.count(".notice"), 1);
    let booking = {
        let mut conn = site.store.read().await.unwrap();
        let party = craft::party_of(&mut conn, one.party_id).await.unwrap().unwrap();
        engine::booking::query::by_id(&mut conn, party.booking_id).await.unwrap().unwrap()
    };
    let labels = site.get(&at(&format!("/bookings/{}/pieces/labels", booking.code)), &staff).await;
    assert_eq!(labels.count(".label .label-qr svg"), 3, "two pieces and the guest's slip");
    assert_eq!(labels.count(".label .code"), 2);
    let code = labels.text(".label:first-child .code").trim().replace('-', "");

    let page = site.get(&format!("/en/pieces/{secret}"), "").await;
    assert_eq!(page.count(".piece-card"), 2);
    assert!(page.text("main").contains(&two.label));
    assert_eq!(page.count("[aria-current=step]"), 2);
    let own = format!("/vi/booking/{}/{}", booking.code, booking.secret);
    assert_eq!(site.get(&own, "").await.count(&format!("a[href='/vi/pieces/{secret}']")), 1);
    let label = site.get(&format!("/vi/pieces/{}", one.code), "").await;
    assert_eq!(label.count(".piece-card"), 1);
    assert_eq!(label.count("form[action*='/pieces/']"), 0, "a label lets nobody choose");
    assert!(!label.body.contains(&secret));
    assert_eq!(site.get("/vi/pieces/nothing", "").await.status, StatusCode::NOT_FOUND);

    // What the label opens, and who is led there: nothing of the guest stands in it.
    let origin = format!("/vi/p/{code}");
    let mine = site.get(&format!("/vi/pieces/{secret}"), "").await;
    assert_eq!(mine.count(&format!("a[href='{origin}']")), 1);
    assert_eq!(label.count(&format!("a[href='{origin}']")), 1);
    let record = site.get(&origin, "").await;
    assert_eq!(record.attr(".verdict", "data-state"), "valid", "{}", record.body);
    assert!(record.text(".timeline").contains("Khách tự tay làm"));
    assert!(record.text(".product-materials").contains("Trúc Thôn"));
    assert!(record.text("#credentials").contains("OCOP"));
    assert!(!record.body.contains("Bà Sáu") && !record.body.contains(&secret));
    let desk = format!("a[href$='/pieces/{}']", one.id);
    assert_eq!((record.count(&desk), site.get(&origin, &staff).await.count(&desk)), (0, 1));
    // At the desk nothing is added to it by hand, nor is it taken back.
    let register = at(&format!("/lots/{}", one.record_id.unwrap()));
    let shown = site.get(&register, &staff).await;
    assert_eq!((shown.count("ol.log > li"), shown.count("form[action$='/add']")), (3, 0));
    let owner = site.owner().await;
    let withdraw = [("act", "withdraw"), ("reason_vi", "x")];
    assert_eq!(site.post(&register, &owner, &withdraw).await.status, StatusCode::NOT_FOUND);

    let ids = [("pieces", one.id.to_string()), ("pieces", two.id.to_string())];
    let fields: Vec<(&str, &str)> = ids.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let none = site.post(&at("/pieces"), &staff, &[("act", "next")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.goes(&at("/pieces"), &staff, &[fields.as_slice(), &[("act", "next")]].concat()).await;
    assert_eq!(site.piece(one).await.done, 1);
}

#[tokio::test]
async fn a_load_is_fired_and_a_guest_chooses() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let (secret, pieces) = site.made(&owner).await;
    let page = load(&site, &owner, &pieces).await;
    let shown = site.get(&page, &owner).await;
    assert_eq!(shown.count(".outcome"), 2, "{}", shown.body);
    let outcome = |piece: &Piece| format!("outcome-{}", piece.number);
    let (first, second) = (outcome(&pieces[0]), outcome(&pieces[1]));
    let fields = [("act", "fire"), (first.as_str(), "whole"), (second.as_str(), "cracked")];
    site.leads(&page, &owner, &fields).await;
    assert_eq!(site.piece(&pieces[1]).await.state, PieceState::Cracked);
    assert_eq!(site.get(&page, &owner).await.count(".piece-row"), 2);
    let open = site.get(&at("/pieces"), &owner).await;
    assert!(open.text(".notice").contains(&pieces[1].label));

    let guest = format!("/vi/pieces/{secret}");
    let id = pieces[1].id.to_string();
    let none = site.post(&guest, "", &[("act", "choose"), ("piece", &id)]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let strange =
        [("act", "choose"), ("piece", "01a20fff-1942-76eb-9f19-02874410c44f"), ("choice", "new")];
    assert_eq!(site.post(&guest, "", &strange).await.status, StatusCode::NOT_FOUND);
    site.goes(&guest, "", &[("act", "choose"), ("piece", &id), ("choice", "new")]).await;
    let page = site.get(&guest, "").await;
    assert_eq!(page.count(".piece-card"), 3);
    assert_eq!(page.count(".piece-choice"), 0);
    // The cracked one's record ends, and leads to what was made in its place.
    let ended = page.attr(".piece-card:nth-child(2) a[href*='/p/']", "href");
    let ended = site.get(&ended, "").await;
    assert_eq!(ended.attr(".verdict", "data-state"), "withdrawn");
    assert!(ended.text(".verdict").contains("bị nứt"), "{}", ended.text(".verdict"));
    let again = site.get(&ended.attr(".pairs a[href*='/vi/p/']", "href"), "").await;
    assert_eq!(again.attr(".verdict", "data-state"), "valid");
    assert!(again.text(".timeline").contains(&pieces[1].label));
}

#[tokio::test]
async fn an_address_is_asked_for_and_nothing_typed_is_lost() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let (secret, pieces) = site.made(&owner).await;
    let guest = format!("/en/pieces/{secret}");
    let mut fields = vec![
        ("act", "send"),
        ("way", "post"),
        ("recipient", "Camille Lefèvre"),
        ("where", "abroad"),
        ("country", "FR"),
        ("line1", "12 rue Oberkampf"),
        ("city", "Paris"),
        ("postcode", "7501"),
        ("phone", "+33639980101"),
        ("pays", "cash"),
    ];
    let wrong = site.post(&guest, "", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.count(".error-summary li"), 1, "{}", wrong.text(".error-summary"));
    assert!(wrong.text("#postcode-error").contains("12345"));
    assert_eq!(wrong.attr("[name=line1]", "value"), "12 rue Oberkampf");
    assert_eq!(wrong.attr("#country option[selected]", "value"), "FR");
    fields[7] = ("postcode", "75011");
    site.goes(&guest, "", &fields).await;
    let page = site.get(&guest, "").await;
    assert!(page.text(".parcel").contains("FRANCE"), "{}", page.text("main"));
    let label = site.get(&format!("/en/pieces/{}", pieces[0].code), "").await;
    assert!(!label.body.contains("Oberkampf"));

    for _ in 0..4 {
        for piece in &pieces {
            let id = piece.id.to_string();
            site.goes(&at("/pieces"), &owner, &[("act", "next"), ("pieces", &id)]).await;
        }
    }
    let list = site.get(&at("/parcels"), &owner).await;
    assert_eq!(list.count(".entry"), 1);
    let parcel = list.attr(".entry a", "href");
    assert!(site.get(&parcel, &owner).await.text("address").contains("75011 Paris"));
    site.goes(&parcel, &owner, &[("act", "cash")]).await;
    site.goes(&parcel, &owner, &[("act", "pack")]).await;
    let bad = site.post(&parcel, &owner, &[("act", "post"), ("carrier", "ems")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = [("act", "post"), ("carrier", "ems"), ("tracking", "EE123456785VN")];
    site.goes(&parcel, &owner, &sent).await;
    let page = site.get(&guest, "").await;
    assert!(page.attr(".parcel a[rel]", "href").ends_with("EE123456785VN"));
    site.goes(&parcel, &owner, &[("act", "arrive")]).await;
    assert_eq!(site.piece(&pieces[0]).await.state, PieceState::Handed);
}

#[tokio::test]
async fn makings_and_postage_are_edited() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = at("/tours/nan-gom-ban-xoay/making");
    let closed = site.get(&page, &owner).await;
    assert_eq!(closed.count("form.panel"), 2, "an option each");
    let option = closed.attr("form.panel [name=option]", "value");
    let open = site.post(&page, &owner, &[("option", &option), ("do", "usual-pottery")]).await;
    assert_eq!(open.count(".making-step"), 4, "{}", open.body);
    let step = [
        ("option", option.as_str()),
        ("way", "steps"),
        ("s0.kind", "drying"),
        ("s0.days", "many"),
        ("litres", "2"),
        ("grams", "500"),
    ];
    let wrong = site.post(&page, &owner, &step).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("[name='s0.days']", "value"), "many");
    let right = step.map(|(name, value)| (name, if name == "s0.days" { "4" } else { value }));
    site.goes(&page, &owner, &right).await;

    let settings = at("/pieces/settings");
    let shown = site.get(&settings, &owner).await;
    assert_eq!(shown.attr("[name=prefix]", "value"), "BT");
    let mut fields = vec![
        ("prefix", "B"),
        ("margin", "4"),
        ("voucher", "100.000"),
        ("rate_hanoi", "1000: 20.000"),
        ("rate_vietnam", "viel"),
        ("pays", "cash"),
    ];
    let wrong = site.post(&settings, &owner, &fields).await;
    assert_eq!(wrong.count(".error-summary li"), 2, "{}", wrong.text(".error-summary"));
    fields[0] = ("prefix", "gmh");
    fields[4] = ("rate_vietnam", "1000: 30.000");
    site.goes(&settings, &owner, &fields).await;
    let (_, pieces) = site.made(&owner).await;
    assert!(pieces[0].label.starts_with("GMH-"));
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    let theirs = at(&format!("/pieces/{}", pieces[0].id));
    assert_eq!(site.get(&theirs, &stranger).await.status, StatusCode::NOT_FOUND);
}
