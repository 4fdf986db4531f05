//! Where products come from, without script: a lot is opened, grows, is scanned, checked, withdrawn.

use crate::site::{END, OTHER, SHOP, Site, multipart};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use engine::accounts::Role;
use engine::provenance::checkpoint;

fn lots(sub: &str) -> String {
    format!("/vi/host/{SHOP}/lots{sub}")
}

/// Fields and a file as a browser sends them.
fn parts(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = multipart(fields).trim_end_matches(END).as_bytes().to_vec();
    if let Some((name, content)) = file {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(END.as_bytes());
    body
}

impl Site {
    /// A lot that the owner opens; its id.
    pub async fn lot(&self, owner: &str) -> String {
        let form = self.get(&lots("/new"), owner).await;
        // The first of the workshop's certified products; before it stands none.
        let stars = form.attr("#certificate option:nth-child(2)", "value");
        let fields = [
            ("title_vi", "Bát men ngọc"),
            ("title_en", "Celadon bowls"),
            ("quantity", "1.200"),
            ("unit_vi", "chiếc"),
            ("made_from", "2026-11-02"),
            ("made_to", "2026-11-20"),
            ("rows", "3"),
            ("m1.name_vi", "Cao lanh"),
            ("m1.origin_vi", "Trúc Thôn"),
            ("makers", "Nguyễn Thị Vân"),
            ("consent", "on"),
            ("certificate", stars.as_str()),
        ];
        let page = self.goes(&lots("/new"), owner, &fields).await;
        page.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    async fn sends(&self, path: &str, cookie: &str, body: Vec<u8>) -> crate::site::Answer {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn adds(&self, owner: &str, lot: &str, fields: &[(&str, &str)]) -> crate::site::Answer {
        self.sends(&lots(&format!("/{lot}/add")), owner, parts(fields, None)).await
    }

    /// The code on a lot's labels.
    async fn code(&self, owner: &str, lot: &str) -> String {
        let page = self.get(&lots(&format!("/{lot}")), owner).await;
        page.text(".product-code").replace('-', "")
    }

    async fn checked(&self, text: &str) -> crate::site::Answer {
        self.sends("/vi/verify", "", parts(&[("record", text)], None)).await
    }
}

fn picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(640, 480, |x, y| {
        image::Rgb([u8::try_from(x % 256).unwrap(), u8::try_from(y % 256).unwrap(), 90])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_lot_is_opened_and_nothing_typed_is_lost() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let form = site.get(&lots("/new"), &owner).await;
    assert_eq!(form.count("[name='m2.name_vi']"), 1);
    let bad = [
        ("title_vi", ""),
        ("title_en", "Bowls"),
        ("quantity", "some"),
        ("made_from", "2126-01-01"),
        ("rows", "3"),
        ("m0.name_vi", "Cao <b>lanh</b>"),
        ("makers", "Nguyễn Thị Vân"),
    ];
    let answer = site.post(&lots("/new"), &owner, &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.count(".error-summary li"), 5, "{}", answer.body);
    for link in answer.page().select(&scraper::Selector::parse(".error-summary a").unwrap()) {
        let id = link.attr("href").unwrap().trim_start_matches('#').replace('.', "\\.");
        assert_eq!(answer.count(&format!("#{id}")), 1, "{id}");
    }
    assert_eq!(answer.attr("[name='m0.name_vi']", "value"), "Cao <b>lanh</b>");
    assert_eq!(answer.text("[name=makers]").trim(), "Nguyễn Thị Vân");
    // A row more keeps the rest.
    let mut more = bad.to_vec();
    more.push(("do", "add"));
    let answer = site.post(&lots("/new"), &owner, &more).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.count("[name='m3.origin_en']"), 1);
    assert_eq!(answer.attr("[name=title_en]", "value"), "Bowls");

    // Stars are chosen among what is certified, and nothing else is taken.
    let typed = site.post(&lots("/new"), &owner, &[("certificate", "5 sao")]).await;
    assert_eq!(typed.count("#certificate-error"), 1, "{}", typed.body);
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    let lot = site.lot(&owner).await;
    let list = site.get(&lots(""), &owner).await;
    assert!(list.text(".entry-list").contains("Bát men ngọc"));
    let page = site.get(&lots(&format!("/{lot}")), &owner).await;
    assert_eq!(page.count("ol.log > li"), 4);
    assert!(page.text("ol.log").contains("Nguyễn Thị Vân"));
    // Another workshop's lot does not exist there.
    let there = format!("/vi/host/{OTHER}/lots/{lot}");
    assert_eq!(site.get(&there, &stranger).await.status, StatusCode::NOT_FOUND);

    let labels = site.get(&lots(&format!("/{lot}/labels?count=7")), &owner).await;
    assert_eq!(labels.count(".label .label-qr svg"), 7);
    let wrong = site.get(&lots(&format!("/{lot}/labels?count=9999")), &owner).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("[name=count]", "value"), "9999");
}

#[tokio::test]
async fn steps_are_added_with_pictures() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let lot = site.lot(&owner).await;
    let empty = site.adds(&owner, &lot, &[("kind", "step"), ("words_en", "Fired")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.count(".error-summary li"), 2, "{}", empty.body);
    assert!(empty.text("[name=words_en]").contains("Fired"));
    let add = lots(&format!("/{lot}/add"));
    let fields = [("kind", "step"), ("words_vi", "Nung mộc"), ("date", "2026-11-20")];
    let odd = site.sends(&add, &owner, parts(&fields, Some(("picture", b"no picture")))).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.body.contains("Nung mộc") && odd.count("#picture-error") == 1, "{}", odd.body);
    let picture = picture();
    let done = site.sends(&add, &owner, parts(&fields, Some(("picture", &picture)))).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = site.get(&lots(&format!("/{lot}")), &owner).await;
    let src = page.attr(".register-picture", "src");
    let image = site.get(&src, "").await;
    assert_eq!(image.header(header::CONTENT_TYPE), "image/jpeg");
    let nothing = site.adds(&owner, &lot, &[("kind", "photo"), ("words_vi", "Lò")]).await;
    assert_eq!(nothing.count("#picture-error"), 1);

    // Staff add steps, and neither name people nor erase.
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let step = [("kind", "remark"), ("words_vi", "Rửa tay bằng nước ấm")];
    assert_eq!(site.adds(&staff, &lot, &step).await.status, StatusCode::SEE_OTHER);
    let name = [("kind", "maker"), ("name", "Hải"), ("consent", "on")];
    assert_eq!(site.adds(&staff, &lot, &name).await.status, StatusCode::NOT_FOUND);
    let erase = [("act", "erase_picture"), ("seq", "5")];
    let at = lots(&format!("/{lot}"));
    assert_eq!(site.post(&at, &staff, &erase).await.status, StatusCode::NOT_FOUND);

    // Erased, the register still holds.
    site.goes(&at, &owner, &erase).await;
    site.goes(&at, &owner, &[("act", "erase_name"), ("seq", "3")]).await;
    assert_eq!(site.get(&src, "").await.status, StatusCode::NOT_FOUND);
    let code = site.code(&owner, &lot).await;
    let public = site.get(&format!("/vi/p/{code}"), "").await;
    assert_eq!(public.attr(".verdict", "data-state"), "valid");
    assert!(!public.body.contains("Nguyễn Thị Vân"));
    assert!(public.text(".timeline").contains("dấu vân của ảnh"));
}

#[tokio::test]
async fn a_label_is_scanned_and_the_record_checked() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let lot = site.lot(&owner).await;
    let fields = [("kind", "correction"), ("words_vi", "Đất Phú Thọ"), ("of", "2")];
    assert_eq!(site.adds(&owner, &lot, &fields).await.status, StatusCode::SEE_OTHER);
    site.store
        .write("checkpoint", (), |tx, ()| Box::pin(async move { checkpoint::write_due(tx).await }))
        .await
        .unwrap();
    let code = site.code(&owner, &lot).await;
    let scan = Request::get(format!("/p/{code}")).header(header::ACCEPT_LANGUAGE, "en-GB");
    let answer = site.send(scan.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.location), (StatusCode::FOUND, format!("/en/p/{code}")));
    let page = site.get(&format!("/en/p/{code}"), "").await;
    assert_eq!(page.attr(".verdict", "data-state"), "valid");
    assert!(page.text(".verdict").contains("Genuine"));
    assert_eq!(page.count(&format!("a[href='/en/workshops/{SHOP}']")), 1);
    assert_eq!(page.count("a[href='/en/villages/bat-trang']"), 1);
    assert_eq!(page.count("#entry-2 .corrected"), 1);
    assert!(page.text(".pairs").contains("OCOP 4 stars: Bát men ngọc Minh Hải"));
    assert_eq!(page.text("#entry-4 .badge").matches("Valid until").count(), 1, "{}", page.body);
    assert!(page.text("#credentials").contains("OCOP 4 stars"), "what the workshop has today");
    let typed = site.get(&format!("/en/p/{}", code.to_lowercase()), "").await;
    assert_eq!(typed.location, format!("/en/p/{code}"));
    let host = site.get(&lots(&format!("/{lot}")), &owner).await;
    assert_eq!(host.count(".scan-chart rect"), 30);
    assert!(host.text("#scans + * ~ p, .scan-chart ~ p").contains('1'), "{}", host.body);

    // The file, by itself and changed.
    let file = site.get(&format!("/p/{code}.json"), "").await;
    assert_eq!(file.headers["access-control-allow-origin"], "*");
    let by_code = site.get(&format!("/vi/verify?code={}", code.to_lowercase()), "").await;
    assert_eq!(by_code.attr(".verdict", "data-state"), "valid", "{}", by_code.body);
    let good = site.checked(&file.body).await;
    assert_eq!((good.status, good.count(".findings li")), (StatusCode::OK, 0));
    let changed = file.body.replace("Cao lanh", "Cao Lanh");
    let bad = site.checked(&changed).await;
    assert_eq!(bad.attr(".verdict", "data-state"), "withdrawn");
    assert!(bad.text(".findings").contains("Mục 2"), "{}", bad.body);
    assert!(bad.text("[name=record]").contains("Cao Lanh"), "what was pasted stays");
    let sent = parts(&[("record", "")], Some(("file", file.body.as_bytes())));
    let sent = site.sends("/vi/verify", "", sent).await;
    assert_eq!(sent.attr(".verdict", "data-state"), "valid");
    let foreign = file.body.replace(&code, "2222222222222222");
    for (text, status) in [
        ("", StatusCode::UNPROCESSABLE_ENTITY),
        ("<script>alert(1)</script>", StatusCode::OK),
        (foreign.as_str(), StatusCode::NOT_FOUND),
    ] {
        let answer = site.checked(text).await;
        assert_eq!(answer.status, status, "{text}");
        assert!(!answer.body.contains("<script>alert"), "{text}");
    }
    for path in ["/.well-known/langnghe-provenance.json", "/provenance/checkpoints/2026-12-01.json"]
    {
        let answer = site.get(path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.body.contains("secret"), "{path}");
    }
    let none = "/provenance/checkpoints/2026-11-30.json";
    assert_eq!(site.get(none, "").await.status, StatusCode::NOT_FOUND);

    // A code that is none.
    for path in ["/vi/p/2222222222222222", "/vi/p/short", "/p/2222222222222222"] {
        let answer = site.get(path, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text(".verdict").contains("Không có mã này"), "{path}");
    }
    assert_eq!(site.get("/p/2222222222222222.json", "").await.status, StatusCode::NOT_FOUND);
    let short = site.get("/vi/verify?code=short", "").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(short.attr("[name=code]", "value"), "short");

    // Withdrawn: whoever holds an older file learns it.
    let at = lots(&format!("/{lot}"));
    let empty = site.post(&at, &owner, &[("act", "withdraw"), ("reason_vi", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = [("act", "withdraw"), ("reason_vi", "Men <b>thôi chì</b>")];
    site.goes(&at, &owner, &reason).await;
    let page = site.get(&format!("/vi/p/{code}"), "").await;
    assert_eq!(page.attr(".verdict", "data-state"), "withdrawn");
    assert!(page.text(".verdict").contains("Men <b>thôi chì</b>"));
    let old = site.checked(&file.body).await;
    assert!(old.text(".verdict").contains("đã thu hồi"), "{}", old.body);
    assert_eq!(old.count(".findings li"), 2, "cut off, and withdrawn");
    let late = site.adds(&owner, &lot, &[("kind", "remark"), ("words_vi", "x")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let labels = site.get(&lots(&format!("/{lot}/labels")), &owner).await;
    assert_eq!(labels.status, StatusCode::SEE_OTHER);
}
