namespace Gateway.Server.Tests.Processes;

/// <summary>When a grant was last used, as the operator sees it after the process is another one.</summary>
public sealed class LastUsedTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
    private readonly TestFolder _folder = new("gateway-last-used-");
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;
    private string _config = "";

    private string Data => Path.Combine(_folder.Path, "data");

    private string Stored => Path.Combine(Data, "control", "last-used", "grants.json");

    private Cli Shell => new(_folder.Path, _gateway.Address, AdminKey);

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _config = TestConfig.Write(_folder.Path, _server.Url, """{ "version": "1", "default": "allow" }""",
            $$""", "admin": { "key": "{{AdminKey}}" }""");
        _gateway = await GatewayProcess.StartAsync(_config, Data);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Is_shown_to_the_millisecond_after_an_orderly_restart()
    {
        Assert.Null(await LastUsedAsync());
        Assert.Equal(200, await CallAsync());
        var used = await LastUsedAsync();
        Assert.NotNull(used);

        _gateway.Terminate();
        await _gateway.WaitForExitAsync();
        await StartAgainAsync();

        Assert.Equal(used, await LastUsedAsync());
        Assert.Contains(
            used!.Value.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture), await WellAsync("grant", "list"),
            StringComparison.Ordinal);
        Assert.Equal(200, await CallAsync());
        Assert.True(await LastUsedAsync() > used);
    }

    [Fact]
    public async Task Is_shown_after_the_process_was_killed_once_it_was_looked_for()
    {
        Assert.Equal(200, await CallAsync());
        var used = await LastUsedAsync();
        await Soon.UntilAsync(() => File.Exists(Stored), "the time is stored");

        await _gateway.KillAsync();
        await StartAgainAsync();

        Assert.Equal(used, await LastUsedAsync());
    }

    private async Task StartAgainAsync()
    {
        await _gateway.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(_config, Data);
    }

    private async Task<DateTimeOffset?> LastUsedAsync() =>
        (string?)JsonNode.Parse(await WellAsync("grant", "show", "agent", "--json"))!["lastUsed"] is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
            : null;

    private async Task<int> CallAsync()
    {
        using var client = _gateway.Client();
        using var body = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", body);
        return (int)response.StatusCode;
    }

    private async Task<string> WellAsync(params string[] arguments)
    {
        var run = await Shell.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run.Output;
    }
}
