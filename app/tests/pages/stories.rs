//! Stories: read by visitors, written by hosts, shown only with consent.

use std::io::Cursor;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use engine::accounts::{Actor, Role};
use engine::story::{
    ArtisanChange, ChapterData, ChapterInput, OnArtisan, SaveChapter, Subject, artisan_by_slug,
    change_artisan, save_chapter,
};
use engine::{ArtisanId, ChapterId, Localized, StoryPictureId, columns};
use image::{ImageFormat, Rgb, RgbImage};

use crate::site::{Answer, OTHER, SHOP, Site};

const HOME: &str = "/vi/host/gom-minh-hai";
const PERSON: &str = "nguyen-minh-hai";

/// A chapter of each kind of subject, with a picture, and an artisan: for the table of routes.
pub struct ForRoutes {
    artisan: ArtisanId,
    ours: (ChapterId, StoryPictureId),
    villages: (ChapterId, StoryPictureId),
    persons: (ChapterId, StoryPictureId),
}

impl ForRoutes {
    pub fn fill(&self, path: &str) -> String {
        let (_, picture) = if path.contains("/village-story") || path.contains("/office/stories") {
            self.villages
        } else if path.contains("/artisans/") {
            self.persons
        } else {
            self.ours
        };
        path.replace("{chapter-ours}", &self.ours.0.to_string())
            .replace("{chapter-villages}", &self.villages.0.to_string())
            .replace("{chapter-persons}", &self.persons.0.to_string())
            .replace("/village-story/{chapter}", &format!("/village-story/{}", self.villages.0))
            .replace("/{village}/{chapter}", &format!("/bat-trang/{}", self.villages.0))
            .replace(
                "/{artisan}/story/{chapter}",
                &format!("/{}/story/{}", self.artisan, self.persons.0),
            )
            .replace("/story/{chapter}", &format!("/story/{}", self.ours.0))
            .replace("{picture}", &picture.to_string())
            .replace("{artisan}", &self.artisan.to_string())
            .replace("{village}", "bat-trang")
            .replace("/artisans/{slug}", &format!("/artisans/{PERSON}"))
    }
}

async fn chapter(site: &Site, subject: Subject) -> (ChapterId, StoryPictureId) {
    let words = Localized { vi: "Một chương".to_owned(), en: String::new() };
    let input = ChapterInput {
        kind: "history".into(),
        heading: words.clone(),
        body: words,
        ..ChapterInput::default()
    };
    let data = ChapterData::parse(&input).unwrap();
    let command = SaveChapter { actor: Actor::System, id: None, subject, data };
    let id =
        site.store.write("chapter", command, |tx, c| Box::pin(save_chapter(tx, c))).await.unwrap();
    let picture = StoryPictureId::new(site.store.now());
    site.store
        .write("picture", (id, picture), |tx, (chapter, picture)| {
            Box::pin(async move {
                let row = columns! {
                    id: picture,
                    chapter_id: chapter,
                    position: 1,
                    alt: <Localized>::default(),
                    caption: <Localized>::default(),
                    width: 4,
                    height: 3,
                    created_at: tx.now(),
                };
                tx.insert("story_picture", row).await
            })
        })
        .await
        .unwrap();
    (id, picture)
}

pub async fn told(site: &Site) -> ForRoutes {
    let catalogue = site.app.catalogue().await.unwrap();
    let village = catalogue.village_by_slug("bat-trang").unwrap().id;
    let shop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let artisan = artisan_by_slug(&mut conn, PERSON).await.unwrap().unwrap().id;
    drop(conn);
    ForRoutes {
        artisan,
        ours: chapter(site, Subject::Workshop(shop)).await,
        villages: chapter(site, Subject::Village(village)).await,
        persons: chapter(site, Subject::Artisan(artisan)).await,
    }
}

fn jpeg(width: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, 600, Rgb([180, 90, 40]));
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

async fn upload(site: &Site, path: &str, cookie: &str) -> Answer {
    let mut body =
        b"--cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\n"
            .to_vec();
    body.extend(jpeg(900));
    body.extend(b"\r\n--cut--\r\n");
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    site.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_village_reads_like_a_magazine() {
    let site = Site::open().await;
    for locale in ["vi", "en"] {
        let page = site.get(&format!("/{locale}/villages/bat-trang"), "").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.count(".process-step"), 6);
        assert_eq!(page.count(".process-step svg use"), 6);
        assert!(page.attr(".process-step svg use", "href").ends_with("pottery.svg#s-1"));
        assert!(page.count(".pull-quote") >= 1);
        assert!(page.count(".story-terms > div") >= 5);
        assert!(page.count(".next-tour") >= 1, "departures of the schedule");
        assert!(page.text(".next-tour").contains('₫'));
        // Everything that the table of contents names is there.
        let html = page.page();
        let links = scraper::Selector::parse(".story-toc a").unwrap();
        for link in html.select(&links) {
            assert_eq!(page.count(link.attr("href").unwrap()), 1);
        }
        assert!(page.attr("meta[property='og:type']", "content") == "article");
        // Links of a text stay in the reader's language.
        let shop = format!("/{locale}/workshops/gom-minh-hai");
        assert!(page.count(&format!(".story-text a[href='{shop}']")) >= 1);
        let eager = page.count("main img:not([loading=lazy])");
        assert_eq!(eager, 1, "the picture at the top alone");
    }
    let list = site.get("/vi/villages/bat-trang/artisans", "").await;
    assert_eq!(list.count(".artisan-card"), 2);
    let none = site.get("/vi/villages/thach-xa/artisans", "").await;
    assert_eq!((none.status, none.count(".artisan-card")), (StatusCode::OK, 0));
    let map = site.get("/sitemap.xml", "").await;
    assert!(map.body.contains("/vi/artisans/tran-cam-van"));
    assert!(map.body.contains("/en/villages/bat-trang/artisans"));
    assert!(!map.body.contains("thach-xa/artisans"));
}

#[tokio::test]
async fn machines_read_who_and_where() {
    let site = Site::open().await;
    let node = |page: &Answer, kind: &str| {
        let json = page.text("script[type='application/ld+json']");
        let document: serde_json::Value = serde_json::from_str(&json).unwrap();
        let nodes = document["@graph"].as_array().unwrap().clone();
        nodes.into_iter().find(|node| node["@type"] == kind).unwrap_or_default()
    };
    let village = site.get("/vi/villages/bat-trang", "").await;
    let place = node(&village, "TouristDestination");
    assert_eq!(place["includesAttraction"].as_array().unwrap().len(), 4);
    let article = node(&village, "Article");
    assert_eq!(article["about"]["@id"], place["@id"]);
    assert_eq!(article["inLanguage"], "vi");
    let page = site.get(&format!("/en/artisans/{PERSON}"), "").await;
    let person = node(&page, "Person");
    assert_eq!(person["name"], "Nguyễn Minh Hải");
    assert_eq!(person["birthDate"], "1968");
    assert!(page.text("main").contains("1982"));
    assert!(page.text("main").contains("invented for the demonstration"));
    for page in [&village, &page] {
        let graph = schemaorg_rs::extract_all(&page.body).unwrap();
        let verdict = schemaorg_rs::validation::validate(&graph);
        let unknown: Vec<String> = verdict
            .diagnostics
            .iter()
            .map(|diagnostic| format!("{diagnostic:?}"))
            .filter(|text| text.contains("nknown"))
            .collect();
        assert!(unknown.is_empty(), "{unknown:#?}");
    }
}

#[tokio::test]
async fn a_host_writes_a_chapter_and_guests_read_it() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let list = site.get(&format!("{HOME}/story"), &owner).await;
    assert_eq!(list.status, StatusCode::OK);
    let new = format!("{HOME}/story/new?kind=process");
    let blank = site.get(&new, &owner).await;
    assert_eq!(blank.attr("[name=kind]", "value"), "process");
    assert!(blank.text("[id='s0.art']").contains("Nhào đất"), "the craft's drawings");
    let path = format!("{HOME}/story/new");
    let mut typed = vec![
        ("kind", "process"),
        ("heading_vi", ""),
        ("heading_en", ""),
        ("body_vi", "Xem [nhà bên](http://x.vn) <b>nhé</b>"),
        ("s0.text_vi", "Lọc đất."),
        ("s0.text_en", ""),
        ("s0.art", "pottery-1"),
    ];
    let refused = site.post(&path, &owner, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#heading_vi-error").contains("Tiêu đề"));
    assert!(refused.text("#body_vi-error").contains("https://"));
    assert_eq!(refused.text("#body_vi").trim(), "Xem [nhà bên](http://x.vn) <b>nhé</b>");
    // A row more, and nothing lost.
    typed[1].1 = "Đất nhà tôi";
    typed[3].1 = "Xem [nhà bên](/workshops/nha-gom-cam-van) <b>nhé</b>";
    let mut more = typed.clone();
    more.push(("do", "steps-add"));
    let more = site.post(&path, &owner, &more).await;
    assert_eq!(more.status, StatusCode::OK);
    assert_eq!(more.text("[id='s0.text_vi']").trim(), "Lọc đất.");
    assert_eq!(more.count("[id='s1.text_vi']"), 1);
    // The preview is the visitor's page.
    let mut preview = typed.clone();
    preview.push(("do", "preview-en"));
    let preview = site.post(&path, &owner, &preview).await;
    assert_eq!(preview.attr("html", "lang"), "en");
    assert!(preview.text("main").contains("not saved yet"));
    assert!(preview.text("main").contains("Đất nhà tôi"));
    assert!(preview.body.contains("noindex"));
    let guests = "/vi/workshops/gom-minh-hai";
    assert!(!site.get(guests, "").await.text("main").contains("Đất nhà tôi"));

    let editor = site.goes(&path, &owner, &typed).await;
    let editor = editor.split('?').next().unwrap().to_owned();
    assert!(!site.get(guests, "").await.text("main").contains("Đất nhà tôi"), "a draft");
    let id = editor.rsplit('/').next().unwrap();
    let publish = [("chapter", id), ("act", "publish"), ("editor", "1")];
    let back = site.goes(&format!("{HOME}/story"), &owner, &publish).await;
    assert_eq!(back, format!("{editor}?done=publish"));
    let read = site.get(guests, "").await;
    assert!(read.text("main").contains("Đất nhà tôi"));
    assert!(read.text(".story-text").contains("<b>nhé</b>"), "as it was typed");
    assert_eq!(read.count(".story-text b"), 0);

    // A picture takes the drawing's place.
    let pictures = format!("{editor}/pictures");
    let added = upload(&site, &pictures, &owner).await;
    assert_eq!(added.location, format!("{pictures}?added=1"));
    let page = site.get(&pictures, &owner).await;
    let act = page.attr(".photo form", "action");
    let picture = act.rsplit('/').next().unwrap();
    let (alt, caption) = (format!("alt-{picture}_vi"), format!("caption-{picture}_vi"));
    let words = [(alt.as_str(), "Bể lọc"), (caption.as_str(), "Sáng sớm")];
    site.goes(&act, &owner, &words).await;
    assert_eq!(site.get(guests, "").await.count(".story-figure img[alt='Bể lọc']"), 1);
    let mut shown = typed.clone();
    shown[6].1 = picture;
    site.goes(&editor, &owner, &shown).await;
    let read = site.get(guests, "").await;
    assert_eq!(read.count(".process-step img"), 1);
    assert_eq!(read.count(".story-figure img"), 0);
    let file = format!("/story-photos/{picture}/480");
    assert_eq!(site.get(&file, "").await.status, StatusCode::OK);
    let list = format!("{HOME}/story");
    site.goes(&list, &owner, &[("chapter", id), ("act", "withdraw")]).await;
    assert_eq!(site.get(&file, "").await.status, StatusCode::NOT_FOUND, "a draft's picture");
    assert_eq!(site.get(&file, &owner).await.status, StatusCode::OK);
    site.goes(&list, &owner, &[("chapter", id), ("act", "delete")]).await;
    assert_eq!(site.get(&editor, &owner).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_is_shown_only_with_consent() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let path = format!("{HOME}/artisans");
    let mut typed =
        vec![("name", "Phạm Văn Mẫu"), ("words_vi", "Anh nặn *đất*."), ("born", "năm kia")];
    let refused = site.post(&format!("{path}/new"), &owner, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attr("#born", "value"), "năm kia");
    typed[2].1 = "1990";
    let editor = site.goes(&format!("{path}/new"), &owner, &typed).await;
    let editor = editor.split('?').next().unwrap().to_owned();
    let id = editor.rsplit('/').next().unwrap();
    let public = "/vi/artisans/pham-van-mau";
    assert_eq!(site.get(public, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(public, &owner).await.status, StatusCode::OK, "its owner sees the draft");
    let show = [("artisan", id), ("act", "publish")];
    assert_eq!(site.goes(&path, &owner, &show).await, format!("{path}?done=consent"));
    assert_eq!(site.get(public, "").await.status, StatusCode::NOT_FOUND);
    typed.push(("consent", "on"));
    site.goes(&editor, &owner, &typed).await;
    site.goes(&path, &owner, &show).await;
    let shown = site.get(public, "").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.text(".story-opening em"), "đất");
    assert!(site.get("/vi/workshops/gom-minh-hai", "").await.body.contains(public));
    let kept = upload(&site, &format!("{editor}/portrait"), &owner).await;
    assert_eq!(kept.location, format!("{editor}?done=portrait"));
    let portrait = site.get(public, "").await.attr(".artisan-portrait img", "src");
    let file = site.get(&portrait, "").await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(!file.header(header::CACHE_CONTROL).contains("immutable"), "consent may end");
    // The tick is taken away: nothing of them is left in sight.
    typed.pop();
    site.goes(&editor, &owner, &typed).await;
    assert_eq!(site.get(public, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&portrait, "").await.status, StatusCode::NOT_FOUND);
    assert!(!site.get("/vi/workshops/gom-minh-hai", "").await.body.contains(public));
}

#[tokio::test]
async fn the_office_and_managers_write_for_a_village() {
    let site = Site::open().await;
    let (owner, admin) = (site.owner().await, site.person(None).await);
    let typed = [("kind", "near"), ("heading_vi", "Quán nước đầu đê"), ("body_vi", "Chè xanh.")];
    for (base, cookie) in
        [(format!("{HOME}/village-story"), &owner), ("/vi/office/stories/bat-trang".into(), &admin)]
    {
        let made = site.goes(&format!("{base}/new"), cookie, &typed).await;
        let id = made.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        site.goes(&base, cookie, &[("chapter", &id), ("act", "publish")]).await;
        let read = site.get("/vi/villages/bat-trang", "").await;
        assert!(read.text("main").contains("Quán nước đầu đê"));
        site.goes(&base, cookie, &[("chapter", &id), ("act", "delete")]).await;
    }
    // A member that does not manage finds nothing; nor does anybody under another's address.
    let member = site.person(Some((Role::Owner, OTHER))).await;
    let closed = format!("/vi/host/{OTHER}/village-story");
    assert_eq!(site.get(&closed, &member).await.status, StatusCode::NOT_FOUND);
    let theirs = told(&site).await;
    let path = theirs.fill(&format!("/vi/host/{OTHER}/story/{{chapter}}"));
    assert_eq!(site.get(&path, &member).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_hidden_is_in_no_list() {
    let site = Site::open().await;
    let told = told(&site).await;
    let command =
        OnArtisan { actor: Actor::System, artisan: told.artisan, change: ArtisanChange::Withdraw };
    site.store.write("hide", command, |tx, c| Box::pin(change_artisan(tx, c))).await.unwrap();
    for page in ["/vi/villages/bat-trang", "/vi/villages/bat-trang/artisans", "/sitemap.xml"] {
        assert!(!site.get(page, "").await.body.contains(PERSON), "{page}");
    }
}
