# The Worker in plain workerd, without Node or an account: what `cargo xtask up` and the tests run.
#
#   workerd serve worker/workerd.capnp --socket-addr=http=127.0.0.1:8765 --directory-path=page=dist --directory-path=storage=.burstboard/worker
#
# Settings come from the environment; docs/interfaces.md lists them. An unset one counts as not given.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    # GitHub and the catalogue may be on this computer. Which addresses the Worker asks is its own decision
    # (GITHUB_API_URL, BLOB_ORIGINS); the runtime does not have to guess.
    (name = "internet", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = true),
    )),
    # The built page; the folder is given on the command line.
    (name = "page", disk = (writable = false)),
    # What the deployment remembers; the folder is given on the command line too.
    (name = "storage", disk = (writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "build/index.js"),
    (name = "index_bg.wasm", wasm = embed "build/index_bg.wasm"),
  ],
  # From 2025-09-01 on the runtime drops `Authorization` on redirects to other origins: a second belt, since the
  # Worker follows none.
  compatibilityDate = "2026-04-01",
  globalOutbound = "internet",
  durableObjectNamespaces = [
    (className = "DeploymentRecords", uniqueKey = "burstboard-records", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
  bindings = [
    (name = "ASSETS", service = "page"),
    (name = "GITHUB_REPOSITORY", fromEnvironment = "GITHUB_REPOSITORY"),
    (name = "GITHUB_TOKEN", fromEnvironment = "GITHUB_TOKEN"),
    (name = "RECORDS", durableObjectNamespace = "DeploymentRecords"),
    (name = "LAUNCHERS", fromEnvironment = "LAUNCHERS"),
    (name = "GITHUB_APP_ID", fromEnvironment = "GITHUB_APP_ID"),
    (name = "GITHUB_APP_PRIVATE_KEY", fromEnvironment = "GITHUB_APP_PRIVATE_KEY"),
    (name = "GITHUB_CLIENT_ID", fromEnvironment = "GITHUB_CLIENT_ID"),
    (name = "GITHUB_CLIENT_SECRET", fromEnvironment = "GITHUB_CLIENT_SECRET"),
    (name = "SEAL_KEYS", fromEnvironment = "SEAL_KEYS"),
    (name = "PAGE_ORIGIN", fromEnvironment = "PAGE_ORIGIN"),
    (name = "GITHUB_WEB_URL", fromEnvironment = "GITHUB_WEB_URL"),
    (name = "GITHUB_API_URL", fromEnvironment = "GITHUB_API_URL"),
    (name = "GITHUB_REF", fromEnvironment = "GITHUB_REF"),
    (name = "BLOB_ORIGINS", fromEnvironment = "BLOB_ORIGINS"),
    (name = "CATALOGUE_URL", fromEnvironment = "CATALOGUE_URL"),
    (name = "TILES_URL", fromEnvironment = "TILES_URL"),
    (name = "TILES_ATTRIBUTION", fromEnvironment = "TILES_ATTRIBUTION"),
    (name = "CONCURRENT_JOBS", fromEnvironment = "CONCURRENT_JOBS"),
    (name = "JOBS_PER_DAY", fromEnvironment = "JOBS_PER_DAY"),
    (name = "REQUESTS_PER_MINUTE", fromEnvironment = "REQUESTS_PER_MINUTE"),
    (name = "SIMULATED", fromEnvironment = "SIMULATED"),
  ],
);
