using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

/// <summary>Grants that come and go by themselves leave what reading everything again would.</summary>
public sealed class GrantChangesTests : IDisposable
{
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Grants_that_come_change_and_go_leave_the_snapshot_of_the_whole_store()
    {
        await _bench.PutAllAsync();
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var name = $"agent-{random.Next(12)}";
            if (random.Next(3) == 0 && _bench.Plane.State.Stored.Grants.ContainsKey(name))
                await _bench.DeleteAsync(ControlKinds.Grants, name);
            else
                await _bench.PutGrantAsync(name, $"pgw_{name}_{random.Next(3)}", Paused(random));
            await AssertIsWholeAsync();
        }
    }

    [Fact]
    public async Task Denies_when_a_grant_gets_the_token_of_another_until_it_has_one_of_its_own()
    {
        await _bench.PutAllAsync();

        await _bench.PutGrantAsync("twin", ControlBench.Token);
        Assert.Null(_bench.Grant());
        await _bench.PutGrantAsync("third", "pgw_third");
        Assert.Null(_bench.Grant());

        await _bench.PutGrantAsync("twin", ControlBench.OtherToken);
        Assert.Equal(("bot", "twin"), (_bench.Grant()!.Name, _bench.Grant(ControlBench.OtherToken)!.Name));
        await AssertIsWholeAsync();
    }

    [Fact]
    public async Task Denies_when_a_grant_becomes_unreadable_and_takes_it_again_when_it_is_mended()
    {
        await _bench.PutAllAsync();

        await _bench.PutAsync(ControlKinds.Grants, "bot", """{ "servers": { "srv": "open" }, "tokenHash": "?" }""");
        Assert.Null(_bench.Grant());
        Assert.Contains("bot", Assert.Single(_bench.Plane.State.Problems), StringComparison.Ordinal);

        await _bench.PutGrantAsync("other", ControlBench.OtherToken);
        Assert.Single(_bench.Plane.State.Problems);

        await _bench.PutGrantAsync("bot", ControlBench.Token);
        Assert.Empty(_bench.Plane.State.Problems);
        Assert.NotNull(_bench.Grant());
    }

    [Fact]
    public async Task A_grant_of_the_file_stays_whatever_the_store_says_of_its_name()
    {
        await _bench.Plane.ApplyAsync(
            _bench.Config($$"""
                {
                  "servers": { "srv": { "url": "http://127.0.0.1:9/mcp" } },
                  "policies": { "open": {{ControlBench.AllowAll}} },
                  "grants": { "bot": { "server": "srv", "policy": "open", "token": "{{ControlBench.Token}}" } }
                }
                """), default);

        await _bench.PutGrantAsync("bot", ControlBench.OtherToken);
        Assert.NotNull(_bench.Grant());
        Assert.Null(_bench.Grant(ControlBench.OtherToken));

        await _bench.DeleteAsync(ControlKinds.Grants, "bot");
        Assert.NotNull(_bench.Grant());
    }

    [Fact]
    public async Task What_is_open_of_a_grant_ends_with_it_and_of_no_other()
    {
        await _bench.PutAllAsync();
        await _bench.PutGrantAsync("other", ControlBench.OtherToken);
        var (bots, others) = (Ended(ControlBench.Token), Ended(ControlBench.OtherToken));

        await _bench.PutGrantAsync("bot", ControlBench.Token, """, "paused": true""");
        Assert.Equal((true, false), (bots.IsCancellationRequested, others.IsCancellationRequested));
        Assert.False(Ended(ControlBench.Token).IsCancellationRequested);

        await _bench.DeleteAsync(ControlKinds.Grants, "other");
        Assert.True(others.IsCancellationRequested);
    }

    public void Dispose() => _bench.Dispose();

    private CancellationToken Ended(string token) => _bench.Grant(token)!.Bindings["srv"].Access.Ended;

    private static string Paused(Random random) => random.Next(4) == 0 ? """, "paused": true""" : "";

    /// <summary>Another gateway that starts over this store has the same in force.</summary>
    private async Task AssertIsWholeAsync()
    {
        var snapshots = new SnapshotHolder();
        using var other = new SnapshotUpdater(
            _bench.Store, new SecretProtector(_bench.Store), snapshots, _bench.Freshness,
            new ProcessClock(_bench.Time), _bench.Time, NullLogger<SnapshotUpdater>.Instance);
        await other.RefreshAsync(default);
        Assert.Equal(Described(snapshots.Current), Described(_bench.Now));
        Assert.Equal(other.State.Stored.Grants.Keys, _bench.Plane.State.Stored.Grants.Keys);
        Assert.Equal(other.State.Objects.Grants.Keys, _bench.Plane.State.Objects.Grants.Keys);
    }

    private static IEnumerable<string> Described(GatewaySnapshot snapshot) => snapshot.Grants.Values
        .Select(static one => $"{one.Name} {one.Token} {one.IsPaused} {string.Join(' ', one.Bindings.Keys)}")
        .Order(StringComparer.Ordinal);
}
