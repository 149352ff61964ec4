using System.IO.Compression;

namespace Gateway.Admin.Console.Serving;

/// <summary>A file of the console, compressed once, when a browser first requests it compressed.</summary>
/// <param name="type">Its content type.</param>
/// <param name="plain">Its bytes.</param>
internal sealed class ConsoleFile(string type, byte[] plain)
{
    // Quality 11 takes 0.8 s for the editor, for which the first request would wait, and saves only 8 % of the bytes.
    private const int Quality = 9;

    private readonly Lazy<byte[]> _compressed = new(() => Compress(plain));

    public string ContentType => type;

    public byte[] Plain => plain;

    public byte[] Compressed => _compressed.Value;

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, new BrotliCompressionOptions { Quality = Quality }))
            brotli.Write(bytes);
        return compressed.ToArray();
    }
}
