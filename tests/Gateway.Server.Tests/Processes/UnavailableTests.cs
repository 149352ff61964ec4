namespace Gateway.Server.Tests.Processes;

/// <summary>The reports of problems of the gateway itself, which are not violations of a policy.</summary>
public sealed class UnavailableTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new("gateway-unavailable-");
    private RecordingServer _server = null!;
    private SmallVolume? _volume;
    private GatewayProcess? _gateway;
    private HttpClient? _client;

    public async Task InitializeAsync() => _server = await RecordingServer.StartAsync();

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _volume?.Dispose();
        _folder.Dispose();
    }

    [VolumeFact]
    public async Task An_agent_learns_that_the_gateway_is_unavailable_and_when_to_retry()
    {
        await StartWithoutRoomAsync();

        var (body, headers) = await PostAsync("tools/call", """{"name":"pay"}""");

        var result = body.GetProperty("result");
        var text = result.GetProperty("content")[0].GetProperty("text").GetString()!;
        Assert.StartsWith("Unavailable: the gateway cannot record this call", text, StringComparison.Ordinal);
        Assert.Contains("Nothing was counted. Try again in 1 s", text, StringComparison.Ordinal);
        Assert.DoesNotContain("violation", text, StringComparison.OrdinalIgnoreCase);
        Assert.True(result.GetProperty("isError").GetBoolean());
        AssertOutage(result.GetProperty("_meta").GetProperty("policy-gateway/decision"));
        Assert.Equal(TimeSpan.FromSeconds(1), headers.RetryAfter?.Delta);
    }

    [VolumeFact]
    public async Task Answers_what_is_no_tool_call_with_an_error_of_its_own()
    {
        await StartWithoutRoomAsync();

        var (body, _) = await PostAsync("resources/read", """{"uri":"file:///a"}""");

        var error = body.GetProperty("error");
        Assert.Equal(-31004, error.GetProperty("code").GetInt32());
        Assert.StartsWith("Unavailable: ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        AssertOutage(error.GetProperty("data"));
    }

    [VolumeFact]
    public async Task Says_in_two_lines_and_two_figures_how_many_calls_it_refused()
    {
        const int Calls = 40;
        await StartWithoutRoomAsync();
        var before = await UnavailableAsync();
        for (var call = 0; call < Calls; call++)
            await PostAsync("tools/call", """{"name":"pay"}""");

        var refused = await UnavailableAsync();
        Assert.Equal(before + Calls, refused);
        Assert.Equal(
            refused,
            await FigureAsync("""gateway_decisions_total{outcome="unavailable",server="srv",tool="(other)"}"""));
        _volume!.MakeRoom();
        await Soon.UntilAsync(() => Warnings().Count > 1, "the end is said");

        var lines = Warnings();
        Assert.Equal(2, lines.Count);
        Assert.Contains("cause audit", lines[0], StringComparison.Ordinal);
        Assert.Contains("No space left on device", lines[0], StringComparison.Ordinal);
        Assert.Contains($"calls refused because of it: {refused}", lines[1], StringComparison.Ordinal);
    }

    private static void AssertOutage(JsonElement decision)
    {
        Assert.Equal("unavailable", decision.GetProperty("outcome").GetString());
        Assert.Equal("(audit unavailable)", decision.GetProperty("rule").GetString());
        Assert.Equal("audit", decision.GetProperty("cause").GetString());
        Assert.Equal(1000, decision.GetProperty("retryAfterMs").GetInt32());
    }

    /// <summary>A gateway that has served a call, and then lost the room for its record.</summary>
    private async Task StartWithoutRoomAsync()
    {
        var config = TestConfig.Write(_folder.Path, _server.Url, """{ "version": "1", "default": "allow" }""");
        var data = Path.Combine(_folder.Path, "data");
        _volume = SmallVolume.Mount(Path.Combine(data, "audit"), 1 << 20);
        _gateway = await GatewayProcess.StartAsync(config, data);
        _client = _gateway.Client();
        await PostAsync("tools/call", """{"name":"pay"}""");
        _volume.Fill();
        await Soon.UntilAsync(
            async () => (await PostAsync("tools/call", """{"name":"pay"}""")).Body.GetProperty("result")
                .TryGetProperty("isError", out var isError) && isError.GetBoolean(),
            "a call is refused");
    }

    private async Task<(JsonElement Body, HttpResponseHeaders Headers)> PostAsync(string method, string parameters)
    {
        using var content = new StringContent(
            $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""",
            new MediaTypeHeaderValue("application/json"));
        using var answer = await _client!.PostAsync("", content);
        return (JsonElement.Parse(await answer.Content.ReadAsStringAsync()), answer.Headers);
    }

    private Task<long> UnavailableAsync() => FigureAsync("""gateway_unavailable_total{cause="audit"}""");

    private async Task<long> FigureAsync(string series)
    {
        var text = await _client!.GetStringAsync("/metrics");
        var line = text.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return long.Parse(line[(series.Length + 1)..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What was logged that is more than news.</summary>
    private List<string> Warnings() =>
    [
        .. _gateway!.Errors.Split('\n').Where(static line =>
            line.Contains("audit", StringComparison.Ordinal)
            && (line.Contains("The gateway itself has a problem", StringComparison.Ordinal)
                || line.Contains("The problem with cause", StringComparison.Ordinal)
                || line.Contains("cannot be written", StringComparison.Ordinal))),
    ];
}
