//! The events of refusals.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, subscriber};

/// The refusals on this thread, until it is dropped.
pub(crate) struct Log {
    text: Text,
    _guard: DefaultGuard,
    /// With only one subscriber, `tracing` may ask another thread, which has none, whether an event is of interest.
    _second: Dispatch,
}

impl Log {
    pub(crate) fn start() -> Self {
        let text = Text::default();
        let writer = text.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        Self { text, _guard: subscriber::set_default(subscriber), _second: Dispatch::new(NoSubscriber::default()) }
    }

    /// Returns the level and the code of each refusal since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let text = String::from_utf8(std::mem::take(&mut *self.text.0.lock().unwrap())).unwrap();
        let code = |line: &str| line.split("error.code=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        text.lines().map(|line| format!("{} {}", line.split_whitespace().nth(1).unwrap(), code(line))).collect()
    }
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
