using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>
/// The newest known code of every document whose rollback or deletion would loosen something. A code older than the
/// listed one means a rollback; a missing document without a tombstone means a deletion outside the gateway.
/// </summary>
/// <param name="Number">The number of changes of the index so far; it never decreases.</param>
/// <param name="Floors">By <c>kind/name</c>: <see cref="DocumentMac.After"/> of the newest code.</param>
/// <param name="Code">The code that authenticates both.</param>
public sealed record VersionIndex(
    long Number, IReadOnlyDictionary<string, long> Floors, DocumentMac Code)
{
    /// <summary>
    /// The key of the index, which is stored beside the codes; their names are hashes, so none is equal.
    /// </summary>
    public static ControlKey Key { get; } = new(ControlKinds.DocumentMacs, "index");

    internal static VersionIndex Of(DocumentKeys keys, long number, IReadOnlyDictionary<string, long> floors) =>
        new(number, floors, keys.Sign(Key, number, Bytes(floors)));

    /// <summary>Reads and verifies the index; null if it is missing, unreadable or not authentic.</summary>
    internal static VersionIndex? Read(DocumentKeys keys, ControlDocument? document)
    {
        if (document is null)
            return null;
        try
        {
            var index = JsonSerializer.Deserialize(document.Content.Span, AuthenticityJson.Default.VersionIndex);
            return index is { Code.Deleted: false } && index.Code.After == index.Number
                && keys.Verify(index.Code, Key, Bytes(index.Floors)) ? index : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, AuthenticityJson.Default.VersionIndex);

    /// <summary>
    /// Returns true if the index covers documents of this kind. Short-lived documents are authenticated but not listed:
    /// they would change the index at every call, and each expires within hours.
    /// </summary>
    internal static bool Covers(string kind) => kind is not (
        ControlKinds.Approvals or ControlKinds.RetryTokens or ControlKinds.LastUsed or ControlKinds.Guesses
        or ControlKinds.Sessions or ControlKinds.Deliveries or ControlKinds.Events or ControlKinds.Checkpoints
        or ControlKinds.OAuthRequests or ControlKinds.OAuthCodes or ControlKinds.OAuthAssertions
        or ControlKinds.Watches or ControlKinds.Drafts or ControlKinds.DocumentMacs);

    // Floors are written in ordinal order with lengths, so that one set of floors has exactly one byte sequence.
    private static byte[] Bytes(IReadOnlyDictionary<string, long> floors)
    {
        using var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var (name, floor) in floors.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt64BigEndian(number, utf8.Length);
            bytes.Write(number);
            bytes.Write(utf8);
            BinaryPrimitives.WriteInt64BigEndian(number, floor);
            bytes.Write(number);
        }

        return bytes.ToArray();
    }
}
