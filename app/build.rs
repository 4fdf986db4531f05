fn main() -> Result<(), String> {
    words::build(&[("vi", "Vi"), ("en", "En")])
}
