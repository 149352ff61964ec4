using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Updating;

/// <summary>
/// Stores in the control store when each grant was last used: in the background, at most once a minute for each grant,
/// and the rest at an orderly shutdown. No call waits for it, and an unreachable store only delays the value.
/// </summary>
public sealed partial class LastUses(
    IControlStore store, SnapshotUpdater control, SnapshotHolder snapshots, ProcessClock clock, TimeProvider time,
    ILogger<LastUses> logger) : BackgroundService
{
    /// <summary>The minimum step of a grant's stored time.</summary>
    public static readonly TimeSpan EachAfter = TimeSpan.FromMinutes(1);

    /// <summary>The interval of the checks for due times; each makes at most one write.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    /// <summary>The maximum number of grants with a stored time, the most recently used ones: some 10 MB.</summary>
    public const int GrantsMax = 100_000;

    private const int Tries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);
    // Another frontend's clock may be ahead by this much; a later time was never true.
    private static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(1);
    // A frontend of a fleet may not know a grant yet, or have another file; the grant's time is removed with the grant,
    // or after this time.
    private static readonly TimeSpan StrangerFor = TimeSpan.FromDays(1);
    private static readonly ControlKey Key = new(ControlKinds.LastUsed, "grants");
    private static readonly Stored Nothing = new(0, FrozenDictionary<string, long>.Empty);
    private HashSet<string> _known = new(StringComparer.Ordinal);
    private volatile Stored _stored = Nothing;
    private bool _isLost;

    /// <summary>
    /// Returns the time of the last message that a gateway of this store accepted from the grant: the later of the
    /// stored time and the one that this process saw; null for none.
    /// </summary>
    public long? OfMs(ControlState state, GrantDefinition grant)
    {
        var seenMs = snapshots.Current.Grants.GetValueOrDefault(grant.Token)?.State.LastUsedMs ?? 0;
        var lastMs = Math.Max(seenMs, StoredMs(Read(state.Documents), grant));
        return lastMs > 0 ? lastMs : null;
    }

    /// <summary>
    /// Writes times that are later than the stored ones by this much, and removes grants that are gone.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task WriteAsync(TimeSpan after, CancellationToken cancellationToken)
    {
        var grants = control.State.Objects.Grants;
        _known.UnionWith(grants.Keys);
        // Mostly there is nothing to write; then the store is not read.
        var documents = control.State.Documents;
        for (var i = 0; i < Tries && Next(Read(documents), after) is not null; i++)
        {
            documents = await store.ReadAsync(cancellationToken);
            // Another frontend may have been faster.
            if (Next(Read(documents), after) is not { } next
                || (await WriteAsync(next, documents, cancellationToken)).IsWritten)
            {
                break;
            }
        }

        _known = [.. grants.Keys];
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Uses the rest of the host's shutdown time after the drain, which is short.
        await TryWriteAsync(TimeSpan.Zero, LastPatience, CancellationToken.None);
    }

    /// <inheritdoc/>
    /// <remarks>The rest is written when the host has stopped.</remarks>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(LookEvery, stopping => TryWriteAsync(EachAfter, Patience, stopping), stoppingToken);

    private async Task TryWriteAsync(TimeSpan after, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!control.IsOpen)
            return;
        using var waiting = new LinkedTimeout(patience, time, cancellationToken);
        try
        {
            await WriteAsync(after, waiting.Token);
            _isLost = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever failed, the next check tries again.
            if (!_isLost)
                LogFailed(e.Message);
            _isLost = true;
        }
    }

    private ValueTask<ControlWrite> WriteAsync(
        Dictionary<string, long> next, ControlSnapshot documents, CancellationToken cancellationToken)
    {
        var kept = next.OrderByDescending(static one => one.Value).Take(GrantsMax)
            .OrderBy(static one => one.Key, StringComparer.Ordinal)
            .ToDictionary(
                static one => one.Key, static one => DateTimeOffset.FromUnixTimeMilliseconds(one.Value));
        var content = ControlJsonContext.Write(
            new LastUsedDocument(kept), ControlJsonContext.Default.LastUsedDocument);
        return store.WriteAsync(Key, documents.Find(Key)?.Version ?? 0, content, cancellationToken);
    }

    /// <summary>Returns the times to store; null if they are stored already.</summary>
    private Dictionary<string, long>? Next(Stored stored, TimeSpan after)
    {
        var grants = control.State.Objects.Grants;
        var next = stored.Grants.Where(one => grants.ContainsKey(one.Key) || !IsGone(one.Key, one.Value))
            .ToDictionary(StringComparer.Ordinal);
        var isChanged = next.Count != stored.Grants.Count;
        foreach (var seen in snapshots.Current.Grants.Values)
        {
            if (!grants.TryGetValue(seen.Name, out var grant))
                continue;
            var (seenMs, storedMs) = (seen.State.LastUsedMs, StoredMs(stored, grant));
            if (seenMs <= storedMs || seenMs - storedMs < (long)after.TotalMilliseconds)
                continue;
            next[seen.Name] = seenMs;
            isChanged = true;
        }

        return isChanged ? next : null;
    }

    private bool IsGone(string grant, long storedMs) => !store.IsShared || _known.Contains(grant)
        || clock.NowMs() - storedMs > (long)StrangerFor.TotalMilliseconds;

    /// <summary>Returns 0 for none; a time older than the grant belongs to an earlier grant of this name.</summary>
    private long StoredMs(Stored stored, GrantDefinition grant)
    {
        var storedMs = stored.Grants.GetValueOrDefault(grant.Name);
        return storedMs < grant.CreatedMs || storedMs > clock.NowMs() + (long)AheadMax.TotalMilliseconds
            ? 0
            : storedMs;
    }

    private Stored Read(ControlSnapshot documents)
    {
        if (documents.Find(Key) is not { } document)
            return Nothing;
        if (_stored is { } known && known.Version == document.Version)
            return known;
        return _stored = new Stored(document.Version, Parse(document));
    }

    private static FrozenDictionary<string, long> Parse(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, ControlJsonContext.Default.LastUsedDocument)!
                .Grants.ToFrozenDictionary(
                    static one => one.Key, static one => one.Value.ToUnixTimeMilliseconds(), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // The times are only shown, and the next write replaces the document.
            return Nothing.Grants;
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "The times at which grants were last used could not be stored; the gateway retries: {Why}")]
    private partial void LogFailed(string why);

    private sealed record Stored(long Version, FrozenDictionary<string, long> Grants);
}
