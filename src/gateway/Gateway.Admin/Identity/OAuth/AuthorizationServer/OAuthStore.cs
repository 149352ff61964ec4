using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// What the authorization server keeps: control documents as of the moment of the question, each written by
/// compare-and-swap, so that no two frontends do the same thing once.
/// </summary>
internal sealed class OAuthStore(
    IControlStore store, DocumentCache documents, SnapshotUpdater control, ProcessClock clock)
{
    public long NowMs => clock.NowMs();

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());

    /// <summary>
    /// Whether what began then still holds. What began later than now was dated by a clock that was set back since.
    /// </summary>
    public bool IsWithin(DateTimeOffset began, TimeSpan most)
    {
        var now = Now;
        return now < began + most && began <= now.AddMilliseconds(ClockBounds.AheadMaxMs);
    }

    /// <summary>The name of what is only known to whoever holds the text.</summary>
    public static string NameOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<Stored<T>?> FindAsync<T>(
        string kind, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var all = await documents.ReadAsync(cancellationToken);
        return all.Find(new ControlKey(kind, name)) is { } document ? Parse(document, type) : null;
    }

    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<List<Stored<T>>> AllAsync<T>(
        string kind, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var all = await documents.ReadAsync(cancellationToken);
        return [.. all.OfKind(kind).Select(document => Parse(document, type)).OfType<Stored<T>>()];
    }

    /// <summary>False where another version was there.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> WriteAsync<T>(string kind, string name, long version, T value, JsonTypeInfo<T> type) =>
        (await store.WriteAsync(
            new ControlKey(kind, name), version, JsonSerializer.SerializeToUtf8Bytes(value, type),
            CancellationToken.None)).IsWritten;

    /// <summary>False where another version was there, or none.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> DeleteAsync(string kind, string name, long version) =>
        (await store.DeleteAsync(new ControlKey(kind, name), version, CancellationToken.None)).IsWritten;

    /// <summary>Has this gateway know at once what was written.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task PutInForceAsync() => control.RefreshAsync(CancellationToken.None);

    private static Stored<T>? Parse<T>(ControlDocument document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, type) is { } value
                ? new Stored<T>(document.Key.Name, value, document.Version)
                : null;
        }
        catch (JsonException)
        {
            // What cannot be read gives nobody anything.
            return null;
        }
    }
}
