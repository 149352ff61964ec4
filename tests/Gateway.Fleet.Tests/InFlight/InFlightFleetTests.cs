namespace Gateway.Fleet.Tests.InFlight;

/// <summary>
/// <c>max_in_flight</c> over gateways in processes of their own that share a database: one is killed, one stands still,
/// the database is away.
/// </summary>
[Trait("run", "full")]
public sealed class InFlightFleetTests : IAsyncLifetime
{
    /// <summary>How long a place lasts that nobody renews.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private FleetBench _bench = null!;
    private SlowServer _server = null!;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is null)
            return;
        _bench = await FleetBench.StartAsync("""
            { "version": "1", "default": "deny", "tools": { "slow": { "max_in_flight": { "max": 2 } } } }
            """);
        _server = SlowServer.Over(_bench.Server);
    }

    public async Task DisposeAsync()
    {
        if (_bench is null)
            return;
        await _server.DisposeAsync();
        await _bench.DisposeAsync();
    }

    [ClusterFact]
    public async Task The_places_of_a_gateway_that_was_killed_are_free_when_they_expire_and_not_before()
    {
        await using var killed = await _bench.StartAsMemberAsync("killed");
        await using var other = await _bench.StartAsMemberAsync("other");
        var began = TimeProvider.System.GetTimestamp();
        var calls = new[] { killed.Agent("slow").CallAsync(), killed.Agent("slow").CallAsync() };
        await _server.CallAsync(1);
        Assert.Equal(CallOutcome.Refused, await other.Agent("slow").CallAsync());

        await killed.Process.KillAsync();
        await Task.WhenAll(_server.Calls.Select(static call => call.Ended)).WaitAsync(Soon.AtMost);
        Assert.All(await Task.WhenAll(calls), static call => Assert.Equal(CallOutcome.Unanswered, call));
        await AdmittedAsync(other, callsBefore: 2);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), Lease, TimeSpan.MaxValue);
        Assert.Equal(2, _server.Most);
    }

    [ClusterFact]
    public async Task A_gateway_that_stood_still_ends_its_calls_when_it_goes_on()
    {
        await using var still = await _bench.StartAsMemberAsync("still");
        await using var other = await _bench.StartAsMemberAsync("other");
        var calls = new[] { still.Agent("slow").CallAsync(), still.Agent("slow").CallAsync() };
        await _server.CallAsync(1);
        still.Process.Pause();
        await AdmittedAsync(other, callsBefore: 2, isAnswered: false);
        // While it stands still it can close nothing: the server has one more than may be, as the documents say.
        Assert.Equal(3, _server.Open);

        still.Process.Resume();
        foreach (var call in _server.Calls.Take(2))
            await call.Ended.WaitAsync(Soon.AtMost);
        Assert.All(await Task.WhenAll(calls), static call => Assert.Equal(CallOutcome.Failed, call));
        Assert.Equal(1, _server.Open);
        await still.Process.SaysAsync("could not be renewed in time");
        await AdmittedAsync(still, callsBefore: 3, isAnswered: false);
        Assert.Equal(CallOutcome.Refused, await other.Agent("slow").CallAsync());
    }

    [ClusterFact]
    public async Task Calls_end_before_their_places_expire_while_the_database_is_away()
    {
        await using var member = await _bench.StartAsMemberAsync("alone");
        var call = member.Agent("slow").CallAsync();
        var open = await _server.CallAsync(0);
        await _bench.Database.StopAsync("immediate");
        await Soon.UntilAsync(
            async () => await member.Agent("slow").CallAsync() == CallOutcome.Unavailable, "no place is given");
        await open.Ended.WaitAsync(Soon.AtMost);
        Assert.Equal(CallOutcome.Failed, await call);

        await _bench.Database.StartAsync();
        await AdmittedAsync(member, callsBefore: 1);
    }

    /// <summary>Calls until there is a place.</summary>
    private async Task AdmittedAsync(FleetMember member, int callsBefore, bool isAnswered = true)
    {
        var agent = member.Agent("slow");
        await Soon.UntilAsync(
            async () =>
            {
                var call = agent.CallAsync();
                await Soon.UntilAsync(
                    () => call.IsCompleted || _server.Calls.Count > callsBefore, "the call is decided");
                if (_server.Calls.Count == callsBefore)
                    return false;
                if (!isAnswered)
                    return true;
                _server.Calls[callsBefore].Answer();
                Assert.Equal(CallOutcome.Admitted, await call);
                return true;
            },
            $"{member.Name} finds a place");
    }
}
