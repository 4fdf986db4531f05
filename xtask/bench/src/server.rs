//! The server under test, as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::Result;

pub struct Server {
    process: Child,
    /// Kept open: the server has more to say than its address.
    _output: BufReader<ChildStdout>,
    /// Host and port.
    pub address: String,
}

fn langnghe(binary: &Path, folder: &Path, url: &str, command: &[&str]) -> Command {
    let mut langnghe = Command::new(binary);
    langnghe
        .args(command)
        .env("DATABASE_URL", url)
        .env("LANGNGHE_DATA", folder)
        .env("LANGNGHE_LISTEN", "127.0.0.1:0");
    // All clients come from one address.
    for limit in ["SIGN_IN", "FORMS", "ALL", "OCTO"] {
        langnghe.env(format!("LANGNGHE_LIMIT_{limit}"), "0");
    }
    langnghe
}

/// Makes the database and fills it with the demo.
pub fn seed(binary: &Path, folder: &Path, url: &str) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let done = langnghe(binary, folder, url, &["seed-demo"]).stdout(Stdio::null()).status()?;
    if done.success() { Ok(()) } else { Err(format!("seed-demo failed ({done})").into()) }
}

impl Server {
    pub fn start(binary: &Path, folder: &Path, url: &str) -> Result<Self> {
        let log = std::fs::File::create(folder.join("log"))?;
        let mut process =
            langnghe(binary, folder, url, &["serve"]).stdout(Stdio::piped()).stderr(log).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some((_, address)) = line.split_once("is at http://") {
                let address = address.trim().trim_end_matches('/').to_owned();
                return Ok(Self { process, _output: output, address });
            }
            line.clear();
        }
        Err(format!("the server did not start; see {}", folder.join("log").display()).into())
    }

    /// Ends it at once, whatever it is doing, as a power cut does (the disk's own cache aside).
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Asks it to end as an administrator would, and waits for it.
    pub fn stop(mut self) -> Result<()> {
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let ended = self.process.wait()?;
        if ended.success() { Ok(()) } else { Err(format!("the server ended with {ended}").into()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
