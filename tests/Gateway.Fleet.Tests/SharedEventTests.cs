namespace Gateway.Fleet.Tests;

/// <summary>A budget that is passed by the calls of several gateways is told by one of them.</summary>
public class SharedEventTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
      { "counter": "pays", "window": "month", "max": 20, "notify_at": [0.5] } ] } } }
    """)
{
    [ClusterFact]
    public async Task One_gateway_of_a_fleet_notifies_of_a_budget()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        var first = await Bench.StartAsMemberAsync("first");
        await using var second = (await Bench.StartAsMemberAsync("second")).Process;
        using var added = await new Operator(second).SendAsync(HttpMethod.Post, "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = receiver.Url,
            ["allowPrivate"] = true,
        });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        // Both see the counter beyond the share, at once and again.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync(i % 2 == 0 ? first.Process : second)));

        var message = await receiver.NextAsync();
        Assert.Equal("0.5", (string?)message.Json["data"]!["share"]);
        // A gateway that ends before it has written what it sent is followed by one that sends it again.
        await AllSentAsync(first.Process);
        await first.Process.DisposeAsync();
        await CallAsync(second);
        await AllSentAsync(second);
        Assert.Equal(0, receiver.Count);
    }

    private static Task AllSentAsync(GatewayProcess gateway) => Soon.UntilAsync(
        async () =>
        {
            using var listed = await new Operator(gateway).SendAsync(HttpMethod.Get, "channels");
            var page = JsonNode.Parse(await listed.Content.ReadAsStringAsync())!;
            return (int)page["items"]![0]!["pending"]! == 0;
        },
        "the channel has what it is to have");

    private static async Task CallAsync(GatewayProcess gateway)
    {
        using var client = gateway.Client();
        using var content = new StringContent(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{}}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
