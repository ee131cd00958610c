//! Randomness and signatures, by the runtime's own WebCrypto.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::js_sys::{self, Array, Function, Object, Promise, Reflect, Uint8Array};

use crate::ports::{Chance, NoAnswer, Signer};

/// `crypto.getRandomValues`.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuntimeChance;

impl Chance for RuntimeChance {
    fn bytes<const N: usize>(&self) -> Result<[u8; N], NoAnswer> {
        let mut bytes = [0; N];
        getrandom::getrandom(&mut bytes).map_err(|_| NoAnswer)?;
        Ok(bytes)
    }
}

/// `crypto.subtle`.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuntimeSigner;

impl Signer for RuntimeSigner {
    async fn rs256(&self, pkcs8: &[u8], message: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        sign(pkcs8, message).await.map_err(|_| NoAnswer)
    }
}

async fn sign(pkcs8: &[u8], message: &[u8]) -> Result<Vec<u8>, JsValue> {
    let subtle = Reflect::get(&Reflect::get(&js_sys::global(), &"crypto".into())?, &"subtle".into())?;
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"RSASSA-PKCS1-v1_5".into())?;
    Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    let usages = Array::of1(&"sign".into());
    let key = call(
        &subtle,
        "importKey",
        &[&"pkcs8".into(), &Uint8Array::from(pkcs8), &algorithm, &JsValue::FALSE, &usages],
    )
    .await?;
    let signature = call(&subtle, "sign", &[&algorithm, &key, &Uint8Array::from(message)]).await?;
    Ok(Uint8Array::new(&signature).to_vec())
}

async fn call(subtle: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(subtle, &name.into())?.dyn_into()?;
    let arguments: Array = arguments.iter().copied().collect();
    let promise: Promise = function.apply(subtle, &arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}
