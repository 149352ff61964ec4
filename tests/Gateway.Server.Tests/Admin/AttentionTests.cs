namespace Gateway.Server.Tests.Admin;

/// <summary>The list of conditions that need a person, which the console and <c>gateway status</c> show.</summary>
public sealed class AttentionTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Pause_of_every_call_is_listed_first_with_operator_and_reason_until_resumed()
    {
        await _bench.ProvideAsync();
        Assert.Empty(await AttentionAsync());

        await _bench.SendAsync("POST", "pause", new JsonObject { ["reason"] = " refunds are sent twice " });

        var first = (await AttentionAsync())[0]!;
        Assert.Equal(("critical", "overview"), ((string?)first["severity"], (string?)first["page"]));
        Assert.Contains("paused", (string?)first["text"], StringComparison.Ordinal);
        Assert.EndsWith(": refunds are sent twice", (string?)first["detail"], StringComparison.Ordinal);
        Assert.NotNull(first["since"]);
        var changes = (await _bench.SendAsync("GET", "history")).Json!["items"]!.AsArray();
        Assert.Contains(changes, static one => (string?)one!["reason"] == "refunds are sent twice");

        await _bench.SendAsync("POST", "resume", new JsonObject());
        Assert.Empty(await AttentionAsync());
    }

    [Fact]
    public async Task Pause_without_a_body_works_and_a_long_reason_is_rejected()
    {
        var refused = await _bench.SendAsync("POST", "pause", new JsonObject { ["reason"] = new string('x', 1025) });
        Assert.Equal(422, refused.Status);
        Assert.Contains("1024", (string?)refused.Json!["detail"], StringComparison.Ordinal);
        Assert.Empty(await AttentionAsync());

        await _bench.SendAsync("POST", "pause");
        Assert.Single(await AttentionAsync());
    }

    [Fact]
    public async Task Paused_server_and_unreachable_server_are_listed_by_name()
    {
        var token = await _bench.ProvideAsync();
        await _bench.SendAsync("POST", "servers/crm/pause");
        Assert.Contains(await AttentionAsync(), static one => (string?)one!["text"] == "The server crm is paused");

        await _bench.SendAsync("POST", "servers/crm/resume");
        await _bench.Server.DisposeAsync();
        await _bench.CallAsync(token);

        var unreachable = Assert.Single(await AttentionAsync())!;
        Assert.Equal(("critical", "servers/crm"), ((string?)unreachable["severity"], (string?)unreachable["page"]));
    }

    private async Task<JsonArray> AttentionAsync() =>
        (await _bench.SendAsync("GET", "status")).Json!["attention"]!.AsArray();
}
