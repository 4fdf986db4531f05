//! Uploads of every kind: upright, anonymous, within limits, or refused.

use std::io::Cursor;
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::booking::testing::Scene;
use crate::both_dbs;
use crate::catalogue::CatalogueCache;

/// Left half red, right half blue.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG as a telephone writes it: held upright (orientation 6), with the place it was taken at.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff: Vec<u8> = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        let mut bytes = tag.to_be_bytes().to_vec();
        bytes.extend(kind.to_be_bytes());
        bytes.extend(count.to_be_bytes());
        bytes.extend(value);
        bytes
    };
    // IFD0: maker, orientation, pointer to the GPS directory.
    tiff.extend(3u16.to_be_bytes());
    tiff.extend(entry(0x010f, 2, 4, *b"Sam\0"));
    tiff.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
    let gps_at: u32 = 8 + 2 + 3 * 12 + 4;
    tiff.extend(entry(0x8825, 4, 1, gps_at.to_be_bytes()));
    tiff.extend([0; 4]);
    // GPS: north, and a latitude of 20 degrees 58 minutes 35 seconds.
    tiff.extend(2u16.to_be_bytes());
    tiff.extend(entry(0x0001, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(0x0002, 5, 3, (gps_at + 2 + 2 * 12 + 4).to_be_bytes()));
    tiff.extend([0; 4]);
    for (number, of) in [(20u32, 1u32), (58, 1), (35, 1)] {
        tiff.extend(number.to_be_bytes());
        tiff.extend(of.to_be_bytes());
    }
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(tiff);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(segment.len() + 2).unwrap().to_be_bytes());
    bytes.extend(segment);
    bytes.extend(&jpeg[2..]);
    bytes
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn a_photograph_stands_upright_and_tells_nothing_of_its_place() {
    let plain = encoded(&picture(1200, 800).into(), ImageFormat::Jpeg);
    let upload = with_exif(&plain);
    assert!(holds(&upload, b"Exif"));
    let exif = ImageReader::new(Cursor::new(&upload)).with_guessed_format().unwrap();
    let mut decoder = exif.into_decoder().unwrap();
    assert_eq!(decoder.orientation().unwrap(), Orientation::Rotate90);
    let photo = prepare(&upload).unwrap();
    assert_eq!((photo.width, photo.height), (800, 1200));
    assert_eq!(photo.copies.iter().map(|copy| copy.width).collect::<Vec<_>>(), [480, 800]);
    for copy in &photo.copies {
        for word in [&b"Exif"[..], b"Sam\0", b"GPS", b"ICC_PROFILE", b"http://ns.adobe"] {
            assert!(!holds(&copy.jpeg, word));
        }
        let kept = image::load_from_memory_with_format(&copy.jpeg, ImageFormat::Jpeg).unwrap();
        assert_eq!(kept.width(), copy.width.cast_unsigned());
        // What lay on the left is on top now.
        let kept = kept.into_rgb8();
        let (middle, bottom) = (kept.width() / 2, kept.height() - 20);
        assert!(kept.get_pixel(middle, 20)[0] > 150, "{:?}", kept.get_pixel(middle, 20));
        assert!(kept.get_pixel(middle, bottom)[2] > 150);
    }
}

#[test]
fn png_and_webp_are_taken_and_glass_becomes_white() {
    let clear = RgbaImage::from_pixel(2000, 1000, Rgba([0, 0, 0, 0]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let photo = prepare(&encoded(&clear.clone().into(), format)).unwrap();
        assert_eq!((photo.width, photo.height), (1600, 800));
        assert_eq!(photo.copies.len(), 3);
        let kept = image::load_from_memory(&photo.copies[0].jpeg).unwrap().into_rgb8();
        assert_eq!((kept.width(), kept.height()), (480, 240));
        assert!(kept.get_pixel(5, 5).0.iter().all(|channel| *channel > 250));
    }
}

#[test]
fn a_wider_colour_space_is_turned_into_the_usual_one() {
    use image::ImageEncoder;
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
    let wide = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    encoder.set_icc_profile(wide).unwrap();
    encoder.encode_image(&RgbImage::from_pixel(600, 400, Rgb([200, 60, 60]))).unwrap();
    let photo = prepare(&jpeg).unwrap();
    let kept = image::load_from_memory(&photo.copies[0].jpeg).unwrap().into_rgb8();
    // This red of Display P3 is (213, 50, 53) in sRGB.
    let red = kept.get_pixel(100, 100);
    assert!(red[0] > 206 && red[1] < 56, "{red:?}");
}

/// A PNG of few bytes that says it is 60,000 pixels wide and high.
fn bomb() -> Vec<u8> {
    let mut png = encoded(&picture(500, 500).into(), ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[test]
fn what_is_no_photograph_is_refused() {
    assert!(matches!(prepare(&bomb()), Err(PhotoError::TooManyPixels)));
    assert!(matches!(
        prepare(b"Xin ch\xc3\xa0o, day khong phai anh"),
        Err(PhotoError::NotAPicture)
    ));
    assert!(matches!(prepare(b""), Err(PhotoError::NotAPicture)));
    assert!(matches!(
        prepare(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Err(PhotoError::NotAPicture)
    ));
    let jpeg = encoded(&picture(600, 600).into(), ImageFormat::Jpeg);
    assert!(matches!(prepare(&jpeg[..60]), Err(PhotoError::NotAPicture)));
    let small = encoded(&picture(479, 600).into(), ImageFormat::Jpeg);
    assert!(matches!(prepare(&small), Err(PhotoError::TooSmall)));
    assert!(matches!(prepare(&vec![0; MAX_BYTES + 1]), Err(PhotoError::TooBig)));
}

fn ready() -> Arc<Prepared> {
    Arc::new(prepare(&encoded(&picture(1000, 700).into(), ImageFormat::Jpeg)).unwrap())
}

both_dbs! {
    async fn photographs_are_kept_described_moved_and_deleted(store) {
        let scene = Scene::new(&store).await;
        let photo = ready();
        let add = |actor: &Actor, tour, alt: &str| {
            let alt = Localized { vi: alt.into(), en: String::new() };
            let command = AddPhoto { actor: actor.clone(), workshop: scene.workshop, tour, photo: Arc::clone(&photo), alt };
            store.write("add photo", command, |tx, c| Box::pin(add_photo(tx, c)))
        };
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            assert!(matches!(add(actor, None, "").await, Err(PhotoError::Forbidden(_))));
        }
        let elsewhere = Scene::new(&store).await;
        let foreign = add(&scene.owner, Some(elsewhere.tour), "").await;
        assert!(matches!(foreign, Err(PhotoError::Unknown)));
        let one = add(&scene.owner, Some(scene.tour), "Đôi tay").await.unwrap();
        let two = add(&scene.owner, Some(scene.tour), "").await.unwrap();
        let three = add(&scene.owner, Some(scene.tour), "").await.unwrap();
        let own = add(&scene.owner, None, "Cổng xưởng").await.unwrap();
        let cache = CatalogueCache::new(store.clone());
        let row = || async {
            let catalogue = cache.get().await.unwrap();
            catalogue.tour(scene.tour).unwrap().photos.iter().map(|photo| photo.id).collect::<Vec<_>>()
        };
        assert_eq!(row().await, [one, two, three]);
        let change = |actor: &Actor, photo, change| {
            let command = OnPhoto { actor: actor.clone(), photo, change };
            store.write("change photo", command, |tx, c| Box::pin(change_photo(tx, c)))
        };
        change(&scene.owner, three, PhotoChange::First).await.unwrap();
        assert_eq!(row().await, [three, one, two]);
        change(&scene.owner, one, PhotoChange::Later).await.unwrap();
        change(&scene.owner, one, PhotoChange::Later).await.unwrap();
        assert_eq!(row().await, [three, two, one]);
        change(&scene.owner, two, PhotoChange::Earlier).await.unwrap();
        assert_eq!(row().await, [two, three, one]);
        let words = Localized { vi: "Lò bầu".into(), en: "The kiln".into() };
        change(&scene.owner, two, PhotoChange::Describe(words.clone())).await.unwrap();
        assert!(change(&scene.staff, two, PhotoChange::Delete).await.is_err());
        let catalogue = cache.get().await.unwrap();
        assert_eq!(catalogue.tour(scene.tour).unwrap().photos[0].alt, words);
        let mine = &catalogue.workshop(scene.workshop).unwrap().photos;
        assert_eq!(mine.iter().map(|photo| photo.id).collect::<Vec<_>>(), [own]);
        assert_eq!(mine[0].widths().collect::<Vec<_>>(), [480, 960, 1000]);
        let mut conn = store.read().await.unwrap();
        let width = |asked| {
            let copies = photo.copies.clone();
            move |found: Option<(String, Vec<u8>)>| {
                let (kind, bytes) = found.unwrap();
                assert_eq!(kind, "image/jpeg");
                let copy = copies.iter().find(|copy| copy.jpeg == bytes).unwrap();
                (asked, copy.width)
            }
        };
        for (asked, got) in [(1, 480), (480, 480), (481, 960), (960, 960), (1600, 1000)] {
            let found = file(&mut conn, one, asked).await.unwrap();
            assert_eq!(width(asked)(found), (asked, got));
        }
        drop(conn);
        change(&scene.owner, one, PhotoChange::Delete).await.unwrap();
        assert_eq!(row().await, [two, three]);
        let mut conn = store.read().await.unwrap();
        assert_eq!(file(&mut conn, one, 480).await.unwrap(), None);
        drop(conn);
        let gone = change(&scene.owner, one, PhotoChange::First).await;
        assert!(matches!(gone, Err(PhotoError::Unknown)));
    }

    async fn there_is_an_end_to_photographs(store) {
        let scene = Scene::new(&store).await;
        let photo = Arc::new(Prepared { width: 480, height: 320, copies: vec![Copy { width: 480, jpeg: vec![0xff] }] });
        for number in 0..=MAX_PHOTOS {
            let command = AddPhoto {
                actor: scene.owner.clone(),
                workshop: scene.workshop,
                tour: None,
                photo: Arc::clone(&photo),
                alt: Localized::default(),
            };
            let added = store.write("add photo", command, |tx, c| Box::pin(add_photo(tx, c))).await;
            if number < MAX_PHOTOS {
                assert!(added.is_ok());
            } else {
                assert!(matches!(added, Err(PhotoError::TooMany)));
            }
        }
    }
}
