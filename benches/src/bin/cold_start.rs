//! Measures the time from the start of a process to its first verified token. An empty process is the baseline.

use std::process::Command;
use std::time::Instant;

use propelauth_edge_benches::fixture::{self, RSA_2048};
use propelauth_edge_benches::table::print;

const SPAWNS: usize = 400;

struct Process {
    name: &'static str,
    program: &'static str,
    best: f64,
}

fn main() {
    let directory = std::env::current_exe().expect("a path").parent().expect("a directory").to_owned();
    let header = RSA_2048.header(1, fixture::system_time());
    let tampered = fixture::tampered(&header);
    let mut processes = [
        ("an empty process", "cold_empty"),
        ("**propelauth-edge**", "cold_edge"),
        ("jsonwebtoken, aws_lc_rs", "cold_jsonwebtoken"),
        ("propelauth", "cold_propelauth"),
    ]
    .map(|(name, program)| Process { name, program, best: f64::INFINITY });
    let accepts = |program: &str, header: &str| {
        Command::new(directory.join(program)).arg(header).status().expect("the programs are in this folder").success()
    };

    for process in &processes {
        assert!(accepts(process.program, &header), "{} accepts", process.name);
        assert!(process.program == "cold_empty" || !accepts(process.program, &tampered), "{} refuses", process.name);
    }
    for _ in 0..SPAWNS {
        for process in &mut processes {
            let start = Instant::now();
            assert!(accepts(process.program, &header));
            process.best = process.best.min(start.elapsed().as_secs_f64() * 1e3);
        }
    }

    let empty = processes[0].best;
    let rows = processes
        .map(|Process { name, best, .. }| vec![name.to_owned(), format!("{best:.3}"), format!("{:.3}", best - empty)]);
    print("Process start to first verified token, 1 org", &["", "ms", "beyond an empty process, ms"], rows);
}
