namespace Gateway.Server.Tests.Admin;

/// <summary>The pause of one tool: its calls are refused for every grant, and other tools go on.</summary>
public sealed class ToolPauseTests : IAsyncLifetime
{
    private const string Open = """
        { "version": "1", "default": "allow", "tools": { "refund": { "action": "approve" } } }
        """;

    private AdminBench _bench = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        _token = await _bench.ProvideAsync();
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(Open), "*");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Calls_of_a_paused_tool_are_refused_and_recorded_until_it_is_resumed()
    {
        Assert.Equal((200, false), await _bench.CallAsync(_token));

        var paused = await PauseAsync("list_customers", new JsonObject { ["reason"] = "leaks" });

        Assert.Equal(200, paused.Status);
        var tool = Assert.Single(paused.Json!["tools"]!.AsArray())!;
        Assert.Equal(
            ("crm", "list_customers", "leaks"),
            ((string?)tool["server"], (string?)tool["tool"], (string?)tool["pause"]!["reason"]));
        Assert.Equal((200, true), await _bench.CallAsync(_token));
        var refused = Decisions()[^1];
        Assert.Equal(
            ("denied", "(paused)", "list_customers"),
            (refused.GetProperty("outcome").GetString(), refused.GetProperty("rule").GetString(),
                refused.GetProperty("tool").GetString()));
        Assert.Contains((await StatusAsync())["attention"]!.AsArray(), static one =>
            (string?)one!["text"] == "The tool list_customers of crm is paused");
        await _bench.RestartAsync(static () => { }, TimeProvider.System);
        Assert.Equal((200, true), await _bench.CallAsync(_token));

        var resumed = await _bench.SendAsync("POST", "servers/crm/tools/list_customers/resume");

        Assert.Equal(200, resumed.Status);
        Assert.Null(resumed.Json!["tools"]);
        Assert.Equal((200, false), await _bench.CallAsync(_token));
    }

    [Fact]
    public async Task Misspelled_tool_is_not_paused_and_another_tool_goes_on()
    {
        await _bench.SendAsync("GET", "servers/crm/tools?refresh=1");
        var wrong = await PauseAsync("list_custmers");
        Assert.Equal(404, wrong.Status);
        Assert.Contains("list_customers", (string?)wrong.Json!["detail"], StringComparison.Ordinal);

        Assert.Equal(200, (await PauseAsync("delete_customer")).Status);
        Assert.Equal((200, false), await _bench.CallAsync(_token));
    }

    [Fact]
    public async Task Pause_of_a_tool_needs_the_role_for_its_server()
    {
        var other = await _bench.KeyOfAsync("ben", "editor:mail");
        var viewer = await _bench.KeyOfAsync("cleo", "viewer");
        var editor = await _bench.KeyOfAsync("dora", "editor:crm");

        Assert.Equal(403, (await PauseAsync("list_customers", key: other)).Status);
        Assert.Equal(403, (await PauseAsync("list_customers", key: viewer)).Status);
        Assert.Equal(200, (await PauseAsync("list_customers", key: editor)).Status);
    }

    [Fact]
    public async Task A_tool_is_paused_and_resumed_from_a_shell()
    {
        var cli = new Cli(_bench.Folder, _bench.Client.BaseAddress!, _bench.AdminKey);

        var paused = await cli.RunAsync("tools", "pause", "crm", "list_customers", "--until", "30m");
        var refused = await _bench.CallAsync(_token);
        var resumed = await cli.RunAsync("tools", "resume", "crm", "list_customers");

        Assert.Equal((0, (200, true), 0), (paused.ExitCode, refused, resumed.ExitCode));
        Assert.Equal("list_customers of crm is paused.", paused.Output.Trim());
        Assert.Equal((200, false), await _bench.CallAsync(_token));
    }

    private Task<AdminReply> PauseAsync(string tool, JsonObject? body = null, string? key = null) =>
        _bench.SendAsync("POST", $"servers/crm/tools/{tool}/pause", body, key: key);

    private async Task<JsonNode> StatusAsync() => (await _bench.SendAsync("GET", "status")).Json!;

    private IReadOnlyList<JsonElement> Decisions() =>
    [
        .. AuditTrail.Read(Path.Combine(_bench.Folder, "data", "audit"))
            .Where(static record => record.GetProperty("kind").GetString() == "decision"),
    ];
}
