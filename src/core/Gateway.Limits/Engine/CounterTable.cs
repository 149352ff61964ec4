using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Limits.Engine;

/// <summary>
/// The counters that this process owns, over one store. It steps them, carries out their effects and evicts idle ones.
/// </summary>
internal sealed class CounterTable : ICounterClient
{
    /// <summary>
    /// Maximum number of counters that return numbers in one pass. More would delay the calls that wait for the store.
    /// </summary>
    private const int HandBacksMax = 5000;

    /// <summary>
    /// While more than this many counters have requests at the store, none reads ahead. No call waits for a read-ahead,
    /// so the number of them would be unbounded, and their garbage would survive several collections.
    /// </summary>
    private const int ReadsAheadMax = 1024;

    /// <summary>Number of locks; a power of two.</summary>
    private const int Shards = 64;

    private readonly CounterRunner _runner;

    /// <summary>No other table has these rules, so a counter under them belongs to this table.</summary>
    private readonly CounterRules _rules;
    private readonly LocalEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<long> _clock;
    private readonly CounterShard[] _shards;
    private readonly StoreMetrics _metrics;
    private readonly CounterQuota _quota;

    public CounterTable(
        IReservationStore store, CounterRules rules, LocalEngineOptions options, TimeProvider time, Func<long> clock)
    {
        (_options, _time, _clock) = (options, time, clock);
        _rules = rules with { Terms = new SharedRulesTable() };
        _metrics = new StoreMetrics(time);
        _runner = new CounterRunner(store, _metrics, time, TimeSpan.FromMilliseconds(options.StoreTimeoutMs));
        _quota = new CounterQuota(options.Bounds);
        _shards = new CounterShard[Shards];
        for (var i = 0; i < _shards.Length; i++) _shards[i] = new CounterShard(_runner, time, clock);
    }

    /// <summary>Number of counters in memory.</summary>
    public int Count => _quota.Count;

    /// <summary>Statistics of the requests to the store and their outcomes.</summary>
    public LimiterStatistics Statistics => _metrics.Statistics with
    {
        CountersInMemory = Count,
        CountersMax = _quota.Bounds.CountersMax,
        CountersRefused = _quota.Refused,
    };

    /// <inheritdoc/>
    public CounterReply TryAcquire(CounterKey key, in CounterRequest ask, long nowMs)
    {
        var shard = ShardOf(key);
        StoreRequest? request;
        ICounter counter;
        CounterReply reply;
        lock (shard.Lock)
        {
            if (shard.Waiting.Count > 0 && shard.Waiting.ContainsKey(ask.CallId)) return CounterReply.Waiting;
            if (!TryFind_NeedsLock(shard, key, out counter)) return AtBound();
            shard.Effects.IsStoreBusy = _runner.Running > ReadsAheadMax;
            reply = counter.TryAcquire(ask, nowMs, shard.Effects);
            request = shard.Effects.Request;
            if (request is null) return reply;
            shard.Effects.Clear();
        }

        shard.CarryOut(counter, request, wakeAtMs: null);
        return reply;
    }

    /// <inheritdoc/>
    public ValueTask<CounterReply> AcquireAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken)
    {
        var shard = ShardOf(key);
        StoreRequest? request;
        long? wakeAtMs;
        ICounter? counter;
        WaitingCall? caller;
        CounterReply reply;
        lock (shard.Lock)
        {
            if (!TryFind_NeedsLock(shard, key, out counter)) return new(AtBound());
            if (TryJoin_NeedsLock(shard, counter, ask.CallId, out caller))
                return WaitAsync(shard, caller, ask, cancellationToken);
            reply = counter.Acquire(ask, nowMs, shard.Effects);
            if (reply.Kind == CounterReplyKind.Waiting)
                shard.Waiting[ask.CallId] = caller = new WaitingCall(counter);
            (request, wakeAtMs) = shard.Deliver_NeedsLock();
        }

        shard.CarryOut(counter, request, wakeAtMs);
        return caller is null ? new(reply) : WaitAsync(shard, caller, ask, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CounterReply> PeekAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken)
    {
        var shard = ShardOf(key);
        ICounter? counter;
        StoreRequest? request;
        CounterReply reply;
        lock (shard.Lock)
        {
            if (!TryFind_NeedsLock(shard, key, out counter)) return AtBound();
            reply = counter.Peek(ask, nowMs, shard.Effects, isFresh: false);
            if (reply.Kind != CounterReplyKind.Waiting) return reply;
            (request, _) = shard.Deliver_NeedsLock();
        }

        if (request is not null) await _runner.RunAsync(shard, counter, request.Value);
        lock (shard.Lock)
        {
            reply = counter.Peek(ask, nowMs, shard.Effects, isFresh: true);
            // After a failed read the counter requests another; if that were not sent, the counter would wait for it
            // forever.
            (request, _) = shard.Deliver_NeedsLock();
        }

        shard.CarryOut(counter, request, wakeAtMs: null);
        return reply.Kind != CounterReplyKind.Waiting ? reply : CounterReply.Unavailable;
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(CounterPermit part, Amount amount, long nowMs, CancellationToken cancellationToken)
    {
        var shard = ShardOf(part.Key);
        StoreRequest? request;
        long? wakeAtMs;
        ICounter? counter;
        lock (shard.Lock)
        {
            if (!TryFindKnown_NeedsLock(shard, part.Key, out counter)) return default;
            counter.Release(part, amount, nowMs, shard.Effects);
            (request, wakeAtMs) = shard.Deliver_NeedsLock();
        }

        shard.CarryOut(counter, request, wakeAtMs);
        return default;
    }

    /// <summary>
    /// Evicts counters that are idle and hold nothing. Those that hold numbers of a running window return them first
    /// and are evicted the next time. A counter whose numbers may come back stays until its window ends.
    /// </summary>
    public void Evict(long nowMs)
    {
        var handBacksLeft = HandBacksMax;
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                foreach (var (row, counter) in shard.All_NeedsLock())
                {
                    if ((counter.LastSecond * 1000) + _options.IdleMs > nowMs || !counter.IsQuiet) continue;
                    var isOver = counter.Key.RecordEndMs(counter.WindowStartMs) + (2 * ClockBounds.EpsilonMs) <= nowMs;
                    if (!isOver && !counter.IsIdle) continue;
                    if (!isOver && counter.HoldsNumbers && handBacksLeft-- > 0)
                        ReturnUnissued_NeedsLock(shard, counter, nowMs);
                    if (!isOver && (counter.HoldsNumbers || !counter.IsQuiet)) continue;
                    shard.Counters.Remove(row);
                    counter.Evict();
                    _quota.Leave(counter.Key);
                }
            }
        }
    }

    /// <summary>Returns all unissued numbers to the store and waits for completion, for an orderly shutdown.</summary>
    public async Task ReturnAllUnissuedAsync(long nowMs)
    {
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                foreach (var (_, counter) in shard.All_NeedsLock()) ReturnUnissued_NeedsLock(shard, counter, nowMs);
            }
        }

        await _runner.WhenIdleAsync();
    }

    private CounterShard ShardOf(CounterKey key) => _shards[key.GetHashCode() & (_shards.Length - 1)];

    private static CounterReply AtBound() =>
        CounterReply.Refused(new CounterRefusal(RefusalKind.AtBound, default, long.MinValue));

    private bool TryFind_NeedsLock(CounterShard shard, CounterKey key, out ICounter counter)
    {
        if (TryFindKnown_NeedsLock(shard, key, out counter!)) return true;
        if (!_quota.TryEnter(key)) return false;
        counter = WindowKind.NewCounter(key, _rules);
        shard.Counters.Add(new CounterRow(counter));
        key.CounterHandle = counter;
        return true;
    }

    private bool TryFindKnown_NeedsLock(
        CounterShard shard, CounterKey key, [NotNullWhen(true)] out ICounter? counter)
    {
        counter = key.CounterHandle as ICounter;
        if (counter is not null && counter.IsHeldUnder(_rules)) return true;
        var row = shard.Counters.Find(key);
        counter = row < 0 ? null : shard.Counters[row].Counter;
        if (counter is null) return false;
        key.CounterHandle = counter;
        return true;
    }

    private void ReturnUnissued_NeedsLock(CounterShard shard, ICounter counter, long nowMs)
    {
        counter.ReturnUnissued(nowMs, shard.Effects);
        var (request, _) = shard.Deliver_NeedsLock();
        if (request is { } first) _runner.Enqueue(shard, counter, first);
    }

    /// <summary>Joins a call that already waits here, so that it is not counted twice.</summary>
    private static bool TryJoin_NeedsLock(
        CounterShard shard, ICounter counter, CallId id, [NotNullWhen(true)] out WaitingCall? caller)
    {
        caller = null;
        if (shard.Waiting.Count == 0 || !shard.Waiting.TryGetValue(id, out var first)) return false;
        if (first.Counter != counter) return false;
        first.Callers++;
        caller = first;
        return true;
    }

    /// <summary>
    /// Waits for the reply. The last caller that cancels removes the call from the queue, or gives back what it was
    /// given.
    /// </summary>
    private async ValueTask<CounterReply> WaitAsync(
        CounterShard shard, WaitingCall caller, CounterRequest ask, CancellationToken cancellationToken)
    {
        var answer = caller.Answer.Task;
        var timeout = TimeSpan.FromMilliseconds(_options.AcquireTimeoutMs);
        try
        {
            return await answer.WaitAsync(timeout, _time, cancellationToken);
        }
        catch (Exception given) when (given is TimeoutException or OperationCanceledException)
        {
            bool isLast;
            lock (shard.Lock)
            {
#pragma warning disable RS0030 // It is completed.
                if (given is TimeoutException && answer.IsCompleted) return answer.Result;
#pragma warning restore RS0030
                isLast = --caller.Callers == 0;
                if (isLast && caller.Counter.Cancel(ask.CallId)) shard.Waiting.Remove(ask.CallId);
            }

            if (given is TimeoutException)
                return CounterReply.Refused(
                    new CounterRefusal(RefusalKind.EngineUnavailable, default, caller.Counter.WindowStartMs));
#pragma warning disable RS0030 // It is completed.
            if (isLast && answer is { IsCompletedSuccessfully: true, Result.Part: { } part })
#pragma warning restore RS0030
                await ReleaseAsync(part, part.Cost, _clock(), CancellationToken.None);
            throw;
        }
    }
}
