//! Options that layers have in other frameworks, and abbreviations of ours.

use super::plain;
use crate::diagnostic::nearest;

/// What to write for an option.
#[derive(Clone, Copy)]
enum Here {
    /// The option that tells such a layer from others.
    Called,
    /// A stage of the same keyword for each layer that such a layer has inside.
    StageEach,
    /// The whole help.
    Say(&'static str),
}
use Here::{Called, Say, StageEach};

/// An option that a layer has, options that such a layer has elsewhere, in small letters and without underscores, and
/// what to write here.
const ELSEWHERE: &[(&str, &str, Here)] = &[
    ("bias", "usebias withbias hasbias addbias biasterm fitintercept biasattr", Called),
    ("bias", "nobias", Say("write `bias = false`")),
    ("dilation", "dilationrate rate atrousrate rhsdilation kerneldilation", Called),
    ("dim", "axis dimension axes along", Called),
    ("embedding_dim", "dim outputdim features embeddim embeddingsize embeddim dmodel hiddensize nembd", Called),
    ("num_embeddings", "inputdim vocabsize vocab vocabulary vocabularysize numtokens entries nembeddings", Called),
    ("num_embeddings", "paddingidx maxnorm normtype scalegradbyfreq sparse maskzero", Say(NOT_NEEDED)),
    (
        "momentum",
        "affine center scale usescale",
        Say("it always has weights and biases, which begin as 1 and 0: leave the option out"),
    ),
    (
        "momentum",
        "trackrunningstats userunningaverage",
        Say("running statistics are always kept: leave the option out"),
    ),
    ("momentum", "decay momentumdecay", Say("it is called `momentum` here, and is 1 minus the share that is kept")),
    ("eps", "epsilon epsilonval", Called),
    ("eps", "numfeatures numchannels normalizedshape channels features dim size inputsize", Say(IS_KNOWN)),
    (
        "eps",
        "affine elementwiseaffine center scale bias usebias usescale",
        Say("its weights begin as 1, its biases as 0: write `#[frozen]` before the stage to keep them so"),
    ),
    (
        "hidden_size",
        "units hidden hiddendim hiddenfeatures features numhidden numunits outputsize size statesize",
        Called,
    ),
    ("hidden_size", "numlayers layers depth", StageEach),
    (
        "hidden_size",
        "returnsequences returnstate returncarry",
        Say("every step's output is given: write `last` after it for that of the last step alone"),
    ),
    ("hidden_size", "batchfirst timemajor", Say(WITHOUT_BATCH)),
    ("hidden_size", "dropout recurrentdropout", Say("write a stage of its own after it: `dropout(0.5)`")),
    (
        "hidden_size",
        "stateful",
        Say("`step` keeps a state from one step of a sequence to the next: leave the option out"),
    ),
    ("hidden_size", "gobackwards reverse", Say("`bidirectional = true` goes both ways")),
    ("hidden_size", "inputsize", Say(IS_KNOWN)),
    ("hidden_size", "bias usebias", Say("it always has biases: leave the option out")),
    ("hidden_size", "unroll projsize", Say(NOT_NEEDED)),
    ("bidirectional", "isbidirectional bi birectional", Called),
    (
        "kernel_size",
        "poolsize k ks ksize kernelshape window windowsize windowshape filtersize fieldsize size receptivefield",
        Called,
    ),
    ("ceil_mode", "ceil", Called),
    ("kernel_size", "returnindices", Say("only the maxima are computed: leave the option out")),
    ("count_include_pad", "countincludepadding", Called),
    ("nonlinearity", "activation activationfn", Called),
    ("activation", "nonlinearity activationfn", Called),
    ("activation", "recurrentactivation gatefn", Say("the gates have the sigmoid: leave the option out")),
    ("activation", "activations", Say("the gates have the sigmoid: write the other one, as in `activation = relu`")),
    ("reset_after", "linearbeforereset", Called),
    ("num_groups", "groups numberofgroups g", Called),
    ("num_heads", "embeddim dmodel", Say(IS_KNOWN)),
    ("num_heads", "heads nheads nhead numberofheads numattentionheads h", Called),
    (
        "num_heads",
        "keydim valuedim headdim qkvfeatures sizeperhead headsize",
        Say("each head takes as many of the features: leave the option out"),
    ),
    ("key", "kdim", Say("the features of the key are known: name the sequence, `key = memory`")),
    ("key", "vdim", Say("the features of the value are known: name the sequences, `key = memory` and `value = other`")),
    (
        "key",
        "memory context contextsequence encoderoutput encoderhiddenstates crossattentioninput kv keys keyvalue \
         keyvaluestates inputskv",
        Called,
    ),
    ("key", "values inputsv", Say("it is called `value` here")),
    (
        "key_length",
        "length lengths keylengths memorylength kvlength keylen kvlen validlength validlens sequencelength inputlength",
        Called,
    ),
    (
        "key_length",
        "keypaddingmask paddingmask memorykeypaddingmask srckeypaddingmask attentionmask keymask",
        Say("name the number of steps that are no padding: `key_length = length`"),
    ),
    (
        "key_length",
        "mask attnmask srcmask tgtmask",
        Say("write `causal = true` to leave later steps out, or `key_length = length` to leave padding out"),
    ),
    (
        "num_kv_heads",
        "numkeyvalueheads kvheads nkvheads numquerygroups kvnumheads nheadkv numberofkeyvalueheads multiquerygroupnum",
        Called,
    ),
    (
        "num_kv_heads",
        "enablegqa gqa multiquery",
        Say("write the number of heads of keys and values: `num_kv_heads = 1` for one that all heads share"),
    ),
    (
        "rotary",
        "rope rotaryembedding rotaryembeddings rotaryemb userope userotary posemb posembeddings applyrope rotarypct \
         rotarydim rotaryembdim interleaved rotaryinterleaved",
        Say("write `rotary = interleaved` for pairs of neighbours, or `rotary = halves` for Llama's pairs"),
    ),
    ("rope_theta", "ropebase rotarybase ropefreqbase theta base rotaryembbase freqbase maxwavelength", Called),
    ("num_heads", "batchfirst", Say(WITHOUT_BATCH)),
    ("num_heads", "dropout attnpdrop dropoutrate", Say("write a stage of its own after it: `dropout(0.1)`")),
    ("causal", "iscausal usecausalmask causalmask", Called),
    ("need_weights", "returnattentionscores outputattentions returnweights", Called),
    (
        "out_channels",
        "filters channels features outfeatures numfilters nfilters output outputchannels numoutput size",
        Called,
    ),
    ("out_channels", "inchannels inputchannels", Say(IS_KNOWN)),
    (
        "out_channels",
        "paddingmode",
        Say("zeros are added; for other values write `pad([[1, 1]], mode = reflect)` before this layer"),
    ),
    (
        "out_features",
        "units features outputdim outputsize outdim dimout size width hidden hiddensize neurons outputs output \
         outputfeatures numoutputs numunits nout nodes doutput",
        Called,
    ),
    ("out_features", "infeatures inputfeatures inputsize inputdim", Say(IS_KNOWN)),
    ("padding", "pad pads", Called),
    ("pad", "padding pads paddings padwidth", Called),
    ("value", "fill fillvalue constantvalues constantvalue constant", Called),
    ("mode", "interpolation method resizemode interpolationmode paddingmode", Called),
    ("scale_factor", "scale scales factor upscalefactor", Called),
    (
        "scale_factor",
        "size sizes outputsize targetsize",
        Say("write how many times as large the output is: `scale_factor = 2`"),
    ),
    ("scale_factor", "recomputescalefactor antialias", Say(NOT_NEEDED)),
    ("align_corners", "aligncorner", Called),
    ("dims", "perm order axes permutation dim", Called),
    ("start", "begin from offset first starts", Called),
    ("start", "end stop ends", Say("write the number of values that are taken: `length = 3`")),
    (
        "length",
        "len size count sizes lengths seqlen seqlens seqlengths sequencelength sequencelengths inputlengths",
        Called,
    ),
    (
        "length",
        "mask paddingmask keypaddingmask srcmask",
        Say("give the number of steps that are no padding, an input of the network: `length = length`"),
    ),
    ("h_0", "h0 hx hidden hiddenstate state initialstate initialh initialhidden initcarry carry", Called),
    (
        "reset_after",
        "c0 cx cell cellstate initialc initialcell",
        Say("only `lstm` has a cell state: leave the option out"),
    ),
    ("c_0", "c0 cx cell cellstate initialc initialcell", Called),
    ("stride", "strides step steps subsample windowstrides subsamplelength", Called),
    ("groups", "featuregroupcount numgroups group depthmultiplier", Called),
    ("p", "ord order", Called),
    ("p", "rate probability prob dropprob droprate dropoutrate dropoutprob ratio dropoutratio amount", Called),
    ("p", "keepprob keeprate", Say("`p` is the share that is dropped: write 1 minus the share that is kept")),
    ("negative_slope", "alpha slope leak leakiness negativeslope", Called),
    ("alpha", "slope scale negativeslope", Called),
    ("approximate", "approx approximation", Called),
    ("approximate", "tanh fast", Say("write `approximate = tanh`")),
    ("min_val", "min minvalue low lower a", Called),
    ("max_val", "max maxvalue high upper b", Called),
    ("num_parameters", "numparams channels", Called),
    ("init", "alphainitializer initial value slope alpha negativeslope", Called),
    ("shape", "targetshape newshape size outputshape dims dim", Called),
    ("times", "n count number num repeats depth numlayers", Called),
];

/// Options that any layer may have elsewhere.
const ANYWHERE: &[(&str, &str)] = &[
    ("inplace", "what can be computed in place is: leave the option out"),
    ("device", "a network runs on the processor: leave the option out"),
    ("dtype paramdtype", "the element type is written before the shapes: `struct Net: f64 [4] -> f64 [2] { .. }`"),
    ("name", "a name is written before the layer: `fc: linear(8)`"),
    ("trainable requiresgrad frozen freeze", "write `#[frozen]` before a stage that is not to be trained"),
    ("inputshape inputdim batchinputshape inputsize infeatures inchannels inputchannels", IS_KNOWN),
    ("batchsize batch batchfirst", WITHOUT_BATCH),
    (
        "dataformat channelslast channelaxis channelsfirst",
        "the channels come first, as in [channels, height, width]: leave the option out",
    ),
    (
        "seed rng key rngs prngkey generator",
        "random numbers come from the generator that `new` is given: leave the option out",
    ),
    ("training train deterministic istraining", "training passes train, and `predict` does not: leave the option out"),
    (
        "kernelinitializer biasinitializer initializer weightinit kernelinit biasinit init weightinitializer weightattr \
         recurrentinitializer depthwiseinitializer embeddingsinitializer embeddinginit",
        "the weights begin as PyTorch's; to begin otherwise, call a function of `init` on the network after `new`",
    ),
    (
        "kernelregularizer biasregularizer activityregularizer weightdecay l2 l1 regularizer",
        "weight decay is an option of the optimizer: `AdamW`",
    ),
    ("kernelconstraint biasconstraint", NOT_NEEDED),
    ("dim axis axes", "it works along one fixed dimension, which the table of README names: leave the option out"),
    ("startdim enddim", "all dimensions become one, without the batch: leave the option out"),
    ("keepdim keepdims", "the dimension is left out; `reshape` brings it back: leave the option out"),
    ("outputsize", "a global pool makes one value of each channel: leave the option out"),
];

const IS_KNOWN: &str = "the size of the input is known, and not written: leave it out";
const WITHOUT_BATCH: &str = "shapes are written without the batch: leave the option out";
const NOT_NEEDED: &str = "the layer is PyTorch's with its defaults: leave the option out";

/// Each option that other frameworks have by another name, and the help for it, unless that is its name here.
#[cfg(test)]
pub fn every() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    ELSEWHERE.iter().map(|(option, _, here)| (*option, if let Say(text) = here { Some(*text) } else { None }))
}

/// What is known of an option that a layer does not have.
#[derive(Debug, PartialEq)]
pub enum Hint<'a> {
    /// What to write instead.
    Known(String),
    /// The layer's option that was probably meant.
    Similar(&'a str),
}

/// What is known of an option that a layer with these options does not have, if anything is.
pub fn hint<'a>(keyword: &str, options: &[&'a str], written: &str) -> Option<Hint<'a>> {
    let name = plain(written);
    let has = |names: &str| names.split(' ').any(|other| other == name);
    let known = ELSEWHERE.iter().find(|(option, elsewhere, _)| options.contains(option) && has(elsewhere));
    if let Some((option, _, here)) = known {
        return Some(Hint::Known(match here {
            Called => format!("it is called `{option}` here"),
            StageEach => format!("write a stage for each layer: `{keyword}(8), {keyword}(8)`"),
            Say(text) => (*text).into(),
        }));
    }
    let anywhere = ANYWHERE.iter().find(|(elsewhere, _)| has(elsewhere)).map(|(_, help)| Hint::Known((*help).into()));
    anywhere.or_else(|| similar(options, written).map(Hint::Similar))
}

/// The option that was probably meant: one with another spelling, one of the same words or of their beginnings, or a
/// similar one.
fn similar<'a>(options: &[&'a str], written: &str) -> Option<&'a str> {
    let same = options.iter().find(|option| plain(option) == plain(written));
    let by_words = || {
        let shares = options.iter().map(|option| (shared(option, written), *option));
        shares.filter(|(share, _)| *share > 0).max_by_key(|(share, _)| *share).map(|(_, option)| option)
    };
    same.copied().or_else(|| nearest(written, options.iter().copied())).or_else(by_words)
}

/// How much of an option is in words that another name begins with or that begin with one of it, in percent; a word
/// that both have counts twice. Words of two letters say nothing.
fn shared(option: &str, written: &str) -> usize {
    let written = written.to_lowercase();
    let letters = |word: &str| {
        let weights = written.split('_').filter(|other| other.len() > 2).map(|other| match word {
            _ if word == other => 2,
            _ if word.starts_with(other) || other.starts_with(word) => 1,
            _ => 0,
        });
        word.len() * weights.max().unwrap_or(0)
    };
    100 * option.split('_').map(letters).sum::<usize>() / option.len()
}
