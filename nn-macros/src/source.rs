//! The sources of graphs: the stages of a spec. A source says which operation is applied to which value; the graph's builder infers
//! the shapes.

pub mod stages;
