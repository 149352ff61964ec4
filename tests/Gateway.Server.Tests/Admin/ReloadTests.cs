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
