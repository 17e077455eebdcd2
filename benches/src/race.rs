//! Runs candidates in one process, in turn, in short batches. The fastest batch of each counts.
//!
//! On a busy machine, most batches are disturbed and some are not. The minimum of many short batches measures the code;
//! the mean measures the neighbors. Taking turns exposes all candidates to changes of the clock rate.

use std::time::{Duration, Instant};

/// The target duration of a batch.
const BATCH: Duration = Duration::from_micros(300);

pub struct Candidate<'a> {
    pub name: String,
    /// Ratios are relative to the peers.
    pub is_peer: bool,
    run: Box<dyn FnMut() + 'a>,
}

impl<'a> Candidate<'a> {
    pub fn ours(name: impl Into<String>, run: impl FnMut() + 'a) -> Self {
        Self { name: name.into(), is_peer: false, run: Box::new(run) }
    }

    pub fn peer(name: impl Into<String>, run: impl FnMut() + 'a) -> Self {
        Self { name: name.into(), is_peer: true, run: Box::new(run) }
    }

    fn batch(&mut self, calls: u32) -> Duration {
        let start = Instant::now();
        for _ in 0..calls {
            (self.run)();
        }
        start.elapsed()
    }

    pub fn once(&mut self) {
        (self.run)();
    }
}

/// Returns the seconds per race: `BENCH_SECONDS`, or 8.
fn budget() -> Duration {
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs_f64(seconds.unwrap_or(8.0))
}

/// Returns microseconds per call for each candidate.
pub fn race(candidates: &mut [Candidate<'_>]) -> Vec<f64> {
    let calls: Vec<u32> = candidates
        .iter_mut()
        .map(|candidate| {
            let one = candidate.batch(3).min(candidate.batch(3)) / 3;
            u32::try_from(BATCH.as_nanos() / one.as_nanos().max(1)).unwrap_or(u32::MAX).max(1)
        })
        .collect();
    let mut best = vec![f64::INFINITY; candidates.len()];
    let start = Instant::now();
    let mut rounds = 0;
    while start.elapsed() < budget() || rounds < 50 {
        for ((candidate, calls), best) in candidates.iter_mut().zip(&calls).zip(&mut best) {
            let took = candidate.batch(*calls).as_secs_f64() * 1e6 / f64::from(*calls);
            *best = best.min(took);
        }
        rounds += 1;
    }
    best
}
