namespace Gateway.Server.Tests.Processes;

/// <summary>A runaway agent against a small audit log: what came before it stays on record.</summary>
public sealed class FoldedRefusalTests() : OneServerTest("""{ "version": "1", "default": "deny", "tools": { "read": {} } }""")
{
    private const int Denied = 300;

    // The pace of the log is looked at once a second: a flood lasts longer than that.
    private static readonly TimeSpan FloodsFor = TimeSpan.FromSeconds(3);

    private const int Allowed = 40;

    [Fact]
    public async Task Counts_a_flood_of_refusals_and_records_every_allowed_call()
    {
        var sent = 0;
        await using (var gateway = await GatewayProcess.StartAsync(Config, Data, "--audit-bytes", "1048576"))
        {
            using var client = gateway.Client();
            for (var flood = Stopwatch.StartNew(); sent < Denied || flood.Elapsed < FloodsFor; sent++)
                await CallAsync(client, "pay");
            for (var i = 0; i < Allowed; i++)
                await CallAsync(client, "read");
            gateway.Terminate();
            await gateway.WaitForExitAsync();
        }

        var records = AuditTrail.Read(Path.Combine(Data, "audit"));
        var folded = Of(records, "folded");
        var denied = Of(records, "decision").Count(record => record.GetProperty("outcome").GetString() == "denied");
        // How many are folded depends on when a busy machine lets the gateway look at its pace.
        Assert.InRange(denied, 10, sent - 1);
        Assert.Equal(sent, denied + folded.Sum(record => record.GetProperty("decisions").GetInt32()));
        Assert.All(folded, record => Assert.Equal("(default deny)", record.GetProperty("rule").GetString()));
        Assert.All(folded, record => Assert.True(
            record.GetProperty("since").GetDateTime() <= record.GetProperty("until").GetDateTime()));
        Assert.Equal(Allowed, Of(records, "decision").Count(
            record => record.GetProperty("outcome").GetString() == "allowed"));
        Assert.Equal(Allowed, Server.Requests.Count);
    }

    [Fact]
    public async Task Records_every_refusal_where_there_is_room_for_a_week_of_them()
    {
        await using (var gateway = await GatewayProcess.StartAsync(Config, Data, "--audit-bytes", "1TB"))
        {
            using var client = gateway.Client();
            for (var i = 0; i < Denied; i++)
                await CallAsync(client, "pay");
            gateway.Terminate();
            await gateway.WaitForExitAsync();
        }

        var records = AuditTrail.Read(Path.Combine(Data, "audit"));
        Assert.Empty(Of(records, "folded"));
        Assert.Equal(Denied, Of(records, "decision").Count);
    }

    private static List<JsonElement> Of(IReadOnlyList<JsonElement> records, string kind) =>
        [.. records.Where(record => record.GetProperty("kind").GetString() == kind)];

    private static async Task CallAsync(HttpClient client, string tool)
    {
        var call = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""";
        using var content = new StringContent(call, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync("", content);
        answer.EnsureSuccessStatusCode();
    }
}
