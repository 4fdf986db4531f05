//! Guides in the host's pages and on their own, without script, on SQLite. The demo's workshop is
//! a member of a co-op that has three guides, and manages it.

use crate::site::{Answer, OTHER, SHOP, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use engine::accounts::{Actor, Role};
use engine::guide::{Guide, find, of_workshop};
use engine::schedule::{AddSlot, Slot, add_slot};
use engine::{ResourceId, params};

const GUIDES: &str = "/vi/host/gom-minh-hai/guides";

impl Site {
    /// Lê Thị Mai, who works from Tuesday to Sunday and speaks Vietnamese, English and French.
    async fn mai(&self) -> Guide {
        let workshop = self.workshop(SHOP).await;
        let mut conn = self.store.read().await.unwrap();
        let all = of_workshop(&mut conn, workshop).await.unwrap();
        all.into_iter().find(|it| it.name() == "Lê Thị Mai").unwrap()
    }

    async fn guide(&self, id: ResourceId) -> Guide {
        find(&mut self.store.read().await.unwrap(), id).await.unwrap().unwrap()
    }

    /// Two departures that overlap, at a time when Mai works.
    async fn overlapping(&self) -> (Slot, Slot) {
        let workshop = self.workshop(SHOP).await;
        let mut conn = self.store.read().await.unwrap();
        let all: Vec<Slot> = conn
            .fetch_all(
                "SELECT * FROM slot WHERE workshop_id = $1 AND status = 'open' AND starts_at > $2 \
                 AND last_date IS NULL ORDER BY starts_at",
                params![workshop, self.store.now() + chrono::TimeDelta::days(2)],
            )
            .await
            .unwrap();
        drop(conn);
        let works = |slot: &&Slot| {
            let day = slot.local_date.format("%a").to_string();
            let start = slot.starts_at.format("%H:%M").to_string();
            // 8:00 to 15:00 in Hanoi.
            day != "Mon" && ("01:00"..="08:00").contains(&start.as_str())
        };
        let one = all.iter().find(works).unwrap().clone();
        let start = one.starts_at + chrono::TimeDelta::hours(7) + chrono::TimeDelta::minutes(15);
        let add = AddSlot {
            catalogue: self.app.catalogue().await.unwrap(),
            actor: Actor::System,
            option: one.option_id,
            date: one.local_date,
            time: start.format("%H:%M").to_string().parse().unwrap(),
            capacity: 6,
            guide: String::new(),
        };
        let added = self.store.write("add", add, |tx, c| Box::pin(add_slot(tx, c))).await;
        (one, added.unwrap())
    }

    async fn assign(&self, slot: &Slot, guide: &Guide, cookie: &str) -> Answer {
        let page = format!("/vi/host/{SHOP}/slots/{}", slot.id);
        let who = guide.id().to_string();
        self.post(&page, cookie, &[("act", "assign"), ("who", &who)]).await
    }
}

fn says(answer: &Answer, words: &str) -> bool {
    answer.page().root_element().text().collect::<String>().contains(words)
}

fn person(name: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", name),
        ("languages", "vi"),
        ("languages", "ja"),
        ("phone", "0912 345 678"),
        ("letters", "vi"),
        ("travel", "15"),
        ("check_in", "1"),
        ("active", "1"),
    ]
}

#[tokio::test]
async fn a_guide_is_added_changed_and_shown_with_the_week() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let list = site.get(GUIDES, &owner).await;
    assert_eq!((list.status, list.count(".guide-row")), (StatusCode::OK, 3));
    // What is wrong is said beside its field, and everything typed is kept.
    let mut wrong = person(" ");
    wrong.retain(|(name, _)| *name != "languages");
    wrong.extend([("h0.days", "mon"), ("h0.from", "08:00"), ("note", "Giữ lại")]);
    let refused = site.post(&format!("{GUIDES}/new"), &owner, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.count("[id='h0.days-error']") == 1, "{}", refused.body);
    wrong.extend([("h0.to", "17:00")]);
    let refused = site.post(&format!("{GUIDES}/new"), &owner, &wrong).await;
    assert_eq!((refused.count("#name-error"), refused.count("#languages-error")), (1, 1));
    assert_eq!(refused.text("textarea[name=note]"), "Giữ lại");
    let page = site.goes(&format!("{GUIDES}/new"), &owner, &person("Đỗ Văn Lâm")).await;
    let shown = site.get(&page, &owner).await;
    assert!(says(&shown, "Đã lưu") && says(&shown, "tiếng Nhật"), "{}", shown.body);
    assert_eq!(site.get(GUIDES, &owner).await.count(".guide-row"), 4);
    let twice = site.post(&format!("{GUIDES}/new"), &owner, &person("đỗ văn lâm")).await;
    assert!(says(&twice, "Đã có người hướng dẫn tên này"));
    // The co-op's guides are changed by those who manage it; its members see and assign them.
    let mai = site.mai().await;
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    let theirs = format!("/vi/host/{OTHER}/guides");
    assert_eq!(site.get(GUIDES, &stranger).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&theirs, &stranger).await.count(".guide-row"), 3);
    let page = format!("{theirs}/{}", mai.id());
    let shown = site.get(&page, &stranger).await;
    assert_eq!((shown.status, shown.count("input[name=name]")), (StatusCode::OK, 0));
    assert!(!shown.body.contains(&mai.token), "the link is for those who manage");
    let mut fields = person("Mai");
    fields.push(("act", "save"));
    assert_eq!(site.post(&page, &stranger, &fields).await.status, StatusCode::NOT_FOUND);
    let shared = site.get(&format!("{theirs}/new?owner=coop"), &stranger).await;
    assert_eq!(shared.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_guide_is_assigned_once_at_a_time_and_the_page_says_why_not() {
    let site = Site::open().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let (one, two) = site.overlapping().await;
    site.booked(&two, "Bà Tư").await;
    let mai = site.mai().await;
    assert_eq!(site.assign(&one, &mai, &staff).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.slot_now(&one).await.guide, "Lê Thị Mai");
    let refused = site.assign(&two, &mai, &staff).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text("#guide-of-error").contains("Lê Thị Mai: dẫn buổi khác"),
        "{}",
        refused.body
    );
    let page = format!("/vi/host/{SHOP}/slots/{}", two.id);
    let shown = site.get(&page, &staff).await;
    assert!(shown.text("#guide-of").contains("Lê Thị Mai – dẫn buổi khác"), "{}", shown.body);
    assert!(shown.text(".guide-free").contains("Nguyễn Văn Tuấn"));
    // Until somebody is chosen the departure is in the week's list.
    let week = format!("{GUIDES}?date={}", two.local_date);
    assert!(says(&site.get(&week, &staff).await, "1 buổi có khách mà chưa có người hướng dẫn"));
    let led = site.get(&week, &staff).await;
    assert!(led.count(".guide-day[data-state=leads]") == 1, "{}", led.body);
    site.goes(&format!("/vi/host/{SHOP}/slots/{}", one.id), &staff, &[("act", "unassign")]).await;
    assert_eq!(site.slot_now(&one).await.guide, "");
    assert_eq!(site.assign(&two, &mai, &staff).await.status, StatusCode::SEE_OTHER);
    assert!(!says(&site.get(&week, &staff).await, "chưa có người hướng dẫn"));
    // The note keeps who leads.
    site.goes(&page, &staff, &[("act", "note"), ("note", "Mang tạp dề"), ("guide", "Lê Thị Mai")])
        .await;
    let noted = site.get(&page, &staff).await;
    assert_eq!(noted.attr("input[name=guide]", "type"), "hidden");
    let nobody = [("act", "assign"), ("who", "01a20fff-1942-76eb-9f19-02874410c44f")];
    assert_eq!(site.post(&page, &staff, &nobody).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn days_off_ask_first_and_leave_is_answered() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let (slot, _) = site.overlapping().await;
    let mai = site.mai().await;
    site.assign(&slot, &mai, &owner).await;
    let page = format!("{GUIDES}/{}", mai.id());
    let day = slot.local_date.to_string();
    let off = [("act", "day_off"), ("from", day.as_str()), ("why", "Giỗ")];
    let asked = site.post(&page, &owner, &off).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(says(&asked, "1 buổi sẽ không còn người hướng dẫn"));
    assert_eq!(asked.attr("input[name=why]", "value"), "Giỗ");
    let sure = [off.as_slice(), &[("force", "1")]].concat();
    site.goes(&page, &owner, &sure).await;
    assert_eq!(site.slot_now(&slot).await.guide, "");
    let wrong = [("act", "day_off"), ("from", "2020-01-01"), ("why", "Giữ")];
    let refused = site.post(&page, &owner, &wrong).await;
    assert_eq!(
        (refused.status, refused.count("#from-error")),
        (StatusCode::UNPROCESSABLE_ENTITY, 1)
    );
    assert_eq!(refused.attr("#why", "value"), "Giữ");
    let id = site.get(&page, &owner).await.attr("input[name=use]", "value");
    site.goes(&page, &owner, &[("act", "back"), ("use", &id)]).await;
    // The guide asks by their link; the workshop refuses.
    let own = format!("/vi/guide/{}", mai.token);
    let to = site.goes(&own, "", &[("act", "leave"), ("from", &day), ("why", "Cưới")]).await;
    assert!(says(&site.get(&to, "").await, "chờ trả lời"));
    let bad = site.post(&own, "", &[("act", "leave"), ("from", ""), ("why", "Giữ")]).await;
    assert_eq!((bad.status, bad.count("#from-error")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(bad.attr("#why", "value"), "Giữ");
    let leave = site.get(&page, &owner).await.attr("input[name=leave]", "value");
    site.goes(&page, &owner, &[("act", "refuse"), ("leave", &leave)]).await;
    assert!(says(&site.get(&own, "").await, "không được"));
}

#[tokio::test]
async fn the_link_shows_the_day_checks_in_and_dies_when_renewed() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let (slot, _) = site.overlapping().await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let mai = site.mai().await;
    site.assign(&slot, &mai, &owner).await;
    let short = site.get(&format!("/guide/{}", mai.token), "").await;
    let own = format!("/vi/guide/{}", mai.token);
    assert_eq!(short.location, own);
    let page = site.get(&own, "").await;
    assert!(says(&page, "Bà Tư") && says(&page, "Xưởng gốm Minh Hải"), "{}", page.body);
    assert_eq!(page.count(".guide-duty a[href^='geo:']"), 1);
    assert_eq!(page.count(".checkin"), 0, "only on the day");
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    assert!(!page.body.contains("0912345678"), "guests' numbers stay with the workshop");
    site.store.clock().advance(slot.starts_at - site.store.now());
    let page = site.get(&own, "").await;
    assert_eq!(page.count(".checkin"), 1);
    let here = [("act", "check_in"), ("code", booking.code.as_str()), ("arrived", "2")];
    let to = site.goes(&own, "", &here).await;
    assert!(says(&site.get(to.split('#').next().unwrap(), "").await, "Đã điểm danh Bà Tư"));
    let many = [("act", "check_in"), ("code", booking.code.as_str()), ("arrived", "9")];
    assert_eq!(site.post(&own, "", &many).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The calendar: the same text, the same tag.
    let feed = format!("/cal/guide/{}.ics", mai.token);
    let read = site.get(&feed, "").await;
    assert!(read.body.contains(&format!("UID:lead-{}@", slot.id)), "{}", read.body);
    let again = Request::builder().uri(&feed).header(header::IF_NONE_MATCH, &read.tag);
    let again = site.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    // Another link: the old one opens nothing any more.
    let mine = format!("{GUIDES}/{}", mai.id());
    site.goes(&mine, &owner, &[("act", "renew")]).await;
    for old in [own, feed, format!("/guide/{}", mai.token)] {
        assert_eq!(site.get(&old, "").await.status, StatusCode::NOT_FOUND);
    }
    let now = site.guide(mai.id()).await;
    assert_eq!(site.get(&format!("/en/guide/{}", now.token), "").await.status, StatusCode::OK);
}
