namespace Gateway.Server.Tests.Processes;

/// <summary>SIGTERM: not ready any more, open calls are answered, the process ends well and forgets nothing.</summary>
public sealed class DrainTests() : OneServerTest(Policy)
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] } } }
        """;
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Answers_what_is_open_then_ends_well_and_counts_on_after_a_restart()
    {
        Server.Answer = async (http, _) =>
        {
            _arrived.TrySetResult();
            await _goOn.Task;
            await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""");
        };
        await using (var gateway = await StartAsync())
        {
            using var client = gateway.Client();
            var open = PostAsync(client);
            await _arrived.Task;

            gateway.Terminate();
            await IsNotReadyAsync(gateway);
            _goOn.SetResult();

            using var answer = await open;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain("isError", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await gateway.WaitForExitAsync();
            Assert.Equal(0, gateway.ExitCode);
        }

        await using var again = await StartAsync();
        using var second = again.Client();
        Assert.DoesNotContain("rate_limited", await TextAsync(second), StringComparison.Ordinal);
        Assert.Contains("rate_limited", await TextAsync(second), StringComparison.Ordinal);
        Assert.Equal(2, Server.Requests.Count);
    }

    [Fact]
    public async Task Goes_on_taking_calls_and_opens_no_stream_until_its_clients_have_left()
    {
        Server.Answer = async (http, _) =>
        {
            if (_arrived.TrySetResult())
                await _goOn.Task;
            await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""");
        };
        var patience = new Dictionary<string, string> { ["DOTNET_SHUTDOWNTIMEOUTSECONDS"] = "600" };
        await using var gateway = await GatewayProcess.StartAsync(
            Config, Data, patience, "--linger", "8");
        using var client = gateway.Client();
        var open = PostAsync(client);
        await _arrived.Task;
        gateway.Terminate();
        await IsNotReadyAsync(gateway);

        using var another = await PostAsync(client);
        using var stream = await client.GetAsync("");

        Assert.Equal(HttpStatusCode.OK, another.StatusCode);
        Assert.True(another.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, stream.StatusCode);
        _goOn.SetResult();
        using var answer = await open;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose);
        await gateway.WaitForExitAsync();
        Assert.Equal(0, gateway.ExitCode);
    }

    [Fact]
    public async Task Ends_open_streams_at_shutdown_without_waiting_for_them()
    {
        Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            _arrived.TrySetResult();
            await _goOn.Task;
        };
        // A grace period that outlasts the test: only the gateway's own word ends the stream.
        var patience = new Dictionary<string, string> { ["DOTNET_SHUTDOWNTIMEOUTSECONDS"] = "600" };
        await using var gateway = await GatewayProcess.StartAsync(Config, Data, patience);
        using var client = gateway.Client();
        using var stream = await client.GetAsync("", HttpCompletionOption.ResponseHeadersRead);
        await _arrived.Task;

        gateway.Terminate();

        await Assert.ThrowsAnyAsync<Exception>(() => stream.Content.ReadAsStringAsync());
        await gateway.WaitForExitAsync();
        Assert.Equal(0, gateway.ExitCode);
    }

    [Fact]
    public async Task Refuses_to_start_with_a_mistake_in_the_configuration_and_says_where()
    {
        File.WriteAllText(Config, File.ReadAllText(Config).Replace("\"max\": 2", "\"max\": -2",
            StringComparison.Ordinal));

        var e = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("gateway.json:", e.Message, StringComparison.Ordinal);
        Assert.Contains("/tools/pay/limits/0/max", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_data_directory_that_another_gateway_uses()
    {
        await using var first = await StartAsync();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("cannot start", e.Message, StringComparison.Ordinal);
    }

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(Config, Data);

    /// <summary>Not ready from the signal on; the listener closes after a while.</summary>
    private static Task IsNotReadyAsync(GatewayProcess gateway) => Soon.UntilAsync(
        async () =>
        {
            try
            {
                using var client = gateway.Client();
                using var response = await client.GetAsync(new Uri(gateway.Address, "/readyz"));
                return response.StatusCode == HttpStatusCode.ServiceUnavailable;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        },
        "the gateway is not ready after SIGTERM");

    private static async Task<string> TextAsync(HttpClient client)
    {
        using var response = await PostAsync(client);
        return await response.Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client) =>
        client.PostAsync("", new StringContent(Call, new MediaTypeHeaderValue("application/json")));
}
