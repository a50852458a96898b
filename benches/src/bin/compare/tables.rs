//! The results as Markdown.

use std::fmt::Write;

use super::programs::{OURS, Results};

/// The fastest peers, the table of ratios, that of times, and what failed.
pub fn markdown(results: &Results, workloads: &[String]) -> String {
    let variants = results.variants();
    let peers: Vec<&String> = variants.iter().filter(|variant| !variant.starts_with(OURS)).collect();
    let mut text = fastest(results, workloads, &peers);
    text += "\nHow many times as long as ours each takes, the least times of both; **bold**: faster than ours.\n\n";
    row(&mut text, "work", workloads.iter().map(|workload| format!("`{workload}`")));
    rule(&mut text, workloads.len());
    for peer in peers {
        row(&mut text, &format!("`{peer}`"), workloads.iter().map(|workload| ratio(results, workload, peer)));
    }
    text += "\nThe least time of a call and the median of the rounds' medians:\n\n";
    row(&mut text, "work", workloads.iter().map(|workload| format!("`{workload}`")));
    rule(&mut text, workloads.len());
    for variant in &variants {
        row(&mut text, &format!("`{variant}`"), workloads.iter().map(|workload| times(results, workload, variant)));
    }
    for (workload, program) in &results.failures {
        let _ = write!(text, "\n`{program}` gives other values for `{workload}`, or does not run.\n");
    }
    text
}

/// Ours beside the fastest peer at each work.
fn fastest(results: &Results, workloads: &[String], peers: &[&String]) -> String {
    let mut text = String::new();
    row(&mut text, "work", ["ours", "fastest peer", "its time", "of ours"].map(String::from).into_iter());
    rule(&mut text, 4);
    for workload in workloads {
        let time = |variant: &str| results.times(workload, variant).map(|times| times.minimum);
        let times = peers.iter().filter_map(|peer| Some((*peer, time(peer)?)));
        if let (Some(ours), Some((peer, theirs))) = (time(OURS), times.min_by(|a, b| a.1.total_cmp(&b.1))) {
            let cells = [duration(ours), format!("`{peer}`"), duration(theirs), ratio(results, workload, peer)];
            row(&mut text, &format!("`{workload}`"), cells.into_iter());
        }
    }
    text
}

fn row(text: &mut String, first: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let _ = writeln!(text, "| {first} | {} |", cells.join(" | "));
}

fn rule(text: &mut String, columns: usize) {
    let _ = writeln!(text, "|---|{}", "---:|".repeat(columns));
}

fn ratio(results: &Results, workload: &str, peer: &str) -> String {
    let ours = results.times(workload, OURS).map(|times| times.minimum);
    match ours.zip(results.times(workload, peer).map(|times| times.minimum)) {
        None => String::new(),
        Some((ours, peer)) if peer < ours => format!("**{:.2}**", peer / ours),
        Some((ours, peer)) if peer < 9.95 * ours => format!("{:.2}", peer / ours),
        Some((ours, peer)) => format!("{:.0}", peer / ours),
    }
}

fn times(results: &Results, workload: &str, variant: &str) -> String {
    results
        .times(workload, variant)
        .map_or_else(String::new, |times| format!("{} / {}", duration(times.minimum), duration(times.median)))
}

fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        small if small < 1e3 => (small, "ns"),
        medium if medium < 1e6 => (medium / 1e3, "µs"),
        large => (large / 1e6, "ms"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}
