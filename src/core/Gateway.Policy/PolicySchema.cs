namespace Gateway.Policy;

/// <summary>
/// The JSON Schema of the policy document, for editors and other programs. It knows what a document looks like; what
/// only shows across a document (two patterns that meet, one counter with two maxima) the loader alone can tell.
/// </summary>
public static class PolicySchema
{
    /// <summary>The file's name, and the last part of the address under which a gateway serves it.</summary>
    public const string FileName = "policy-v1.json";

    private static readonly Lazy<byte[]> Bytes = new(Read);

    /// <summary>The schema as UTF-8, without a byte order mark.</summary>
    public static ReadOnlyMemory<byte> Utf8 => Bytes.Value;

    private static byte[] Read()
    {
        using var stream = typeof(PolicySchema).Assembly.GetManifestResourceStream(FileName)
            ?? throw new InvalidOperationException($"{FileName} is not embedded in this assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
