namespace Gateway.Fleet.Tests;

/// <summary>Decisions as they happen, of all gateways that share a database, at any of them.</summary>
public sealed class SharedLiveTests() : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    [ClusterFact]
    public async Task A_stream_shows_every_gateways_calls_names_a_killed_one_and_goes_on_at_another()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        await using var second = await Bench.StartAsMemberAsync("second");
        await CallAsync(first, 1);
        await CallAsync(second, 1);
        Assert.Equal("0", await StoredEntriesAsync());

        string id;
        List<string> seen;
        await using (var live = await LiveFeed.OpenAsync(first.Process))
        {
            await live.SeesFrontendsAsync(present: 2, missing: 0);
            await CallAsync(second, 3);
            await CallAsync(first, 1);
            await live.SeesAsync(4);
            // Both run on this machine, and are told apart all the same.
            Assert.Equal(2, live.Calls.Select(static one => one.Frontend).Distinct().Count());
            Assert.All(live.Frontends.Keys, static name =>
                Assert.StartsWith(Environment.MachineName + " (", name, StringComparison.Ordinal));
            Assert.False(live.IsSampled);

            await second.Process.KillAsync();
            await live.SeesFrontendsAsync(present: 1, missing: 1);
            var missing = live.Frontends.Values.Single(static one => (string?)one["state"] == "missing");
            Assert.InRange(TimeProvider.System.GetUtcNow() - (DateTimeOffset)missing["since"]!,
                TimeSpan.Zero, Soon.AtMost);
            await using var again = await Bench.StartAgainAsync(second);
            await live.SeesFrontendsAsync(present: 2, missing: 0);
            await CallAsync(again, 2);
            await live.SeesAsync(6);
            (id, seen) = (live.LastId, [.. live.Calls.Select(static one => one.CallId)]);

            // Whoever comes back goes on, to whichever gateway they come.
            await CallAsync(first, 2);
            await CallAsync(again, 2);
            foreach (var member in (FleetMember[])[again, first])
            {
                await using var next = await LiveFeed.OpenAsync(member.Process, id);
                await next.SeesAsync(4);
                Assert.Empty(next.Calls.Select(static one => one.CallId).Intersect(seen));
                Assert.Equal(4, next.Calls.Distinct().Count());
                Assert.Equal(4, next.Calls.Count);
                Assert.False(next.IsSampled);
            }

            // An id as it was before it named several logs.
            var before = $"{Environment.MachineName}/{id.Split(';')[0].Split('/')[1]}";
            await using var old = await LiveFeed.OpenAsync(first.Process, before);
            await old.SeesFrontendsAsync(present: 2, missing: 0);
        }

        Assert.NotEqual("0", await StoredEntriesAsync());
    }

    private static async Task CallAsync(FleetMember member, int calls)
    {
        for (var i = 0; i < calls; i++)
            Assert.Equal(CallOutcome.Admitted, await member.Agent("any").CallAsync());
    }

    private Task<string> StoredEntriesAsync() => Bench.Database.QueryAsync(
        "SELECT (SELECT count(*) FROM gateway.control_archive WHERE shelf = 'live') "
        + "+ (SELECT count(*) FROM gateway.control_documents WHERE kind = 'watches')");
}
