//! QR codes as inline pictures.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder, qr::QRCodeError};

/// Light modules that must surround the code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// Why a text cannot become a QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    #[error("there is nothing to encode")]
    Empty,
    #[error("the text is too long for a QR code")]
    TooLong,
}

/// A QR code, error correction M, as one `<svg>` that scales with its box.
///
/// The dark modules are a single path with the class `module_class`; black on white unless a
/// style sheet says otherwise, so that it scans in a dark theme and on paper. `title` is what
/// a screen reader says.
pub fn svg(data: &str, module_class: &str, title: &str) -> Result<String, QrError> {
    if data.is_empty() {
        return Err(QrError::Empty);
    }
    let code = QRBuilder::new(data).ecl(ECL::M).build().map_err(|error| match error {
        QRCodeError::EncodedData | QRCodeError::SpecifiedVersion => QrError::TooLong,
    })?;
    let dark = |x: usize, y: usize| code[y][x].value();

    // One stroke for each run of dark modules in a row.
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|&x| dark(x, y)).count();
            if run > 0 {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE);
            }
            x += run.max(1);
        }
    }
    let side = code.size + 2 * QUIET_ZONE;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges"><title>{title}</title><rect width="{side}" height="{side}" fill="#fff"/><path class="{class}" d="{path}"/></svg>"##,
        title = escape(title),
        class = escape(module_class),
    ))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The modules a browser would paint, quiet zone included; `true` is dark.
    fn painted(svg: &str) -> Vec<Vec<bool>> {
        let between = |start: &str, end: char| {
            let from = svg.find(start).unwrap() + start.len();
            svg[from..].split(end).next().unwrap()
        };
        let side: usize = between("viewBox=\"0 0 ", ' ').parse().unwrap();
        let mut modules = vec![vec![false; side]; side];
        for stroke in between(" d=\"M", '"').split('M') {
            let (x, rest) = stroke.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (run, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(back, format!("{run}z"));
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            modules[y][x..x + run.parse::<usize>().unwrap()].fill(true);
        }
        modules
    }

    fn scanned(svg: &str) -> (rqrr::MetaData, String) {
        let modules = painted(svg);
        let scale = 3;
        let side = modules.len() * scale;
        let mut picture = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| {
            modules[y / scale][x / scale]
        });
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "one code in the picture");
        grids[0].decode().unwrap()
    }

    #[test]
    fn a_link_scans() {
        let link = "https://langnghe.example/b/CV7K2P?k=q0Xn4vX1mD8";
        let (meta, text) = scanned(&svg(link, "qr", "Mã đặt chỗ CV7K2P").unwrap());
        assert_eq!(text, link);
        assert_eq!(meta.ecc_level, 0, "M, as the standard numbers the levels");
    }

    #[test]
    fn vietnamese_and_digits_scan() {
        for text in ["Gốm Bát Tràng", "0912345678", "ABC 123", &"0123456789".repeat(30)] {
            assert_eq!(scanned(&svg(text, "qr", "").unwrap()).1, text);
        }
    }

    #[test]
    fn four_light_modules_surround_the_code() {
        let modules = painted(&svg("x", "qr", "").unwrap());
        let side = modules.len();
        assert_eq!(side, 21 + 8);
        for (y, row) in modules.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..side - 4).contains(&x) && (4..side - 4).contains(&y);
                assert!(inside || !dark);
            }
        }
        assert!(modules[4][4] && modules[4][side - 5] && modules[side - 5][4]);
    }

    #[test]
    fn words_are_escaped_and_nothing_is_styled_inline() {
        let svg = svg("x", "\" onload=\"", "<b>Hải & \"Sơn\"</b>").unwrap();
        assert!(svg.contains("<title>&lt;b&gt;Hải &amp; &quot;Sơn&quot;&lt;/b&gt;</title>"));
        assert!(svg.contains("class=\"&quot; onload=&quot;\""));
        assert!(!svg.contains("style"));
        assert_eq!(svg.matches("<path").count(), 1);
    }

    #[test]
    fn too_much_and_nothing_are_refused() {
        assert_eq!(svg("", "qr", ""), Err(QrError::Empty));
        assert_eq!(svg(&"ă".repeat(2000), "qr", ""), Err(QrError::TooLong));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_text_scans(text in "\\PC{1,60}") {
            prop_assert_eq!(scanned(&svg(&text, "qr", "").unwrap()).1, text);
        }
    }
}
