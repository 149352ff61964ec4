using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Server.Tests.Edge;

/// <summary>Where the admin API and the console are served, and what an operator sees if nowhere.</summary>
public sealed class AdminListenerTests
{
    [Theory]
    [InlineData(null, true, "http://127.0.0.1:8080")]
    [InlineData(null, false, "http://10.1.2.3:8080")]
    [InlineData(null, false, "http://127.0.0.1:8080", "http://0.0.0.0:8080")]
    [InlineData("http://127.0.0.1:8081", true, "http://0.0.0.0:8080")]
    public void Notice_names_the_option_only_where_nothing_serves_operators(
        string? adminListen, bool isServed, params string[] listen)
    {
        var listener = new AdminListener();
        var operators = adminListen is null ? null : new Uri(adminListen);

        listener.Open(listen.Select(static address => new Uri(address)), operators);

        Assert.Equal(isServed, listener.Notice is null);
        if (!isServed)
            Assert.Contains("--admin-listen", listener.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_redirects_operators_to_the_console()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var gateway = await TestGateway.StartAsync(server.Url, """{ "version": "1", "default": "deny" }""");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

        using var response = await client.GetAsync(new Uri(gateway.Address, "/"));

        Assert.Equal((HttpStatusCode.Found, "console/"), (response.StatusCode, $"{response.Headers.Location}"));
    }
}
