using System.Collections.Concurrent;
using Gateway.Audit.Records;
using Microsoft.Extensions.Hosting;

namespace Gateway.Audit.Writing;

/// <summary>
/// Folds floods of refusals into counted records while the archive is tight. For each grant, server and rule the first
/// few refusals in ten seconds are recorded individually, and the number of further ones in one record of kind
/// <c>folded</c>. Allowed calls and calls that wait for a person are never folded.
/// </summary>
public sealed class RefusalFold(AuditLog audit, TimeProvider time) : BackgroundService
{
    /// <summary>
    /// Number of refusals of one grant and rule that are recorded individually in each <see cref="Span"/>.
    /// </summary>
    public const int EachMax = 10;

    /// <summary>Duration of one count.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private const int KeysMax = 4096;
    private readonly ConcurrentDictionary<FoldKey, FoldCount> _counts = new();

    /// <summary>Returns true if the refusal was counted and needs no record of its own.</summary>
    public bool Takes(IAuditedCall call, Refusal refusal) =>
        Takes(call.GrantName, call.ServerName, refusal.Rule, refusal.Outcome, call.NowMs);

    /// <summary>
    /// Returns true if a refusal that does not belong to an MCP call was counted and needs no record of its own.
    /// </summary>
    public bool Takes(string grant, string server, string rule, RefusalCategory outcome, long nowMs)
    {
        if (outcome == RefusalCategory.ApprovalRequired || !audit.Archive.IsTight)
            return false;
        var key = new FoldKey(grant, server, rule, outcome);
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
