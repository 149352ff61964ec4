using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Documents;

namespace Gateway.Control.Authenticity;

/// <summary>One authentication code of a control document.</summary>
/// <param name="Key">The id of the key that made it.</param>
/// <param name="After">
/// The store's revision that the writer had seen: at least the replaced version, less than the version that the
/// document gets. The codes of one document are ordered by this number.
/// </param>
/// <param name="Mac">HMAC-SHA-256 over kind, name, this number and the content, in base64.</param>
/// <param name="Deleted">True for a tombstone, which authenticates that the document was deleted.</param>
public sealed record DocumentMac(
    string Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long After,
    string Mac,
    bool Deleted = false);

/// <summary>
/// The codes of one document: of the content in effect, and of writes that are under way. They are stored in a separate
/// document beside it, which releases without authentication ignore.
/// </summary>
/// <param name="Kind">The kind of the document.</param>
/// <param name="Name">The name of the document.</param>
/// <param name="Entries">The codes, in no order; at most <see cref="EntriesMax"/>.</param>
public sealed record DocumentMacs(string Kind, string Name, IReadOnlyList<DocumentMac> Entries)
{
    /// <summary>
    /// The number of writes of one document that may be under way at once, including the content in effect.
    /// </summary>
    public const int EntriesMax = 16;

    /// <summary>
    /// Returns the key under which the codes of a document are stored. The name is hashed, because it may be too long
    /// to be part of another name.
    /// </summary>
    public static ControlKey KeyOf(ControlKey key) => new(
        ControlKinds.DocumentMacs,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString()))));

    /// <summary>Reads the codes; null if the document is missing or unreadable, which authenticates nothing.</summary>
    internal static DocumentMacs? Read(ControlDocument? document, ControlKey key)
    {
        if (document is null)
            return null;
        try
        {
            var read = JsonSerializer.Deserialize(
                document.Content.Span, AuthenticityJson.Default.DocumentMacs);
            return read?.Kind == key.Kind && read.Name == key.Name ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the code in effect for this document, or for its absence; null if none is valid.</summary>
    internal DocumentMac? Match(DocumentKeys keys, ControlKey key, ControlDocument? document)
    {
        DocumentMac? match = null;
        foreach (var entry in Entries)
        {
            if (entry.Deleted == document is null
                && (document is null || entry.After < document.Version)
                && entry.After > (match?.After ?? -1)
                && keys.Verify(entry, key, document is null ? default : document.Content.Span))
            {
                match = entry;
            }
        }

        return match;
    }

    /// <summary>
    /// Returns the entries to keep beside a new one: the one in effect, and those of writes that may still succeed. A
    /// write that saw an earlier version than the present one cannot succeed: its compare-and-swap fails.
    /// </summary>
    internal IEnumerable<DocumentMac> Kept(DocumentMac? match, ControlDocument? document) => Entries
        .Where(entry => entry == match || entry.After >= (document?.Version ?? match?.After + 1 ?? 0))
        .OrderByDescending(static entry => entry.After)
        .Take(EntriesMax - 1);

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, AuthenticityJson.Default.DocumentMacs);
}

/// <summary>Serializes the codes and their index.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DocumentMacs))]
[JsonSerializable(typeof(VersionIndex))]
internal sealed partial class AuthenticityJson : JsonSerializerContext;
