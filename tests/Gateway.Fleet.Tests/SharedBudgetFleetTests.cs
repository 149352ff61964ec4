namespace Gateway.Fleet.Tests;

/// <summary>Two gateways that share a database charge one budget, whose maximum changes and is topped up.</summary>
public sealed class SharedBudgetFleetTests() : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    private const string Budget = """{ "window": "month", "max": 5, "grants": ["bot"], "notifyAt": [80] }""";
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "pay": { "budgets": ["mail"] } } }
        """;

    [ClusterFact]
    public async Task Calls_through_both_never_exceed_the_budget_and_every_change_of_it_takes_effect_at_both()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        await using var second = await Bench.StartAsMemberAsync("second");
        var token = await ProvideAsync(first);
        await Soon.UntilAsync(async () => await MaxAsync(second) == "5", "the second has the budget");
        using var one = first.Process.Client(token);
        using var other = second.Process.Client(token);
        Agent[] agents = [new(one, "pay", first.History), new(other, "pay", second.History)];

        await ExhaustAsync(agents);
        Assert.Equal(5, Bench.Server.Requests.Count);

        await SendAsync(second, HttpMethod.Patch, "budgets/mail", new JsonObject { ["max"] = 8 });
        await AtBothAsync("8");
        await ExhaustAsync(agents);
        Assert.Equal(8, Bench.Server.Requests.Count);

        await SendAsync(first, HttpMethod.Post, "budgets/mail/top-ups", new JsonObject
        {
            ["by"] = 4,
            ["until"] = "1h",
            ["reason"] = "quarter end",
        });
        await AtBothAsync("12");
        await ExhaustAsync(agents);
        Assert.Equal(12, Bench.Server.Requests.Count);

        // Numbers above the lower maximum are charged, so neither gateway admits a call until the count is below it.
        await SendAsync(second, HttpMethod.Patch, "budgets/mail", new JsonObject { ["topUps"] = null });
        await AtBothAsync("8");
        await SendAsync(first, HttpMethod.Patch, "budgets/mail", new JsonObject { ["max"] = 11 });
        await AtBothAsync("11");
        await ExhaustAsync(agents);
        Assert.Equal(12, Bench.Server.Requests.Count);

        await SendAsync(first, HttpMethod.Patch, "budgets/mail", new JsonObject { ["max"] = 13 });
        await AtBothAsync("13");
        await ExhaustAsync(agents);
        Assert.Equal(13, Bench.Server.Requests.Count);

        Task AtBothAsync(string max) => Soon.UntilAsync(
            async () => await MaxAsync(first) == max && await MaxAsync(second) == max, $"both know the maximum {max}");
    }

    [ClusterFact]
    public async Task A_top_up_ends_at_both_gateways_at_its_time_without_a_change()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        await using var second = await Bench.StartAsMemberAsync("second");
        var token = await ProvideAsync(first);
        await SendAsync(first, HttpMethod.Post, "budgets/mail/top-ups", new JsonObject
        {
            ["by"] = 100_000,
            ["until"] = "5s",
            ["reason"] = "short",
        });
        using var one = first.Process.Client(token);
        using var other = second.Process.Client(token);
        Agent[] agents = [new(one, "pay", first.History), new(other, "pay", second.History)];
        await Task.WhenAll(agents.Select(async agent =>
        {
            for (var call = 0; call < 20; call++)
                await agent.CallAsync();
        }));

        await Soon.UntilAsync(
            async () => await MaxAsync(first) == "5" && await MaxAsync(second) == "5", "the top-up has ended");
        var before = Bench.Server.Requests.Count;
        await ExhaustAsync(agents);
        Assert.Equal(Math.Max(5, before), Bench.Server.Requests.Count);
    }

    /// <summary>Calls through both at the same time until nothing is left.</summary>
    private static Task ExhaustAsync(Agent[] agents) =>
        Task.WhenAll(agents.Select(static agent => agent.ExhaustAsync(callsMax: 40)));

    private static async Task<string> ProvideAsync(FleetMember member)
    {
        await SendAsync(member, HttpMethod.Put, "budgets/mail", JsonNode.Parse(Budget)!);
        await SendAsync(member, HttpMethod.Put, "policies/charging", JsonNode.Parse(Policy)!);
        var grant = await SendAsync(member, HttpMethod.Post, "grants", new JsonObject
        {
            ["name"] = "bot",
            ["servers"] = new JsonObject { ["srv"] = "charging" },
        });
        return (string)grant["token"]!;
    }

    private static async Task<string?> MaxAsync(FleetMember member)
    {
        using var answer = await new Operator(member.Process).SendAsync(HttpMethod.Get, "budgets/mail");
        if (!answer.IsSuccessStatusCode)
            return null;
        var budget = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string?)budget["status"]!["max"] ?? budget["max"]!.ToString();
    }

    private static async Task<JsonNode> SendAsync(FleetMember member, HttpMethod method, string path, JsonNode body)
    {
        using var answer = await new Operator(member.Process).SendAsync(
            method, path, body, method == HttpMethod.Put || path == "grants" ? null : "*");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
