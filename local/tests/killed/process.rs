//! The real binary: started, posted to, killed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use whatsapp::{AppSecret, sign};

use crate::plan::Call;

const PATH: &str = "/api/v1/webhooks/whatsapp";

pub(crate) struct Process {
    data: PathBuf,
    child: Mutex<Option<Child>>,
    /// Where it answers; empty while it is down.
    url: watch::Sender<String>,
    client: reqwest::Client,
    secret: AppSecret,
}

impl Process {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            child: Mutex::new(None),
            url: watch::Sender::new(String::new()),
            client: reqwest::Client::new(),
            secret: AppSecret::new(local::secrets::APP_SECRET).unwrap(),
        }
    }

    /// Starts it and returns when it says where it answers.
    pub(crate) async fn start(&self) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
            .args(["--port", "0", "--log", "error", "--data"])
            .arg(&self.data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let first = tokio::task::spawn_blocking(move || {
            let mut lines = output.lines();
            let first = lines.next().unwrap().unwrap();
            // The rest must be read, or the process would wait for somebody to do it.
            std::thread::spawn(move || lines.for_each(drop));
            first
        });
        let first = first.await.unwrap();
        let url = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        self.url.send_replace(url.to_owned());
    }

    /// SIGKILL: nothing is flushed, nothing is finished.
    pub(crate) fn kill(&self) {
        self.url.send_replace(String::new());
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut child = child.unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Posts a call to the process once it is up; whether it was answered 200.
    pub(crate) async fn post(&self, call: &Call) -> bool {
        let mut urls = self.url.subscribe();
        let url = urls.wait_for(|url| !url.is_empty()).await.unwrap().clone();
        let body = call.body();
        let signature = sign(&body, &self.secret);
        let request = self.client.post(format!("{url}{PATH}"));
        let request = request.header("x-hub-signature-256", signature).body(body);
        request.send().await.is_ok_and(|answer| answer.status() == 200)
    }

    /// Waits until the system has exchanged so much with Meta, over all lives.
    pub(crate) async fn exchanged(&self, count: usize) {
        let url = self.url.borrow().clone();
        let news = format!("{url}/phone/api/news?after={}", count.saturating_sub(1));
        loop {
            let answer = self.client.get(&news).send().await.unwrap();
            let news: serde_json::Value = answer.json().await.unwrap();
            if news["entries"].as_array().is_some_and(|entries| !entries.is_empty()) {
                return;
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = self.child.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
