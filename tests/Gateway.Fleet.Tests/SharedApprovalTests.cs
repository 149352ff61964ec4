namespace Gateway.Fleet.Tests;

/// <summary>
/// A call that a person must approve, in a fleet: asked at one gateway, answered at another, made at a third, once.
/// </summary>
public class SharedApprovalTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "refund": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } },
      "pay": { "action": "approve", "approval": { "expires": "15m", "wait": "60s" } } } }
    """)
{
    [ClusterFact]
    public async Task Lets_one_of_many_calls_at_all_gateways_through_on_one_approval()
    {
        await using var asked = await Bench.StartGatewayAsync();
        await using var answered = await Bench.StartGatewayAsync();
        var id = ApprovalId(await CallAsync(asked, "refund", 5));
        Assert.Equal(id, ApprovalId(await CallAsync(answered, "refund", 5)));

        // Nothing of the request lives in the process that asked.
        await asked.KillAsync();
        await using var third = await Bench.StartGatewayAsync();
        Assert.Equal(HttpStatusCode.OK, await new Operator(answered).ApproveAsync(id));
        Assert.NotEqual(id, ApprovalId(await CallAsync(third, "refund", 6)));
        var calls = Enumerable.Range(0, 24).Select(i => CallAsync(i % 2 == 0 ? answered : third, "refund", 5));
        var answers = await Task.WhenAll(calls);

        Assert.Single(answers, IsDone);
        Assert.Single(Bench.Server.Requests);
    }

    [ClusterFact]
    public async Task A_pending_call_proceeds_after_approval_at_another_gateway()
    {
        await using var holds = await Bench.StartGatewayAsync();
        await using var answered = await Bench.StartGatewayAsync();
        var call = CallAsync(holds, "pay", 5);
        var id = await new Operator(answered).OpenRequestAsync();
        Assert.Empty(Bench.Server.Requests);

        await new Operator(answered).ApproveAsync(id);

        Assert.True(IsDone(await call.WaitAsync(Soon.AtMost)));
        Assert.Single(Bench.Server.Requests);
        Assert.NotEqual(id, ApprovalId(await CallAsync(answered, "refund", 5)));
    }

    [ClusterFact]
    public async Task Lets_exactly_as_many_calls_through_by_a_standing_approval_whichever_gateway_they_come_to()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var id = ApprovalId(await CallAsync(first, "refund", 5));
        using var approved = await new Operator(second).SendAsync(HttpMethod.Post, $"approvals/{id}/approve",
            new JsonObject { ["standing"] = new JsonObject { ["next"] = 5, ["where"] = new JsonArray() } });
        Assert.Equal(HttpStatusCode.OK, approved.StatusCode);

        var answers = await Task.WhenAll(
            Enumerable.Range(6, 16).Select(i => CallAsync(i % 2 == 0 ? first : second, "refund", i)));

        Assert.Equal(5, answers.Count(IsDone));
        Assert.Equal(5, Bench.Server.Requests.Count);
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Notifies_a_channel_of_each_request_once_across_gateways_even_after_one_is_gone()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        var gone = await Bench.StartGatewayAsync();
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var asked = new List<string> { ApprovalId(await CallAsync(gone, "refund", 1)) };
        await gone.KillAsync();
        await gone.DisposeAsync();

        using var added = await new Operator(first).SendAsync(HttpMethod.Post, "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = receiver.Url,
            ["allowPrivate"] = true,
        });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        for (var amount = 2; amount < 8; amount++)
            asked.Add(ApprovalId(await CallAsync(amount % 2 == 0 ? first : second, "refund", amount)));

        var notified = new List<string>();
        foreach (var _ in asked)
            notified.Add((await receiver.NextAsync()).Id);
        Assert.Equal(asked.Order(), notified.Order());
        await Soon.UntilAsync(async () =>
        {
            using var answer = await new Operator(second).SendAsync(HttpMethod.Get, "channels");
            var channel = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["items"]![0]!;
            return (int)channel["pending"]! == 0;
        }, "all is sent");
        Assert.Equal(0, receiver.Count);
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Notifies_a_channel_of_a_request_of_a_killed_gateway_and_resumes_its_call()
    {
        await using var receiver = await MessageReceiver.StartAsync();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.Answer = async http =>
        {
            began.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        var killed = await Bench.StartGatewayAsync();
        using var added = await new Operator(killed).SendAsync(HttpMethod.Post, "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = receiver.Url,
            ["allowPrivate"] = true,
        });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var id = ApprovalId(await CallAsync(killed, "refund", 5));
        await began.Task.WaitAsync(Soon.AtMost);
        Assert.Equal(id, (await receiver.NextAsync()).Id);

        await killed.KillAsync();
        await killed.DisposeAsync();
        receiver.Answer = static _ => Task.CompletedTask;
        await using var next = await Bench.StartGatewayAsync();

        // The one that was killed had it to itself for a minute.
        Assert.Equal(id, (await receiver.NextAsync()).Id);
        await using var third = await Bench.StartGatewayAsync();
        Assert.Equal(HttpStatusCode.OK, await new Operator(third).ApproveAsync(id));
        await third.KillAsync();
        Assert.True(IsDone(await CallAsync(next, "refund", 5)));
        Assert.Single(Bench.Server.Requests);
    }

    [ClusterFact]
    public async Task Takes_the_first_answer_of_operators_at_different_gateways()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var id = ApprovalId(await CallAsync(first, "refund", 5));
        await new Operator(second).OpenRequestAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
        {
            var person = new Operator(i % 2 == 0 ? first : second);
            return i % 4 < 2 ? person.ApproveAsync(id, $"operator {i}") : person.DenyAsync(id, $"operator {i}");
        }));

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != HttpStatusCode.OK),
            answer => Assert.Equal(HttpStatusCode.Conflict, answer));
    }

    private static async Task<JsonElement> CallAsync(GatewayProcess gateway, string tool, int amount)
    {
        using var client = gateway.Client();
        using var content = new StringContent(
            $$$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{"amount":{{{amount}}}} } }
            """,
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", content);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("result").Clone();
    }

    private static bool IsDone(JsonElement result) =>
        result.GetProperty("content")[0].GetProperty("text").GetString() == "done";

    private static string ApprovalId(JsonElement result) => result.GetProperty("_meta")
        .GetProperty("policy-gateway/decision").GetProperty("approvalId").GetString()!;
}
