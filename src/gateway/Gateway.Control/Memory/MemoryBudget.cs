using Gateway.Control.Options;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Control.Memory;

/// <summary>
/// Bounds the bytes that requests and answers hold, in all and for each grant, so that the process lives whatever is
/// sent to it and one grant's flood is refused to that grant alone. Counters without a lock: a call takes and gives
/// back by an interlocked addition each.
/// </summary>
public sealed partial class MemoryBudget
{
    private const int RefusalLogSeconds = 10;

    private readonly MemoryMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MemoryShare _all = new("all");
    private TaskCompletionSource? _givenBack;
    private int _waiting;
    private long _nextRefusalLog;

    /// <summary>A budget that tells nobody.</summary>
    public MemoryBudget(MemoryBudgetOptions options)
        : this(options, TimeProvider.System, null, NullLogger<MemoryBudget>.Instance)
    {
    }

    /// <summary>A budget that counts and logs what it refuses.</summary>
    public MemoryBudget(
        MemoryBudgetOptions options, TimeProvider time, MemoryMetrics? metrics, ILogger<MemoryBudget> logger)
    {
        new MemoryBudgetOptionsValidator().Validate(null, options).OrThrow();
        (Options, _time, _metrics, _logger) = (options, time, metrics, logger);
        metrics?.Watch(this);
    }

    /// <summary>Its bounds.</summary>
    public MemoryBudgetOptions Options { get; }

    /// <summary>The one share of all requests without a grant.</summary>
    public MemoryShare Anonymous { get; } = new("(no grant)", isAnonymous: true);

    /// <summary>Bytes that all hold now.</summary>
    public long Held => _all.Held;

    /// <summary>Whether so much could ever be had for this share, were nothing else held.</summary>
    public bool CouldHold(MemoryShare share, long bytes) => bytes <= MaxOf(share);

    /// <summary>Takes bytes at once; false where a bound is reached, and then nothing is taken.</summary>
    public bool TryTake(MemoryShare share, long bytes, MemoryUse use)
    {
        if (TryAdd(share, bytes, out _))
            return true;

        // What nobody waits for makes room: for this one if it ends at once, else for the next.
        share.EvictOne();
        if (TryAdd(share, bytes, out var isOwnBound))
            return true;
        Refuse(share, use, isOwnBound);
        return false;
    }

    /// <summary>
    /// Takes bytes, or waits until others have given enough back; false where that takes too long, or can never be.
    /// </summary>
    public ValueTask<bool> TakeAsync(
        MemoryShare share, long bytes, MemoryUse use, CancellationToken cancellationToken)
    {
        if (TryAdd(share, bytes, out var isOwnBound))
            return new(true);
        if (CouldHold(share, bytes))
            return WaitAsync(share, bytes, use, cancellationToken);
        Refuse(share, use, isOwnBound);
        return new(false);
    }

    /// <summary>Gives back what was taken.</summary>
    public void GiveBack(MemoryShare share, long bytes)
    {
        share.Subtract(bytes);
        _all.Subtract(bytes);
        if (Volatile.Read(ref _waiting) > 0)
            Interlocked.Exchange(ref _givenBack, null)?.TrySetResult();
    }

    private long MaxOf(MemoryShare share) => share.IsAnonymous ? Options.AnonymousMax : Options.PerCallerMax;

    private bool TryAdd(MemoryShare share, long bytes, out bool isOwnBound)
    {
        isOwnBound = !share.TryAdd(bytes, MaxOf(share));
        if (isOwnBound)
            return false;
        if (_all.TryAdd(bytes, Options.AllMax))
            return true;
        share.Subtract(bytes);
        return false;
    }

    private async ValueTask<bool> WaitAsync(
        MemoryShare share, long bytes, MemoryUse use, CancellationToken cancellationToken)
    {
        _metrics?.Waited.Add(1, UseTag(use));
        var began = _time.GetTimestamp();
        var wait = use == MemoryUse.Answer ? Options.AnswerWait : Options.Wait;
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                // Whoever gives back after this point is heard of, and what was given back before it is seen.
                var givenBack = NextGivenBack();
                share.EvictOne();
                if (TryAdd(share, bytes, out var isOwnBound))
                    return true;
                var left = wait - _time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero || !await HearsAsync(givenBack, left, cancellationToken))
                {
                    Refuse(share, use, isOwnBound);
                    return false;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private Task NextGivenBack()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _givenBack, next, null) ?? next).Task;
    }

    private async ValueTask<bool> HearsAsync(Task givenBack, TimeSpan left, CancellationToken cancellationToken)
    {
        try
        {
            await givenBack.WaitAsync(left, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Refuse(MemoryShare share, MemoryUse use, bool isOwnBound)
    {
        var bound = !isOwnBound ? "all" : share.IsAnonymous ? "no_grant" : "grant";
        _metrics?.Refused.Add(1, UseTag(use), new("bound", bound));
        var now = _time.GetTimestamp();
        var next = Interlocked.Read(ref _nextRefusalLog);
        if (now >= next && Interlocked.CompareExchange(
            ref _nextRefusalLog, now + RefusalLogSeconds * _time.TimestampFrequency, next) == next)
        {
            LogRefused(
                share.Caller, NameOf(use), share.Held, MaxOf(share), Held,
                Options.AllMax);
        }
    }

    private static KeyValuePair<string, object?> UseTag(MemoryUse use) => new("use", NameOf(use));

    private static string NameOf(MemoryUse use) => use switch
    {
        MemoryUse.Request => "request",
        MemoryUse.Judging => "judging",
        MemoryUse.Answer => "answer",
        _ => throw new NotSupportedException($"MemoryUse {use} has no case here."),
    };

    [LoggerMessage(1, LogLevel.Warning,
        "No memory for a call of {Grant} ({Use}): it holds {Held} of {PerGrant} bytes, all together {All} of {AllMax}")]
    private partial void LogRefused(string grant, string use, long held, long perGrant, long all, long allMax);
}
