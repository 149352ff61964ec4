using Gateway.Control.Memory;

namespace Gateway.Control.Tests.Memory;

public sealed class MemoryBudgetTests
{
    private static readonly MemoryBudgetOptions Options = new()
    {
        AllMax = 100,
        PerCallerMax = 60,
        AnonymousMax = 10,
        Wait = TimeSpan.FromMilliseconds(50),
        AnswerWait = TimeSpan.FromSeconds(30),
    };

    private readonly MemoryBudget _budget = new(Options);
    private readonly MemoryShare _one = new("one");
    private readonly MemoryShare _other = new("other");

    [Fact]
    public void One_grant_has_its_own_bound_and_leaves_the_rest_to_the_others()
    {
        Assert.True(_budget.TryTake(_one, 60, MemoryUse.Request));

        Assert.False(_budget.TryTake(_one, 1, MemoryUse.Request));
        Assert.True(_budget.TryTake(_other, 40, MemoryUse.Request));
        Assert.Equal(100, _budget.Held);
    }

    [Fact]
    public void All_together_have_a_bound_and_who_is_refused_holds_nothing()
    {
        Assert.True(_budget.TryTake(_one, 60, MemoryUse.Request));

        Assert.False(_budget.TryTake(_other, 41, MemoryUse.Request));
        Assert.Equal(0, _other.Held);
        Assert.Equal(60, _budget.Held);
    }

    [Fact]
    public void Requests_without_a_grant_share_a_small_budget()
    {
        Assert.True(_budget.TryTake(_budget.Anonymous, 10, MemoryUse.Request));

        Assert.False(_budget.TryTake(_budget.Anonymous, 1, MemoryUse.Request));
        Assert.True(_budget.TryTake(_one, 60, MemoryUse.Request));
    }

    [Fact]
    public async Task Who_waits_goes_on_when_others_give_back()
    {
        Assert.True(_budget.TryTake(_one, 50, MemoryUse.Request));
        var waiting = _budget.TakeAsync(_one, 20, MemoryUse.Answer, default).AsTask();
        Assert.False(waiting.IsCompleted);

        _budget.GiveBack(_one, 5);
        Assert.False(waiting.IsCompleted);
        _budget.GiveBack(_one, 10);

        Assert.True(await waiting.WaitAsync(Soon.AtMost));
        Assert.Equal(55, _one.Held);
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused()
    {
        Assert.True(_budget.TryTake(_one, 50, MemoryUse.Request));

        Assert.False(await _budget.TakeAsync(_one, 20, MemoryUse.Evaluation, default));
        Assert.Equal(50, _budget.Held);
    }

    [Fact]
    public async Task What_can_never_be_had_is_refused_at_once()
    {
        Assert.False(await _budget.TakeAsync(_one, 61, MemoryUse.Answer, default));
        Assert.False(_budget.CouldHold(_one, 61));
        Assert.True(_budget.CouldHold(_one, 60));
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_takes_nothing()
    {
        Assert.True(_budget.TryTake(_one, 60, MemoryUse.Request));
        using var leave = new CancellationTokenSource();
        var waiting = _budget.TakeAsync(_one, 1, MemoryUse.Answer, leave.Token).AsTask();

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _budget.GiveBack(_one, 60);
        Assert.Equal(0, _budget.Held);
    }

    [Fact]
    public async Task However_they_take_and_give_back_no_bound_is_passed_and_nothing_is_lost()
    {
        var budget = new MemoryBudget(Options with { Wait = TimeSpan.FromSeconds(30) });
        MemoryShare[] shares = [_one, _other, new("third")];
        var most = 0L;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            var share = shares[i % shares.Length];
            for (var round = 0; round < 500; round++)
            {
                var bytes = random.Next(1, 60);
                Assert.True(await budget.TakeAsync(share, bytes, MemoryUse.Evaluation, default));
                InterlockedMax(ref most, budget.Held);
                Assert.InRange(share.Held, bytes, Options.PerCallerMax);
                if (round % 7 == 0)
                    await Task.Yield();
                budget.GiveBack(share, bytes);
            }
        })));

        Assert.InRange(most, 1, Options.AllMax);
        Assert.Equal(0, budget.Held);
        Assert.All(shares, static share => Assert.Equal(0, share.Held));
    }

    private static void InterlockedMax(ref long most, long now)
    {
        long known;
        while (now > (known = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, known) != known)
        {
        }
    }
}
