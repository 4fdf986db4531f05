//! Editing tours, prices, photographs and the workshop's data, without script, on SQLite.

use std::io::Cursor;

use crate::site::{Answer, BASE, SHOP, Site};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use engine::accounts::Role;
use image::{ImageFormat, Rgb, RgbImage};
use scraper::{Html, Selector};

const HOME: &str = "/vi/host/gom-minh-hai";
const TOUR: &str = "/vi/host/gom-minh-hai/tours/nan-gom-ban-xoay";

impl Answer {
    fn all(&self, selector: &str, attribute: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.body)
            .select(&selector)
            .map(|found| found.attr(attribute).unwrap_or_default().to_owned())
            .collect()
    }

    fn value(&self, name: &str) -> String {
        self.all(&format!("main [name='{name}']"), "value").remove(0)
    }

    fn says(&self, words: &str) -> bool {
        let page = Html::parse_document(&self.body);
        let text: String = page.root_element().text().collect();
        text.contains(words)
    }

    /// The message under a field.
    fn error(&self, name: &str) -> String {
        let selector = Selector::parse(&format!("[id='{name}-error']")).unwrap();
        let page = Html::parse_document(&self.body);
        page.select(&selector).flat_map(|found| found.text()).collect::<String>().trim().to_owned()
    }
}

impl Site {
    async fn submit(&self, path: &str, cookie: &str, fields: &[(String, String)]) -> Answer {
        let body = serde_html_form::to_string(fields).unwrap();
        self.ask(Method::POST, path, cookie, body).await
    }

    async fn upload(&self, path: &str, cookie: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend(
                format!(
                    "--cut\r\nContent-Disposition: form-data; name=\"photo\"; \
                     filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--cut--\r\n");
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// The fields of the page's last form, as a browser would send them.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let html = Html::parse_document(&page.body);
    let form = Selector::parse("main form.form").unwrap();
    let controls = Selector::parse("input[name], textarea[name], select[name]").unwrap();
    let chosen = Selector::parse("option[selected]").unwrap();
    let form = html.select(&form).next_back().unwrap();
    form.select(&controls)
        .filter_map(|control| {
            let name = control.attr("name").unwrap().to_owned();
            let value = match control.value().name() {
                "textarea" => control.text().collect::<String>().trim_start().to_owned(),
                "select" => control.select(&chosen).next()?.attr("value")?.to_owned(),
                _ => match control.attr("type") {
                    Some("checkbox" | "radio") if control.attr("checked").is_none() => return None,
                    _ => control.attr("value").unwrap_or("on").to_owned(),
                },
            };
            Some((name, value))
        })
        .collect()
}

fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    match fields.iter_mut().find(|(known, _)| known == name) {
        Some(field) => value.clone_into(&mut field.1),
        None => fields.push((name.into(), value.into())),
    }
    fields
}

fn jpeg(width: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, 600, Rgb([180, 90, 40]));
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_draft_is_written_priced_previewed_and_published() {
    let site = Site::without_slots(BASE).await;
    let cookie = site.owner().await;
    let empty = site.get(&format!("{HOME}/tours/new"), &cookie).await;
    assert_eq!(empty.status, StatusCode::OK);
    let typed = with(fields(&empty), "title_vi", "Vẽ <men> lam");
    let refused = site.submit(&format!("{HOME}/tours/new"), &cookie, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.value("title_vi"), "Vẽ <men> lam");
    assert_eq!(refused.error("summary_vi"), "Hãy điền “Tóm tắt, tiếng Việt”.");
    let typed = with(typed, "summary_vi", "Một buổi với bút lông.");
    let typed = with(typed, "description_vi", "Đoạn một.\r\n\r\nĐoạn hai.");
    let made = site.submit(&format!("{HOME}/tours/new"), &cookie, &typed).await;
    let editor = format!("{HOME}/tours/ve-men-lam");
    assert_eq!(made.header(header::LOCATION), format!("{editor}/prices?created=1"));

    // Guests don't find the draft; its owner does, also as foreigners would read it.
    assert_eq!(site.get("/vi/tours/ve-men-lam", "").await.status, StatusCode::NOT_FOUND);
    let stranger = site.sign_in("camvan@langnghe.example").await;
    assert_eq!(site.get("/vi/tours/ve-men-lam", &stranger).await.status, StatusCode::NOT_FOUND);
    let draft = site.get("/en/tours/ve-men-lam", &cookie).await;
    assert_eq!(draft.status, StatusCode::OK);
    assert!(draft.says("Draft: only the workshop's owners see this page"));
    assert!(draft.says("written this in Vietnamese only"));
    assert_eq!(draft.all("h1[lang=vi]", "lang").len(), 1);
    assert_eq!(draft.all("meta[name=robots]", "content"), ["noindex"]);
    assert!(draft.body.contains("/en/host/gom-minh-hai/tours/ve-men-lam\""));

    // Without prices it is not published, and the host is led to them.
    let publish: Vec<(String, String)> =
        [("tour", "ve-men-lam"), ("act", "publish"), ("back", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
    let early = site.submit(&format!("{HOME}/tours"), &cookie, &publish).await;
    assert_eq!(early.header(header::LOCATION), format!("{editor}/prices?wanted=1"));

    let prices = format!("{editor}/prices");
    let blank = site.get(&prices, &cookie).await;
    let typed = with(fields(&blank), "o0.title_vi", "Một chiếc bát");
    let typed = with(typed, "o0.minutes", "60");
    let typed = with(typed, "o0.capacity", "tám");
    let typed = with(typed, "o0.u0.price", "150.000");
    let wrong = site.submit(&prices, &cookie, &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.error("o0.capacity"), "Lựa chọn 1: Ghi một số từ 1 đến 1000.");
    assert_eq!(wrong.value("o0.capacity"), "tám");
    assert_eq!(wrong.value("o0.u0.price"), "150.000");
    let typed = with(typed, "o0.capacity", "8");

    // Further rows come by a button; nothing typed is lost, nothing is saved.
    let more = site.submit(&prices, &cookie, &with(typed, "do", "add-unit-0")).await;
    assert_eq!(more.status, StatusCode::OK);
    assert_eq!(more.value("o0.title_vi"), "Một chiếc bát");
    assert_eq!(more.all("[name='o0.u1.price']", "value"), [""]);
    let typed = with(fields(&more), "o0.u1.price", "100k");
    let preview = site.submit(&prices, &cookie, &with(typed.clone(), "do", "preview-en")).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.says("Preview, not saved yet") && preview.says("from 150,000"));
    assert_eq!(preview.all("html", "lang"), ["en"]);
    let before = site.app.catalogue().await.unwrap();
    assert!(before.tour_by_slug("ve-men-lam").unwrap().options.is_empty());

    let saved = site.submit(&prices, &cookie, &typed).await;
    assert_eq!(saved.header(header::LOCATION), format!("{prices}?saved=1&kept=0"));
    let again = site.get(&prices, &cookie).await;
    assert_eq!(again.value("o0.u1.price"), "100.000");
    let published = site.submit(&format!("{HOME}/tours"), &cookie, &publish).await;
    assert_eq!(published.header(header::LOCATION), format!("{editor}?published=1"));
    let shown = site.get("/vi/tours/ve-men-lam", "").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.says("Vẽ <men> lam") && shown.says("từ 150.000"));
    assert!(!shown.says("Bản nháp") && !shown.says("Bạn đang xem như khách"));
    assert!(
        site.get("/vi/tours/ve-men-lam?preview=1", &cookie).await.says("Bạn đang xem như khách")
    );
}

#[tokio::test]
async fn what_is_there_comes_back_as_it_was_when_saved_untouched() {
    let site = Site::without_slots(BASE).await;
    let cookie = site.owner().await;
    let before = site.app.catalogue().await.unwrap();
    for sub in ["", "/prices", "/terms"] {
        let path = format!("{TOUR}{sub}");
        let page = site.get(&path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        let saved = site.submit(&path, &cookie, &fields(&page)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{sub}");
    }
    let settings = format!("{HOME}/settings");
    let page = site.get(&settings, &cookie).await;
    let saved = site.submit(&settings, &cookie, &fields(&page)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let after = site.app.catalogue().await.unwrap();
    let of = |catalogue: &engine::catalogue::Catalogue| {
        let tour = catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap().clone();
        let shop = catalogue.workshop_by_slug("gom-minh-hai").unwrap().clone();
        (format!("{tour:?}"), format!("{shop:?}"))
    };
    assert_eq!(of(&before), of(&after));
}

#[tokio::test]
async fn conditions_and_questions_are_changed() {
    let site = Site::without_slots(BASE).await;
    let cookie = site.owner().await;
    let terms = format!("{TOUR}/terms");
    let page = site.get(&terms, &cookie).await;
    let more = site.submit(&terms, &cookie, &with(fields(&page), "do", "add-question")).await;
    let typed = with(fields(&more), "q2.label_vi", "Bạn kiêng món gì?");
    let typed = with(typed, "min_party", "9");
    let wrong = site.submit(&terms, &cookie, &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.error("max_party"), "Phải bằng hoặc lớn hơn ô bên cạnh.");
    assert_eq!(wrong.value("q2.label_vi"), "Bạn kiêng món gì?");
    let typed = with(with(typed, "min_party", "2"), "q2.required", "on");
    let saved = site.submit(&terms, &cookie, &typed).await;
    assert_eq!(saved.header(header::LOCATION), format!("{terms}?saved=1"));
    let catalogue = site.app.catalogue().await.unwrap();
    let tour = catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
    assert_eq!((tour.min_party, tour.questions.0.len()), (2, 3));
    assert!(tour.questions.0[2].required);
    let fewer = site.submit(&terms, &cookie, &with(typed, "do", "drop-question-0")).await;
    assert_eq!(fewer.value("q0.key"), "glaze");
}

#[tokio::test]
async fn photographs_are_shown_instead_of_the_drawing() {
    let site = Site::without_slots(BASE).await;
    let cookie = site.owner().await;
    let photos = format!("{TOUR}/photos");
    let nothing = site.upload(&photos, &cookie, &[("", b"")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.says("Hãy chọn ít nhất một ảnh."));
    // One that is no picture does not lose the other.
    let mixed: [(&str, &[u8]); 2] = [("thu.jpg", b"khong phai anh"), ("tay.jpg", &jpeg(900))];
    let half = site.upload(&photos, &cookie, &mixed).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.says("thu.jpg: tệp này không phải ảnh"));
    assert_eq!(half.all(".photo img", "width"), ["900"]);
    let more = site.upload(&photos, &cookie, &[("lo.jpg", &jpeg(1700))]).await;
    assert_eq!(more.header(header::LOCATION), format!("{photos}?added=1"));

    let page = site.get(&photos, &cookie).await;
    let acts = page.all(".photo form", "action");
    assert_eq!(acts.len(), 2);
    let second = acts[1].rsplit('/').next().unwrap().to_owned();
    let alt = [(format!("alt-{second}_vi"), "Lò bầu đỏ lửa".to_owned())];
    let described = site.submit(&acts[1], &cookie, &alt).await;
    assert_eq!(described.status, StatusCode::SEE_OTHER);
    let long = [(format!("alt-{second}_vi"), "a".repeat(301))];
    let refused = site.submit(&acts[1], &cookie, &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(&"a".repeat(301)));
    site.submit(&acts[1], &cookie, &[("do".into(), "first".into())]).await;

    let shown = site.get("/vi/tours/nan-gom-ban-xoay", "").await;
    assert_eq!(shown.all(".gallery img", "alt"), ["Lò bầu đỏ lửa", "Nặn gốm trên bàn xoay"]);
    let file = format!("/photos/{second}/1600");
    assert_eq!(
        shown.all("meta[property='og:image']", "content"),
        [format!("http://localhost{file}")]
    );
    assert_eq!(shown.all("meta[property='og:image:width']", "content"), ["1600"]);
    let sets = shown.all(".gallery img", "srcset");
    assert!(sets[0].contains(&format!("{file} 1600w")), "{sets:?}");
    assert!(sets[1].contains("/900 900w") && !sets[1].contains("1600w"), "{sets:?}");
    let listed = site.get("/vi/tours?q=nan+gom", "").await;
    assert!(listed.body.contains(&format!("/photos/{second}/960")));

    let picture = site.get(&file, "").await;
    assert_eq!(picture.status, StatusCode::OK);
    assert_eq!(picture.header(header::CONTENT_TYPE), "image/jpeg");
    assert!(picture.header(header::CACHE_CONTROL).contains("immutable"));
    assert_eq!(image::load_from_memory(&picture.bytes).unwrap().width(), 1600);
    let request = Request::get(&file).header(header::IF_NONE_MATCH, picture.header(header::ETAG));
    let kept = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((kept.status, kept.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    for nowhere in ["/photos/x/480", "/photos/019af000-0000-7000-8000-000000000001/480"] {
        assert_eq!(site.get(nowhere, "").await.status, StatusCode::NOT_FOUND);
    }
    site.submit(&acts[1], &cookie, &[("do".into(), "delete".into())]).await;
    assert_eq!(site.get(&file, "").await.status, StatusCode::NOT_FOUND);

    let own = site.upload(&format!("{HOME}/photos"), &cookie, &[("cong.jpg", &jpeg(1000))]).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    let shop = site.get("/en/workshops/gom-minh-hai", "").await;
    assert_eq!(shop.all(".gallery img", "width"), ["1000"]);
}

#[tokio::test]
async fn the_workshop_s_data_is_changed_and_bad_input_kept() {
    let site = Site::without_slots(BASE).await;
    let cookie = site.owner().await;
    let path = format!("{HOME}/settings");
    let page = site.get(&path, &cookie).await;
    let typed = with(with(fields(&page), "phone", "12"), "name", "Gốm Ngõ Bát");
    let refused = site.submit(&path, &cookie, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.error("phone"), "Số điện thoại chưa đúng.");
    assert_eq!(refused.value("name"), "Gốm Ngõ Bát");
    let saved = site.submit(&path, &cookie, &with(typed, "phone", "024 3874 0000")).await;
    assert_eq!(saved.header(header::LOCATION), format!("{path}?saved=1"));
    let shown = site.get("/vi/workshops/gom-minh-hai", "").await;
    assert!(shown.says("Gốm Ngõ Bát"));
}

#[tokio::test]
async fn staff_read_and_strangers_see_nothing() {
    let site = Site::without_slots(BASE).await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let stranger = site.sign_in("camvan@langnghe.example").await;
    let list = site.get(&format!("{HOME}/tours"), &staff).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.says("Nặn gốm trên bàn xoay") && list.says("Chỉ chủ xưởng sửa được"));
    assert!(list.all("main form", "action").is_empty());
    assert_eq!(site.get(&format!("{HOME}/more"), &staff).await.status, StatusCode::OK);
    let editors = [
        format!("{HOME}/tours/new"),
        TOUR.to_owned(),
        format!("{TOUR}/prices"),
        format!("{TOUR}/terms"),
        format!("{TOUR}/photos"),
        format!("{HOME}/photos"),
        format!("{HOME}/settings"),
    ];
    for path in &editors {
        for cookie in [&staff, &stranger] {
            assert_eq!(site.get(path, cookie).await.status, StatusCode::NOT_FOUND, "{path}");
            let posted = if path.ends_with("photos") {
                site.upload(path, cookie, &[("a.jpg", &jpeg(600))]).await
            } else {
                site.submit(path, cookie, &[("title_vi".into(), "x".into())]).await
            };
            assert_eq!(posted.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(site.get(path, "").await.status, StatusCode::SEE_OTHER, "{path}");
    }
    for cookie in [&staff, &stranger] {
        let act = [("tour".into(), "nan-gom-ban-xoay".into()), ("act".into(), "unpublish".into())];
        let posted = site.submit(&format!("{HOME}/tours"), cookie, &act).await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(site.get(&format!("{HOME}/tours"), &stranger).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&format!("{HOME}/more"), &stranger).await.status, StatusCode::NOT_FOUND);
    // Another workshop's tour under one's own address, and another's photograph.
    let own = "/vi/host/nha-gom-cam-van/tours/nan-gom-ban-xoay";
    assert_eq!(site.get(own, &stranger).await.status, StatusCode::NOT_FOUND);
    let owner = site.owner().await;
    site.upload(&format!("{TOUR}/photos"), &owner, &[("a.jpg", &jpeg(600))]).await;
    let page = site.get(&format!("{TOUR}/photos"), &owner).await;
    let act = page.all(".photo form", "action").remove(0);
    let theirs = act.replace("gom-minh-hai", "nha-gom-cam-van");
    let delete = [("do".into(), "delete".into())];
    assert_eq!(site.submit(&theirs, &stranger, &delete).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.submit(&act, &staff, &delete).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.submit(&act, &owner, &delete).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn tours_are_moved_and_taken_off() {
    let site = Site::without_slots(BASE).await;
    let cookie = site.owner().await;
    let act = |act: &str| -> Vec<(String, String)> {
        vec![("tour".into(), "nan-gom-ban-xoay".into()), ("act".into(), act.into())]
    };
    let tours = format!("{HOME}/tours");
    let moved = site.submit(&tours, &cookie, &act("down")).await;
    assert_eq!(moved.header(header::LOCATION), format!("{tours}#tour-nan-gom-ban-xoay"));
    let list = site.get(&tours, &cookie).await;
    let order = list.all("li.entry", "id");
    assert_eq!(order[..2], ["tour-mot-ngay-lam-tho-gom", "tour-nan-gom-ban-xoay"]);
    site.submit(&tours, &cookie, &act("unpublish")).await;
    assert_eq!(site.get("/vi/tours/nan-gom-ban-xoay", "").await.status, StatusCode::NOT_FOUND);
    assert!(site.get(&tours, &cookie).await.says("Bản nháp"));
}
