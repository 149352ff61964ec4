using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Credentials;

/// <summary>The binding of a credential in the store, and of servers that the configuration file has.</summary>
public sealed class StoredBindingTests : IAsyncLifetime
{
    private RecordingServer _server = null!;
    private RecordingServer _other = null!;

    public async Task InitializeAsync() =>
        (_server, _other) = (await RecordingServer.StartAsync(), await RecordingServer.StartAsync());

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_detached_secret_is_none_that_the_previous_release_opens()
    {
        await using var bench = await AdminBench.StartAsync();
        var editor = await bench.KeyOfAsync("ed", "editor");
        await bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = _server.Url,
            ["headers"] = new JsonObject { ["X-Key"] = "secret" },
        });
        var attached = Stored(bench);
        await bench.SendAsync("PATCH", "servers/crm", new JsonObject { ["url"] = _other.Url }, "*", editor);
        var detached = Stored(bench);
        var secrets = bench.Host.Services.GetRequiredService<SecretProtector>();

        // The previous release opens what TryOpen opens, and serves no server of which it cannot open a secret.
        Assert.True(secrets.TryOpen(attached, out _));
        Assert.False(secrets.TryOpen(detached, out _));
        Assert.Matches("^detached:[0-9a-f]{64}:sealed:", detached);
        Assert.EndsWith(attached, detached, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_of_the_previous_release_is_bound_to_what_it_says()
    {
        await using var bench = await AdminBench.StartAsync();
        var editor = await bench.KeyOfAsync("ed", "editor");
        var secrets = bench.Host.Services.GetRequiredService<SecretProtector>();
        var document = new JsonObject
        {
            ["url"] = _server.Url,
            ["sealedHeaders"] = new JsonObject { ["X-Key"] = await secrets.SealAsync("secret", default) },
        };
        await bench.Host.Services.GetRequiredService<IControlStore>().WriteAsync(
            new ControlKey(ControlKinds.Servers, "crm"), 0, Encoding.UTF8.GetBytes(document.ToJsonString()), default);
        await bench.Host.Services.GetRequiredService<SnapshotUpdater>().RefreshAsync(default);

        var read = await bench.SendAsync("GET", "servers/crm");
        var moved = await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = _other.Url }, "*", editor);

        Assert.Equal((200, null), (read.Status, read.Json!["detachedCredentials"]));
        Assert.NotNull(moved.Json!["detachedCredentials"]);
    }

    [Fact]
    public async Task The_file_and_the_store_never_mix_a_server_and_a_credential()
    {
        await using var bench = await AdminBench.StartAsync(
            $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" } }""");
        await bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = _server.Url,
            ["headers"] = new JsonObject { ["X-Key"] = "of the store" },
        });
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited));
        var token = (string)(await bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"))).Json!["token"]!;

        await FileAsync(bench, $$""", "servers": { "crm": { "url": "{{_other.Url}}" } }""");
        var refused = await bench.SendAsync("PATCH", "servers/crm", new JsonObject { ["host"] = "a.example" }, "*");
        await bench.CallAsync(token);
        await FileAsync(bench, $$"""
            , "servers": { "crm": { "url": "{{_other.Url}}?x=1", "headers": { "X-Key": "of the file" } } }
            """);
        await bench.CallAsync(token);
        await FileAsync(bench, "");
        await bench.CallAsync(token);

        Assert.Equal(409, refused.Status);
        Assert.Equal([null, "of the file"],
            _other.Requests.Select(static one => one.Headers.GetValueOrDefault("X-Key")));
        Assert.Equal("of the store", Assert.Single(_server.Requests).Headers["X-Key"]);
    }

    /// <summary>
    /// Each member either decides who receives the credentials, is one, or is listed here as one that does not. A new
    /// member, such as a proxy or a certificate authority, fails this until somebody has decided.
    /// </summary>
    [Fact]
    public void Every_member_of_a_server_is_classified()
    {
        string[] receivers =
            ["Url", "Replicas", "Proxy", "Tls", "HeaderNames", "CallerHeaders", "CallerToken", "OAuth"];
        string[] credentials = ["Headers", "DetachedHeaders", "IsClientSecretDetached", "DetachedCredentials"];
        string[] others =
        [
            "Name", "Host", "OAuthPolicy", "Address", "DependsOnCaller", "Timeouts", "Transport", "IsPerCaller",
            "Tasks",
        ];
        // Written in the configuration file only, by whoever writes its credentials too.
        string[] ofTheFile = ["Command", "Aws"];

        Assert.Equal(
            receivers.Concat(credentials).Concat(others).Concat(ofTheFile).Order(),
            typeof(ServerModel).GetProperties().Select(static property => property.Name).Order());
    }

    [Fact]
    public void A_header_with_values_of_the_caller_is_part_of_the_receiver()
    {
        var one = Model("http://crm.example/mcp", "X-Key");

        Assert.NotEqual(
            CredentialReceiver.OfHeaders(one),
            CredentialReceiver.OfHeaders(one with { CallerHeaders = [new("X-To", "evil.example/{grant}")] }));
    }

    [Theory]
    [InlineData("HTTP://CRM.example:80/mcp#x", "x-key", true)]
    [InlineData("https://crm.example/mcp", "X-Key", false)]
    [InlineData("http://crm.example:81/mcp", "X-Key", false)]
    [InlineData("http://crm.example./mcp", "X-Key", false)]
    [InlineData("http://crm.example/mcp/", "X-Key", false)]
    [InlineData("http://crm.example/mcp?a", "X-Key", false)]
    [InlineData("http://crm.example/mcp", "X-Key2", false)]
    public void A_receiver_is_the_same_however_its_address_is_written(string url, string header, bool isSame)
    {
        var (one, other) = (Model("http://crm.example/mcp", "X-Key"), Model(url, header));

        Assert.Equal(isSame, CredentialReceiver.OfHeaders(one) == CredentialReceiver.OfHeaders(other));
        Assert.Equal(isSame, CredentialReceiver.OfClientSecret(one) == CredentialReceiver.OfClientSecret(other));
        Assert.NotEqual(CredentialReceiver.OfHeaders(one), CredentialReceiver.OfClientSecret(one));
    }

    [Theory]
    [InlineData("""{ "tls": { "ca": "/etc/passwd" } }""", "\"tls\" names files of the gateway's machine")]
    [InlineData("""{ "proxy": { "url": "http://u:p@proxy:3128" } }""", "a proxy with a password can be set only in the")]
    [InlineData("""{ "proxy": { "url": "socks5://proxy:1080" } }""", "this is not the http address of a proxy")]
    [InlineData("""{ "urls": ["http://127.0.0.1:1/"] }""", "cannot have both \"url\" and \"urls\"; remove one")]
    public async Task Put_refuses_what_is_not_set_over_the_API(string body, string said)
    {
        await using var bench = await AdminBench.StartAsync();
        var input = JsonNode.Parse(body)!.AsObject();
        input["url"] = _server.Url;

        var refused = await bench.SendAsync("PUT", "servers/crm", input);

        Assert.Equal(422, refused.Status);
        Assert.Contains(said, refused.Json!["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_receiver_is_another_one_with_other_replicas_proxy_or_certificates()
    {
        var plain = Model("https://crm.example/mcp", "X-Key");
        ServerModel[] all =
        [
            plain,
            plain with { Replicas = [plain.Url!, new("https://evil.example/mcp")] },
            plain with { Proxy = new(new Uri("http://proxy:3128")) },
            plain with { Proxy = new(new Uri("http://other:3128")) },
            plain with { Proxy = new(new Uri("http://proxy:3128"), Resolves: true) },
            plain with { Proxy = new(null, Resolves: true) },
            plain with { Tls = new() { Ca = "/ca.pem" } },
            plain with { Tls = new() { Cert = "/ca.pem" } },
            plain with { Tls = new() { Cert = "/client.pem", Key = "/client.key" } },
        ];

        Assert.Equal(all.Length, all.Select(CredentialReceiver.OfHeaders).Distinct().Count());
        Assert.Equal(all.Length, all.Select(CredentialReceiver.OfClientSecret).Distinct().Count());
        // The digest of the release before there were replicas, so that what it detached can be attached again.
        Assert.Equal(
            "cc62c63ef1be03b2b24e4b9023c83c2a41ff56e4fb793525ab83c94a3c333157", CredentialReceiver.OfHeaders(plain));
    }

    private static ServerModel Model(string url, params string[] headers) =>
        new("crm", new Uri(url), [.. headers.Select(static header => KeyValuePair.Create(header, "v"))]);

    private static string Stored(AdminBench bench) => (string)JsonNode.Parse(
        bench.Host.Services.GetRequiredService<SnapshotUpdater>().State.Documents
            .Find(new ControlKey(ControlKinds.Servers, "crm"))!.Content.Span)!["sealedHeaders"]!["X-Key"]!;

    private static async Task FileAsync(AdminBench bench, string more)
    {
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "gateway.json"),
            $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" }{{more}} }""");
        Assert.Equal(200, (await bench.SendAsync("POST", "config/reload", new JsonObject())).Status);
    }
}
