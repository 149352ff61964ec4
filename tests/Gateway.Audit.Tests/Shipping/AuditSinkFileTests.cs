using Gateway.Audit.Shipping;

namespace Gateway.Audit.Tests.Shipping;

/// <summary>The file of the sinks: what is wrong with it is said with its place and what to write.</summary>
public sealed class AuditSinkFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[]", "cannot be read")]
    [InlineData("{\"a\":{\"kind\":\"webhook\",\"url\":\"https://x/\"}}", "/a/on_full: must be")]
    [InlineData("{\"a\":{\"url\":\"https://x/\",\"on_full\":\"drop\"}}", "/a/kind: \"\" is not a kind")]
    [InlineData("{\"a\":{\"kind\":\"webhook\",\"on_full\":\"drop\"}}", "/a/url: must be an https")]
    [InlineData("{\"a\":{\"kind\":\"ftp\",\"url\":\"https://x/\",\"on_full\":\"drop\"}}", "/a/kind: \"ftp\"")]
    [InlineData("{\"a\":{\"kind\":\"webhook\",\"url\":\"http://x/\",\"on_full\":\"drop\"}}", "/a/url: must")]
    [InlineData("{\"a\":{\"kind\":\"otlp\",\"url\":\"https://u:p@x/\",\"on_full\":\"drop\"}}", "/a/url: must be")]
    [InlineData("{\"a\":{\"kind\":\"webhook\",\"url\":\"https://x/\",\"on_full\":\"wait\"}}", "/a/on_full: must be")]
    [InlineData("{\"a/b\":{\"kind\":\"webhook\",\"url\":\"https://x/\",\"on_full\":\"drop\"}}", "not a valid sink")]
    [InlineData("{\"a\":{\"kind\":\"webhook\",\"url\":\"https://x/\",\"on_full\":\"drop\",\"b\":1}}", "cannot be read")]
    [InlineData("{\"a\":{\"kind\":\"syslog\",\"url\":\"tcp://siem:601\",\"on_full\":\"drop\"}}", "/a/url: must be tls")]
    [InlineData("{\"a\":{\"kind\":\"syslog\",\"url\":\"tls://siem\",\"on_full\":\"drop\"}}", "/a/url: must be tls")]
    [InlineData("{\"a\":{\"kind\":\"syslog\",\"url\":\"tls://siem:6514/x\",\"on_full\":\"drop\"}}", "/a/url: must be")]
    [InlineData(
        "{\"a\":{\"kind\":\"syslog\",\"url\":\"tls://s:1\",\"on_full\":\"drop\",\"token_file\":\"t\"}}",
        "/a/token_file")]
    [InlineData(
        "{\"a\":{\"kind\":\"otlp\",\"url\":\"https://x/\",\"on_full\":\"drop\",\"schema\":\"cef\"}}",
        "/a/schema: must be")]
    [InlineData(
        "{\"a\":{\"kind\":\"otlp\",\"url\":\"https://x/\",\"on_full\":\"drop\",\"token_header\":\"X-Key\"}}",
        "/a/token_header: must be")]
    [InlineData(
        "{\"a\":{\"kind\":\"otlp\",\"url\":\"https://x/\",\"on_full\":\"drop\",\"key_file\":\"k\"}}", "/a/key_file: ")]
    [InlineData(
        "{\"a\":{\"kind\":\"otlp\",\"url\":\"https://x/\",\"on_full\":\"drop\",\"retention\":\"9d\"}}",
        "/a/retention: applies only")]
    [InlineData(
        "{\"a\":{\"kind\":\"postgres\",\"url\":\"mysql://x\",\"on_full\":\"drop\"}}",
        "/a/url: must be postgres")]
    [InlineData(
        "{\"a\":{\"kind\":\"postgres\",\"url\":\"postgres://u@h/d\",\"on_full\":\"drop\",\"retention\":\"x\"}}",
        "/a/retention: \"x\"")]
    [InlineData(
        "{\"a\":{\"kind\":\"postgres\",\"url\":\"postgres://u@h/d\",\"on_full\":\"drop\",\"schema\":\"ocsf\"}}",
        "/a/schema: must be \"gateway\"")]
    [InlineData(
        "{\"a\":{\"kind\":\"postgres\",\"url\":\"postgres://u@h/d\",\"on_full\":\"drop\",\"ca_file\":\"x\"}}",
        "/a/ca_file: a database's")]
    [InlineData(
        "{\"a\":{\"kind\":\"postgres\",\"url\":\"postgres://u@h/d\",\"on_full\":\"drop\"},"
        + "\"b\":{\"kind\":\"postgres\",\"url\":\"postgres://u@h/e\",\"on_full\":\"drop\"}}",
        "/b/kind: a second table")]
    public void Refuses_a_file_with_a_mistake_and_says_where(string written, string said)
    {
        var problem = Assert.Throws<FormatException>(() => Read(written));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_every_kind_with_its_files_beside_the_file()
    {
        var sinks = Read("""
            {
              "siem": { "kind": "webhook", "url": "https://x/", "on_full": "block", "token_file": "token" },
              "logs": { "kind": "otlp", "url": "http://127.0.0.1:4318/v1/logs", "on_full": "drop", "schema": "ocsf",
                        "token_file": "/run/key", "token_header": "X-Api-Key", "ca_file": "ca.pem" },
              "old": { "kind": "syslog", "url": "tls://siem:6514", "on_full": "drop",
                       "certificate_file": "own.crt", "key_file": "own.key" },
              "all": { "kind": "postgres", "url": "postgres://audit@db/gateway", "on_full": "block", "retention": "90d" }
            }
            """);

        Assert.Equal(
            [
                new("siem", AuditSinkKind.Webhook, "https://x/", true) { TokenFile = Beside("token") },
                new("logs", AuditSinkKind.Otlp, "http://127.0.0.1:4318/v1/logs", false)
                {
                    IsOcsf = true, TokenFile = "/run/key", TokenHeader = "X-Api-Key", CaFile = Beside("ca.pem"),
                },
                new("old", AuditSinkKind.Syslog, "tls://siem:6514", false)
                {
                    CertificateFile = Beside("own.crt"), KeyFile = Beside("own.key"),
                },
                new("all", AuditSinkKind.Postgres, "postgres://audit@db/gateway", true)
                {
                    Retention = TimeSpan.FromDays(90),
                },
            ],
            sinks);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData(",\"retention\":\"never\"", null)]
    public void A_table_keeps_thirty_days_by_default(string written, int? days)
    {
        var sink = Assert.Single(Read(
            "{\"a\":{\"kind\":\"postgres\",\"url\":\"postgres://u@h/d\",\"on_full\":\"drop\"" + written + "}}"));

        Assert.Equal(days, (int?)sink.Retention?.TotalDays);
    }

    private string Beside(string name) => Path.Combine(_folder.Path, name);

    private IReadOnlyList<AuditSinkOptions> Read(string written)
    {
        var path = Beside("sinks.json");
        File.WriteAllText(path, written);
        return AuditSinkFile.Read(path);
    }
}
