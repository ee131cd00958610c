//! The deployment's records: one Durable Object with SQLite, and the way to it.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, SqlStorage, SqlStorageValue, State,
    durable_object,
};

use crate::{
    ports::NoAnswer,
    records::{
        Ask, Records, Told,
        book::{self, Db, DbError, Row, SCHEMA, Value},
    },
};

/// The binding of the namespace, and the one object in it.
const BINDING: &str = "RECORDS";
const NAME: &str = "the deployment";

/// A question on its way.
#[derive(Serialize, Deserialize)]
struct Sent {
    now: i64,
    ask: Ask,
}

/// The way to the object.
pub(super) struct BoundRecords(Env);

impl BoundRecords {
    pub(super) const fn new(env: Env) -> Self {
        Self(env)
    }

    async fn send(&self, now: Timestamp, ask: &Ask) -> Option<Told> {
        let sent = serde_json::to_string(&Sent { now: now.unix(), ask: ask.clone() }).ok()?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(JsValue::from_str(&sent)));
        // A binding goes by the object; the address is there because a request needs one.
        let request = Request::new_with_init("http://records/", &init).ok()?;
        let stub = self.0.durable_object(BINDING).ok()?.get_by_name(NAME).ok()?;
        let mut answer = stub.fetch_with_request(request).await.ok()?;
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }
}

impl Records for BoundRecords {
    async fn ask(&self, now: Timestamp, ask: &Ask) -> Result<Told, NoAnswer> {
        self.send(now, ask).await.ok_or(NoAnswer)
    }
}

/// The object.
#[durable_object]
pub struct DeploymentRecords {
    sql: SqlStorage,
    ready: Result<(), DbError>,
}

impl DurableObject for DeploymentRecords {
    fn new(state: State, _env: Env) -> Self {
        let sql = state.storage().sql();
        let ready = SCHEMA.iter().try_for_each(|statement| rows(&sql, statement, &[]).map(|_| ()));
        Self { sql, ready }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let Sent { now, ask } = request.json().await?;
        let now = Timestamp::from_unix(now).ok_or("no time")?;
        Response::from_json(&book::answer(self, now, &ask))
    }
}

impl Db for DeploymentRecords {
    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        self.ready?;
        rows(&self.sql, sql, values)
    }
}

fn rows(sql: &SqlStorage, statement: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
    let value = |value: &Value| match value {
        Value::Text(text) => SqlStorageValue::String(text.clone()),
        Value::Number(number) => SqlStorageValue::Integer(*number),
    };
    let values: Vec<SqlStorageValue> = values.iter().map(value).collect();
    let cursor = sql.exec(statement, Some(values)).map_err(|_| DbError)?;
    cursor.to_array::<Row>().map_err(|_| DbError)
}
