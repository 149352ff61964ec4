using System.Reflection;

namespace Gateway.Policy.Schemas;

/// <summary>
/// A JSON Schema 2020-12 that a gateway serves, for editors and other programs. It describes a single document. Only
/// the loader can find problems across documents, such as overlapping patterns or a grant that names no server.
/// </summary>
/// <param name="assembly">The assembly that embeds the schema under its file name.</param>
/// <param name="fileName">The last part of the URL of the schema at a gateway.</param>
public sealed class PublishedSchema(Assembly assembly, string fileName)
{
    private readonly Lazy<byte[]> _bytes = new(() => Read(assembly, fileName));

    /// <summary>The schema of policy documents.</summary>
    public static PublishedSchema Policy { get; } = new(typeof(PublishedSchema).Assembly, "policy-v1.json");

    /// <summary>The last part of the URL of the schema at a gateway.</summary>
    public string FileName => fileName;

    /// <summary>The schema as UTF-8, without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Utf8 => _bytes.Value;

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
