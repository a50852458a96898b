//! An ONNX graph in the making.

use std::sync::Arc;

use peer_protocol::{Failure, Parameter};
use tract_onnx::pb::type_proto::{Tensor as TensorType, Value};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TypeProto, ValueInfoProto,
};
use tract_onnx::prelude::{Datum, Framework, InferenceFact, InferenceModelExt, IntoRunnable, TypedRunnableModel, onnx};

const FLOAT: i32 = 1;
const INT64: i32 = 7;
const ATTRIBUTE_FLOAT: i32 = 1;
const ATTRIBUTE_INT: i32 = 2;
const ATTRIBUTE_INTS: i32 = 7;
const OPSET: i64 = 17;

#[derive(Default)]
pub struct Graph(GraphProto);

/// An attribute of a node.
pub enum Attribute {
    Float(f32),
    Int(i64),
    Ints(&'static [i64]),
}

impl Graph {
    /// A graph with these inputs.
    pub fn new(inputs: &[&str]) -> Self {
        let input = |name: &&str| {
            let value = Some(Value::TensorType(TensorType { elem_type: FLOAT, shape: None }));
            ValueInfoProto {
                name: (*name).to_owned(),
                r#type: Some(TypeProto { value, ..TypeProto::default() }),
                ..ValueInfoProto::default()
            }
        };
        Self(GraphProto { input: inputs.iter().map(input).collect(), ..GraphProto::default() })
    }

    /// A constant under a parameter's name.
    pub fn parameter(&mut self, parameter: Parameter) {
        let dims = parameter.dims.iter().map(|size| *size as i64).collect();
        let (name, float_data) = (parameter.name, parameter.values);
        self.0.initializer.push(TensorProto { name, dims, data_type: FLOAT, float_data, ..TensorProto::default() });
    }

    /// A constant of sizes.
    pub fn sizes(&mut self, name: &str, sizes: &[i64]) {
        let (name, dims, int64_data) = (name.to_owned(), vec![sizes.len() as i64], sizes.to_vec());
        self.0.initializer.push(TensorProto { name, dims, data_type: INT64, int64_data, ..TensorProto::default() });
    }

    /// A node, by its operation, inputs, outputs and attributes.
    pub fn node(&mut self, operation: &str, inputs: &[&str], outputs: &[&str], attributes: &[(&str, Attribute)]) {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let attribute = |(name, value): &(&str, Attribute)| {
            let attribute = AttributeProto { name: (*name).to_owned(), ..AttributeProto::default() };
            match value {
                Attribute::Float(f) => AttributeProto { r#type: ATTRIBUTE_FLOAT, f: *f, ..attribute },
                Attribute::Int(i) => AttributeProto { r#type: ATTRIBUTE_INT, i: *i, ..attribute },
                Attribute::Ints(ints) => AttributeProto { r#type: ATTRIBUTE_INTS, ints: ints.to_vec(), ..attribute },
            }
        };
        self.0.node.push(NodeProto {
            name: outputs.join("-"),
            op_type: operation.to_owned(),
            input: names(inputs),
            output: names(outputs),
            attribute: attributes.iter().map(attribute).collect(),
            ..NodeProto::default()
        });
    }

    /// What tract makes of the graph for these shapes of its inputs and these outputs.
    pub fn plan(mut self, shapes: &[Vec<usize>], outputs: &[&str]) -> Result<Arc<TypedRunnableModel>, Failure> {
        let output = |name: &&str| ValueInfoProto { name: (*name).to_owned(), ..ValueInfoProto::default() };
        self.0.output = outputs.iter().map(output).collect();
        let opset_import = vec![OperatorSetIdProto { domain: String::new(), version: OPSET }];
        let proto = ModelProto { ir_version: 8, opset_import, graph: Some(self.0), ..ModelProto::default() };
        let mut model = onnx().model_for_proto_model(&proto)?;
        for (index, shape) in shapes.iter().enumerate() {
            model = model.with_input_fact(index, InferenceFact::dt_shape(f32::datum_type(), shape))?;
        }
        Ok(model.into_optimized()?.into_runnable()?)
    }
}
