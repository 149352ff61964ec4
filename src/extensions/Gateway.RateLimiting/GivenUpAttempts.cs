using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// Attempts that could not wait for what they asked. None is cancelled: the engine would give its numbers back too, but
/// nobody would learn when.
/// </summary>
internal sealed class GivenUpAttempts(ILimiter engine)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, List<BegunRequest>> _attempts = [];

    /// <summary>Whether the counter holds something that may come back at once.</summary>
    public bool IsAnyOf(CounterKey counter)
    {
        lock (_lock)
            return _attempts.ContainsKey(counter);
    }

    /// <summary>Gives back what is taken, unless somebody takes it over before that is known.</summary>
    public void Add(CounterKey counter, Amount cost, Task<LimitDecision> asked)
    {
        var attempt = new BegunRequest(cost, asked);
        lock (_lock)
        {
            if (!_attempts.TryGetValue(counter, out var others)) _attempts.Add(counter, others = []);
            others.Add(attempt);
        }

        _ = ReturnAsync(counter, attempt);
    }

    /// <summary>What was asked for the same cost, which is the caller's from here on; null if nothing was.</summary>
    public Task<LimitDecision>? TryTake(CounterKey counter, Amount cost)
    {
        lock (_lock)
        {
            var found = _attempts.GetValueOrDefault(counter)?.Find(one => !one.IsReturning && one.Cost == cost);
            if (found is null) return null;
            Remove(counter, found);
            return found.Asked;
        }
    }

    /// <summary>Waits until all that was given up so far is back or taken over.</summary>
    public Task WaitAsync(CounterKey counter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _attempts.TryGetValue(counter, out var others)
                ? Task.WhenAll(others.Select(static one => one.Over.Task)).WaitAsync(cancellationToken)
                : Task.CompletedTask;
        }
    }

    private async Task ReturnAsync(CounterKey counter, BegunRequest attempt)
    {
        await ((Task)attempt.Asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            if (attempt.Over.Task.IsCompleted) return;
            attempt.IsReturning = true;
        }

        try
        {
            if (attempt.Asked.IsCompletedSuccessfully && (await attempt.Asked).IsAdmitted)
                await engine.ReleaseAsync((await attempt.Asked).Permit, CancellationToken.None);
        }
        finally
        {
            lock (_lock)
                Remove(counter, attempt);
        }
    }

    private void Remove(CounterKey counter, BegunRequest attempt)
    {
        var others = _attempts[counter];
        others.Remove(attempt);
        if (others.Count == 0) _attempts.Remove(counter);
        attempt.Over.SetResult();
    }

    private sealed class BegunRequest(Amount cost, Task<LimitDecision> asked)
    {
        public Amount Cost => cost;

        public Task<LimitDecision> Asked => asked;

        /// <summary>Ends when it is back or somebody's.</summary>
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsReturning { get; set; }
    }
}
