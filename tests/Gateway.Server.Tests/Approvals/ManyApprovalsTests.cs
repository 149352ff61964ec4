namespace Gateway.Server.Tests.Approvals;

/// <summary>Hundreds of calls that wait at once; <c>GATEWAY_FULL=1</c> makes it a thousand.</summary>
[Trait("run", "full")]
public sealed class ManyApprovalsTests
{
    private const int Each = 25;
    private static readonly int Grants = Requirements.AreFull ? 40 : 10;

    [Fact]
    public async Task Calls_that_wait_are_listed_answered_and_go_ahead_once_each()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = bench.Server.Address.ToString() });
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse("""
            {
              "version": "1", "default": "deny",
              "tools": { "list_customers": { "action": "approve", "approval": { "wait": "0s" } } }
            }
            """));
        var tokens = new List<string>();
        for (var i = 0; i < Grants; i++)
        {
            var made = await bench.SendAsync("POST", "grants", AdminBench.GrantBody($"bot{i}"));
            tokens.Add((string)made.Json!["token"]!);
        }

        Assert.Equal(0, await CallAllAsync(bench, tokens));
        var ids = new List<string>();
        string? after = null;
        do
        {
            var page = (await bench.SendAsync(
                "GET", "approvals?state=open&limit=100" + (after is null ? "" : $"&cursor={after}"))).Json!;
            ids.AddRange(page["items"]!.AsArray().Select(static one => (string)one!["id"]!));
            after = (string?)page["next"];
        }
        while (after is not null);
        Assert.Equal(Grants * Each, ids.Distinct().Count());
        await Parallel.ForEachAsync(ids, async (id, _) =>
            Assert.Equal(200, (await bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject())).Status));

        Assert.Equal(Grants * Each, await CallAllAsync(bench, tokens));
        Assert.Equal(0, await CallAllAsync(bench, tokens[..1]));
    }

    private static async Task<int> CallAllAsync(AdminBench bench, List<string> tokens)
    {
        var done = 0;
        await Parallel.ForEachAsync(
            tokens.SelectMany(static token => Enumerable.Range(0, Each).Select(n => (token, n))), async (call, _) =>
            {
                var (status, isRefused) = await bench.CallAsync(call.token, $$"""{"page":{{call.n}}}""");
                Assert.Equal(200, status);
                if (!isRefused)
                    Interlocked.Increment(ref done);
            });
        return done;
    }
}
