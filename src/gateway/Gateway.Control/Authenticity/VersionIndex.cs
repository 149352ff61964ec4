using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>
/// The newest known code of every document whose rollback or deletion would loosen something. An older code than the
/// one listed is a rollback, a missing document without a tombstone is a deletion outside the gateway.
/// </summary>
/// <param name="Number">Counts the changes of the index; it never decreases.</param>
/// <param name="Floors">By <c>kind/name</c>: <see cref="DocumentMac.After"/> of the newest code.</param>
/// <param name="Code">Authenticates both.</param>
public sealed record VersionIndex(
    long Number, IReadOnlyDictionary<string, long> Floors, DocumentMac Code)
{
    /// <summary>Where it is, beside the codes; their names are hashes.</summary>
    public static ControlKey Key { get; } = new(ControlKinds.DocumentMacs, "index");

    internal static VersionIndex Of(DocumentKeys keys, long number, IReadOnlyDictionary<string, long> floors) =>
        new(number, floors, keys.Sign(Key, number, Bytes(floors)));

    /// <summary>Reads and verifies it; null where it is missing, not readable or not authentic.</summary>
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
    /// Whether the index covers documents of this kind. Short-lived ones are authenticated but not listed: they would
    /// change it at every call, and each ends by itself within hours.
    /// </summary>
    internal static bool Covers(string kind) => kind is not (
        ControlKinds.Approvals or ControlKinds.Tickets or ControlKinds.LastUsed or ControlKinds.Guesses
        or ControlKinds.Sessions or ControlKinds.Deliveries or ControlKinds.Events or ControlKinds.Checkpoints
        or ControlKinds.OAuthRequests or ControlKinds.OAuthCodes or ControlKinds.OAuthAssertions
        or ControlKinds.Watches or ControlKinds.Drafts or ControlKinds.DocumentMacs);

    // In ordinal order and with lengths, so that one set of floors has one form.
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
