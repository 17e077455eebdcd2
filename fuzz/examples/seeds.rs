//! Writes the seeds from the test data to `corpus/TARGET`, one file each.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use rsa::sha2::{Digest, Sha256};
use serde_json::Value;

/// Larger seeds slow the fuzzer down more than they help.
const MAX_SEED_LEN: usize = 8 * 1024;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = folder.join("../tests/data");
    let mut tokens = rows(&data.join("tokens.jsonl.zst"));
    tokens.extend(rows(&data.join("json_testsuite.jsonl.zst")));
    let texts = |name| tokens.iter().filter_map(move |row| row[name].as_str());
    let inputs = || texts("token").filter_map(|token| token.rsplit_once('.'));
    let write = |target: &str, seeds: &mut dyn Iterator<Item = Vec<u8>>| {
        let to = folder.join("corpus").join(target);
        fs::create_dir_all(&to).expect("a folder");
        let seeds: BTreeSet<Vec<u8>> = seeds.filter(|seed| seed.len() <= MAX_SEED_LEN).collect();
        for seed in &seeds {
            let name: String = Sha256::digest(seed)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            fs::write(to.join(name), seed).expect("a file");
        }
        println!("{target}: {} seeds", seeds.len());
    };
    write("token", &mut inputs().map(|(input, _)| input.as_bytes().to_vec()));
    write("json", &mut inputs().filter_map(|(input, _)| Base64UrlUnpadded::decode_vec(input.split_once('.')?.1).ok()));
    write(
        "base64url",
        &mut texts("token").flat_map(|token| token.split('.')).map(|segment| segment.as_bytes().to_vec()),
    );
    write("authorization_header", &mut texts("authorization_header").map(|header| header.as_bytes().to_vec()));
    let keys = fs::read_dir(data.join("keys")).expect("keys").map(|entry| entry.expect("a key").path());
    let keys = keys.filter(|path| path.is_file()).map(|path| fs::read(path).expect("a key"));
    write("pem_der", &mut keys.flat_map(|key| [Base64::encode_string(&key).into_bytes(), key]));
    let sizes = (32..=64).step_by(4).map(|primes| {
        (0..5).map(move |e| [&[e, primes], &(e..).take(primes.into()).collect::<Vec<u8>>()[..], b"message"].concat())
    });
    write("signature", &mut sizes.flatten());
    let calls: Vec<Value> = serde_json::from_slice(&unpacked(&data.join("backend-api.json.zst"))).expect("JSON");
    let answers = calls
        .iter()
        .map(|call| &call["response"])
        .filter_map(|answer| Some((answer["status"].as_u64()?, answer["body"].to_string())));
    // The statuses with one meaning for all endpoints; `Retry-After` is the body's two digits.
    let answers = answers.chain([401, 403, 429, 503].map(|status| (status, "30".to_owned())));
    write(
        "contract_response",
        &mut answers.flat_map(|(status, body)| {
            (0..16).map(move |endpoint| {
                let [.., high, low] = (status - 100).to_be_bytes();
                [&[endpoint, high, low, 2], body.as_bytes()].concat()
            })
        }),
    );
}

fn unpacked(path: &Path) -> Vec<u8> {
    let packed = fs::read(path).expect("data of the tests");
    let mut text = Vec::new();
    let mut unpacked = ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).expect("zstd");
    unpacked.read_to_end(&mut text).expect("zstd");
    text
}

fn rows(path: &Path) -> Vec<Value> {
    unpacked(path).split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}
