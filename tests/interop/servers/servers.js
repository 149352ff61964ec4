// The servers, with what each needs to start: dummy keys, and addresses of this machine at which nothing listens.
// FOLDER is the server's working directory, EVERYTHING the address of server-everything over HTTP, NODE the program,
// and MODULES the folder of the packages. "files" are written as JSON into the working directory. "sse" is HTTP+SSE,
// the transport of revision 2024-11-05. "calls" takes the place of the two calls that are made up from the list of
// tools; isShort marks those whose packages tests/interop has.
const keys = (...names) => Object.fromEntries(names.map((name) => [name, "dummy"]));
const call = (name, given = {}) => ({ name, arguments: given });
const official = "@modelcontextprotocol/server-";
const graph = [call("read_graph"), call("open_nodes", { names: ["none"] })];

export const servers = [
  {
    name: "everything", package: `${official}everything`, isShort: true,
    calls: [call("echo", { message: "hello" }), call("get-resource-links", { count: 2 })],
    http: { args: ["streamableHttp"] },
  },
  {
    name: "filesystem", package: `${official}filesystem`, isShort: true, args: ["FOLDER"],
    calls: [call("list_directory", { path: "FOLDER" }), call("read_text_file", { path: "/etc/none" })],
  },
  { name: "memory", package: `${official}memory`, isShort: true, calls: graph },
  { name: "memory-2024", package: "server-memory-2024", isShort: true, calls: graph },
  { name: "github", package: `${official}github`, isShort: true, env: keys("GITHUB_PERSONAL_ACCESS_TOKEN") },
  { name: "gitlab", package: `${official}gitlab`, isShort: true, env: keys("GITLAB_PERSONAL_ACCESS_TOKEN") },
  { name: "slack", package: `${official}slack`, isShort: true, env: keys("SLACK_BOT_TOKEN", "SLACK_TEAM_ID") },
  {
    name: "playwright", package: "@playwright/mcp", isShort: true, args: ["--headless"],
    calls: [call("browser_navigate"), call("browser_select_option", { ref: "none" })],
    http: { args: ["--headless", "--port", "0", "--allowed-hosts", "*"] },
  },
  { name: "google-maps", package: `${official}google-maps`, env: keys("GOOGLE_MAPS_API_KEY") },
  { name: "brave-search", package: `${official}brave-search`, env: keys("BRAVE_API_KEY") },
  { name: "postgres", package: `${official}postgres`, args: ["postgresql://127.0.0.1:9/none"] },
  {
    name: "sequential-thinking", package: `${official}sequential-thinking`,
    calls: [
      call("sequentialthinking", { thought: "one", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 }),
      call("sequentialthinking"),
    ],
  },
  { name: "puppeteer", package: `${official}puppeteer`, calls: [call("puppeteer_click"), call("puppeteer_navigate")] },
  { name: "redis", package: `${official}redis`, args: ["redis://127.0.0.1:9"] },
  {
    name: "aws-kb", package: `${official}aws-kb-retrieval`,
    env: { ...keys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), AWS_REGION: "us-east-1" },
    calls: [call("retrieve_from_aws_kb", { query: "x", knowledgeBaseId: "x" }), call("retrieve_from_aws_kb")],
  },
  {
    name: "everart", package: `${official}everart`,
    env: keys("EVERART_API_KEY"), calls: [call("generate_image"), call("generate_image", { prompt: 1 })],
  },
  { name: "map", package: `${official}map`, args: ["--stdio"] },
  { name: "system-monitor", package: `${official}system-monitor`, args: ["--stdio"] },
  { name: "kubernetes", package: "mcp-server-kubernetes" },
  { name: "hubspot", package: "@hubspot/mcp-server", env: keys("PRIVATE_APP_ACCESS_TOKEN") },
  { name: "circleci", package: "@circleci/mcp-server-circleci", env: keys("CIRCLECI_TOKEN") },
  {
    name: "notion", package: "@notionhq/notion-mcp-server", env: keys("NOTION_TOKEN"),
    http: { args: ["--transport", "http", "--auth-token", "dummy"], headers: { Authorization: "Bearer dummy" } },
  },
  { name: "stripe", package: "@stripe/mcp", args: ["--tools=all", "--api-key=sk_test_dummy"] },
  { name: "sentry", package: "@sentry/mcp-server", args: ["--access-token=dummy"] },
  {
    name: "supabase", package: "@supabase/mcp-server-supabase",
    // Without "docs", whose tools are described by the vendor's API.
    args: ["--features=account,database,debugging", `--access-token=sbp_${"0".repeat(40)}`],
  },
  {
    name: "context7", package: "@upstash/context7-mcp",
    http: { args: ["--transport", "http", "--port", "3999"], port: 3999 },
  },
  { name: "firecrawl", package: "firecrawl-mcp", env: keys("FIRECRAWL_API_KEY") },
  { name: "exa", package: "exa-mcp-server", env: keys("EXA_API_KEY") },
  { name: "tavily", package: "tavily-mcp", env: keys("TAVILY_API_KEY") },
  {
    name: "mcp-remote", package: "mcp-remote",
    args: ["EVERYTHING", "--allow-http"], calls: [call("echo", { message: "hello" }), call("get-sum")],
  },
  { name: "heroku", package: "@heroku/mcp-server", env: keys("HEROKU_API_KEY") },
  {
    name: "cloudflare", package: "@cloudflare/mcp-server-cloudflare", args: ["run", "dummy"],
    env: keys("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"),
  },
  { name: "airtable", package: "airtable-mcp-server", env: keys("AIRTABLE_API_KEY") },
  { name: "browsermcp", package: "@browsermcp/mcp" },
  {
    name: "chrome-devtools", package: "chrome-devtools-mcp", args: ["--headless", "--no-usage-statistics"],
    calls: [call("navigate_page", { type: "none" }), call("click")],
  },
  {
    name: "figma", package: "figma-developer-mcp", args: ["--stdio", "--figma-api-key=dummy"],
    http: { args: ["--figma-api-key=dummy", "--port", "0"] },
  },
  {
    name: "elasticsearch", package: "@elastic/mcp-server-elasticsearch",
    env: { ES_URL: "http://127.0.0.1:9", ...keys("ES_API_KEY") },
  },
  {
    name: "mysql", package: "@benborla29/mcp-server-mysql",
    env: { MYSQL_HOST: "127.0.0.1", MYSQL_PORT: "9", ...keys("MYSQL_USER", "MYSQL_PASS", "MYSQL_DB") },
  },
  { name: "apify", package: "@apify/actors-mcp-server", env: keys("APIFY_TOKEN") },
  {
    name: "mongodb", package: "mongodb-mcp-server",
    args: ["--telemetry", "disabled"], http: { args: ["--transport", "http", "--telemetry", "disabled"] },
  },
  {
    name: "desktop-commander", package: "@wonderwhy-er/desktop-commander", args: ["--no-onboarding"],
    calls: [call("list_directory", { path: "FOLDER" }), call("read_file")],
  },
  { name: "shopify-dev", package: "@shopify/dev-mcp", env: { OPT_OUT_INSTRUMENTATION: "true" } },
  {
    name: "brave", package: "@brave/brave-search-mcp-server",
    env: keys("BRAVE_API_KEY"), args: ["--transport", "stdio"],
  },
  { name: "perplexity", package: "@perplexity-ai/mcp-server", env: keys("PERPLEXITY_API_KEY") },
  { name: "line", package: "@line/line-bot-mcp-server", env: keys("CHANNEL_ACCESS_TOKEN", "DESTINATION_USER_ID") },
  { name: "airbnb", package: "@openbnb/mcp-server-airbnb", args: ["--ignore-robots-txt"] },
  { name: "paddle", package: "@paddle/paddle-mcp", args: ["--api-key=dummy", "--environment=sandbox"] },
  {
    name: "mapbox", package: "@mapbox/mcp-server", env: { MAPBOX_ACCESS_TOKEN: "pk.eyJ1IjoiZHVtbXkifQ.dummy" },
    calls: [call("ForwardGeocodeTool", { q: "none" }), call("DirectionsTool")],
  },
  { name: "hostinger", package: "hostinger-api-mcp", env: keys("API_TOKEN") },
  { name: "sqlite", package: "mcp-server-sqlite-npx", args: ["FOLDER/data.db"] },
  { name: "antv-chart", package: "@antv/mcp-server-chart" },
  { name: "todoist", package: "todoist-mcp", env: keys("API_KEY") },
  { name: "gitlab-zereight", package: "@zereight/mcp-gitlab", env: keys("GITLAB_PERSONAL_ACCESS_TOKEN") },
  { name: "xero", package: "@xeroapi/xero-mcp-server", env: keys("XERO_CLIENT_ID", "XERO_CLIENT_SECRET") },
  { name: "digitalocean", package: "@digitalocean/mcp", env: keys("DIGITALOCEAN_API_TOKEN") },
  { name: "brightdata", package: "@brightdata/mcp", env: keys("API_TOKEN") },
  { name: "eslint", package: "@eslint/mcp", calls: [call("lint-files"), call("lint-files", { filePaths: 1 })] },
  {
    name: "azure-devops", package: "@azure-devops/mcp",
    args: ["dummy", "--authentication", "envvar"], env: keys("ADO_MCP_AUTH_TOKEN"),
  },
  {
    name: "twilio", package: "@twilio-alpha/mcp", args: [`AC${"0".repeat(32)}/SK${"0".repeat(32)}:dummy`],
    calls: [call("TwilioApiV2010--FetchAccount", { sid: "none" }), call("TwilioApiV2010--ListAddress")],
  },
  { name: "datadog", package: "@winor30/mcp-server-datadog", env: keys("DATADOG_API_KEY", "DATADOG_APP_KEY") },
  { name: "mui", package: "@mui/mcp", calls: [call("fetchDocs", { urls: [] }), call("fetchDocs")] },
  {
    name: "kubernetes-redhat", package: "kubernetes-mcp-server", args: ["--kubeconfig", "FOLDER/kubeconfig"],
    files: {
      kubeconfig: {
        apiVersion: "v1", kind: "Config", "current-context": "none",
        contexts: [{ name: "none", context: { cluster: "none", user: "none" } }],
        clusters: [{ name: "none", cluster: { server: "https://127.0.0.1:9" } }], users: [{ name: "none", user: {} }],
      },
    },
  },
  { name: "neon", package: "@neondatabase/mcp-server-neon", args: ["start", "dummy"] },
  { name: "auth0", package: "@auth0/auth0-mcp-server", args: ["run"] },
  { name: "lark", package: "@larksuiteoapi/lark-mcp", args: ["mcp", "-a", "dummy", "-s", "dummy"] },
  { name: "launchdarkly", package: "@launchdarkly/mcp-server", args: ["start", "--api-key", "dummy"] },
  { name: "azure", package: "@azure/mcp", args: ["server", "start"] },
  {
    name: "supergateway", package: "supergateway",
    sse: {
      args: [
        "--stdio", `NODE MODULES/${official}filesystem/dist/index.js FOLDER`, "--outputTransport", "sse", "--port",
          "3998",
      ],
    },
    calls: [call("list_directory", { path: "FOLDER" }), call("read_text_file", { path: "/etc/none" })],
  },
];
