using System.IO.Compression;

namespace Gateway.Site;

/// <summary>Compresses files that a program embeds and sends to browsers as they are.</summary>
internal static class Packing
{
    // Quality 11 takes ten times as long and saves 8 % of the bytes.
    private const int Quality = 9;

    /// <summary>
    /// Writes each file below a folder, compressed with Brotli, to the same path below another folder.
    /// </summary>
    public static void Pack(string from, string to) =>
        Parallel.ForEach(Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories), path =>
        {
            var packed = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(packed)!);
            using var file = File.Create(packed);
            using var brotli = new BrotliStream(file, new BrotliCompressionOptions { Quality = Quality });
            brotli.Write(File.ReadAllBytes(path));
        });
}
