namespace Gateway.Fleet.Tests;

/// <summary>
/// Calls that wait for approval as tasks, in a fleet whose gateways are killed while a task waits. The server counts
/// the calls.
/// </summary>
public class SharedTaskTests : KilledTaskTests
{
    [ClusterFact]
    public async Task A_task_outlives_the_gateway_that_created_it_and_one_gateway_makes_the_call()
    {
        var created = await Bench.StartGatewayAsync();
        var task = await CreateAsync(created);
        var id = await new Operator(created).OpenRequestAsync();
        await created.KillAsync();
        await created.DisposeAsync();
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();

        Assert.Equal(HttpStatusCode.OK, await new Operator(first).ApproveAsync(id));

        Assert.Equal("done", await EndAsync(second, task));
        Assert.Equal("done", await EndAsync(first, task, path: "/mcp"));
        Assert.Single(Bench.Server.Requests);
    }

    [ClusterFact]
    public async Task A_long_call_of_a_killed_gateway_is_never_sent_again_and_any_gateway_cancels_one()
    {
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Bench.Server.Answer = (http, _) => hang.Task.WaitAsync(http.RequestAborted);
        var config = await File.ReadAllTextAsync(Bench.ConfigPath);
        await File.WriteAllTextAsync(Bench.ConfigPath, config.Replace(
            $"\"url\": \"{Bench.Server.Url}\"",
            $"\"url\": \"{Bench.Server.Url}\", \"tasks\": {{ \"afterSeconds\": 1 }}", StringComparison.Ordinal));
        var sender = await Bench.StartGatewayAsync();
        await using var other = await Bench.StartGatewayAsync();
        var task = await CreateAsync(sender, tool: "export");
        Assert.Equal("working", (await StateAsync(other, task)).GetProperty("status").GetString());

        await sender.KillAsync();
        await sender.DisposeAsync();

        Assert.Contains("may have been executed, and it counts", await EndAsync(other, task), StringComparison.Ordinal);
        Assert.Single(Bench.Server.Requests);
        var refused = await SendAsync(other, "tools/call", """{"name":"export"}""", "export");
        Assert.True(refused.GetProperty("isError").GetBoolean());

        // A call of another tool, which every gateway sees and cancels.
        await using var third = await Bench.StartGatewayAsync();
        var second = await CreateAsync(other, tool: "import");
        await SendAsync(third, "tasks/cancel", $$"""{"taskId":"{{second}}"}""", second);
        foreach (var gateway in (GatewayProcess[])[other, third])
            Assert.Equal("cancelled", (await StateAsync(gateway, second)).GetProperty("status").GetString());
        Assert.Equal(2, Bench.Server.Requests.Count);
        hang.SetResult();
    }

    [ClusterFact]
    public async Task Calls_that_wait_for_a_limit_are_made_once_and_in_order_by_whatever_gateway_is_left()
    {
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        GatewayProcess[] gateways = [first, second, third];
        // The first window may end while it is filled.
        var tasks = new List<string>();
        for (var amount = 0; tasks.Count < 7; amount++)
        {
            var result = await CallAsync(gateways[amount % 3], "mail", amount);
            if (result.TryGetProperty("taskId", out var task))
                tasks.Add(task.GetString()!);
        }

        await first.KillAsync();
        await first.DisposeAsync();

        // The gateway may have been killed while it made a call.
        var interrupted = 0;
        foreach (var task in tasks)
        {
            var text = await EndAsync(second, task);
            interrupted += text == "done" ? 0 : 1;
            Assert.True(
                text == "done" || text.Contains("may have been executed, and it counts",
                    StringComparison.Ordinal), text);
        }

        Assert.InRange(interrupted, 0, 1);
        var amounts = Amounts("mail");
        Assert.Equal(amounts.Distinct(), amounts);
        // One that the killed gateway had claimed is made half a minute later, and those behind it after that. Of two
        // calls that the gateways have claimed at the same time, the second may be sent first.
        var inOrder = amounts.Order().ToList();
        Assert.All(amounts.Index(), one => Assert.InRange(one.Index - inOrder.IndexOf(one.Item), -1, 1));
    }

    [ClusterFact]
    public async Task A_call_that_a_killed_gateway_kept_waiting_for_a_place_is_made_once_by_another()
    {
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = Bench.Server.Answer;
        Bench.Server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("\"amount\":1}", StringComparison.Ordinal))
                await hang.Task;
            await answer(http, request);
        };
        await using var open = await Bench.StartGatewayAsync();
        var call = CallAsync(open, "fax", 1);
        await Soon.UntilAsync(() => call.IsCompleted || Amounts("fax").Count == 1, "the first call is open");
        Assert.False(call.IsCompleted, call.IsCompleted ? (await call).GetRawText() : "");
        var keeps = await Bench.StartGatewayAsync();
        var task = (await CallAsync(keeps, "fax", 2)).GetProperty("taskId").GetString()!;

        await keeps.KillAsync();
        await keeps.DisposeAsync();
        hang.SetResult();
        await call;

        Assert.Equal("done", await EndAsync(open, task));
        Assert.Equal([1, 2], Amounts("fax"));
    }

    private static Task<JsonElement> CallAsync(GatewayProcess gateway, string tool, int amount) => SendAsync(
        gateway, "tools/call", $$$"""{"name":"{{{tool}}}","arguments":{"amount":{{{amount}}}}}""", tool);

    /// <summary>The arguments of the calls of a tool, in the order in which the server received them.</summary>
    private List<int> Amounts(string tool) =>
    [
        .. Bench.Server.Requests.Where(one => one.Text.Contains($"\"{tool}\"", StringComparison.Ordinal))
            .Select(static one => JsonDocument.Parse(one.Body).RootElement
                .GetProperty("params").GetProperty("arguments").GetProperty("amount").GetInt32()),
    ];
}
