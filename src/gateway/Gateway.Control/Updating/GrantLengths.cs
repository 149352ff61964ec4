using System.Text.Json;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Tables;

namespace Gateway.Control.Updating;

/// <summary>
/// When grants of the file end that are given a length of time: counted from when a gateway of this store first saw the
/// token under that name. That is kept, so no restart, no reload and no other gateway begins it anew.
/// </summary>
internal static class GrantLengths
{
    /// <summary>The store's documents, with a beginning for every length of the file.</summary>
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
            // Where another gateway was quicker, its beginning holds.
            var version = documents.Find(Key(grant))?.Version ?? 0;
            await store.WriteAsync(Key(grant), version, content, cancellationToken);
            isWritten = true;
        }

        return isWritten ? await store.ReadAsync(cancellationToken) : documents;
    }

    /// <summary>The same objects, each length as the instant at which it ends.</summary>
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

    /// <summary>Null where it was not seen yet with this token; what cannot be read is never begun anew.</summary>
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
            // Long ago: the grant has ended, and the operator sees it.
            return 0;
        }
    }

    private static ControlKey Key(GrantDefinition grant) => new(ControlKinds.FirstSeen, grant.Name);
}
