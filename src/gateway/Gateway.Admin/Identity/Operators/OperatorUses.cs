using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Operators;

/// <summary>
/// Keeps when operators and their keys were last used: in the background, one write a minute at most. Nobody waits for
/// it, and a store that is away costs the value only.
/// </summary>
public sealed partial class OperatorUses(
    IControlStore store, SnapshotUpdater control, OperatorStore operators, ProcessClock clock,
    ILogger<OperatorUses> logger)
{
    private const long WriteEveryMs = 60_000;
    private static readonly ControlKey Document = new(ControlKinds.LastUsed, "operators");
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private long _triedMs = -WriteEveryMs;

    /// <summary>Notes a request.</summary>
    public void Saw(Caller caller)
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

    /// <summary>The last request of an operator, or with a key, of any gateway of this store; null for none.</summary>
    public DateTimeOffset? Of(string fullName, DateTimeOffset? created)
    {
        var storedMs = Stored(control.State.Documents).TryGetValue(fullName, out var stored)
            ? stored.ToUnixTimeMilliseconds()
            : 0;
        var lastMs = Math.Max(storedMs, _seen.GetValueOrDefault(fullName));
        // What is older was of another one of this name.
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
            // Where another frontend was quicker, the next minute's has this too.
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
            // It is only shown: the next write makes it whole.
            return [];
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "When operators were last used could not be stored, and is tried again with a later use: {Why}")]
    private partial void LogFailed(string why);
}
