namespace Gateway.Server.Tests.Admin;

/// <summary>Edits of the configuration file while agents are at work.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""";
    private readonly TaskCompletionSource _serverAborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "allow", "all_tools": { "limits": [ { "counter": "c", "window": "month", "max": 1000000 } ] } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Refuses_the_next_call_of_a_grant_that_was_taken_out_and_closes_its_stream()
    {
        _server.Answer = StreamAsync;
        using var request = new HttpRequestMessage(HttpMethod.Post, _gateway.Endpoint) { Content = Json(Call) };
        using var open = await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await open.Content.ReadAsStreamAsync());
        Assert.Equal("data: first", await reader.ReadLineAsync());

        await EditAsync(config => config["grants"]!.AsObject().Remove("agent"));

        using var next = await _gateway.PostAsync(Call);
        Assert.Equal(HttpStatusCode.Unauthorized, next.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => reader.ReadToEndAsync().WaitAsync(Soon.AtMost));
        await _serverAborted.Task.WaitAsync(Soon.AtMost);
    }

    [Fact]
    public async Task Lets_a_new_grant_in_without_a_restart()
    {
        await EditAsync(config => config["grants"]!["new"] = new JsonObject
        {
            ["server"] = "srv",
            ["policy"] = "policy",
            ["token"] = "pgw_new_token_0123456789",
        });

        using var response = await _gateway.PostAsync(
            Call, request => request.Headers.Authorization = new("Bearer", "pgw_new_token_0123456789"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Loses_no_call_to_a_wrong_edit_under_load()
    {
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoadAsync(stop.Token)));
        var good = await File.ReadAllTextAsync(_gateway.ConfigPath);

        for (var edit = 0; edit < 10; edit++)
        {
            await File.WriteAllTextAsync(_gateway.ConfigPath, good[..(good.Length / 2)]);
            Assert.False(await _gateway.Host.ReloadAsync(default));
            await File.WriteAllTextAsync(_gateway.ConfigPath, good);
            Assert.True(await _gateway.Host.ReloadAsync(default));
        }

        await stop.CancelAsync();
        var answered = (await load).Sum();
        Assert.True(answered > 0);
        Assert.Equal(answered, _server.Requests.Count);
    }

    [Fact]
    public async Task A_reload_that_changes_a_maximum_is_recorded_with_the_change_the_cause_and_the_frontend()
    {
        await EditAsync(config => SetMax(config, 7));
        await EditAsync(config => SetMax(config, 8));
        Assert.True(await _gateway.Host.ReloadAsync(default));
        var cli = new Cli(_gateway.Folder, _gateway.Address, _gateway.AdminKey);

        var history = await cli.RunAsync("history", "--object", "policies/policy", "--json");
        var audit = await cli.RunAsync("audit", "query", "--object", "policies/policy", "--json");
        var text = await cli.RunAsync("audit", "query", "--object", "policies/policy");

        Assert.Equal((0, 0, 0), (history.ExitCode, audit.ExitCode, text.ExitCode));
        string[] changes =
        [
            """["change /policies/policy/all_tools/limits/0/max from 7 to 8"]""",
            """["change /policies/policy/all_tools/limits/0/max from 1000000 to 7"]""",
        ];
        var items = JsonNode.Parse(history.Output)!.AsArray();
        Assert.Equal(changes, items.Select(static one => one!["changes"]!.ToJsonString()));
        Assert.All(items, static one => Assert.Equal(
            "(file) reload file", $"{one!["by"]} {one["action"]} {one["origin"]}"));
        var records = audit.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonNode.Parse(line)!)
            .Where(static one => (string?)one["kind"] == "change").ToList();
        Assert.Equal(changes.Reverse(), records.Select(static one => one["changes"]!.ToJsonString()));
        Assert.All(records, static one => Assert.Matches(@" \([0-9a-f]{6}\)$", (string)one["frontend"]!));
        Assert.Equal(2, text.Output.Split("(file) reload config-files/").Length - 1);
        Assert.Contains(
            "change /policies/policy/all_tools/limits/0/max from 7 to 8", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changed_while_the_gateway_was_stopped_is_recorded_at_the_next_start()
    {
        const string Other = """{ "version": "1", "default": "deny" }""";
        // The log's first checkpoint names the frontend, and there is none before its first record.
        using (await _gateway.PostAsync(Call))
            await _gateway.DisposeHostAsync();

        for (var start = 0; start < 2; start++)
            await (await TestGateway.StartAsync(_server.Url.ToString(), Other, after: _gateway)).DisposeHostAsync();

        var started = Assert.Single(_gateway.AuditRecords(), static record =>
            record.TryGetProperty("action", out var action) && action.GetString() == "start");
        Assert.Equal(
            """["change gateway.json while the gateway was stopped"]""", started.GetProperty("changes").GetRawText());
    }

    private static void SetMax(JsonNode config, int max) =>
        config["policies"]!["policy"]!["all_tools"]!["limits"]![0]!["max"] = max;

    private async Task<int> LoadAsync(CancellationToken stop)
    {
        var answered = 0;
        do
        {
            using var response = await _gateway.PostAsync(Call);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            answered++;
        }
        while (!stop.IsCancellationRequested);
        return answered;
    }

    private async Task EditAsync(Action<JsonNode> edit)
    {
        var config = JsonNode.Parse(await File.ReadAllTextAsync(_gateway.ConfigPath))!;
        edit(config);
        await File.WriteAllTextAsync(_gateway.ConfigPath, config.ToJsonString());
        Assert.True(await _gateway.Host.ReloadAsync(default));
    }

    private async Task StreamAsync(HttpContext http, RecordedRequest request)
    {
        http.RequestAborted.Register(() => _serverAborted.TrySetResult());
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: first\n\n");
        await http.Response.Body.FlushAsync();
        await _serverAborted.Task;
    }

    private static StringContent Json(string body) => new(body, new MediaTypeHeaderValue("application/json"));
}
