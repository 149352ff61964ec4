using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Control.Documents;

/// <summary>One control document as the store holds it.</summary>
/// <param name="Key">The document's kind and name.</param>
/// <param name="Version">The revision that wrote it: at least 1, never used twice, even after a deletion.</param>
/// <param name="Content">A JSON value in UTF-8, byte for byte as it was written.</param>
public sealed record ControlDocument(ControlKey Key, long Version, ReadOnlyMemory<byte> Content)
{
    /// <summary>
    /// The reason why the stored bytes are not a valid document; null for a valid one. The content of an invalid
    /// document is <c>null</c>, and everything that depends on it denies.
    /// </summary>
    public string? Damage { get; init; }

    /// <summary>The maximum size of one document in bytes; a larger one is refused.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    /// <summary>The maximum depth of arrays and objects in one document; a deeper one is refused.</summary>
    public const int DepthMax = 255;

    /// <summary>Returns the content as an object; null if it is <c>null</c> or cannot be read as one.</summary>
    public T? ReadOrNull<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Content.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Throws if the content is too large, too deep or not JSON, because no store accepts it then.</summary>
    /// <exception cref="ArgumentException">The content is not a control document.</exception>
    public static void RequireJson(ReadOnlyMemory<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, BytesMax, nameof(content));
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"A control document must be one JSON value: {e.Message}", nameof(content), e);
        }
    }
}
