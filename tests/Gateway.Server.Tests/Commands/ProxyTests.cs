namespace Gateway.Server.Tests.Commands;

/// <summary>An environment that names a proxy, as many shells have it, and a key that it must not read.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Key = "operator-key-0123456789";
    private readonly TestFolder _folder = new();
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly StringBuilder _heard = new();
    private readonly Task _listening;

    public ProxyTests()
    {
        _proxy.Start();
        _listening = ListenAsync();
    }

    private string Heard
    {
        get
        {
            lock (_heard)
                return _heard.ToString();
        }
    }

    public void Dispose()
    {
        _proxy.Stop();
#pragma warning disable RS0030 // xUnit disposes of a test class without awaiting.
        _listening.Wait(Soon.AtMost);
#pragma warning restore RS0030
        _proxy.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.1.2.3:1")]
    [InlineData("http://localhost:1")]
    [InlineData("http://LOCALHOST.:1")]
    [InlineData("http://app.localhost:1")]
    [InlineData("http://[::1]:1")]
    [InlineData("http://[::ffff:127.0.0.1]:1")]
    [InlineData("http://0.0.0.0:1")]
    [InlineData("https://localhost:1")]
    public async Task Never_asks_a_proxy_for_this_machine_even_where_it_may(string gateway)
    {
        await RunAsync(gateway, isAsked: true);

        Assert.Empty(Heard);
    }

    [Fact]
    public async Task Sends_no_key_over_plain_http_to_a_proxy()
    {
        var errors = await RunAsync("http://gateway.invalid:8080", isAsked: false);

        Assert.Empty(Heard);
        Assert.Contains("GATEWAY_HTTP_PROXY", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_a_proxy_over_plain_http_where_that_is_wished()
    {
        await RunAsync("http://gateway.invalid:8080", isAsked: true);

        Assert.StartsWith("GET http://gateway.invalid:8080/api/v1/grants", Heard, StringComparison.Ordinal);
        Assert.Contains(Key, Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_a_proxy_for_a_tunnel_that_it_cannot_read()
    {
        await RunAsync("https://gateway.invalid", isAsked: false);

        Assert.StartsWith("CONNECT gateway.invalid:443", Heard, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, Heard, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string gateway, bool isAsked)
    {
        var cli = new Cli(_folder.Path, new Uri(gateway), Key);
        foreach (var name in (string[])["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"])
            cli.Environment[name] = $"http://{_proxy.LocalEndpoint}";
        cli.Environment["no_proxy"] = cli.Environment["NO_PROXY"] = "";
        cli.Environment["GATEWAY_HTTP_PROXY"] = isAsked ? "1" : "";
        var run = await cli.RunAsync("grant", "list");
        Assert.NotEqual(0, run.ExitCode);
        return run.Errors;
    }

    private async Task ListenAsync()
    {
        var answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                using var client = await _proxy.AcceptTcpClientAsync();
                var count = await client.GetStream().ReadAsync(buffer);
                lock (_heard)
                    _heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
                await client.GetStream().WriteAsync(answer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
