using System.Collections.Concurrent;
using Gateway.Audit.Records;
using Gateway.Policy.Decisions;
using Microsoft.Extensions.Hosting;

namespace Gateway.Audit.Writing;

/// <summary>
/// Folds floods of refusals into counted records while the archive is tight. For each grant, caller, server and rule,
/// the first few refusals in ten seconds are recorded individually, and the number of further ones in one record of
/// kind <c>folded</c>. Allowed calls and calls that wait for a person are never folded.
/// </summary>
public sealed class RefusalFold(AuditLog audit, TimeProvider time) : BackgroundService
{
    /// <summary>
    /// Number of refusals of one grant, caller and rule that are recorded individually in each <see cref="Span"/>.
    /// </summary>
    public const int EachMax = 10;

    /// <summary>Duration of one count.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    /// <summary>Number of counts from which on further callers of a grant are counted together.</summary>
    private const int CallersMax = 256;

    private const int KeysMax = 4096;
    private readonly ConcurrentDictionary<FoldKey, FoldCount> _counts = new();

    /// <summary>Returns true if the refusal was counted and needs no record of its own.</summary>
    public bool Takes(IAuditedCall call, Refusal refusal) =>
        Takes(call.GrantName, call.ServerName, refusal.Rule, refusal.Outcome, call.NowMs, call.Caller);

    /// <summary>
    /// Returns true if a refusal that does not belong to an MCP call was counted and needs no record of its own.
    /// </summary>
    public bool Takes(
        string grant, string server, string rule, RefusalCategory outcome, long nowMs, Caller? caller = null)
    {
        if (outcome == RefusalCategory.ApprovalRequired || !audit.Archive.IsTight)
            return false;
        var key = new FoldKey(grant, server, rule, outcome, FoldKey.Of(caller));
        // Otherwise a flood from many callers would have too many records of their own.
        if (caller is not null && _counts.Count >= CallersMax && !_counts.ContainsKey(key))
            key = key with { Caller = null };
        if (!_counts.TryGetValue(key, out var count))
        {
            if (_counts.Count >= KeysMax)
                return false;
            count = _counts.GetOrAdd(key, static _ => new FoldCount());
        }

        if (!count.Adds(nowMs))
            return false;
        audit.Archive.Fold();
        return true;
    }

    /// <summary>Records the counts.</summary>
    public async Task WriteAsync()
    {
        foreach (var (key, count) in _counts)
        {
            var (folded, firstMs, lastMs) = count.Begin();
            if (folded == 0)
                _counts.TryRemove(key, out _);
            else if (!await audit.RecordAsync(FoldedLine.Of(key, folded, firstMs, lastMs, NowMs)))
                count.GiveBack(folded, firstMs);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Span, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync();
        }
        catch (OperationCanceledException)
        {
            // The rest is written when the host has stopped.
        }
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();
}
