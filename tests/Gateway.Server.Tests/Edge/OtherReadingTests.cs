namespace Gateway.Server.Tests.Edge;

/// <summary>Names and numbers that a server may read as others than the policy does, over HTTP.</summary>
public sealed class OtherReadingTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": {
          "delete_user": { "action": "deny" },
          "send": { "limits": [ { "counter": "c", "window": "month", "max": 2, "by": "args.to" } ] } } }
        """;

    private static readonly string[] Spellings =
    [
        "Delete_User", "DELETE_USER", "delete_useR", "ｄｅｌｅｔｅ＿ｕｓｅｒ", "delete_user ", " delete_user", "delete_user\t",
        "\ndelete_user", "delete_user\u00a0", "\u00a0delete_user", "delete_user\u2800", "delete\u2800_user",
        "delete_user\u200b", "\ufeffdelete_user", "delete_user\u3164", "delete_user\u2003", "delete_user\0",
        "dеlete_user", "delete_uѕer", "dеlеtе_usеr", "de1ete_user", "deIete_user", "deІete_user", "DΕLΕΤΕ_USΕR",
        "𝐝𝐞𝐥𝐞𝐭𝐞_𝐮𝐬𝐞𝐫", "ⓓelete_user", "delete﹍user", "delete_uſer", "dele\u00adte_user", "delete_user\u202e",
    ];

    // A name with a character that is not visible is refused before a policy is asked.
    private static readonly string?[] UnsafeNames = ["(ambiguous tool)", "400"];

    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, Policy);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task No_other_spelling_of_a_denied_tool_reaches_the_server()
    {
        foreach (var spelling in Spellings)
            Assert.Contains(await RuleOfAsync(spelling, "{}"), UnsafeNames);
        Assert.Equal("/tools/delete_user/action", await RuleOfAsync("delete_user", "{}"));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task No_call_with_a_number_that_a_double_changes_reaches_the_server()
    {
        for (var i = 1; i <= 40; i++)
        {
            var arguments = $$"""{"to":5511987654321.{{new string('0', 18)}}{{i:00}} }""";
            Assert.Equal("(unreadable arguments)", await RuleOfAsync("send", arguments));
        }

        Assert.Empty(_server.Requests);
    }

    private async Task<string?> RuleOfAsync(string tool, string arguments)
    {
        var name = JsonSerializer.Serialize(tool);
        using var response = await _gateway.PostAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":" + name
            + ",\"arguments\":" + arguments + "}}");
        if (response.StatusCode == HttpStatusCode.BadRequest)
            return "400";
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (string?)answer["result"]?["_meta"]?["policy-gateway/decision"]?["rule"];
    }
}
