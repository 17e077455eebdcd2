//! Markdown tables of figures and ratios.

use crate::race::{Candidate, race};

/// Runs the race and prints it. `more` returns the cells of additional columns.
pub fn print_race(title: &str, candidates: &mut [Candidate<'_>], columns: &[&str], more: &[Vec<String>]) {
    let micros = race(candidates);
    let best_peer =
        micros.iter().zip(&*candidates).filter(|(_, c)| c.is_peer).map(|(us, _)| *us).fold(f64::INFINITY, f64::min);
    let mut header = vec!["", "µs", "speed, best peer = 1"];
    header.extend(columns);
    let rows = candidates.iter().zip(&micros).enumerate().map(|(i, (candidate, us))| {
        let name = if candidate.is_peer { candidate.name.clone() } else { format!("**{}**", candidate.name) };
        let ratio = if best_peer.is_finite() { format!("{:.2}", best_peer / us) } else { String::new() };
        let mut row = vec![name, significant(*us), ratio];
        row.extend(more.get(i).into_iter().flatten().cloned());
        row
    });
    print(title, &header, rows);
}

pub fn print(title: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    println!("\n{title}\n\n| {} |\n|{}", header.join(" | "), "---|".repeat(header.len()));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
}

/// Formats three significant digits.
pub fn significant(value: f64) -> String {
    match value {
        v if v < 0.995 => format!("{v:.3}"),
        v if v < 9.95 => format!("{v:.2}"),
        v if v < 99.5 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}
