using System.IO.Compression;
using System.Numerics;

namespace Gateway.Site;

/// <summary>Compresses files that a program embeds and sends to browsers as they are.</summary>
internal static class Packing
{
    // Quality 11 takes ten times as long and saves 8 % of the bytes.
    private const int Quality = 9;

    private const int WindowBitsMin = 10;
    private const int WindowBitsMax = 22;

    /// <summary>
    /// Writes each file below a folder, compressed with Brotli, to the same path below another folder.
    /// </summary>
    public static void Pack(string from, string to) =>
        Parallel.ForEach(Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories), path =>
        {
            var packed = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(packed)!);
            var bytes = File.ReadAllBytes(path);
            var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
            // The encoder clears memory for its whole window, so a small file gets a small one.
            var window = Math.Clamp(BitOperations.Log2((uint)bytes.Length) + 1, WindowBitsMin, WindowBitsMax);
            if (!BrotliEncoder.TryCompress(bytes, buffer, out var length, Quality, window))
                throw new InvalidOperationException($"{path} cannot be compressed.");
            File.WriteAllBytes(packed, buffer[..length]);
        });
}
