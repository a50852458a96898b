//! Follows one training step of the smallest network with pencil and paper, then trains it.
//!
//! `cargo run --release -p examples --example worked_example`

use examples::worked_example::{LEARNING_RATE, OneTwoOne, Point, Step, start, train};
use nn_runtime::prelude::TrainError;

fn main() -> Result<(), TrainError> {
    let step = Step::new(start());
    println!("A network with one input x, two hidden units with relu, and one output p with sigmoid.");
    println!("It is to learn 0 -> 0 and 1 -> 1.\n");
    parameters("Its parameters", &step.before);
    for (number, point) in step.points.iter().enumerate() {
        println!("\nPoint {}: x = {}, y = {}", number + 1, point.x, point.y);
        forward(&step.before, point);
        backward(&step.before, point);
    }
    gradient(&step);
    update(&step);
    println!("\nThe same by `network!`, with Adam at {LEARNING_RATE}:\n");
    train(&mut start(), 100, |epoch, loss| {
        if epoch % 10 == 0 {
            println!("Epoch [{epoch}/100], Loss: {loss:.4}");
        }
    })
}

fn parameters(title: &str, network: &OneTwoOne) {
    let OneTwoOne { hidden, out } = network;
    println!("{title}");
    println!(
        "  hidden   w1 = {:.4}   b1 = {:.4}   w2 = {:.4}   b2 = {:.4}",
        hidden.weight[0], hidden.bias[0], hidden.weight[1], hidden.bias[1]
    );
    println!("  out      v1 = {:.4}   v2 = {:.4}   c  = {:.4}", out.weight[0], out.weight[1], out.bias[0]);
}

fn forward(network: &OneTwoOne, point: &Point) {
    let (Point { x, y, z, h, s, p, loss, .. }, OneTwoOne { hidden, out }) = (point, network);
    for unit in [0, 1] {
        let (n, w, b) = (unit + 1, hidden.weight[unit], hidden.bias[unit]);
        println!("  z{n} = w{n} x + b{n} = {w:.4} * {x} + {b:.4} = {:.4}", z[unit]);
        println!("  h{n} = max(0, z{n}) = {:.4}", h[unit]);
    }
    let (v, c) = (&out.weight, out.bias[0]);
    println!("  s  = v1 h1 + v2 h2 + c = {:.4} * {:.4} + {:.4} * {:.4} + {c:.4} = {s:.4}", v[0], h[0], v[1], h[1]);
    println!("  p  = 1 / (1 + exp(-s)) = 1 / (1 + exp({:.4})) = {p:.4}", -s);
    if *y > 0.5 {
        println!("  loss = -ln p = -ln {p:.4} = {loss:.4}");
    } else {
        println!("  loss = -ln(1 - p) = -ln {:.4} = {loss:.4}", 1.0 - p);
    }
}

fn backward(network: &OneTwoOne, point: &Point) {
    let Point { y, z, p, grad_s, grad_z, .. } = point;
    println!("  dloss/ds  = p - y = {p:.4} - {y} = {grad_s:.4}");
    for unit in [0, 1] {
        let (n, v, result) = (unit + 1, network.out.weight[unit], grad_z[unit]);
        if z[unit] > 0.0 {
            println!("  dloss/dz{n} = dloss/ds v{n} = {grad_s:.4} * {v:.4} = {result:.4}");
        } else {
            println!("  dloss/dz{n} = 0, because z{n} = {:.4} is not above 0", z[unit]);
        }
    }
}

fn gradient(step: &Step) {
    let Step { points: [first, second], loss, gradient, .. } = step;
    println!("\nThe mean over both points");
    println!("  loss = ({:.4} + {:.4}) / 2 = {loss:.4}", first.loss, second.loss);
    for unit in [0, 1] {
        let n = unit + 1;
        let (a, b) = (first.grad_z[unit], second.grad_z[unit]);
        println!(
            "  dw{n} = mean of dloss/dz{n} x  = ({a:.4} * {} + {b:.4} * {}) / 2 = {:.4}",
            first.x, second.x, gradient.hidden.weight[unit]
        );
        println!("  db{n} = mean of dloss/dz{n}    = ({a:.4} + {b:.4}) / 2 = {:.4}", gradient.hidden.bias[unit]);
    }
    let (a, b) = (first.grad_s, second.grad_s);
    for unit in [0, 1] {
        let (n, result) = (unit + 1, gradient.out.weight[unit]);
        println!(
            "  dv{n} = mean of dloss/ds h{n}  = ({a:.4} * {:.4} + {b:.4} * {:.4}) / 2 = {result:.4}",
            first.h[unit], second.h[unit]
        );
    }
    println!("  dc  = mean of dloss/ds     = ({a:.4} + {b:.4}) / 2 = {:.4}", gradient.out.bias[0]);
}

fn update(step: &Step) {
    let names = ["w1", "w2", "b1", "b2", "v1", "v2", "c"];
    let slices = [&step.before, &step.gradient, &step.after].map(nn_runtime::network::Trainable::as_slice);
    println!("\nOne step downhill: parameter - {LEARNING_RATE} * gradient");
    for (name, ((before, gradient), after)) in names.iter().zip(slices[0].iter().zip(slices[1]).zip(slices[2])) {
        println!("  {name:2} = {before:.4} - {LEARNING_RATE} * {gradient:.4} = {after:.4}");
    }
}
