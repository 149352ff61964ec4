using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Proxy.Delegation;

/// <summary>A stored connection with its version.</summary>
/// <param name="Name">The name of its document.</param>
/// <param name="Version">The version of its document.</param>
/// <param name="Connection">The connection.</param>
public sealed record StoredConnection(string Name, long Version, CallerConnection Connection);

/// <summary>
/// The connections of callers in the control store, each sealed on its own, so that every frontend can use them.
/// </summary>
public sealed class ConnectionStore(IControlStore store, DocumentCache documents, SecretProtector secrets)
{
    private const string Kind = ControlKinds.CallerConnections;

    /// <summary>Returns all documents as of now.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        documents.ReadAsync(cancellationToken);

    /// <summary>Returns all connections.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<StoredConnection>> AllAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken)).OfKind(Kind).Select(Read).OfType<StoredConnection>()];

    /// <summary>Removes a connection, also if it is being renewed.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask RemoveAsync(StoredConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var key = new ControlKey(Kind, connection.Name);
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            if (await ReadAsync(CancellationToken.None) is var all && all.Find(key) is not { } found
                || (await store.DeleteAsync(key, found.Version, CancellationToken.None)).IsWritten)
            {
                return;
            }
        }

        throw WriteAttempts.Exceeded("The connection");
    }

    internal static StoredConnection? Find(ControlSnapshot snapshot, string name) =>
        snapshot.Find(new ControlKey(Kind, name)) is { } document ? Read(document) : null;

    internal static long VersionOf(ControlSnapshot snapshot, string name) =>
        snapshot.Find(new ControlKey(Kind, name))?.Version ?? 0;

    /// <summary>Writes a connection with the tokens that it has; returns null if another version was stored.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been written.</exception>
    internal async ValueTask<StoredConnection?> WriteAsync(string name, long version, CallerConnection connection)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(connection, ConnectionJson.Default.CallerConnection);
        var write = await store.WriteAsync(new ControlKey(Kind, name), version, content, CancellationToken.None);
        return write.IsWritten ? new StoredConnection(name, write.Version, connection) : null;
    }

    /// <summary>Returns the sealed form of tokens.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    internal ValueTask<string> SealAsync(ConnectionTokens tokens) => secrets.SealAsync(
        JsonSerializer.Serialize(tokens, ConnectionJson.Default.ConnectionTokens), CancellationToken.None);

    /// <summary>Opens the tokens of a connection; returns false if they were not sealed for it.</summary>
    internal bool TryOpen(
        StoredConnection stored, ControlSnapshot snapshot, [NotNullWhen(true)] out ConnectionTokens? tokens)
    {
        tokens = null;
        if (!secrets.TryOpen(stored.Connection.Sealed, snapshot, out var text))
            return false;

        try
        {
            tokens = JsonSerializer.Deserialize(text, ConnectionJson.Default.ConnectionTokens);
        }
        catch (JsonException)
        {
            return false;
        }

        if (tokens?.Name != stored.Name)
            tokens = null;
        return tokens is not null;
    }

    /// <summary>Waits until the store has changed.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    internal async ValueTask WaitAsync(
        ControlSnapshot snapshot, TimeSpan atMost, CancellationToken cancellationToken) =>
        await store.WaitAsync(snapshot.Revision, atMost, cancellationToken);

    // A connection that cannot be read is none; connecting again replaces it.
    private static StoredConnection? Read(ControlDocument document) =>
        document.ReadOrNull(ConnectionJson.Default.CallerConnection) is { } connection
            ? new StoredConnection(document.Key.Name, document.Version, connection) : null;
}
