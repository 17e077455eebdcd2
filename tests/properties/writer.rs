//! Random JSON: values, and every way of writing them.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Any text, with characters that JSON must escape, may escape, and of all lengths in UTF-8.
pub fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        6 => proptest::char::range(' ', '~'),
        2 => proptest::char::range('\0', '\u{1f}'),
        2 => prop::sample::select(vec!['"', '\\', '/', '\u{7f}', '\u{80}', '\u{7ff}', '\u{800}', '\u{d7ff}', '\u{e000}']),
        2 => prop::sample::select(vec!['\u{feff}', '\u{2028}', '\u{ffff}', '\u{10000}', '\u{10ffff}', 'é', '中', '😀']),
        1 => any::<char>(),
    ];
    vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
}

fn number() -> impl Strategy<Value = Value> {
    let edges = vec![0, 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX, 1 << 53, (1 << 53) + 1];
    prop_oneof![
        any::<i32>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::sample::select(edges).prop_map(Value::from),
        Just(Value::from(i64::MIN)),
        proptest::num::f64::NORMAL.prop_map(Value::from),
        proptest::num::f64::SUBNORMAL.prop_map(Value::from),
        (-1000i32..1000).prop_map(|thousandths| Value::from(f64::from(thousandths) / 1000.0)),
    ]
}

/// Any value.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), number(), text().prop_map(Value::String),];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..6).prop_map(Value::Array), members(inner).prop_map(Value::Object)]
    })
}

/// Any object.
pub fn object() -> impl Strategy<Value = Map<String, Value>> {
    members(value())
}

fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    vec((text(), value), 0..6).prop_map(|members| members.into_iter().collect())
}

/// The random bytes that the writer's decisions come from, repeated as needed.
pub fn choices() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..48)
}

/// Writes values as JSON in random spellings.
pub struct Writer {
    choices: Vec<u8>,
    next: usize,
    /// Repeats names within objects; the last one counts.
    pub repeats_names: bool,
    text: String,
}

impl Writer {
    pub fn new(choices: Vec<u8>) -> Self {
        Self { choices, next: 0, repeats_names: false, text: String::new() }
    }

    pub fn write(mut self, value: &Value) -> String {
        self.white_space();
        self.value(value);
        self.white_space();
        self.text
    }

    /// Returns a number below `below`, which is at most 256.
    fn choose(&mut self, below: u32) -> u32 {
        let choice = self.choices[self.next % self.choices.len()];
        self.next += 1;
        // The position makes repeated choices differ.
        (u32::from(choice) + (self.next / self.choices.len()) as u32 * 7) % below
    }

    fn white_space(&mut self) {
        while self.choose(4) == 0 {
            let white_space = [" ", "\t", "\n", "\r", "  \r\n"][self.choose(5) as usize];
            self.text.push_str(white_space);
        }
    }

    fn token(&mut self, token: char) {
        self.white_space();
        self.text.push(token);
        self.white_space();
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) => self.text.push_str(&value.to_string()),
            Value::Number(number) if number.is_f64() => self.float(number.as_f64().unwrap()),
            Value::Number(number) => self.text.push_str(&number.to_string()),
            Value::String(string) => self.string(string),
            Value::Array(elements) => {
                self.token('[');
                for (i, element) in elements.iter().enumerate() {
                    if i > 0 {
                        self.token(',');
                    }
                    self.value(element);
                }
                self.token(']');
            }
            Value::Object(members) => {
                self.token('{');
                for (i, (name, member)) in members.iter().enumerate() {
                    if i > 0 {
                        self.token(',');
                    }
                    if self.repeats_names && self.choose(8) == 0 {
                        self.string(name);
                        self.token(':');
                        let other = ["null", "{}", "\"\\u0000\"", "-0.0e+0"][self.choose(4) as usize];
                        self.text.push_str(other);
                        self.token(',');
                    }
                    self.string(name);
                    self.token(':');
                    self.value(member);
                }
                self.token('}');
            }
        }
    }

    fn float(&mut self, float: f64) {
        let exponent = format!("{float:e}");
        let text = match self.choose(5) {
            0 => exponent,
            1 => exponent.replace('e', "E"),
            2 if !exponent.contains("e-") => exponent.replace('e', "e+0"),
            3 if !exponent.contains('.') => exponent.replace('e', ".00e"),
            _ => format!("{float:?}"),
        };
        self.text.push_str(&text);
    }

    fn string(&mut self, string: &str) {
        self.text.push('"');
        for character in string.chars() {
            self.character(character);
        }
        self.text.push('"');
    }

    fn character(&mut self, character: char) {
        let short = match character {
            '"' => Some('"'),
            '\\' => Some('\\'),
            '/' => Some('/'),
            '\u{8}' => Some('b'),
            '\u{c}' => Some('f'),
            '\n' => Some('n'),
            '\r' => Some('r'),
            '\t' => Some('t'),
            _ => None,
        };
        let must = matches!(character, '"' | '\\' | '\0'..='\u{1f}');
        match (short, self.choose(6)) {
            (Some(letter), 0..3) => self.text.extend(['\\', letter]),
            (_, 4..) if !must => self.text.push(character),
            (_, 1..4) if !must => self.text.push(character),
            (_, choice) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let escape = if choice % 2 == 0 { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
                    self.text.push_str(&escape);
                }
            }
        }
    }
}
