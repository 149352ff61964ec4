using Gateway.Orleans.Batching;
using Orleans.Core.Internal;

namespace Gateway.Orleans.Tests.Batching;

/// <summary>Asking many counters of a silo together, and what happens where that cannot be.</summary>
public sealed class BatchTests : IAsyncLifetime, IDisposable
{
    private readonly CallsSeen _seen = new();
    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(silos: 1, filter: _seen);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _seen.Dispose();

    [Fact]
    public async Task Requests_go_to_the_counter_first_and_then_to_the_batch_grain()
    {
        var limiter = _cluster.Limiter();
        var costs = Costs(50);
        await AllAsync(limiter, costs);
        Assert.Equal(50, _seen.Counters);

        for (var i = 0; i < 9; i++) await AllAsync(limiter, costs);

        Assert.Equal(50, _seen.Counters);
        Assert.InRange(_seen.Batches, 1, 450);
        foreach (var cost in costs)
            Assert.Equal(RefusalKind.NoRoom, (await limiter.CallAsync(_cluster, cost)).Refusal!.Kind);
    }

    [Fact]
    public async Task Requests_go_to_the_counters_when_the_batch_grain_cannot_be_reached()
    {
        var limiter = _cluster.Limiter();
        var costs = Costs(50);
        await AllAsync(limiter, costs);
        _seen.IsBatchGrainClosed = true;

        for (var i = 0; i < 9; i++) await AllAsync(limiter, costs);

        foreach (var cost in costs)
            Assert.Equal(RefusalKind.NoRoom, (await limiter.CallAsync(_cluster, cost)).Refusal!.Kind);
    }

    [Fact]
    public async Task Denies_when_the_batch_grain_times_out_and_keeps_using_it()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 10);
        await AllAsync(limiter, [cost, cost]);
        await AllAsync(limiter, [cost, cost]);
        var pause = new TaskCompletionSource();
        _seen.Pause = pause.Task;
        var refused = await limiter.CallAsync(_cluster, cost);
        pause.SetResult();
        var asked = _seen.Batches;

        await AllAsync(limiter, [cost]);

        Assert.Equal(RefusalKind.EngineUnavailable, refused.Refusal!.Kind);
        Assert.True(_seen.Batches > asked, "the batch grain was not asked");
    }

    [Fact]
    public async Task Asks_at_the_other_silo_when_the_first_has_stopped()
    {
        var limiter = _cluster.Limiter();
        var costs = Costs(20);
        var admitted = new int[costs.Length];
        await Soon.UntilAsync(
            async () => await AskAsync() && admitted.All(static count => count > 1), "all are active");
        await _cluster.Orleans.StartSilosAsync(1);
        await _cluster.Orleans.StopSiloAsync(_cluster.Orleans.Silos[0]);
        var asked = _seen.Batches;
        var before = admitted.ToArray();

        await Soon.UntilAsync(async () => !await AskAsync(), "every counter is used up");

        Assert.True(_seen.Batches > asked, "nobody asked at the batch grain of the silo that is left");
        Assert.All(admitted.Zip(before), static counts => Assert.InRange(counts.First, counts.Second + 1, 10));

        // While counters move, a call that waits too long is refused, and may have taken a number that is wasted.
        async Task<bool> AskAsync()
        {
            var decisions = await Task.WhenAll(costs.Select(cost => limiter.CallAsync(_cluster, cost).AsTask()));
            for (var i = 0; i < costs.Length; i++)
            {
                if (decisions[i].IsAdmitted
                    && decisions[i].Permit.TrySpend(_cluster.Clock.NowMs(), out _) == SpendOutcome.Spent)
                    admitted[i]++;
            }

            return !decisions.All(static decision => decision.Refusal?.Kind == RefusalKind.NoRoom);
        }
    }

    [Fact]
    public async Task Answers_others_while_one_waits_for_the_store()
    {
        var limiter = _cluster.Limiter();
        var spare = Calls.Cost(Calls.Key("spare"), max: 100_000);
        var bare = Calls.Cost(Calls.Key("bare"), max: 100);
        await AllAsync(limiter, [spare, bare]);
        var hold = new TaskCompletionSource();
        _cluster.Store.BeforeWrite = () => hold.Task;
        var waiting = limiter.CallAsync(_cluster, bare).AsTask();

        for (var i = 0; i < 5; i++) Assert.True((await limiter.CallAsync(_cluster, spare)).IsAdmitted);

        hold.SetResult();
        Assert.True((await waiting).IsAdmitted);
    }

    [Fact]
    public async Task Waits_longer_than_a_second_for_the_store_while_owners_are_on_the_move()
    {
        // The other timeouts, of 2 seconds, must not end the wait where the test itself is held up.
        await _cluster.DisposeAsync();
        _cluster = await TestCluster.StartAsync(
            silos: 1, new CounterGrainOptions { DeferMs = 0, StoreTimeout = TimeSpan.FromMinutes(1) }, filter: _seen);
        var limiter = _cluster.Limiter(new() { AskTimeout = TimeSpan.FromMinutes(1) });
        var moved = Calls.Cost(Calls.Key("moved"), max: 100_000);
        var bare = Calls.Cost(Calls.Key("bare"), max: 100);
        await AllAsync(limiter, [moved, bare]);
        var asked = _seen.Counters;
        var grain = _cluster.Orleans.Client.GetGrain<ICounterGrain>(moved.Key.Text);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        for (var i = 0; i < 1000 && _seen.Counters == asked; i++) await AllAsync(limiter, [moved]);
        Assert.True(_seen.Counters > asked, "nobody heard that the owner has gone");
        var hold = new TaskCompletionSource();
        _cluster.Store.BeforeWrite = () => hold.Task;
        using var late = new PeriodicTimer(TimeSpan.FromMilliseconds(1300));

        var waiting = limiter.CallAsync(_cluster, bare).AsTask();
        await late.WaitForNextTickAsync();
        hold.SetResult();

        var decision = await waiting;
        Assert.True(decision.IsAdmitted, decision.Refusal?.Reason);
    }

    [Fact]
    public async Task Counts_a_call_once_that_is_asked_again_while_it_waits()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 100);
        await AllAsync(limiter, [cost]);
        var hold = new TaskCompletionSource();
        _cluster.Store.BeforeWrite = () => hold.Task;
        var asked = AllAsync(limiter, [.. Enumerable.Repeat(cost, 19)]);

        await _seen.BatchesReceivedAsync(4);
        hold.SetResult();
        await asked;
        await AllAsync(limiter, [.. Enumerable.Repeat(cost, 80)]);

        Assert.Equal(RefusalKind.NoRoom, (await limiter.CallAsync(_cluster, cost)).Refusal!.Kind);
    }

    [Fact]
    public async Task Gives_nothing_in_the_name_of_an_activation_that_is_not_there()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 1);
        var name = (await _cluster.Orleans.Client.GetGrain<ICounterGrain>(cost.Key.Text)
            .AskAsync(new CounterMessage([], null))).BatchGrain!;
        var question = new CounterQuestion(7, Amount.One.Nano, Amount.One.Nano, 0, IsPeek: false);
        var asks = BatchFormat.WriteAsks([new(Owner: 99, question)], [], holdMs: 10);

        var reply = await _cluster.Orleans.Client.GetGrain<ICounterBatchGrain>(name).AskAsync(new BatchBytes(asks));

        var answer = Assert.Single(BatchFormat.ReadReply(reply.Content, out _));
        Assert.Equal(CounterAnswerKind.Gone, answer.Kind);
        Assert.True((await limiter.CallAsync(_cluster, cost)).IsAdmitted);
    }

    private static LimitCost[] Costs(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Calls.Cost(Calls.Key($"calls-{i}"), max: 10))];

    private async Task AllAsync(ClusterEngine limiter, LimitCost[] costs)
    {
        var decisions = await Task.WhenAll(costs.Select(cost => limiter.CallAsync(_cluster, cost).AsTask()));
        foreach (var decision in decisions)
        {
            Assert.True(decision.IsAdmitted, decision.Refusal?.Reason);
            Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(_cluster.Clock.NowMs(), out _));
        }
    }
}
