using Gateway.Control.Options;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Control.Memory;

/// <summary>
/// Bounds the bytes that requests and responses hold, in total and for each grant, so that the process survives any
/// input and one grant's flood is refused to that grant alone. The counters need no lock: a call acquires and releases
/// by one interlocked addition each.
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

    /// <summary>Creates a budget without metrics and logs.</summary>
    public MemoryBudget(MemoryBudgetOptions options)
        : this(options, TimeProvider.System, null, NullLogger<MemoryBudget>.Instance)
    {
    }

    /// <summary>Creates a budget that counts and logs its refusals.</summary>
    public MemoryBudget(
        MemoryBudgetOptions options, TimeProvider time, MemoryMetrics? metrics, ILogger<MemoryBudget> logger)
    {
        new MemoryBudgetOptionsValidator().Validate(null, options).OrThrow();
        (Options, _time, _metrics, _logger) = (options, time, metrics, logger);
        metrics?.Watch(this);
    }

    /// <summary>The bounds of the budget.</summary>
    public MemoryBudgetOptions Options { get; }

    /// <summary>The common share of all requests without a grant.</summary>
    public MemoryShare Anonymous { get; } = new("(no grant)", isAnonymous: true);

    /// <summary>The bytes that all shares hold now.</summary>
    public long Held => _all.Held;

    /// <summary>Returns true if this share could get so many bytes if nothing else were held.</summary>
    public bool CouldHold(MemoryShare share, long bytes) => bytes <= MaxOf(share);

    /// <summary>Acquires bytes at once; returns false and acquires nothing if a bound is reached.</summary>
    public bool TryTake(MemoryShare share, long bytes, MemoryUse use)
    {
        if (TryAdd(share, bytes, out _))
            return true;

        // An abandoned call makes room: for this one if it ends at once, otherwise for the next.
        share.EvictOne();
        if (TryAdd(share, bytes, out var isOwnBound))
            return true;
        Refuse(share, use, isOwnBound);
        return false;
    }

    /// <summary>
    /// Acquires bytes, or waits until others have released enough; returns false if that takes too long, or can never
    /// be.
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

    /// <summary>Releases acquired bytes.</summary>
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
                // Releases after this point wake this waiter, and releases before it are visible.
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
        MemoryUse.Evaluation => "judging",
        MemoryUse.Answer => "answer",
        _ => throw new NotSupportedException($"MemoryUse {use} has no case here."),
    };

    [LoggerMessage(1, LogLevel.Warning,
        "No memory for a call of {Grant} ({Use}): the grant holds {Held} of {PerGrant} bytes, all grants {All} of "
            + "{AllMax}")]
    private partial void LogRefused(string grant, string use, long held, long perGrant, long all, long allMax);
}

/// <summary>The purpose of memory, which determines the fate of a call that gets none.</summary>
public enum MemoryUse
{
    /// <summary>A request that is being read: refused, nothing was forwarded.</summary>
    Request,

    /// <summary>Reading names and arguments for the rules: refused, nothing was forwarded.</summary>
    Evaluation,

    /// <summary>A response or event that is buffered whole: the server waits, then the response is ended.</summary>
    Answer,
}
