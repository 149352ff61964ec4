using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Control.Secrets;

/// <summary>
/// Seals content that must not be readable in the store: the servers' credentials. Its keys are control documents, so
/// that every frontend can open what another sealed. A reader of the store's keys can open it too.
/// </summary>
public sealed class SecretProtector : IDataProtectionProvider
{
    private const string Purpose = "upstream-secret";
    private const string Prefix = "sealed:";
    private static readonly Dictionary<string, string> None = [];
    private readonly IControlStore? _store;
    private readonly FollowingProtector _protector;
    private volatile KeyRing _ring = new(new StoredKeys(None, None));

    /// <summary>Creates a protector whose keys are in this store.</summary>
    public SecretProtector(IControlStore store)
        : this() => _store = store;

    private SecretProtector() => _protector = new FollowingProtector(() => _ring, [Purpose]);

    /// <summary>
    /// Creates a protector that opens texts sealed with the keys in these documents, and seals nothing.
    /// </summary>
    public static SecretProtector Opening(ControlSnapshot documents)
    {
        var secrets = new SecretProtector();
        secrets.Update(documents);
        return secrets;
    }

    /// <inheritdoc/>
    public IDataProtector CreateProtector(string purpose) => new FollowingProtector(() => _ring, [purpose]);

    /// <summary>Takes over keys that other frontends have created.</summary>
    public void Update(ControlSnapshot documents)
    {
        var stored = documents.OfKind(ControlKinds.ProtectionKeys).ToList();
        if (stored.TrueForAll(document => _ring.Keys.Knows(document.Key.Name)))
            return;
        var keys = stored.ToDictionary(static document => document.Key.Name, static document => Xml(document));
        // A key that is not in the store yet must still be written before anything that it sealed.
        var unwritten = _ring.Keys.Unwritten.Where(one => !keys.ContainsKey(one.Key)).ToDictionary();
        _ring = new KeyRing(new StoredKeys(keys, unwritten));
    }

    /// <summary>Creates a first key if there is none, and stores it before anything is sealed with it.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    /// <remarks>
    /// Existing keys are read when something is sealed or opened: that takes 4 MB, most of it for XML, which a gateway
    /// without sessions and secrets never needs.
    /// </remarks>
    internal async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_ring.Keys.IsEmpty)
            await SealAsync("", cancellationToken);
    }

    /// <summary>Seals a text. On return its key is in the store, so that a restart can open it.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    public async ValueTask<string> SealAsync(string text, CancellationToken cancellationToken)
    {
        var sealedText = Prefix + Convert.ToBase64String(_protector.Protect(Encoding.UTF8.GetBytes(text)));
        await WriteKeysAsync(cancellationToken);
        return sealedText;
    }

    /// <summary>Opens a text; returns false if the key is gone, or the text was changed.</summary>
    public bool TryOpen(string sealedText, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!sealedText.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        try
        {
            var bytes = _protector.Unprotect(Convert.FromBase64String(sealedText[Prefix.Length..]));
            text = Encoding.UTF8.GetString(bytes);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Opens a text that another frontend may have sealed with a key that is new here.</summary>
    /// <param name="sealedText">The text.</param>
    /// <param name="documents">The documents of the store, with the keys.</param>
    /// <param name="text">The opened text.</param>
    public bool TryOpen(string sealedText, ControlSnapshot documents, [NotNullWhen(true)] out string? text)
    {
        if (TryOpen(sealedText, out text))
            return true;
        Update(documents);
        return TryOpen(sealedText, out text);
    }

    /// <summary>Stores the keys created since the last write.</summary>
    /// <exception cref="ControlStoreException">The key cannot be stored.</exception>
    internal async ValueTask WriteKeysAsync(CancellationToken cancellationToken)
    {
        var store = _store ?? throw new ControlStoreException("This protector only opens secrets; it cannot seal any.");
        var keys = _ring.Keys;
        foreach (var (name, xml) in keys.Unwritten)
        {
            var content = ControlJsonContext.Write(
                new ProtectionKeyDocument(xml), ControlJsonContext.Default.ProtectionKeyDocument);
            // A conflict means that an earlier attempt, whose response was lost, had written it.
            await store.WriteAsync(new ControlKey(ControlKinds.ProtectionKeys, name), 0, content, cancellationToken);
            keys.IsWritten(name);
        }
    }

    private static string Xml(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.ProtectionKeyDocument)!.Xml;
        }
        catch (JsonException e)
        {
            throw new ControlStoreException($"The Data Protection key {document.Key.Name} cannot be read.", e);
        }
    }
}
