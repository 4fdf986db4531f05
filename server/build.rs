//! The release binary carries the site's files: built again when they change.

fn main() {
    println!("cargo:rerun-if-changed=../target/site/manifest.json");
}
