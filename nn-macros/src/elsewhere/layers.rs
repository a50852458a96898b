//! What other frameworks have as a layer, a function of tensors, a loss: PyTorch, Keras, Flax, ONNX, Burn, Candle, dfdx.

use super::plain;
use crate::diagnostic::{Diagnostic, Extent, nearest};
use crate::layers;
use crate::model::naming::camel_case;

/// What to write here.
#[derive(Clone, Copy)]
enum Here {
    /// The layer or the structure of this name, as it is written between backticks.
    Called(&'static str),
    /// This: what follows "write".
    Write(&'static str),
    /// The whole help, for what has no counterpart.
    Say(&'static str),
    /// A layer of one's own: the library has none.
    Own,
}
use Here::{Called, Own, Say, Write};

/// The help for a loss: its name here.
macro_rules! loss {
    ($name:literal) => {
        Say(concat!("a loss is not a stage: give it to the training, as in `Fit::new(Adam::new(0.01), ", $name, ")`"))
    };
    ($name:literal, without $last:literal) => {
        Say(concat!(
            "a loss is not a stage: give it to the training, as in `Fit::new(Adam::new(0.01), ",
            $name,
            ")`, and end the network without `",
            $last,
            "`"
        ))
    };
}

/// Names in small letters and without underscores, and what to write here.
const ELSEWHERE: &[(&str, Here)] = &[
    // dense
    (
        "affine dense densegeneral denselayer fc fullyconnected gemm hidden hiddenlayer innerproduct lazylinear \
         linearb lineartransform outputlayer perceptron project projection einsumdense",
        Called("linear"),
    ),
    ("linearnobias unbiasedlinear densenobias", Write("`linear(8, bias = false)`")),
    ("linearrelu", Write("`linear(8), relu`")),
    (
        "mlp ffn feedforward feedforwardnetwork multilayerperceptron positionwisefeedforward",
        Write("its stages: `linear(64), relu, linear(32)`"),
    ),
    (
        "timedistributed vmap foreach eachstep perstep forstep maptime applyeach bottle timewise",
        Say(
            "its stages go in `each`, which applies them to every step: `each { conv2d(8, kernel_size = 3), flatten }`; \
             `linear` works on each step of [steps, features] without it",
        ),
    ),
    (
        "bias bias1d bias2d biasadd affinetransform",
        Say("it is a part of `linear`, of convolutions and of normalisations here: leave it out, or write a layer \
             of your own: `my::Scale -> [8]`"),
    ),
    // convolutions
    ("conv convolution convolution2d lazyconv2d convlayer conv2dlayer", Called("conv2d")),
    ("conv2dnobias", Write("`conv2d(8, kernel_size = 3, bias = false)`")),
    ("causalconv causalconv1d", Write("`conv1d(8, kernel_size = 3, causal = true)`")),
    ("convolution1d lazyconv1d temporalconv", Called("conv1d")),
    ("conv1dnobias", Write("`conv1d(8, kernel_size = 3, bias = false)`")),
    ("conv1dtranspose deconv1d lazyconvtranspose1d upconv1d", Called("conv_transpose1d")),
    (
        "conv2dtranspose convtranspose deconv deconv2d deconvolution lazyconvtranspose2d transposedconv \
         transposedconv2d upconv upconv2d",
        Called("conv_transpose2d"),
    ),
    (
        "depthwiseconv2d depthwiseconv depthwise",
        Write("`conv2d(8, kernel_size = 3, groups = 8)`, with as many groups as there are channels"),
    ),
    ("depthwiseconv1d", Write("`conv1d(8, kernel_size = 3, groups = 8)`, with as many groups as there are channels")),
    (
        "separableconv2d separableconv depthwiseseparableconv",
        Write(
            "two stages: `conv2d(8, kernel_size = 3, groups = 8), conv2d(16, kernel_size = 1)`, where 8 is the \
             number of channels",
        ),
    ),
    (
        "separableconv1d",
        Write(
            "two stages: `conv1d(8, kernel_size = 3, groups = 8), conv1d(16, kernel_size = 1)`, where 8 is the \
             number of channels",
        ),
    ),
    ("pointwiseconv conv1x1 pointwise", Write("`conv2d(8, kernel_size = 1)`")),
    ("conv3x3", Write("`conv2d(8, kernel_size = 3, padding = 1)`")),
    (
        "conv3d convtranspose3d conv3dtranspose lazyconv3d maxpool3d avgpool3d maxpooling3d averagepooling3d \
         batchnorm3d adaptiveavgpool3d adaptivemaxpool3d globalaveragepooling3d globalmaxpooling3d dropout3d \
         instancenorm3d zeropad3d zeropadding3d upsampling3d cropping3d maxunpool3d lppool3d fractionalmaxpool3d \
         reflectionpad3d replicationpad3d constantpad3d spatialdropout3d deconv3d convolution3d convlstm3d \
         circularpad3d lazybatchnorm3d globalavgpool3d globalmaxpool3d",
        Say("three spatial dimensions are not supported: make the depth part of the channels, as in `reshape([32, \
             28, 28])` for 4 channels of depth 8, and go on with the layer of two"),
    ),
    ("convlstm1d convlstm2d convlstm convlstmcell", Own),
    ("unfold fold unfold4d im2col col2im convlocal locallyconnected1d locallyconnected2d", Own),
    // pools
    ("avgpool averagepool averagepooling2d meanpool averagepooling avgpooling meanpool2d", Called("avg_pool2d")),
    ("averagepooling1d meanpool1d", Called("avg_pool1d")),
    ("maxpool maxpooling maxpooling2d pool pooling pool2d", Called("max_pool2d")),
    ("maxpooling1d pool1d", Called("max_pool1d")),
    (
        "avgpoolglobal globalaveragepool globalaveragepooling2d globalavgpool2d globalavgpool1d globalpool globalavgpooling gap globalaveragepooling \
         globalmeanpool",
        Called("global_avg_pool"),
    ),
    ("maxpoolglobal globalmaxpooling2d globalmaxpool2d globalmaxpool1d globalmaxpooling", Called("global_max_pool")),
    (
        "adaptiveavgpool adaptiveavgpool1d adaptiveavgpool2d",
        Write("`global_avg_pool` for an output size of 1, or else `avg_pool2d` with the `kernel_size` that makes it"),
    ),
    (
        "adaptivemaxpool adaptivemaxpool1d adaptivemaxpool2d",
        Write("`global_max_pool` for an output size of 1, or else `max_pool2d` with the `kernel_size` that makes it"),
    ),
    ("globalaveragepooling1d", Write("`mean` for [steps, features], or `global_avg_pool` for [channels, length]")),
    (
        "globalmaxpooling1d",
        Write("`transpose, global_max_pool` for [steps, features], or `global_max_pool` for [channels, length]"),
    ),
    (
        "lppool lppool1d lppool2d globallppool fractionalmaxpool2d maxunpool maxunpool1d maxunpool2d minpool \
         minpool2d minpoolglobal maxroipool roialign roipool",
        Own,
    ),
    // padding, resizing
    ("zeropad1d zeropadding1d constantpad1d", Write("`pad([[1, 2]])`, with what is added before and after")),
    (
        "zeropad2d zeropad zeropadding2d constantpad2d padding",
        Write(
            "`pad([[1, 2], [0, 1]])`, with what is added before and after along height and width; a convolution has \
             `padding` of its own",
        ),
    ),
    ("reflectionpad1d", Write("`pad([[1, 2]], mode = reflect)`")),
    ("reflectionpad2d", Write("`pad([[1, 2], [0, 1]], mode = reflect)`, before and after along height and width")),
    ("replicationpad1d", Write("`pad([[1, 2]], mode = replicate)`")),
    ("replicationpad2d", Write("`pad([[1, 2], [0, 1]], mode = replicate)`, before and after along height and width")),
    ("circularpad1d circularpad2d", Own),
    ("upsampling1d upsampling2d upsamplingnearest2d upscale2d upscale", Write("`upsample(2)`, with the factor alone")),
    ("upsamplingbilinear2d", Write("`upsample(2, mode = bilinear, align_corners = true)`")),
    (
        "interpolate interpolate1d interpolate2d resize resizing",
        Write("`upsample(2)`, or `upsample(2, mode = bilinear)`; factors are whole numbers"),
    ),
    ("pixelshuffle pixelunshuffle depthtospace spacetodepth channelshuffle gridsample affinegrid subpixel", Own),
    (
        "slice select index getitem",
        Write("`narrow(dim = 0, start = 2, length = 3)`, or `last` for the last step of [steps, features]"),
    ),
    (
        "cropping1d cropping2d crop centercrop",
        Write("`narrow(dim = -1, start = 2, length = 3)`, for each dimension of which a part is kept"),
    ),
    ("splitinto splitlayer tensorsplit arraysplit hsplit vsplit", Called("split")),
    (
        "unbind unstack",
        Write(
            "`(first, second): split(1)`, with a name for each step, and `flatten` behind a step to leave [features]",
        ),
    ),
    (
        "gather take stridedslice indexselect",
        Say(
            "single values cannot be picked: write `narrow(dim = 0, start = 2, length = 3)` for neighbours, or a layer of your \
             own: `my::Pick -> [8]`",
        ),
    ),
    // normalisations
    (
        "batchnorm batchnormalization bn lazybatchnorm1d lazybatchnorm2d syncbatchnorm batchnormlayer norm \
         normalization",
        Called("batch_norm1d` or `batch_norm2d"),
    ),
    ("bn1d", Called("batch_norm1d")),
    ("bn2d spatialbatchnorm", Called("batch_norm2d")),
    ("groupnormalization gn", Called("group_norm")),
    ("layernormalization ln layernorm1d layernorm2d", Called("layer_norm")),
    ("layernormnobias", Write("`layer_norm`, whose biases begin as 0")),
    ("rmsnormalization", Called("rms_norm")),
    ("normalise l2norm l2normalize lpnormalize lpnorm", Called("normalize")),
    ("unitnormalization lpnormalization l2normalization", Write("`normalize(dim = -1)`")),
    (
        "instancenorm instancenorm1d instancenorm2d instancenormalization lazyinstancenorm2d",
        Write("`group_norm(8)`, with as many groups as there are channels"),
    ),
    (
        "localresponsenorm localresponsenormalization lrn crossmaplrn2d meanvariancenormalization \
         standardize",
        Own,
    ),
    (
        "spectralnorm spectralnormalization weightnorm weightstandardization parametrizations",
        Say("weights are not normalised here: write a normalisation of the values after the layer, such as \
             `batch_norm2d` or `layer_norm`"),
    ),
    // recurrent
    ("elman recurrent rnncell simplernn simplernncell simplecell rnnbase simplernnlayer vanillarnn", Called("rnn")),
    ("grucell gatedrecurrentunit", Called("gru")),
    ("mgucell quickgelu rrelu erf", Own),
    ("lstmcell optimizedlstmcell longshorttermmemory cudnnlstm", Called("lstm")),
    ("stackedrnncells multirnncell", Write("a stage for each layer: `lstm(8), lstm(8)`")),
    ("bidirectional bilstm bidirectionallstm", Write("`lstm(8, bidirectional = true)`: it is an option here")),
    ("bigru", Write("`gru(8, bidirectional = true)`")),
    ("birnn", Write("`rnn(8, bidirectional = true)`")),
    ("activation activationlayer nonlinearity", Say("write the activation itself as the stage: `relu`")),
    ("laststep lasttimestep takelast finalstate hn returnlast", Called("last")),
    (
        "reducemean average meanovertime temporalmean",
        Write(
            "`mean` for the mean over the steps of [steps, features], or `global_avg_pool` for [channels, length] \
             and images",
        ),
    ),
    (
        "masking mask packpaddedsequence padpackedsequence packsequence",
        Say("every sequence has all of its steps here: leave it out"),
    ),
    // attention
    (
        "attention selfattention dotproductattention scaleddotproductattention additiveattention",
        Write("`multihead_attention(num_heads)`; for a single head, `multihead_attention(1)`"),
    ),
    ("multiheaddotproductattention mha multiheadselfattention", Called("multihead_attention")),
    (
        "causalselfattention causalattention maskedattention maskedmultiheadattention",
        Write("`multihead_attention(4, causal = true)`"),
    ),
    (
        "crossattention multiheadcrossattention encoderdecoderattention",
        Write("`multihead_attention(4, key = memory)`, where an input or an earlier stage is called `memory`"),
    ),
    ("groupedqueryattention gqa", Write("`multihead_attention(8, num_kv_heads = 2)`")),
    ("multiqueryattention mqa", Write("`multihead_attention(8, num_kv_heads = 1)`")),
    (
        "transformerencoderlayer transformerblock transformerlayer encoderlayer transformerencoderblock",
        Write(
            "`residual { multihead_attention(4) }, layer_norm, residual { linear(64), relu, linear(32) }, \
             layer_norm`, or with each `layer_norm` first in its `residual`",
        ),
    ),
    (
        "transformer transformerencoder",
        Write(
            "its blocks: `repeat(2) { residual { layer_norm, multihead_attention(4) }, residual { layer_norm, \
             linear(64), relu, linear(32) } }`, where 32 is the number of features",
        ),
    ),
    (
        "transformerdecoder transformerdecoderlayer decoderlayer gptblock",
        Write(
            "its blocks: `repeat(2) { residual { layer_norm, multihead_attention(4, causal = true) }, residual { \
             layer_norm, linear(64), gelu, linear(32) } }`, where 32 is the number of features; attention to \
             another sequence is `residual { layer_norm, multihead_attention(4, key = memory) }`",
        ),
    ),
    (
        "positionembedding positionalembeddings posembed posembedding learnedpositionalembedding wpe",
        Called("positional_embedding"),
    ),
    (
        "positionencoding sinepositionencoding sinusoidalpositionencoding posenc sinusoidalencoding \
         sinusoidalpositionalencoding",
        Called("positional_encoding"),
    ),
    (
        "rotaryembedding rotaryencoding rotary rope rotarypositionalembedding rotarypositionalembeddings",
        Write(
            "`multihead_attention(4, rotary = interleaved)`, or `multihead_attention(4, rotary = halves)` for Llama's \
             pairs: the attention turns its queries and keys",
        ),
    ),
    (
        "alibi",
        Say("it is not supported yet: write `positional_embedding` or `positional_encoding` before the attention"),
    ),
    ("embed wte tokenembedding lookuptable wordembedding embeddings", Called("embedding")),
    ("embeddingbag", Write("`embedding(1000, 8), mean`: the mean over the steps")),
    (
        "onehot categoryencoding",
        Say("write `embedding(10, 8)` on an input of indices, which has weights for each of them; or give the \
             network one-hot rows"),
    ),
    (
        "patchembed patchembedding",
        Write(
            "`conv2d(64, kernel_size = 4, stride = 4), reshape([64, 49]), transpose`, where 49 is the number of \
             patches",
        ),
    ),
    // activations
    ("rectifier rectifiedlinear", Called("relu")),
    ("hyperbolictangent", Called("tanh")),
    ("gatedlinearunit", Called("glu")),
    ("absolute absolutevalue", Called("abs")),
    ("exponential", Called("exp")),
    ("naturallog logarithm", Called("log")),
    ("squareroot", Called("sqrt")),
    ("sqr squared", Called("square")),
    ("logistic expit", Called("sigmoid")),
    ("swish", Called("silu")),
    ("hardsilu", Called("hard_swish")),
    ("clamp clip clipbyvalue hardtanh", Called("hard_tanh")),
    ("leaky lrelu", Called("leaky_relu")),
    ("fastgelu gelunew gelutanh newgelu geluapproximate", Write("`gelu(approximate = tanh)`")),
    ("accurategelu geluerf", Called("gelu")),
    ("softmaxlastdim", Called("softmax")),
    ("parametricrelu", Called("prelu")),
    ("celu", Say("it is not supported yet: `elu(alpha = 1.0)` is the same for an `alpha` of 1")),
    (
        "logsigmoid",
        Say("it is not supported yet: for a loss on a yes or no, end without an activation and train with \
             `BceWithLogits`"),
    ),
    ("softmax2d", Write("`softmax(dim = 0)`")),
    ("logsoftmax2d", Write("`log_softmax(dim = 0)`")),
    (
        "softmin",
        Say("it is not supported yet: `softmax` after a `linear` learns the same, as the weights can change their \
             sign"),
    ),
    (
        "hardshrink softshrink tanhshrink shrink threshold thresholdedrelu geglu reglu swiglu \
         maxout logsumexp squareplus sparsemax entmax sparseplus pow \
         power neg sin cos reciprocal sign round floor ceil",
        Own,
    ),
    // dropout, noise
    ("drop dropoutonein", Called("dropout")),
    (
        "dropout1d dropout2d spatialdropout1d spatialdropout2d alphadropout featurealphadropout gaussiandropout \
         droppath stochasticdepth dropblock",
        Say("it is not supported yet: `dropout(0.5)` drops each value on its own"),
    ),
    (
        "gaussiannoise noise addnoise randomflip randomrotation randomcrop randomzoom rescaling dataaugmentation \
         augment totensor",
        Say("it is a change of the data: make it on the rows, before training"),
    ),
    // shapes
    ("flat flatten2d ravel flattenlayer", Called("flatten")),
    (
        "view viewas unflatten rearrange reshapelayer resizeas reshapeas",
        Write("`reshape([8, 4])`, with the shape in brackets and without the batch; to one dimension, `flatten`"),
    ),
    (
        "squeeze unsqueeze expanddims newaxis addaxis removeaxis",
        Write("the new shape in full: `reshape([1, 28, 28])`, without the batch"),
    ),
    (
        "swapaxes swapdims moveaxis movedim t permutedims permutation",
        Write("`transpose`, which swaps the last two dimensions, or `permute([1, 2, 0])` for any other order"),
    ),
    (
        "contiguous detach clone todevice to cuda cpu cast constant stopgradient channelslast",
        Say("a stage is not needed for it here: leave it out"),
    ),
    ("repeatvector tile expand broadcast expandas broadcastto flip roll reverse", Own),
    // structures
    (
        "sequential seq modulelist moduledict stackedlayers chain compose layers serial pipeline moduleseq \
         sequence",
        Write(
            "its stages one after the other, separated by commas: `linear(8), relu, linear(2)`; a network of its \
             own can be a stage, too: `encoder: Encoder`",
        ),
    ),
    (
        "cat concatenate merge hstack vstack join depthconcat inception concatlayer parallel",
        Write("`concat { [linear(8)], [linear(4), relu] }`: a branch in brackets for each value to be joined"),
    ),
    (
        "stack",
        Write(
            "`concat { [reshape([1, 8])], [linear(8), reshape([1, 8])] }`, where each branch makes the new \
             dimension",
        ),
    ),
    (
        "sum addinto plus addition elementwiseadd addlayer",
        Write("`add { [linear(8)], [linear(8), relu] }`; for the input itself write `[]`"),
    ),
    (
        "resnet shortcut skip skipconnection residualadd generalizedresidual residualblock resblock resnetblock \
         residualconnection basicblock preactivation",
        Called("residual"),
    ),
    ("repeated repeatlayer stackof times", Called("repeat")),
    (
        "multiply elementwisemul product",
        Write("`mul { [linear(8)], [linear(8), sigmoid] }`; for the input itself write `[]`"),
    ),
    ("subtract minus difference", Write("`sub { [linear(8)], [linear(8), relu] }`, the first less the second")),
    (
        "squeezeexcitation squeezeexcite seblock selayer se",
        Write("`mul { [], [global_avg_pool, linear(2), relu, linear(8), sigmoid, reshape([8, 1, 1])] }`"),
    ),
    (
        "divide div maximum minimum dot highway einsum matmul mm bmm",
        Say(
            "values can be added, subtracted, multiplied and joined: `mul { [..], [..] }`; write anything else as a layer \
             of your own: `my::Divide -> [8]`",
        ),
    ),
    ("bilinear lazybilinear", Own),
    ("identity noop passthrough nop skiplayer pass empty", Say("leave it out: in a branch, `[]` is the input itself")),
    (
        "lambda func function customlayer closure map apply",
        Say("write a layer of your own: implement `Layer` for a type, and write its path and the shape of its \
             output: `my::Double -> [8]`"),
    ),
    (
        "input inputlayer inputshape placeholder inputs",
        Say("the input is declared before the stages: `struct Net: [4] -> [2] { .. }`"),
    ),
    (
        "output outputs outputshape result",
        Say("the last stage is the output, and its shape is declared before the stages: `struct Net: [4] -> [2] { \
             .. }`"),
    ),
    (
        "parameter param variable buffer weight weights",
        Say("parameters belong to layers: write a layer of your own: `my::Scale -> [8]`"),
    ),
    ("prod norm2 argmax argmin topk sort cumsum reducesum reducemax reducemin max min std var", Own),
    (
        "sortedclasses predict classify argmaxlayer",
        Say("`predict` returns the values of the last stage: compare them there"),
    ),
    // losses and optimizers
    (
        "crossentropy crossentropyloss softmaxcrossentropy categoricalcrossentropy sparsecategoricalcrossentropy \
         softmaxwithloss softmaxcrossentropyloss softmaxcrossentropywithlogits",
        loss!("CrossEntropy", without "softmax"),
    ),
    ("nll nllloss negativeloglikelihood negativeloglikelihoodloss", loss!("Nll")),
    ("mse mseloss meansquarederror l2loss l2 squarederror", loss!("Mse")),
    ("l1 l1loss mae meanabsoluteerror", loss!("L1")),
    ("smoothl1 smoothl1loss", loss!("SmoothL1")),
    ("huber huberloss", loss!("Huber")),
    ("bce bceloss binarycrossentropy binarycrossentropyloss", loss!("Bce")),
    (
        "bcewithlogits bcewithlogitsloss binarycrossentropywithlogits sigmoidcrossentropy \
         sigmoidbinarycrossentropy",
        loss!("BceWithLogits", without "sigmoid"),
    ),
    ("kldiv kldivloss kldivergence kullbackleibler", loss!("KlDiv")),
    ("hingeembedding hingeembeddingloss hinge hingeloss", loss!("HingeEmbedding")),
    ("multimargin multimarginloss categoricalhinge", loss!("MultiMargin")),
    (
        "loss criterion ctcloss gaussiannllloss poissonnllloss cosineembeddingloss marginrankingloss \
         tripletmarginloss softmarginloss cosinesimilarity pairwisedistance focalloss diceloss \
         adaptivelogsoftmaxwithloss multilabelmarginloss multilabelsoftmarginloss",
        Say("a loss is not a stage: give it to the training, as in `Fit::new(Adam::new(0.01), CrossEntropy)`; a loss \
             of your own implements `Loss`"),
    ),
    (
        "adam adamw sgd rmsprop adagrad nadam lion optimizer momentum scheduler lrscheduler",
        Say("an optimizer is not a stage: give it to the training, as in `Fit::new(Adam::new(0.01), CrossEntropy)`"),
    ),
    (
        "accuracy metric metrics confusionmatrix",
        Say("a metric is not a stage: give it to the training, as in `Fit::new(..).metrics(Accuracy)`, or call \
            `measure` or `confusion_matrix` afterwards"),
    ),
    (
        "compile fit train eval backward zerograd forward call",
        Say("it is not a stage: `network!` declares the layers; training is `Fit`, or `Training`"),
    ),
    (
        "regularizer weightdecay l2regularization activityregularization l1regularization",
        Say("weight decay is an option of the optimizer, such as `AdamW`"),
    ),
    ("frozen freeze requiresgrad", Say("write `#[frozen]` before each stage that is not to be trained")),
    ("quantize dequantize quantstub dequantstub quantizelinear", Say("quantised networks are not supported")),
    ("dataparallel checkpoint remat jit scan", Say("a stage is not needed for it here: leave it out")),
];

/// Segments of a path that build a layer elsewhere, and are no part of its name: `Linear::new`.
const CONSTRUCTORS: &[&str] = &["new", "default", "init", "build", "create", "with_config"];

/// Whether another framework has a layer of this name, or it is another spelling: `Dense`, `ReLU`, `conv_2d`.
pub fn is_known(written: &str) -> bool {
    find(written).is_some()
}

/// What to write for a name from elsewhere, or for another spelling: `Dense`, `ReLU`, `conv_2d`.
fn find(written: &str) -> Option<Here> {
    let written = plain(written);
    let written = written.strip_suffix("config").filter(|name| !name.is_empty()).unwrap_or(&written);
    let other = ELSEWHERE.iter().find(|(names, _)| names.split(' ').any(|name| name == written)).map(|(_, here)| *here);
    other.or_else(|| layers::keywords().find(|known| plain(known) == written).map(Called))
}

/// Every name of the table with its help.
#[cfg(test)]
pub fn every() -> impl Iterator<Item = (&'static str, String)> {
    ELSEWHERE.iter().flat_map(|(names, _)| names.split(' ').map(|name| (name, help(name))))
}

/// The mistake of a name that no layer has.
pub fn unknown(written: &str, extent: Extent) -> Diagnostic {
    Diagnostic::across(extent, format!("unknown layer `{written}`")).help(help(written))
}

/// An activation from elsewhere as a stage here, or nothing: `silu` for `Swish`. `None` if it is not known.
pub fn activation(written: &str) -> Option<&'static str> {
    let is_stage = |code: &&str| {
        let keyword = code.split('(').next().unwrap_or_default();
        layers::all().any(|layer| layer.keyword == keyword)
    };
    match find(written)? {
        Called(name) => Some(name).filter(is_stage),
        Write(text) => text.strip_prefix('`')?.strip_suffix('`').filter(is_stage),
        Say(_) | Own => None,
    }
}

/// What to write instead of a name that no layer has. It may be a path: `nn::Linear`, `nn.Linear`.
pub fn help(written: &str) -> String {
    let mut parts: Vec<_> = written.split(['.', ':']).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.last().is_some_and(|last| CONSTRUCTORS.contains(last)) {
        parts.pop();
    }
    let last = parts.last().copied().unwrap_or(written);
    match find(last) {
        Some(Called(name)) => format!("the layer is called `{name}` here"),
        Some(Write(text)) => format!("write {text}"),
        Some(Say(text)) => text.into(),
        Some(Own) => {
            let own = camel_case(last);
            format!("it is not supported yet: implement `Layer` for a type of your own, and write its path and its output: `my::{own} -> [8]`")
        }
        None => match nearest(last, layers::keywords()) {
            Some(name) => format!("a layer with a similar name exists: `{name}`"),
            None => {
                "a layer of your own is written by the path of its type, which starts with a capital letter or has a `::`"
                    .into()
            }
        },
    }
}
