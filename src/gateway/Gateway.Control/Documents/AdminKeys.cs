using System.Buffers.Text;
using System.Security.Cryptography;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;

namespace Gateway.Control.Documents;

/// <summary>
/// The administrator's key if the configuration does not set one: created once, shown once, kept hashed.
/// </summary>
public static class AdminKeys
{
    /// <summary>The prefix of every such key.</summary>
    public const string Prefix = "pgwadm_";

    /// <summary>The document that contains the hash of the key.</summary>
    public static ControlKey Document { get; } = new(ControlKinds.Admin, "key");

    /// <summary>Creates the key and returns it; null if there is one already.</summary>
    public static async ValueTask<string?> EnsureAsync(IControlStore store, CancellationToken cancellationToken)
    {
        if ((await store.ReadAsync(cancellationToken)).Find(Document) is not null)
            return null;
        var key = NewToken(Prefix);
        var write = await store.WriteAsync(Document, 0, ContentOf(key), cancellationToken);
        return write.IsWritten ? key : null;
    }

    /// <summary>Removes the key of a start that failed before anyone saw it, unless another has replaced it.</summary>
    public static async ValueTask ForgetAsync(IControlStore store, string key, CancellationToken cancellationToken)
    {
        if ((await store.ReadAsync(cancellationToken)).Find(Document) is { } stored
            && stored.Content.Span.SequenceEqual(ContentOf(key)))
        {
            await store.DeleteAsync(Document, stored.Version, cancellationToken);
        }
    }

    /// <summary>Returns a prefix and 32 random bytes in base64url.</summary>
    public static string NewToken(string prefix) =>
        prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static byte[] ContentOf(string key) => ControlJsonContext.Write(
        new AdminKeyDocument(TokenHash.Of(key).ToString()), ControlJsonContext.Default.AdminKeyDocument);
}
