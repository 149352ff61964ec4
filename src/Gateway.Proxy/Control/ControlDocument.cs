namespace Gateway.Proxy.Control;

/// <summary>One control document as the store holds it.</summary>
/// <param name="Key">Which document.</param>
/// <param name="Version">The revision that wrote it: at least 1, never used twice, deleted ones included.</param>
/// <param name="Content">A JSON value in UTF-8, byte for byte as it was written.</param>
public sealed record ControlDocument(ControlKey Key, long Version, ReadOnlyMemory<byte> Content)
{
    /// <summary>Bytes of one document; a larger one is refused.</summary>
    public const int BytesMax = 16 * 1024 * 1024;
}
