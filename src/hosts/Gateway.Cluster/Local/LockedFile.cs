using System.Security.Cryptography;
using Gateway.Audit.Directories;

namespace Gateway.Cluster.Local;

/// <summary>
/// A file that several processes of one machine read and write, each with exclusive access. The operating system holds
/// the lock, which ends with the process that owns it.
/// </summary>
/// <remarks>
/// A file is written in place, with a digest before its content, and flushed to the disk, so that a write torn by a
/// loss of power is detected. It is never deleted, because a process that still had it open would write to a file that
/// nobody reads.
/// </remarks>
internal static class LockedFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(2);

    /// <summary>Reads the content, and replaces it or leaves it unchanged.</summary>
    /// <param name="path">The file; created if it is missing.</param>
    /// <param name="use">
    /// Receives the content, or null if there is none. Returns the next content (null to change nothing, empty to
    /// remove it) and the caller's result.
    /// </param>
    /// <exception cref="IOException">The file is not available within two seconds, or the volume is full.</exception>
    /// <exception cref="InvalidDataException">The content is damaged.</exception>
    public static Task<T> UseAsync<T>(string path, Func<byte[]?, (byte[]? Next, T Result)> use) => Task.Run(async () =>
    {
        await using var file = await OpenAsync(path);
        var (next, result) = use(Read(file));
        if (next is not null) Write(file, next);
        return result;
    });

    private static async Task<FileStream> OpenAsync(string path)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            try
            {
                return DataDirectory.Owned(path, FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException)
            {
                // Another process has the lock, and follows no other clock.
                await Task.Delay(RetryAfter, TimeProvider.System);
            }
        }

        return DataDirectory.Owned(path, FileMode.OpenOrCreate, FileShare.None);
    }

    private static byte[]? Read(FileStream file)
    {
        if (file.Length == 0) return null;
        var all = new byte[file.Length];
        file.ReadExactly(all);
        if (all.Length > SHA256.HashSizeInBytes)
        {
            var content = all[SHA256.HashSizeInBytes..];
            if (SHA256.HashData(content).AsSpan().SequenceEqual(all.AsSpan(0, SHA256.HashSizeInBytes))) return content;
        }

        throw new InvalidDataException($"{file.Name} is damaged: its digest does not match.");
    }

    private static void Write(FileStream file, byte[] content)
    {
        byte[] all = content.Length == 0 ? [] : [.. SHA256.HashData(content), .. content];
        file.Position = 0;
        file.Write(all);
        file.SetLength(all.Length);
        file.Flush(flushToDisk: true);
    }
}
