//! One keep-alive connection.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Result;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

pub struct Answer {
    pub status: StatusCode,
    /// As it came over the wire, perhaps compressed.
    pub body: Bytes,
    /// Where a 303 leads.
    pub location: String,
    pub headers: HeaderMap,
}

impl Client {
    pub async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_owned() })
    }

    pub async fn get(
        &mut self,
        path: &str,
        encoding: &str,
        cookie: Option<&str>,
    ) -> Result<Answer> {
        let mut request = Request::get(path).header(HOST, &self.host);
        if !encoding.is_empty() {
            request = request.header(ACCEPT_ENCODING, encoding);
        }
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        self.send(request.body(Full::default())?).await
    }

    /// Sends a form as a browser does.
    pub async fn post(&mut self, path: &str, form: String) -> Result<Answer> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(HOST, &self.host)
            .header(ACCEPT_ENCODING, "br")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))?;
        self.send(request).await
    }

    /// Asks as a program does that has a key; none when it is empty. JSON goes out where there is
    /// any.
    pub async fn call(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        key: &str,
        json: Option<String>,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        if !key.is_empty() {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if json.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        self.send(request.body(Full::from(json.unwrap_or_default()))?).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Answer> {
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let (parts, body) = answer.into_parts();
        let location = parts.headers.get(LOCATION).and_then(|at| at.to_str().ok());
        Ok(Answer {
            status: parts.status,
            location: location.unwrap_or_default().to_owned(),
            headers: parts.headers.clone(),
            body: body.collect().await?.to_bytes(),
        })
    }
}
