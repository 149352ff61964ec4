using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Documents;

namespace Gateway.Control.Secrets;

/// <summary>
/// A random key of 32 bytes in a sealed control document, which all frontends of a fleet share. It is created on first
/// use.
/// </summary>
/// <param name="documents">Reads the document.</param>
/// <param name="store">Creates the document.</param>
/// <param name="secrets">Seals the key.</param>
/// <param name="name">Its purpose, the name of the document.</param>
public sealed class SealedKey(DocumentCache documents, IControlStore store, SecretProtector secrets, string name)
{
    private const int KeyBytes = 32;
    private readonly ControlKey _document = new(ControlKinds.DigestKeys, name);
    private volatile Known? _known;

    /// <summary>Returns the key, which changes only if an operator deletes its document.</summary>
    /// <exception cref="ControlStoreException">The key cannot be read or stored.</exception>
    public async ValueTask<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var snapshot = await documents.ReadAsync(cancellationToken);
            var found = snapshot.Find(_document);
            if (found is not null && _known is { } known && known.Version == found.Version)
                return known.Key;
            if (found is not null && Open(found, snapshot) is { } opened)
            {
                _known = new Known(found.Version, opened);
                return opened;
            }

            // If the keys of the store are lost, nothing that was made with this key can be compared any more.
            var text = await secrets.SealAsync(
                Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)), cancellationToken);
            // A document is JSON; sealed text needs no escaping.
            await store.WriteAsync(
                _document, found?.Version ?? 0, Encoding.UTF8.GetBytes($"\"{text}\""), cancellationToken);
        }

        throw WriteAttempts.Exceeded($"The key {_document}");
    }

    /// <summary>Returns the key; null if it has not been created, or cannot be opened.</summary>
    public byte[]? Find(ControlSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Find(_document) is { } found ? Open(found, snapshot) : null;
    }

    private byte[]? Open(ControlDocument document, ControlSnapshot snapshot)
    {
        var text = Encoding.UTF8.GetString(document.Content.Span).Trim('"');
        return secrets.TryOpen(text, snapshot, out var key) ? Convert.FromBase64String(key) : null;
    }

    private sealed record Known(long Version, byte[] Key);
}
