using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// Attempts that could not wait for their decision. They are not cancelled: the limiter would return their numbers as
/// well, but nothing would show when.
/// </summary>
internal sealed class GivenUpAttempts(ILimiter engine)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, List<BegunRequest>> _attempts = [];

    /// <summary>Returns true if the counter has an attempt whose numbers may be returned soon.</summary>
    public bool IsAnyOf(CounterKey counter)
    {
        lock (_lock)
            return _attempts.ContainsKey(counter);
    }

    /// <summary>
    /// Adds an attempt. Its numbers are returned unless another request takes it over before its decision arrives.
    /// </summary>
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

    /// <summary>Transfers an attempt of the same cost to the caller; null if there is none.</summary>
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

    /// <summary>Waits until all current attempts have been returned or taken over.</summary>
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

        /// <summary>Completes when the attempt was returned or taken over.</summary>
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsReturning { get; set; }
    }
}
