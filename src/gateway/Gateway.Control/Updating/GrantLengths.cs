using System.Text.Json;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Tables;

namespace Gateway.Control.Updating;

/// <summary>
/// The expiry of grants in the file that have a length of time: counted from the time at which a gateway of this store
/// first saw the token under that name. That time is stored, so no restart, no reload and no other gateway restarts it.
/// </summary>
internal static class GrantLengths
{
    /// <summary>Returns the store's documents, with a start for every length of the file.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached or read.</exception>
    public static async ValueTask<ControlSnapshot> BeginAsync(
        IControlStore store, ConfigObjects config, long nowMs, CancellationToken cancellationToken)
    {
        var documents = await store.ReadAsync(cancellationToken);
        var isWritten = false;
        foreach (var grant in config.Objects.Grants.Values)
        {
            if (grant.Length is null || SeenMs(grant, documents) is not null)
                continue;
            var content = ControlJsonContext.Write(
                new FirstSeenDocument
                {
                    TokenHash = grant.Token.ToString(),
                    Seen = DateTimeOffset.FromUnixTimeMilliseconds(nowMs),
                },
                ControlJsonContext.Default.FirstSeenDocument);
            // If another gateway was faster, its start applies.
            var version = documents.Find(Key(grant))?.Version ?? 0;
            await store.WriteAsync(Key(grant), version, content, cancellationToken);
            isWritten = true;
        }

        return isWritten ? await store.ReadAsync(cancellationToken) : documents;
    }

    /// <summary>Returns the same objects, with each length replaced by the time at which it ends.</summary>
    public static DefinitionSet End(DefinitionSet objects, ControlSnapshot documents)
    {
        if (!objects.Grants.Values.Any(static grant => grant.Length is not null))
            return objects;
        return objects with
        {
            Grants = new NamedDictionary<GrantDefinition>(
                objects.Grants.Values.Select(grant =>
                    grant.Length is { } length && SeenMs(grant, documents) is { } seen
                        ? grant with { ExpiresMs = seen + (long)length.TotalMilliseconds }
                        : grant),
                static grant => grant.Name),
        };
    }

    /// <summary>Returns null if it was not seen with this token yet; an unreadable start is never restarted.</summary>
    private static long? SeenMs(GrantDefinition grant, ControlSnapshot documents)
    {
        if (documents.Find(Key(grant)) is not { } document)
            return null;
        try
        {
            var seen = JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.FirstSeenDocument)!;
            return seen.TokenHash == grant.Token.ToString() ? seen.Seen.ToUnixTimeMilliseconds() : null;
        }
        catch (JsonException)
        {
            // Counts as first seen long ago: the grant has expired, and the operator notices it.
            return 0;
        }
    }

    private static ControlKey Key(GrantDefinition grant) => new(ControlKinds.FirstSeen, grant.Name);
}
