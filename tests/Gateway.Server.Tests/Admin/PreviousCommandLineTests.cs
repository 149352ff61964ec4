namespace Gateway.Server.Tests.Admin;

/// <summary>
/// The requests that the command line of the previous release sends (<c>grant set</c>, <c>operator set</c>,
/// <c>server set</c>, <c>server add</c>): it replaces whole resources, and knows neither PATCH nor that PUT leaves
/// state alone.
/// </summary>
public sealed class PreviousCommandLineTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        await _bench.SendAsync("DELETE", "grants/bot", ifMatch: "*");
        var body = AdminBench.GrantBody("bot");
        body["expires"] = "30d";
        await _bench.SendAsync("POST", "grants", body);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("--expires", "2199-01-01T00:00:00Z")]
    [InlineData("--server", "crm=limited")]
    [InlineData("--tools-as", "search")]
    [InlineData("--remove-server", "crm")]
    public async Task Grant_set_keeps_a_paused_grant_paused_and_its_end(string option, string value)
    {
        await _bench.SendAsync("POST", "grants/bot/pause");
        await _bench.SendAsync("PUT", "servers/erp", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        await _bench.SendAsync(
            "PATCH", "grants/bot", JsonNode.Parse("""{ "servers": { "erp": { "deny": true } } }"""), "*");

        var set = await GrantSetAsync(option, value);

        Assert.Equal(200, set.Status);
        var now = (await _bench.SendAsync("GET", "grants/bot")).Json!;
        Assert.Equal("paused", (string?)now["status"]);
        Assert.NotNull(now["expires"]);
    }

    [Fact]
    public async Task Grant_set_cannot_remove_the_end()
    {
        var set = await GrantSetAsync("--expires", "never");

        Assert.Equal(400, set.Status);
        Assert.Contains("--expires never\" of this release", (string?)set.Json!["detail"], StringComparison.Ordinal);
        Assert.NotNull((await _bench.SendAsync("GET", "grants/bot")).Json!["expires"]);
    }

    [Fact]
    public async Task Grant_set_cannot_resume_what_was_paused_since_it_read_the_grant()
    {
        var read = await _bench.SendAsync("GET", "grants/bot");
        await _bench.SendAsync("POST", "grants/bot/pause");

        var stale = await _bench.SendAsync("PUT", "grants/bot", GrantBody(read, "--tools-as", "search"), read.ETag);
        var forced = await _bench.SendAsync("PUT", "grants/bot", GrantBody(read, "--tools-as", "search"), "*");

        Assert.Equal((412, 400), (stale.Status, forced.Status));
        Assert.Equal("paused", (string?)(await _bench.SendAsync("GET", "grants/bot")).Json!["status"]);
    }

    [Fact]
    public async Task Grant_set_goes_on_where_a_grant_never_ends()
    {
        await _bench.SendAsync("PATCH", "grants/bot", JsonNode.Parse("""{ "expires": null }"""), "*");

        Assert.Equal(200, (await GrantSetAsync("--tools-as", "search")).Status);
    }

    [Fact]
    public async Task Operator_set_keeps_a_disabled_operator_disabled()
    {
        await _bench.KeyOfAsync("ana", "viewer");
        var read = await _bench.SendAsync("GET", "operators/ana");
        await _bench.SendAsync("POST", "operators/ana/disable");
        var disabled = await _bench.SendAsync("GET", "operators/ana");

        var set = await _bench.SendAsync("PUT", "operators/ana", OperatorBody(disabled), disabled.ETag);
        var stale = await _bench.SendAsync("PUT", "operators/ana", OperatorBody(read), read.ETag);
        var forced = await _bench.SendAsync("PUT", "operators/ana", OperatorBody(read), "*");

        Assert.Equal((200, 412, 400), (set.Status, stale.Status, forced.Status));
        Assert.Equal("disabled", (string?)(await _bench.SendAsync("GET", "operators/ana")).Json!["status"]);
    }

    /// <summary><c>gateway grant set bot OPTION VALUE</c>.</summary>
    private async Task<AdminReply> GrantSetAsync(string option, string value)
    {
        var known = await _bench.SendAsync("GET", "grants/bot");
        return await _bench.SendAsync("PUT", "grants/bot", GrantBody(known, option, value), known.ETag ?? "*");
    }

    private static JsonObject GrantBody(AdminReply known, string option, string value)
    {
        var servers = known.Json!["servers"]!.DeepClone().AsObject();
        if (option == "--remove-server")
            servers.Remove(value);
        if (option == "--server")
            servers[value.Split('=', 2)[0]] = value.Split('=', 2)[1];
        var body = new JsonObject
        {
            ["servers"] = servers,
            ["paused"] = known.Json["pausedBy"] is JsonArray pauses
                && pauses.Any(static what => (string?)what == "grant"),
        };
        if (option == "--tools-as")
            body["tools_as"] = value;
        if (option != "--expires")
            body["expires"] = known.Json["expires"]?.DeepClone();
        else if (value != "never")
            body["expires"] = value;
        return body;
    }

    /// <summary><c>gateway operator set ana --display-name Ana</c>.</summary>
    private static JsonObject OperatorBody(AdminReply old) => new()
    {
        ["displayName"] = "Ana",
        ["roles"] = old.Json!["roles"]!.DeepClone(),
        ["disabled"] = (string?)old.Json["status"] == "disabled",
    };
}
