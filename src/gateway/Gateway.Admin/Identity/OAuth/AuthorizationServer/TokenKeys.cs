using System.Security.Cryptography;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The server keys that derive tokens, in one control document that all frontends share. A new key takes over every
/// 90 days. Earlier keys stay, so a token that was replaced under one yields the same successor after the change.
/// </summary>
internal sealed class TokenKeys(OAuthStore store)
{
    // Two years of keys. A token older than that is unknown instead of reported as reused.
    private const int KeysMax = 8;
    private const int KeyBytes = 32;
    private const string Kind = ControlKinds.OAuthKeys;
    private const string Name = "tokens";
    private static readonly TimeSpan UsedFor = TimeSpan.FromDays(90);

    /// <summary>Returns the keys, newest first, and creates the first one.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached, or the keys cannot be read.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> GetAsync(CancellationToken cancellationToken)
    {
        var stored = await FindAsync(cancellationToken);
        if (stored is null)
        {
            // If another frontend writes first, the second read returns its key.
            await WriteAsync(0, []);
            stored = await FindAsync(cancellationToken);
        }

        return stored is { Value.Keys: { Count: > 0 } keys } && keys.All(static one => one.Key.Length == KeyBytes)
            ? [.. keys.Select(static one => one.Key)]
            : throw new ControlStoreException(
                $"The control document {Kind}/{Name} cannot be read: restore it from a backup, or delete it and have "
                + "clients sign in again.");
    }

    /// <summary>Adds a key when the newest is 90 days old.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task RotateAsync(CancellationToken cancellationToken)
    {
        // A lost race means that another frontend has added a key.
        if (await FindAsync(cancellationToken) is { Value.Keys: [{ } newest, ..] keys } stored
            && newest.Created + UsedFor <= store.Now)
        {
            await WriteAsync(stored.Version, keys.Take(KeysMax - 1));
        }
    }

    private ValueTask<Stored<TokenKeyDocument>?> FindAsync(CancellationToken cancellationToken) =>
        store.FindAsync(Kind, Name, OAuthJson.Default.TokenKeyDocument, cancellationToken);

    private ValueTask<bool> WriteAsync(long version, IEnumerable<TokenKey> earlier) => store.WriteAsync(
        Kind, Name, version,
        new TokenKeyDocument([new TokenKey(RandomNumberGenerator.GetBytes(KeyBytes), store.Now), .. earlier]),
        OAuthJson.Default.TokenKeyDocument);
}
