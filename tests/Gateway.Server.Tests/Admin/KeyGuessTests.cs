namespace Gateway.Server.Tests.Admin;

/// <summary>Somebody tries admin keys, as fast as the gateway answers.</summary>
public sealed class KeyGuessTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server.Url, """{ "version": "1", "default": "deny" }""", time: _time);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Looks_at_six_of_a_thousand_keys_and_at_the_right_one_no_sooner()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => AskAsync($"guess-{i}")));

        Assert.Equal(6, answers.Count(static answer => answer.Status == 401));
        Assert.Equal(994, answers.Count(static answer => answer == (429, 1)));
        Assert.Equal((429, 1), await AskAsync(_gateway.AdminKey));
        _time.Jump(TimeSpan.FromSeconds(1));
        Assert.Equal((200, 0), await AskAsync(_gateway.AdminKey));
    }

    [Fact]
    public async Task Waits_twice_as_long_after_each_wrong_key_up_to_half_a_minute()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(401, (await AskAsync("wrong")).Status);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            Assert.Equal(401, (await AskAsync("wrong")).Status);
            Assert.Equal((429, seconds), await AskAsync("wrong"));
            _time.Jump(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal((429, 1), await AskAsync(_gateway.AdminKey));
            _time.Jump(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Resets_after_the_right_key_and_after_ten_quiet_minutes()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5; i++)
                Assert.Equal(401, (await AskAsync("wrong")).Status);
            Assert.Equal(200, (await AskAsync(_gateway.AdminKey)).Status);
        }

        for (var i = 0; i < 6; i++)
            await AskAsync("wrong");
        _time.Jump(TimeSpan.FromMinutes(11));
        for (var i = 0; i < 6; i++)
            Assert.Equal(401, (await AskAsync("wrong")).Status);
        Assert.Equal(429, (await AskAsync("wrong")).Status);
    }

    [LinuxFact]
    public async Task Serves_another_address_as_before()
    {
        for (var i = 0; i < 20; i++)
            await AskAsync("wrong");

        Assert.Equal(429, (await AskAsync(_gateway.AdminKey)).Status);
        Assert.Equal(200, (await AskAsync(_gateway.AdminKey, from: "127.0.0.2")).Status);
    }

    [Fact]
    public async Task A_request_without_a_key_is_no_guess()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(401, (await AskAsync(null)).Status);

        Assert.Equal(200, (await AskAsync(_gateway.AdminKey)).Status);
    }

    [Fact]
    public async Task Says_so_in_the_log_and_in_the_metrics()
    {
        using var folder = new TestFolder();
        var config = TestConfig.Write(folder.Path, _server.Url, """{ "version": "1", "default": "deny" }""");
        await using var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data"));

        await AskAsync(null, address: gateway.Address);
        for (var i = 0; i < 8; i++)
            await AskAsync("wrong", address: gateway.Address);

        var metrics = await _gateway.Client.GetStringAsync(new Uri(gateway.Address, "/metrics"));
        Assert.Contains("gateway_admin_refusals_total{reason=\"no_key\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("gateway_admin_refusals_total{reason=\"wrong_key\"} 6\n", metrics, StringComparison.Ordinal);
        Assert.Contains("gateway_admin_refusals_total{reason=\"held\"} 2\n", metrics, StringComparison.Ordinal);
        await gateway.SaysAsync("The admin API rejects all keys from 127.0.0.1 for 1 s after 6 wrong keys");
    }

    private async Task<(int Status, int Seconds)> AskAsync(string? key, string? from = null, Uri? address = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from ?? "127.0.0.1"), 0));
                await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(address ?? _gateway.Address, "/api/v1/grants"));
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, (int)(response.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0));
    }
}
