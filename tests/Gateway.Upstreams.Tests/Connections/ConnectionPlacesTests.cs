using System.Diagnostics.Metrics;
using Gateway.Proxy.Upstreams.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Upstreams.Tests.Connections;

public sealed class ConnectionPlacesTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_caller_has_its_own_bound_below_the_servers()
    {
        var places = Places(max: 4, perCaller: 2);
        var held = await EnterAsync(places, "a", 2);

        Assert.Null(await places.EnterAsync("a", Short, TimeProvider.System, default));

        Assert.All(await EnterAsync(places, "b", 2), Assert.NotNull);
        Assert.All(held, Assert.NotNull);
    }

    [Fact]
    public async Task Nobody_passes_the_servers_bound()
    {
        var places = Places(max: 3, perCaller: 2);
        await EnterAsync(places, "a", 2);
        await EnterAsync(places, "b", 1);

        Assert.Null(await places.EnterAsync("b", Short, TimeProvider.System, default));
    }

    [Fact]
    public async Task Free_places_go_to_the_waiting_callers_in_turn()
    {
        var places = Places(max: 2, perCaller: 2);
        var held = await EnterAsync(places, "a", 2);
        var many = Enumerable.Range(0, 10).Select(_ => Enter(places, "a")).ToArray();
        var one = Enter(places, "b");

        held[0].Dispose();
        (await many[0].WaitAsync(Soon.AtMost))!.Dispose();

        Assert.NotNull(await one.WaitAsync(Soon.AtMost));
        Assert.Equal(1, many.Count(static waiting => waiting.IsCompleted));
    }

    [Fact]
    public async Task More_than_may_wait_are_refused_at_once()
    {
        var places = Places(max: 2, perCaller: 1, waiters: 1);
        await EnterAsync(places, "a", 1);
        var waiting = Enter(places, "a");

        Assert.Null(await places.EnterAsync("a", Long, TimeProvider.System, default));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_takes_no_place()
    {
        var places = Places(max: 1, perCaller: 1);
        var held = await EnterAsync(places, "a", 1);
        using var leave = new CancellationTokenSource();
        var waiting = places.EnterAsync("b", Long, TimeProvider.System, leave.Token).AsTask();

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held[0].Dispose();

        Assert.NotNull(await places.EnterAsync("c", Short, TimeProvider.System, default));
    }

    [Fact]
    public async Task The_longest_abandoned_is_let_go_of_for_another_caller()
    {
        var places = Places(max: 3, perCaller: 3);
        var held = await EnterAsync(places, "a", 3);
        var ended = new List<int>();
        foreach (var i in new[] { 1, 0 })
            held[i].Abandon(() => Note(i));

        var taken = await places.EnterAsync("b", Long, TimeProvider.System, default);

        Assert.NotNull(taken);
        Assert.Equal([1], ended);

        void Note(int which)
        {
            ended.Add(which);
            held[which].Dispose();
        }
    }

    [Fact]
    public async Task A_caller_at_its_own_bound_gives_up_its_own_abandoned_only()
    {
        var places = Places(max: 10, perCaller: 1);
        var other = await EnterAsync(places, "b", 1);
        other[0].Abandon(() => Assert.Fail("Another caller's call was let go of."));
        var own = await EnterAsync(places, "a", 1);
        own[0].Abandon(own[0].Dispose);

        Assert.NotNull(await places.EnterAsync("a", Long, TimeProvider.System, default));
    }

    [Fact]
    public async Task What_is_abandoned_while_others_wait_is_let_go_of_at_once_and_no_more_than_wait()
    {
        var places = Places(max: 2, perCaller: 2);
        var held = await EnterAsync(places, "a", 2);
        var waiting = Enter(places, "b");
        var ended = 0;

        held[0].Abandon(() => ended++);
        held[1].Abandon(() => ended++);
        Assert.Equal(1, ended);
        held[0].Dispose();

        Assert.NotNull(await waiting.WaitAsync(Soon.AtMost));
    }

    [Fact]
    public async Task What_has_ended_cannot_be_abandoned()
    {
        var places = Places(max: 1, perCaller: 1);
        var held = await EnterAsync(places, "a", 1);
        held[0].Dispose();
        held[0].Abandon(() => Assert.Fail("It had ended."));
        await EnterAsync(places, "a", 1);

        Assert.Null(await places.EnterAsync("a", Short, TimeProvider.System, default));
    }

    [Fact]
    public async Task However_they_come_and_go_no_bound_is_passed_and_no_place_is_lost()
    {
        var places = Places(max: 8, perCaller: 3);
        var (open, most) = (0, 0);
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            for (var round = 0; round < 50; round++)
            {
                using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 20)));
                try
                {
                    var caller = $"caller-{i % 5}";
                    using var place = await places.EnterAsync(caller, Long, TimeProvider.System, leave.Token);
                    lock (gate)
                        most = Math.Max(most, ++open);
                    await Task.Yield();
                    lock (gate)
                        open--;
                }
                catch (OperationCanceledException)
                {
                    // It left while it waited.
                }
            }
        })));

        Assert.InRange(most, 1, 8);
        for (var caller = 0; caller < 2; caller++)
            Assert.All(await EnterAsync(places, $"caller-{caller}", 3), Assert.NotNull);
    }

    [Fact]
    public async Task Reports_the_open_connections_to_a_server_after_it_is_recreated()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var metrics = new ConnectionMetrics(factory);
        var (old, current, other) = (Places("crm"), Places("crm"), Places("mail"));
        Assert.Empty(Read());

        var held = await EnterAsync(old, "a", 2);
        var more = await EnterAsync(current, "a", 1);
        (await EnterAsync(other, "a", 1))[0].Dispose();
        Assert.Equal(["server=crm 3", "server=mail 0"], Read());

        held[0].Dispose();
        held[0].Dispose();
        more[0].Dispose();
        Assert.Equal(["server=crm 1", "server=mail 0"], Read());
        held[1].Dispose();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 500; round++)
                (await EnterAsync(i % 2 == 0 ? old : current, $"caller-{i}", 1))[0].Dispose();
        })));
        Assert.Equal(["server=crm 0", "server=mail 0"], Read());

        ConnectionPlaces Places(string server) => new(4, 4, 0, new ServerConnectionMetrics(server, metrics));
        string[] Read() => MetricReading.Of(factory, "gateway.upstream.connections");
    }

    private static ConnectionPlaces Places(int max, int perCaller, int waiters = 100) =>
        new(max, perCaller, waiters, new ServerConnectionMetrics("srv", null));

    private static async Task<ConnectionPlace[]> EnterAsync(ConnectionPlaces places, string caller, int count)
    {
        var taken = new ConnectionPlace[count];
        for (var i = 0; i < count; i++)
            taken[i] = (await places.EnterAsync(caller, Short, TimeProvider.System, default))!;
        return taken;
    }

    private static Task<ConnectionPlace?> Enter(ConnectionPlaces places, string caller) =>
        places.EnterAsync(caller, Long, TimeProvider.System, default).AsTask();
}
