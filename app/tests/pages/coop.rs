//! Co-ops in the host's pages and on the public page, without script, on SQLite.

use crate::site::{Answer, BASE, OTHER, SHOP, Site};
use axum::http::StatusCode;
use engine::coop;

const COOP: &str = "Tổ hợp tác Gốm Ven Sông";
/// A workshop that works alone.
const ALONE: &str = "son-mai-tung-lam";

impl Site {
    /// The owner of a workshop of the demo.
    async fn owner_of(&self, slug: &str) -> String {
        let mut conn = self.store.read().await.unwrap();
        let (email,): (String,) = conn
            .fetch_one(
                "SELECT person.email FROM person JOIN membership ON membership.person_id = person.id \
                 JOIN workshop ON workshop.id = membership.workshop_id \
                 WHERE workshop.slug = $1 AND membership.role = 'owner' ORDER BY person.id LIMIT 1",
                engine::params![*slug],
            )
            .await
            .unwrap();
        drop(conn);
        self.sign_in(&email).await
    }

    /// The last membership of a workshop, in whatever state.
    async fn member(&self, slug: &str) -> String {
        let id = self.workshop(slug).await;
        let mut conn = self.store.read().await.unwrap();
        let (member,): (engine::MemberId,) = conn
            .fetch_one(
                "SELECT id FROM coop_member WHERE workshop_id = $1 ORDER BY invited_at DESC LIMIT 1",
                engine::params![id],
            )
            .await
            .unwrap();
        member.to_string()
    }

    async fn coop_of(&self, slug: &str) -> Option<String> {
        let id = self.workshop(slug).await;
        let mut conn = self.store.read().await.unwrap();
        coop::of_workshop(&mut conn, id).await.unwrap().map(|coop| coop.name)
    }
}

fn page(slug: &str, sub: &str) -> String {
    format!("/vi/host/{slug}/coop{sub}")
}

fn says(answer: &Answer, words: &str) {
    assert!(answer.text("main").contains(words), "no {words:?} in {}", answer.text("main"));
}

#[tokio::test]
async fn a_manager_sees_members_and_what_the_others_offer() {
    let site = Site::without_slots(BASE).await;
    let catalogue = site.app.catalogue().await.unwrap();
    engine::schedule::generate_daily(&site.store, &catalogue).await.unwrap();
    let manager = site.owner_of(SHOP).await;
    let home = site.get(&page(SHOP, ""), &manager).await;
    assert_eq!(home.status, StatusCode::OK);
    assert_eq!(home.text("h1"), COOP);
    for words in ["Nhà gốm Cẩm Vân", "từ 10/2/2025", "xưởng của bạn", "Bảy ngày tới", "còn "]
    {
        says(&home, words);
    }
    assert!(home.count("details.fold") >= 5);
    assert_eq!(home.count("details.fold[open]"), 1);
    // The others', not one's own.
    assert!(home.count("details.fold a[href^='/vi/tours/ve-tren-gom-moc?option=']") > 0);
    assert_eq!(home.count("details.fold a[href^='/vi/tours/nan-gom-ban-xoay']"), 0);
    assert_eq!(home.count("a[href$='/coop/edit']"), 1);
    assert_eq!(home.count(".host-nav [aria-current='page'][href$='/coop']"), 1);

    // A plain member reads all of it and changes nothing.
    let member = site.owner_of(OTHER).await;
    let home = site.get(&page(OTHER, ""), &member).await;
    says(&home, "Xưởng men rạn Đức Thuận");
    assert_eq!(home.count("a[href$='/coop/edit'], a[href*='/coop/members/']"), 0);
    assert_eq!(home.count("main form[action$='/coop']"), 0);
    for sub in ["/edit", "/invite"] {
        assert_eq!(site.get(&page(OTHER, sub), &member).await.status, StatusCode::NOT_FOUND);
    }
    let bold = [("act", "role"), ("member", &site.member(OTHER).await), ("role", "manager")];
    assert_eq!(site.post(&page(OTHER, ""), &member, &bold).await.status, StatusCode::NOT_FOUND);
    // Another workshop's pages are nobody's business.
    assert_eq!(site.get(&page(SHOP, ""), &member).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_co_op_is_founded_and_a_bad_form_keeps_what_was_typed() {
    let site = Site::without_slots(BASE).await;
    let owner = site.owner_of(ALONE).await;
    let home = site.get(&page(ALONE, ""), &owner).await;
    assert_eq!(home.count("a[href$='/coop/new']"), 1);
    let form = site.get(&page(ALONE, "/new"), &owner).await;
    assert_eq!(form.attr("#email", "value"), "tunglam@langnghe.example");
    let mut fields = vec![
        ("name", "Sơn Hạ Thái"),
        ("form", "cooperative"),
        ("summary_vi", "Hai nhà sơn"),
        ("summary_en", ""),
        ("story_vi", ""),
        ("founded_on", "2030-01-01"),
        ("phone", "12"),
        ("email", ""),
    ];
    let bad = site.post(&page(ALONE, "/new"), &owner, &fields).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bad.attr("#name", "value"), "Sơn Hạ Thái");
    assert_eq!(bad.attr("input[name=form][checked]", "value"), "cooperative");
    for field in ["story_vi", "founded_on", "phone"] {
        assert_eq!(bad.count(&format!("#{field}-error")), 1, "{field}");
        assert_eq!(bad.count(&format!(".error-summary a[href='#{field}']")), 1, "{field}");
    }
    assert_eq!(site.coop_of(ALONE).await, None);

    fields.retain(|(name, _)| !matches!(*name, "story_vi" | "founded_on" | "phone"));
    fields.extend([("story_vi", "Chuyện"), ("founded_on", "2026-11-20")]);
    let to = site.goes(&page(ALONE, "/new"), &owner, &fields).await;
    let home = site.get(&to, &owner).await;
    says(&home, "Đã lập");
    assert_eq!(home.text("h1"), "Sơn Hạ Thái");
    let public = site.get("/vi/coops/son-ha-thai", "").await;
    for words in ["Hợp tác xã", "Xưởng sơn mài Tùng Lâm"] {
        says(&public, words);
    }
    // In one already: the empty form leads there, the form is refused beside its first field.
    let again = site.get(&page(ALONE, "/new"), &owner).await;
    assert_eq!(again.location, page(ALONE, ""));
    let twice = site.post(&page(ALONE, "/new"), &owner, &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&twice, "Xưởng cần rời nơi đó trước");
}

#[tokio::test]
async fn texts_are_changed_and_guests_see_it_at_once() {
    let site = Site::without_slots(BASE).await;
    let manager = site.owner_of(SHOP).await;
    let form = site.get(&page(SHOP, "/edit"), &manager).await;
    assert_eq!(form.attr("#name", "value"), COOP);
    assert_eq!(form.attr("#founded_on", "value"), "2024-03-20");
    let fields = [
        ("name", "Gốm Ven Sông Hồng"),
        ("form", "group"),
        ("summary_vi", "Ba nhà <b>"),
        ("story_vi", "Một đoạn"),
    ];
    let before = site.store.shown_version();
    let to = site.goes(&page(SHOP, "/edit"), &manager, &fields).await;
    assert!(site.store.shown_version() > before, "kept pages are made anew");
    says(&site.get(&to, &manager).await, "Đã lưu");
    let public = site.get("/en/coops/gom-ven-song", "").await;
    assert_eq!(public.text("h1"), "Gốm Ven Sông Hồng");
    assert!(public.body.contains("Ba nhà &lt;b&gt;"), "{}", public.body);
    assert_eq!(public.attr(".lead", "lang"), "vi");
}

#[tokio::test]
async fn workshops_are_asked_and_answer() {
    let site = Site::without_slots(BASE).await;
    let manager = site.owner_of(SHOP).await;
    let list = site.get(&page(SHOP, "/invite"), &manager).await;
    assert_eq!(
        list.count("form[method=post] input[name=workshop]"),
        1,
        "of the village, one is free"
    );
    assert_eq!(list.attr("form[method=post] input[name=workshop]", "value"), "htx-gom-ben-xua");
    // The search knows no accents, and says why some can't be asked.
    let found = site.get(&page(SHOP, "/invite?q=son+mai"), &manager).await;
    assert_eq!(found.count(&format!("#w-{ALONE} form")), 1);
    let found = site.get(&page(SHOP, "/invite?q=det+khanh"), &manager).await;
    says(&found, "đang ở một tổ chức khác");
    let found = site.get(&page(SHOP, "/invite?q=zzz"), &manager).await;
    says(&found, "Không tìm thấy xưởng nào");

    let to = site.goes(&page(SHOP, "/invite"), &manager, &[("workshop", ALONE)]).await;
    let home = site.get(&to, &manager).await;
    says(&home, "Đã gửi lời mời tới Xưởng sơn mài Tùng Lâm");
    says(&home, "Lời mời đang chờ");
    let twice = site.post(&page(SHOP, "/invite"), &manager, &[("workshop", ALONE)]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&twice, "đã được mời và chưa trả lời");
    let nobody = site.post(&page(SHOP, "/invite"), &manager, &[("workshop", "nobody")]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);

    let asked = site.owner_of(ALONE).await;
    let invitation = site.get(&page(ALONE, ""), &asked).await;
    says(&invitation, "Tổ hợp tác Gốm Ven Sông mời xưởng làm thành viên");
    let member = site.member(ALONE).await;
    // The answer is the asked workshop's alone.
    let yes = [("act", "accept"), ("member", member.as_str())];
    assert_eq!(site.post(&page(SHOP, ""), &manager, &yes).await.status, StatusCode::NOT_FOUND);
    let elsewhere = [("act", "withdraw"), ("member", member.as_str())];
    assert_eq!(site.post(&page(ALONE, ""), &asked, &elsewhere).await.status, StatusCode::NOT_FOUND);
    let to = site.goes(&page(ALONE, ""), &asked, &yes).await;
    says(&site.get(&to, &asked).await, "Chào mừng");
    assert_eq!(site.coop_of(ALONE).await.as_deref(), Some(COOP));
    let late = site.post(&page(ALONE, ""), &asked, &yes).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&late, "đã được trả lời hoặc đã rút lại");

    // The demo's own open invitation: declined by one, withdrawn by the other is then too late.
    let dyer = site.owner_of("xuong-nhuom-mai-hoang").await;
    let member = site.member("xuong-nhuom-mai-hoang").await;
    let no = [("act", "decline"), ("member", member.as_str())];
    let to = site.goes(&page("xuong-nhuom-mai-hoang", ""), &dyer, &no).await;
    says(&site.get(&to, &dyer).await, "không nhận lời mời");
    let weaver = site.owner_of("nha-det-khanh-to").await;
    let back = [("act", "withdraw"), ("member", member.as_str())];
    let late = site.post(&page("nha-det-khanh-to", ""), &weaver, &back).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_invitation_is_withdrawn() {
    let site = Site::without_slots(BASE).await;
    let weaver = site.owner_of("nha-det-khanh-to").await;
    let home = site.get(&page("nha-det-khanh-to", ""), &weaver).await;
    says(&home, "Từng là thành viên");
    says(&home, "20/6/2025 – 31/8/2026");
    let member = site.member("xuong-nhuom-mai-hoang").await;
    let back = [("act", "withdraw"), ("member", member.as_str())];
    let to = site.goes(&page("nha-det-khanh-to", ""), &weaver, &back).await;
    says(&site.get(&to, &weaver).await, "Đã rút lời mời");
    let dyer = site.owner_of("xuong-nhuom-mai-hoang").await;
    let home = site.get(&page("xuong-nhuom-mai-hoang", ""), &dyer).await;
    assert_eq!(home.count("form input[value=accept]"), 0);
}

#[tokio::test]
async fn parting_is_asked_about_first() {
    let site = Site::without_slots(BASE).await;
    let manager = site.owner_of(SHOP).await;
    // The last manager stays.
    let ask = site.get(&page(SHOP, "/leave"), &manager).await;
    says(&ask, "Rời Tổ hợp tác Gốm Ven Sông?");
    says(&ask, "ít nhất một xưởng quản lý");
    assert_eq!(ask.count("main form button"), 0, "a button that can't work is not there");
    assert_eq!(site.coop_of(SHOP).await.as_deref(), Some(COOP), "asking does nothing");
    let refused = site.post(&page(SHOP, "/leave"), &manager, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, "ít nhất một xưởng quản lý");
    let step_down = [("act", "role"), ("role", "member"), ("member", &site.member(SHOP).await)];
    let refused = site.post(&page(SHOP, ""), &manager, &step_down).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let other = site.member(OTHER).await;
    let make = [("act", "role"), ("role", "manager"), ("member", other.as_str())];
    site.goes(&page(SHOP, ""), &manager, &make).await;
    let third = site.member("men-ran-duc-thuan").await;
    let path = page(SHOP, &format!("/members/{third}"));
    says(&site.get(&path, &manager).await, "Cho Xưởng men rạn Đức Thuận thôi làm thành viên?");
    let to = site.goes(&path, &manager, &[]).await;
    says(&site.get(&to, &manager).await, "Đã cho Xưởng men rạn Đức Thuận thôi");
    assert_eq!(site.get(&path, &manager).await.status, StatusCode::NOT_FOUND, "gone already");
    // A membership of another co-op is not found.
    let foreign = site.member("nha-det-khanh-to").await;
    let path = page(SHOP, &format!("/members/{foreign}"));
    assert_eq!(site.post(&path, &manager, &[]).await.status, StatusCode::NOT_FOUND);

    let to = site.goes(&page(SHOP, "/leave"), &manager, &[]).await;
    let alone = site.get(&to, &manager).await;
    says(&alone, "Xưởng đã rời Tổ hợp tác Gốm Ven Sông");
    let last = site.owner_of(OTHER).await;
    says(&site.get(&page(OTHER, "/leave"), &last).await, "thành viên cuối cùng");
    site.goes(&page(OTHER, "/leave"), &last, &[]).await;
    let public = site.get("/vi/coops/gom-ven-song", "").await;
    assert_eq!(public.status, StatusCode::OK, "history stays");
    says(&public, "không còn làm chung nữa");
    assert_eq!(public.count("meta[name=robots][content*=noindex]"), 1);
    assert_eq!(public.count("a[href^='tel:']"), 0);
    let village = site.get("/vi/villages/bat-trang", "").await;
    assert_eq!(village.count("a[href='/vi/coops/gom-ven-song']"), 0);
}

#[tokio::test]
async fn the_public_page_is_found_from_where_guests_look() {
    let site = Site::open().await;
    let public = site.get("/en/coops/gom-ven-song", "").await;
    assert_eq!(public.text("h1"), COOP);
    for words in [
        "Co-operation group",
        "Manager",
        "since 20 March 2024",
        "Collective trademark",
        "Gốm Ven Sông",
        "20 March 2024",
    ] {
        says(&public, words);
    }
    for tour in ["nan-gom-ban-xoay", "ve-tren-gom-moc", "nan-tay-khong-ban-xoay"] {
        assert_eq!(public.count(&format!("main a[href='/en/tours/{tour}']")), 1, "{tour}");
    }
    assert!(public.text(".card-next").contains("places left"), "{}", public.text(".card-next"));
    assert!(public.body.contains("\"foundingDate\":\"2024-03-20\""), "{}", public.body);
    for path in
        ["/villages", "/villages/bat-trang", "/workshops/gom-minh-hai", "/tours/nan-gom-ban-xoay"]
    {
        let answer = site.get(&format!("/en{path}"), "").await;
        assert_eq!(answer.count("main a[href='/en/coops/gom-ven-song']"), 1, "{path}");
    }
    let embroidery = site.get("/en/villages/quat-dong", "").await;
    assert_eq!(embroidery.count("main a[href='/en/coops/soi-nhue']"), 1, "by its member");
    let map = site.get("/sitemap.xml", "").await;
    assert!(map.body.contains("/vi/coops/soi-nhue</loc>"), "{}", map.body);
    assert_eq!(site.get("/vi/coops/nothing", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_circle_shows_what_flows() {
    let site = Site::open().await;
    let slot = site.slot(2).await;
    site.booked(&slot, "Bà Tư").await;
    let manager = site.owner_of(SHOP).await;
    let circle = site.get(&page(SHOP, "/circle"), &manager).await;
    assert_eq!(circle.status, StatusCode::OK);
    assert_eq!(circle.count("svg.ring[role=img][aria-label*='Tháng 12, 2026']"), 1);
    let picture = circle.text("svg.ring");
    for words in
        ["Bán tour", "Làm nghề", "Truyền nghề", "Văn hóa", "1 đặt chỗ", "0 món mang về", "3 xưởng"]
    {
        assert!(picture.contains(words), "no {words} in {picture}");
    }
    assert_eq!(circle.count(".ring-still"), 3, "nobody has come yet");
    // The table says the same; each workshop's money is for managers.
    assert_eq!(circle.text(".ring-layout tbody tr:first-child td"), "10");
    let paid = "td[data-label='Tiền khách trả']";
    assert_eq!(circle.count(paid), 3, "of the member, the way of booking, the tour");
    let member = site.owner_of(OTHER).await;
    let circle = site.get(&page(OTHER, "/circle"), &member).await;
    assert_eq!(circle.count(paid), 1);
    let before = site.get(&page(SHOP, "/circle?month=2026-11"), &manager).await;
    says(&before, "Tháng này chưa có đặt chỗ nào");
    assert_eq!(
        site.get(&page(ALONE, "/circle"), &site.owner_of(ALONE).await).await.status,
        StatusCode::NOT_FOUND
    );
}
