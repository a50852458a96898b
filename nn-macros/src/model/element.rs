//! The types of values.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    F32,
    F64,
    U8,
    U16,
    U32,
}

impl Element {
    pub const ALL: [Self; 5] = [Self::F32, Self::F64, Self::U8, Self::U16, Self::U32];

    /// The type of this name, if there is one.
    pub fn named(name: &Ident) -> Option<Self> {
        Self::ALL.into_iter().find(|element| name == element.name())
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
        }
    }

    pub const fn is_index(self) -> bool {
        matches!(self, Self::U8 | Self::U16 | Self::U32)
    }

    /// How many different indices it can be; `None` for numbers.
    pub const fn indices(self) -> Option<u64> {
        match self {
            Self::U8 => Some(1 << 8),
            Self::U16 => Some(1 << 16),
            Self::U32 => Some(1 << 32),
            Self::F32 | Self::F64 => None,
        }
    }

    /// The bytes of one value.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::F32 | Self::U32 => 4,
            Self::F64 => 8,
        }
    }

    /// The type where the user's names are in scope, one of which could be `f32`.
    pub fn path(self) -> TokenStream {
        quote!(::core::primitive::#self)
    }
}

/// The type where the expansion has imported it.
impl ToTokens for Element {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend([TokenTree::from(Ident::new(self.name(), Span::call_site()))]);
    }
}
