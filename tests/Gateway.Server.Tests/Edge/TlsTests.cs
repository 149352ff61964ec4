using System.Net.Security;
using System.Security.Authentication;

namespace Gateway.Server.Tests.Edge;

/// <summary>Agents and operators over TLS, with certificates from files that change under way.</summary>
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""";
    private readonly TestFolder _folder = new("gateway-tls-");
    private RecordingServer _server = null!;
    private string _config = "";
    private TestCertificate _certificate = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _config = TestConfig.Write(_folder.Path, _server.Url, """{ "version": "1", "default": "allow" }""");
        _certificate = new TestCertificate(_folder.Path);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serves_agents_over_TLS_by_HTTP_1_and_2()
    {
        var subject = _certificate.Write("one");
        await using var gateway = await StartAsync(Certificate);
        var shown = "";
        using var client = Client(gateway, name => shown = name);

        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var answer = await PostAsync(client, version);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(version, answer.Version);
            Assert.Equal(subject, shown);
        }

        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
#pragma warning disable SYSLIB0039, CA5397 // What must be refused.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Speaks_TLS_1_2_and_later(SslProtocols protocol, bool isTaken)
    {
        _certificate.Write("one");
        await using var gateway = await StartAsync(Certificate);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await using var tls = new SslStream(
            socket.GetStream(), false, static (_, _, _, errors) => TestCertificate.IsForHere(errors));
        var options = new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol };

        var handshake = tls.AuthenticateAsClientAsync(options);

        if (isTaken)
            await handshake;
        else
            await Assert.ThrowsAnyAsync<Exception>(() => handshake);
        Assert.Equal(isTaken, tls.IsAuthenticated);
    }

    [Fact]
    public async Task Takes_a_renewed_certificate_over_and_drops_no_connection()
    {
        var first = _certificate.Write("one");
        await using var gateway = await StartAsync(Certificate);
        var shown = new List<string>();
        using var kept = Client(gateway, shown.Add);
        (await PostAsync(kept, HttpVersion.Version11)).Dispose();

        var second = _certificate.Write("two");
        await Soon.UntilAsync(
            async () =>
            {
                var now = "";
                using var other = Client(gateway, name => now = name);
                (await PostAsync(other, HttpVersion.Version20)).Dispose();
                return now == second;
            },
            "new connections are shown the new certificate");

        using var answer = await PostAsync(kept, HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([first], shown);
        await gateway.SaysAsync("now applies to new connections");
    }

    [Fact]
    public async Task Keeps_the_certificate_it_has_where_the_new_files_do_not_belong_together()
    {
        var first = _certificate.Write("one");
        await using var gateway = await StartAsync(Certificate);
        var other = new TestCertificate(_folder.Path, "other");
        other.Write("two");

        File.Copy(other.Key, _certificate.Key, overwrite: true);

        await gateway.SaysAsync("cannot be used, so the previous certificate stays in use");
        var shown = "";
        using var client = Client(gateway, name => shown = name);
        using var answer = await PostAsync(client, HttpVersion.Version11);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(first, shown);
    }

    [Fact]
    public async Task Gives_operators_a_certificate_of_their_own()
    {
        _certificate.Write("agents");
        var admin = new TestCertificate(_folder.Path, "admin");
        var subject = admin.Write("operators");
        await using var gateway = await StartAsync([
            .. Certificate, "--admin-listen", "https://127.0.0.1:0",
            "--admin-tls-cert", admin.Certificate, "--admin-tls-key", admin.Key,
        ]);
        var shown = "";
        using var client = new HttpClient(TestCertificate.Handler(name => shown = name));

        using var metrics = await client.GetAsync(new Uri(gateway.Addresses[1], "/metrics"));
        using var none = await client.GetAsync(new Uri(gateway.Address, "/metrics"));

        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
        Assert.Equal("https", gateway.Addresses[1].Scheme);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("CN=agents", shown, StringComparison.Ordinal);
        Assert.NotEqual(subject, shown);
    }

    [Fact]
    public async Task Takes_the_certificate_from_the_web_servers_own_settings()
    {
        var subject = _certificate.Write("settings");
        var environment = new Dictionary<string, string>
        {
            ["Kestrel__Certificates__Default__Path"] = _certificate.Certificate,
            ["Kestrel__Certificates__Default__KeyPath"] = _certificate.Key,
            ["ASPNETCORE_HTTP_PORTS"] = "8080",
        };
        await using var gateway = await GatewayProcess.StartProgramAsync(
            new GatewayPlace { Environment = environment }, Programs.Gateway,
            ["run", "--config", _config, "--data", Data, "--listen", "https://127.0.0.1:0"]);
        var shown = "";
        using var client = Client(gateway, name => shown = name);

        using var answer = await PostAsync(client, HttpVersion.Version20);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(subject, shown);
        Assert.DoesNotContain("Overriding", gateway.Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Ends_a_kept_HTTP_2_connection_without_losing_a_call()
    {
        _certificate.Write("one");
        await using var gateway = await StartAsync([.. Certificate, "--linger", "6"]);
        using var client = Client(gateway);
        (await PostAsync(client, HttpVersion.Version20)).Dispose();
        gateway.Terminate();

        var answered = 1;
        try
        {
            while (answered < 10_000)
            {
                using var answer = await PostAsync(client, HttpVersion.Version20);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                answered++;
            }
        }
        catch (HttpRequestException e)
        {
            // Nobody listens any more, so nothing was sent.
            Assert.Equal(HttpRequestError.ConnectionError, e.HttpRequestError);
        }

        await gateway.WaitForExitAsync();
        Assert.Equal(0, gateway.ExitCode);
        Assert.Equal(answered, _server.Requests.Count);
        Assert.DoesNotContain("invalid for HTTP/2", gateway.Errors, StringComparison.Ordinal);
    }

    private string[] Certificate => ["--tls-cert", _certificate.Certificate, "--tls-key", _certificate.Key];

    private string Data => Path.Combine(_folder.Path, "data");

    private Task<GatewayProcess> StartAsync(params string[] more) => GatewayProcess.StartProgramAsync(
        new GatewayPlace(), Programs.Gateway,
        ["run", "--config", _config, "--data", Data, "--listen", "https://127.0.0.1:0", .. more],
        more.Contains("--admin-listen") ? 2 : 1);

    private static HttpClient Client(GatewayProcess gateway, Action<string>? shown = null) =>
        new(TestCertificate.Handler(shown))
        {
            BaseAddress = new Uri(gateway.Address, "/mcp/srv"),
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent),
                Accept = { new("application/json"), new("text/event-stream") },
            },
        };

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Call, new MediaTypeHeaderValue("application/json")),
        };
        var answer = await client.SendAsync(request);
        await answer.Content.LoadIntoBufferAsync();
        return answer;
    }
}
