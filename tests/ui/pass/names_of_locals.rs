#![deny(warnings)]
#![allow(non_camel_case_types, non_upper_case_globals, non_snake_case, dead_code, unused_imports, unused_macros)]

//! Items with every name that the expansion has for its variables, parameters and generic parameters, and `__` before it there.
//! `what_the_expansion_binds_is_named_as_no_item_of_a_user_is` in `nn-macros` looks for names without it.

macro_rules! names {
    ($items:ident) => {
        $items! {
            isa frozen input output workspace pass gradient rng state frame source new network row head slot0 slot1 slot2
            memory memory_gru1 memory_attention kept kept_attention f other this value loss grad cache index step layer
            BATCH R I S F T N W IN OUT A
        }
    };
}

macro_rules! unit_structs {
    ($($name:ident)*) => { $(pub struct $name;)* };
}

macro_rules! tuple_structs {
    ($($name:ident)*) => { $(pub struct $name(pub u8);)* };
}

macro_rules! consts {
    ($($name:ident)*) => { $(pub const $name: u8 = 0;)* };
}

macro_rules! statics {
    ($($name:ident)*) => { $(pub static $name: u8 = 0;)* };
}

macro_rules! functions {
    ($($name:ident)*) => { $(pub fn $name() {})* };
}

macro_rules! modules {
    ($($name:ident)*) => { $(pub mod $name {})* };
}

macro_rules! variants {
    ($($name:ident)*) => {
        pub enum Variants { $($name),* }
        pub use Variants::*;
    };
}

macro_rules! macros {
    ($($name:ident)*) => { $(macro_rules! $name { () => {}; })* };
}

macro_rules! crowded {
    ($($items:ident)*) => { $(mod $items {
        names!($items);

        ::nn_runtime::network! {
            #[derive(Default)]
            pub struct Net: [6, 4] -> [3] {
                #[frozen]
                linear(5), relu,
                residual { linear(5), dropout(0.1) },
                attention: multihead_attention(5, need_weights = true),
                concat(dim = 1) { [gru(2)], [] },
                max_pool1d(2),
                flatten,
                batch_norm1d, prelu,
                linear(3),
            }

            pub struct Words: u8 [6] -> f64 [6, 3] { embedding(7, 3), rnn(3), softmax }
            pub struct Inner: [6, 4] -> [6, 4] { linear(4), tanh }
            pub struct Outer: [6, 4] -> [6, 3] { Inner, linear(2), gru(3) }
            pub struct Stream: [6, 4] -> [6, 3] { residual { linear(4) }, gru(3) }
            pub struct Backwards: [6, 4] -> [6, 6] { gru(3, bidirectional = true) }
        }
    })* };
}

crowded!(unit_structs tuple_structs consts statics functions modules variants macros);

fn main() {
    use nn_runtime::prelude::*;

    let (net, frozen) = (unit_structs::Net::new(&mut rng(1)), unit_structs::NetFrozen::new(&mut rng(2)));
    println!("{} {}", net.with_frozen(&frozen).predict(&SVector::zeros()), statics::Net::summary());
    println!("{:?}", consts::Words::new(&mut rng(1)).predict(&SVector::zeros()));
    let mut state = variants::StreamState::ZERO;
    println!("{}", variants::Stream::boxed(&mut rng(1)).step(&mut state, &SVector::zeros()));
}
