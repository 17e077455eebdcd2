//! An HTTP server on loopback that gives prepared responses and records its requests. It uses a plain socket, so that
//! it can also send what is not HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A recorded request.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub target: String,
    /// Names in lower case, and values, in the order received.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Bytes after the body, whose length the headers give.
    pub rest: Vec<u8>,
}

impl Received {
    /// Returns the value of a header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| &**value)
    }

    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            Some(line.trim_end().to_owned())
        };
        let request_line = line()?;
        let mut words = request_line.split(' ').map(str::to_owned);
        let (method, target) = (words.next()?, words.next()?);
        let mut headers = Vec::new();
        while let Some((name, value)) = line()?.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut received = Self { method, target, headers, body: Vec::new(), rest: Vec::new() };
        let length = received.header("content-length").map_or(0, |length| length.parse().unwrap());
        received.body.resize(length, 0);
        reader.read_exact(&mut received.body).ok()?;
        received.rest = reader.buffer().to_vec();
        Some(received)
    }
}

/// Runs until the test ends.
pub struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// Starts a server that passes each request, and a stream for the response, to `answer`.
    pub fn start(answer: impl Fn(&Received, TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (received.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (kept.clone(), answer.clone());
                thread::spawn(move || {
                    if let Some(request) = Received::read(&stream) {
                        kept.lock().unwrap().push(request.clone());
                        answer(&request, stream);
                    }
                });
            }
        });
        Self { address, received }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests since the last call.
    pub fn take_received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

/// Writes a whole response. Ignores a client that has disconnected.
pub fn respond(mut stream: TcpStream, status: u16, headers: &[(&str, &str)], body: &[u8]) {
    let mut head = format!("HTTP/1.1 {status} Whatever\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !matches!(status, 204 | 304) {
        head += &format!("content-length: {}\r\n", body.len());
    }
    let _ = stream.write_all(&[head.as_bytes(), b"\r\n", body].concat());
}
