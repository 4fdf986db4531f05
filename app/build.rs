fn main() -> Result<(), String> {
    words::build()
}
