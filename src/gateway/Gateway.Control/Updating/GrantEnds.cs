using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Updating;

/// <summary>
/// Stores which grants have reached their expiry, so that they stay expired for every gateway of the store, whatever a
/// clock shows later. It applies to that very expiry: an operator who sets another one makes the grant valid again.
/// </summary>
internal sealed class GrantEnds(IControlStore store)
{
    /// <summary>The maximum number of stored expired grants, the latest ones: some 10 MB.</summary>
    public const int GrantsMax = 100_000;

    private static readonly ControlKey Key = new(ControlKinds.Ended, "grants");
    // Another gateway of the store may have a grant in its own file; its expiry is kept for this long.
    private static readonly TimeSpan UnknownFor = TimeSpan.FromDays(1);
    private (DefinitionSet Objects, FrozenDictionary<string, long> Ended) _seen;
    private long _nextMs;

    /// <summary>
    /// Returns the expiries that were reached, by the names of <see cref="GrantDefinition.Ends"/>; the known ones if
    /// nothing was written since.
    /// </summary>
    /// <exception cref="ControlStoreException">
    /// They cannot be read: then it is unknown which grants have expired.
    /// </exception>
    public static FrozenDictionary<string, long> Read(ControlSnapshot documents, ControlState known)
    {
        if (documents.Find(Key) is not { } document)
            return FrozenDictionary<string, long>.Empty;
        if (known.Documents.Find(Key)?.Version == document.Version)
            return known.Ended;
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, ControlJsonContext.Default.EndedDocument)!
                .Grants.ToFrozenDictionary(
                    static one => one.Key, static one => one.Value.ToUnixTimeMilliseconds(), StringComparer.Ordinal);
        }
        catch (JsonException e)
        {
            throw new ControlStoreException(
                $"{Key} in the control store cannot be read ({e.Message}), so it is unknown which grants have expired. "
                + "Restore it, or delete it if the clock was never set back.", e);
        }
    }

    /// <summary>Returns the grant that an entry is about.</summary>
    public static string GrantOf(string entry) =>
        entry.EndsWith(GrantDefinition.PreviousSuffix, StringComparison.Ordinal)
            ? entry[..^GrantDefinition.PreviousSuffix.Length]
            : entry;

    /// <summary>
    /// Stores the grants that have expired by now; if another gateway was faster, the next check sees it.
    /// </summary>
    /// <param name="state">The current state.</param>
    /// <param name="nowMs">A time that is trusted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task WriteAsync(ControlState state, long nowMs, CancellationToken cancellationToken)
    {
        // There may be very many grants, and nearly always nothing has changed or expired.
        if (ReferenceEquals(_seen.Objects, state.Objects) && _seen.Ended == state.Ended && nowMs < _nextMs)
            return;
        var grants = state.Objects.Grants;
        var isNew = false;
        var forgottenMs = store.IsShared ? nowMs - (long)UnknownFor.TotalMilliseconds : long.MaxValue;
        var next = state.Ended.Where(one => grants.ContainsKey(GrantOf(one.Key)) || one.Value > forgottenMs)
            .ToDictionary(StringComparer.Ordinal);
        var nextMs = long.MaxValue;
        foreach (var (name, endsMs) in grants.Values.SelectMany(static grant => grant.Ends))
        {
            if (nowMs < endsMs)
                nextMs = Math.Min(nextMs, endsMs);
            else if (next.GetValueOrDefault(name) != endsMs)
                (next[name], isNew) = (endsMs, true);
        }

        if (isNew)
        {
            var content = ControlJsonContext.Write(
                new EndedDocument(next.OrderByDescending(static one => one.Value).Take(GrantsMax)
                    .OrderBy(static one => one.Key, StringComparer.Ordinal).ToDictionary(
                        static one => one.Key, static one => DateTimeOffset.FromUnixTimeMilliseconds(one.Value))),
                ControlJsonContext.Default.EndedDocument);
            var write = await store.WriteAsync(
                Key, state.Documents.Find(Key)?.Version ?? 0, content, cancellationToken);
            if (!write.IsWritten)
                return;
        }

        (_seen, _nextMs) = ((state.Objects, state.Ended), nextMs);
    }
}
