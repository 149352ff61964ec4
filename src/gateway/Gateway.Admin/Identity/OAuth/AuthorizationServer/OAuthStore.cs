using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The authorization server's state: control documents, read at the time of each request and written by
/// compare-and-swap, so that no two frontends complete the same operation.
/// </summary>
internal sealed class OAuthStore(
    IControlStore store, DocumentCache documents, SnapshotUpdater control, ProcessClock clock)
{
    public long NowMs => clock.NowMs();

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());

    /// <summary>
    /// Returns true if something that began then is still valid. A start in the future was dated by a clock that has
    /// since been set back.
    /// </summary>
    public bool IsWithin(DateTimeOffset began, TimeSpan most)
    {
        var now = Now;
        return now < began + most && began <= now.AddMilliseconds(ClockBounds.AheadMaxMs);
    }

    /// <summary>Returns the document name for a secret text: only a holder of the text can compute it.</summary>
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

    /// <summary>Returns false if another version was stored.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> WriteAsync<T>(string kind, string name, long version, T value, JsonTypeInfo<T> type) =>
        (await store.WriteAsync(
            new ControlKey(kind, name), version, JsonSerializer.SerializeToUtf8Bytes(value, type),
            CancellationToken.None)).IsWritten;

    /// <summary>Returns false if another version was stored, or none.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> DeleteAsync(string kind, string name, long version) =>
        (await store.DeleteAsync(new ControlKey(kind, name), version, CancellationToken.None)).IsWritten;

    /// <summary>Applies the written documents to this gateway immediately.</summary>
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
            // An unreadable document gives no access.
            return null;
        }
    }
}
