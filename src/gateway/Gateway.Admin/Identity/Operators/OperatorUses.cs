using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Operators;

/// <summary>
/// Stores when operators and their keys were last used: in the background, at most once per minute. No request waits
/// for it; if the store is unavailable, only this value is lost.
/// </summary>
public sealed partial class OperatorUses(
    IControlStore store, SnapshotUpdater control, OperatorStore operators, ProcessClock clock,
    ILogger<OperatorUses> logger)
{
    private const long WriteEveryMs = 60_000;
    private static readonly ControlKey Document = new(ControlKinds.LastUsed, "operators");
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private long _triedMs = -WriteEveryMs;

    /// <summary>Records a request.</summary>
    public void Saw(AdminCaller caller)
    {
        if (caller.Account is null)
            return;
        var nowMs = clock.NowMs();
        _seen[caller.Name] = nowMs;
        if (caller.Key is { } key)
            _seen[key.FullName] = nowMs;
        var triedMs = Interlocked.Read(ref _triedMs);
        if (nowMs - triedMs >= WriteEveryMs
            && Interlocked.CompareExchange(ref _triedMs, nowMs, triedMs) == triedMs)
        {
            _ = WriteAsync();
        }
    }

    /// <summary>
    /// Returns the time of the last request by an operator or with a key, at any gateway of this store; null for none.
    /// </summary>
    public DateTimeOffset? Of(string fullName, DateTimeOffset? created)
    {
        var storedMs = Stored(control.State.Documents).TryGetValue(fullName, out var stored)
            ? stored.ToUnixTimeMilliseconds()
            : 0;
        var lastMs = Math.Max(storedMs, _seen.GetValueOrDefault(fullName));
        // An older time belongs to an earlier account or key of this name.
        return lastMs > 0 && lastMs >= (created?.ToUnixTimeMilliseconds() ?? 0)
            ? DateTimeOffset.FromUnixTimeMilliseconds(lastMs)
            : null;
    }

    private async Task WriteAsync()
    {
        try
        {
            var documents = await store.ReadAsync(CancellationToken.None);
            var directory = operators.Current;
            var known = directory.Accounts.Keys
                .Concat(directory.Keys.Values.Select(static key => key.FullName)).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _seen.Keys.Where(name => !known.Contains(name)))
                _seen.TryRemove(gone, out _);
            var next = Stored(documents).Where(one => known.Contains(one.Key)).ToDictionary(StringComparer.Ordinal);
            foreach (var (name, seenMs) in _seen)
            {
                var seen = DateTimeOffset.FromUnixTimeMilliseconds(seenMs);
                if (!next.TryGetValue(name, out var stored) || seen > stored)
                    next[name] = seen;
            }

            var content = ControlJsonContext.Write(
                new OperatorUsesDocument(next), ControlJsonContext.Default.OperatorUsesDocument);
            // If another frontend wrote first, the write of the next minute includes this.
            await store.WriteAsync(
                Document, documents.Find(Document)?.Version ?? 0, content, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogFailed(e.Message);
        }
    }

    private static Dictionary<string, DateTimeOffset> Stored(ControlSnapshot documents)
    {
        try
        {
            return documents.Find(Document) is { } document
                ? JsonSerializer.Deserialize(
                    document.Content.Span, ControlJsonContext.Default.OperatorUsesDocument)!.Used
                : [];
        }
        catch (JsonException)
        {
            // The value is only displayed: the next write replaces the document.
            return [];
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "The times when operators were last active could not be stored; a later request will retry: {Why}")]
    private partial void LogFailed(string why);
}
