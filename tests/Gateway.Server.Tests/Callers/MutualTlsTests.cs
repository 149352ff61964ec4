using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Server.Tests.Callers;

/// <summary>Callers that a client certificate identifies, at a gateway process with certificates of OpenSSL.</summary>
public sealed class MutualTlsTests : IAsyncLifetime, IDisposable
{
    private const string Ana = "spiffe://example.com/ns/agents/sa/ana";
    private const string Ben = "spiffe://example.com/ns/agents/sa/ben";
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
        """;

    private readonly TestFolder _folder = new("gateway-mtls-");
    private readonly List<IDisposable> _open = [];
    private RecordingServer _server = null!;
    private TestCertificate _tls = null!;
    private TestAuthority _mesh = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _tls = new TestCertificate(_folder.Path);
        _tls.Write("gateway");
        _mesh = await TestAuthority.CreateAsync(_folder.Path, "mesh");
        File.Copy(_mesh.Root, Bundle);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _open.ForEach(static one => one.Dispose());
        _folder.Dispose();
    }

    private string Bundle => Path.Combine(_folder.Path, "bundle.pem");

    private string Config => Path.Combine(_folder.Path, "gateway.json");

    [Theory]
    [InlineData("uri", $"URI:{Ana}", "/CN=agent", Ana)]
    [InlineData("dns", "DNS:ana.example.com", "/CN=agent", "ana.example.com")]
    [InlineData("dn", "", "/O=Example/CN=ana", "CN=ana, O=Example")]
    public async Task A_certificate_reaches_the_servers_of_its_grant_and_is_on_record(
        string kind, string names, string subject, string expected)
    {
        await using var gateway = await StartAsync(kind: kind);
        var ana = Client(gateway, await _mesh.IssueAsync("ana", names, subject: subject));

        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            Assert.Equal((200, ""), await SendAsync(ana, "/mcp/crm", version: version));
            Assert.Equal((200, ""), await SendAsync(ana, "/mcp", version: version));
        }

        // Clients without a certificate still connect.
        Assert.Equal(200, (await SendAsync(Client(gateway), "/mcp/crm", TestTokens.Agent)).Status);
        var (status, why) = await SendAsync(Client(gateway), "/mcp/crm");
        Assert.Equal((401, true), (status, why.Contains("or use a client certificate", StringComparison.Ordinal)));
        var record = AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"))
            .First(static one => one.TryGetProperty("caller", out _));
        Assert.Equal(
            (expected, "mesh", "agents"), (record.GetProperty("caller").GetString(),
                record.GetProperty("callerIssuer").GetString(), record.GetProperty("grant").GetString()));
    }

    [Theory]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("other-authority", "UntrustedRoot|PartialChain")]
    [InlineData("self-signed", "UntrustedRoot|PartialChain")]
    [InlineData("no-usage", "client authentication")]
    [InlineData("server-usage", "client authentication")]
    [InlineData("no-uri", "exactly one name of the kind \"uri\"")]
    [InlineData("two-uris", "exactly one name of the kind \"uri\"")]
    [InlineData("common-name-only", "exactly one name of the kind \"uri\"")]
    [InlineData("unsent-intermediate", "PartialChain")]
    [InlineData("below-a-leaf", "InvalidBasicConstraints|PartialChain")]
    public async Task Refuses_another_certificate_with_a_reason(string kind, string expected)
    {
        await using var gateway = await StartAsync();
        var other = await TestAuthority.CreateAsync(_folder.Path, "other");
        var uri = $"URI:{Ana}";
        var file = kind switch
        {
            "expired" => await _mesh.IssueAsync("a", uri, more: ["-days", "-1"]),
            "other-authority" => await other.IssueAsync("a", uri),
            "no-usage" => await _mesh.IssueAsync("a", uri, usage: ""),
            "server-usage" => await _mesh.IssueAsync("a", uri, usage: "serverAuth"),
            "no-uri" => await _mesh.IssueAsync("a", "DNS:ana.example.com"),
            "two-uris" => await _mesh.IssueAsync("a", $"{uri},URI:{Ben}"),
            "common-name-only" => await _mesh.IssueAsync("a", "", subject: $"/CN={Ana.Replace("/", "\\/")}"),
            "unsent-intermediate" => await (await _mesh.IssueAuthorityAsync("middle")).IssueAsync("a", uri),
            "below-a-leaf" => await TestAuthority.Of(_folder.Path, await _mesh.IssueAsync("leaf", $"URI:{Ben}"))
                .IssueAsync("a", uri),
            _ => await TestAuthority.SelfSignedAsync(_folder.Path, "a", uri),
        };

        var (status, why) = await SendAsync(
            Client(gateway, file, sendsChain: kind != "unsent-intermediate"), "/mcp/crm");

        Assert.Equal(401, status);
        Assert.Contains(expected.Split('|'), part => why.Contains(part, StringComparison.Ordinal));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_chain_is_built_over_the_certificates_that_the_client_sends()
    {
        await using var gateway = await StartAsync();
        var middle = await _mesh.IssueAuthorityAsync("middle");

        Assert.Equal((200, ""), await SendAsync(
            Client(gateway, await middle.IssueAsync("ana", $"URI:{Ana}"), sendsChain: true), "/mcp/crm"));
    }

    [Fact]
    public async Task Authorities_are_read_again_when_their_file_changes()
    {
        await using var gateway = await StartAsync();
        var next = await TestAuthority.CreateAsync(_folder.Path, "next");
        var (old, renewed) = (
            Client(gateway, await _mesh.IssueAsync("ana", $"URI:{Ana}")),
            Client(gateway, await next.IssueAsync("ana2", $"URI:{Ana}")));
        Assert.Equal(200, (await SendAsync(old, "/mcp/crm")).Status);
        Assert.Equal(401, (await SendAsync(renewed, "/mcp/crm")).Status);

        File.Copy(next.Root, Bundle, overwrite: true);

        // On the open connections, too.
        await Soon.UntilAsync(
            async () => (await SendAsync(old, "/mcp/crm")).Status == 401, "the old authority is gone");
        Assert.Equal(200, (await SendAsync(renewed, "/mcp/crm")).Status);

        await File.WriteAllTextAsync(Bundle, "no certificate");
        await gateway.SaysAsync("cannot be used, so the previous authorities stay in use");
        Assert.Equal(200, (await SendAsync(renewed, "/mcp/crm")).Status);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/crm")]
    public async Task A_stream_closes_when_the_authority_of_its_certificate_is_gone(string path)
    {
        await using var gateway = await StartAsync();
        var ana = Client(gateway, await _mesh.IssueAsync("ana", $"URI:{Ana}"));
        var session = await OpenAsync(ana, path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("Accept", "text/event-stream");
        using var stream = await ana.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        File.Copy((await TestAuthority.CreateAsync(_folder.Path, "next")).Root, Bundle, overwrite: true);

        var read = stream.Content.ReadAsStringAsync();
        await Soon.UntilAsync(() => read.IsCompleted, "the stream has ended");
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/crm")]
    public async Task A_session_is_its_callers(string path)
    {
        await using var gateway = await StartAsync();
        var (ana, ben) = (
            Client(gateway, await _mesh.IssueAsync("ana", $"URI:{Ana}")),
            Client(gateway, await _mesh.IssueAsync("ben", $"URI:{Ben}")));
        var session = await OpenAsync(ana, path);

        Assert.Equal(200, (await SendAsync(ana, path, session: session)).Status);
        Assert.Equal(404, (await SendAsync(ben, path, session: session)).Status);
        // A renewed certificate of the same subject is the same caller.
        var renewed = Client(gateway, await _mesh.IssueAsync("ana2", $"URI:{Ana}"));
        Assert.Equal(200, (await SendAsync(renewed, path, session: session)).Status);
    }

    [Fact]
    public async Task Limits_conditions_and_pauses_know_the_subject()
    {
        await using var gateway = await StartAsync("""
            { "version": "1", "default": "allow", "tools": {
              "find": { "limits": [ { "counter": "person", "scope": "subject", "window": "month", "max": 1 } ] },
              "pay": { "show_if": [ { "path": "caller.subject", "op": "eq", "value": "spiffe://example.com/ns/agents/sa/ana" } ] } } }
            """);
        var (ana, ben) = (
            Client(gateway, await _mesh.IssueAsync("ana", $"URI:{Ana}")),
            Client(gateway, await _mesh.IssueAsync("ben", $"URI:{Ben}")));

        Assert.True(await ReachesAsync(ana, "pay"));
        Assert.False(await ReachesAsync(ben, "pay"));
        Assert.True(await ReachesAsync(ana, "find"));
        Assert.False(await ReachesAsync(ana, "find"));
        Assert.True(await ReachesAsync(ben, "find"));

        using var pause = new HttpRequestMessage(HttpMethod.Post, "/api/v1/subjects/pause")
        {
            Content = Json($$"""{ "issuer": "mesh", "subject": "{{Ben}}", "reason": "a test" }"""),
        };
        pause.Headers.Authorization = new("Bearer", CallerBench.AdminKey);
        using var paused = await Client(gateway).SendAsync(pause);
        Assert.True(paused.IsSuccessStatusCode, await paused.Content.ReadAsStringAsync());
        Assert.Equal(403, (await SendAsync(ben, "/mcp/crm")).Status);
        Assert.Equal(200, (await SendAsync(ana, "/mcp/crm")).Status);
    }

    [Fact]
    public async Task Denies_when_a_request_has_a_certificate_and_a_token_that_is_not_accepted()
    {
        await using var gateway = await StartAsync();
        var ana = Client(gateway, await _mesh.IssueAsync("ana", $"URI:{Ana}"));

        Assert.Equal(401, (await SendAsync(ana, "/mcp/crm", "pgw_unknown_token_0123456789")).Status);
        Assert.Equal(200, (await SendAsync(ana, "/mcp/crm", TestTokens.Agent)).Status);
        var grants = AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"))
            .Where(static one => one.GetProperty("kind").GetString() == "decision")
            .Select(static one => one.GetProperty("grant").GetString());
        Assert.Equal(["agent"], grants);
    }

    [Fact]
    public async Task Only_a_trusted_proxy_names_the_certificate_of_its_client()
    {
        var file = await _mesh.IssueAsync("ana", $"URI:{Ana}");
        var middle = await _mesh.IssueAuthorityAsync("middle");
        var below = await middle.IssueAsync("ben", $"URI:{Ben}");
        var proxyOwn = await _mesh.IssueAsync("proxy", "URI:spiffe://example.com/ns/agents/sa/proxy");
        await using (var distrusting = await StartAsync(more: ""))
        {
            Assert.Equal(401, (await SendAsync(Client(distrusting), "/mcp/crm", proxied: [Item(file)])).Status);
        }

        const string trusted = """, "trustedProxies": ["127.0.0.0/8"] """;
        await using (var unnamed = await StartAsync(more: trusted, header: ""))
        {
            Assert.Equal(401, (await SendAsync(Client(unnamed), "/mcp/crm", proxied: [Item(file)])).Status);
        }

        await using var gateway = await StartAsync(more: trusted);
        Assert.Equal((200, ""), await SendAsync(Client(gateway), "/mcp/crm", proxied: [Item(file)]));
        Assert.Equal(401, (await SendAsync(Client(gateway), "/mcp/crm", proxied: [Item(below)])).Status);
        Assert.Equal((200, ""), await SendAsync(
            Client(gateway), "/mcp/crm", proxied: [Item(below), Item(Path.Combine(_folder.Path, "middle.crt"))]));
        var (status, why) = await SendAsync(Client(gateway), "/mcp/crm", proxied: ["MII="]);
        Assert.Equal((401, true), (status, why.Contains("RFC 9440", StringComparison.Ordinal)));
        // The proxy's own certificate never stands for a client without one.
        Assert.Equal(401, (await SendAsync(Client(gateway, proxyOwn), "/mcp/crm")).Status);
    }

    [NodeFact]
    public async Task A_token_that_is_bound_to_a_certificate_needs_it()
    {
        await using var bench = await CallerBench.StartAsync(
            identity: """, "certificateHeader": "Client-Cert" """, more: """, "trustedProxies": ["127.0.0.0/8"] """);
        var own = await TestAuthority.SelfSignedAsync(_folder.Path, "own", $"URI:{Ana}");
        var other = await _mesh.IssueAsync("other", $"URI:{Ana}");
        using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(own));
        var digest = Convert.ToBase64String(certificate.GetCertHash(HashAlgorithmName.SHA256))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var token = await bench.SignAsync(new()
        {
            ["sub"] = "ana",
            ["groups"] = new JsonArray("agents"),
            ["cnf"] = new JsonObject { ["x5t#S256"] = digest },
        });

        Assert.Equal(200, await StatusAsync(Item(own)));
        Assert.Equal(401, await StatusAsync(Item(other)));
        Assert.Equal(401, await StatusAsync(null));
        Assert.Equal(401, await StatusAsync("MII="));
        Assert.Equal(200, await StatusAsync(Item(own)));

        async Task<int> StatusAsync(string? item)
        {
            using var response = await bench.SendAsync(token, change: request =>
            {
                if (item is not null)
                    request.Headers.Add("Client-Cert", item);
            });
            return (int)response.StatusCode;
        }
    }

    private static string Item(string file)
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return $":{Convert.ToBase64String(certificate.RawData)}:";
    }

    private async Task<GatewayProcess> StartAsync(
        string policy = """{ "version": "1", "default": "allow" }""", string more = "", string header = "Client-Cert",
        string kind = "uri")
    {
        var named = header.Length > 0 ? $", \"certificateHeader\": \"{header}\"" : "";
        await File.WriteAllTextAsync(Config, $$"""
            {
              "servers": { "crm": { "url": "{{_server.Url}}" } },
              "policies": { "policy": {{policy}} },
              "admin": { "key": "{{CallerBench.AdminKey}}" },
              "identity": { "issuers": { "mesh": { "certificates": { "ca": "{{Bundle}}", "subject": "{{kind}}" } } } {{named}} },
              "grants": {
                "agent": { "server": "crm", "policy": "policy", "token": "{{TestTokens.Agent}}" },
                "agents": { "servers": { "crm": "policy" }, "match": { "issuer": "mesh" } }
              }
              {{more}}
            }
            """);
        return await GatewayProcess.StartProgramAsync(
            new GatewayPlace(), Programs.Gateway,
            [
                "run", "--config", Config, "--data", Path.Combine(_folder.Path, "data"), "--listen",
                "https://127.0.0.1:0", "--tls-cert", _tls.Certificate, "--tls-key", _tls.Key,
            ]);
    }

    private HttpClient Client(GatewayProcess gateway, string? file = null, bool sendsChain = false)
    {
        var handler = TestCertificate.Handler();
        if (file is not null)
        {
            using var read = X509Certificate2.CreateFromPemFile(file);
            var own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            chain.RemoveAt(0);
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(
                own, sendsChain ? chain : null, offline: true);
            _open.Add(own);
        }

        var client = new HttpClient(handler) { BaseAddress = gateway.Address };
        _open.Add(client);
        return client;
    }

    private static StringContent Json(string text) =>
        new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static async Task<(int Status, string Body)> SendAsync(
        HttpClient client, string path, string? token = null, string? session = null, string[]? proxied = null,
        Version? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = Json(session is null ? Ping : """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"""),
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if (proxied is [var leaf, ..])
            request.Headers.Add("Client-Cert", leaf);
        if (proxied is [_, var chain])
            request.Headers.Add("Client-Cert-Chain", chain);
        using var response = await client.SendAsync(request);
        var body = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, body);
    }

    private async Task<string> OpenAsync(HttpClient client, string path = "/mcp")
    {
        _server.Answer = static (http, request) =>
        {
            var id = JsonNode.Parse(request.Text is { Length: > 0 } text ? text : "{}")!["id"];
            if (id is null)
                return RecordingServer.JsonAsync(http, "", request.Method == "POST" ? 202 : 405);
            http.Response.Headers["Mcp-Session-Id"] = "session";
            return RecordingServer.JsonAsync(http, $$$"""
                {"jsonrpc":"2.0","id":{{{id.ToJsonString()}}},"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"},"tools":[]}}
                """);
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(Initialize) };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<bool> ReachesAsync(HttpClient client, string tool)
    {
        var before = _server.Requests.Count;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/crm")
        {
            Content = Json($$"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{} } }
                """),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsStringAsync();
        return _server.Requests.Count > before;
    }
}
