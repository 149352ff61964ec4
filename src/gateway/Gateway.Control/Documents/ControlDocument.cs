using System.Text.Json;

namespace Gateway.Control.Documents;

/// <summary>One control document as the store holds it.</summary>
/// <param name="Key">Which document.</param>
/// <param name="Version">The revision that wrote it: at least 1, never used twice, deleted ones included.</param>
/// <param name="Content">A JSON value in UTF-8, byte for byte as it was written.</param>
public sealed record ControlDocument(ControlKey Key, long Version, ReadOnlyMemory<byte> Content)
{
    /// <summary>
    /// Why the stored bytes are no document; null for a sound one. The content is <c>null</c> then, and what depends on
    /// the document denies.
    /// </summary>
    public string? Damage { get; init; }

    /// <summary>Bytes of one document; a larger one is refused.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    /// <summary>Levels of arrays and objects in one document; a deeper one is refused.</summary>
    public const int DepthMax = 255;

    /// <summary>Refuses what no store takes: what is too large, too deep or no JSON.</summary>
    /// <exception cref="ArgumentException">It is no control document.</exception>
    public static void RequireJson(ReadOnlyMemory<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, BytesMax, nameof(content));
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"A control document is one JSON value: {e.Message}", nameof(content), e);
        }
    }
}
