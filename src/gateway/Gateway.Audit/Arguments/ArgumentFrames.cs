namespace Gateway.Audit.Arguments;

/// <summary>Reads the frames of one file of recorded values.</summary>
internal static class ArgumentFrames
{
    /// <summary>Passes on each wanted frame of a file, and returns the bytes of the file.</summary>
    /// <param name="path">The file; if it is gone or unreadable, it has no frames.</param>
    /// <param name="isWanted">Returns true for ids whose values are read; others are skipped.</param>
    /// <param name="take">Receives the id, the time in Unix milliseconds and the encrypted values.</param>
    public static long Read(string path, Func<UInt128, bool> isWanted, Action<UInt128, long, byte[]> take)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
            Span<byte> head = stackalloc byte[ArgumentFrame.HeadBytes];
            while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
            {
                var (length, id, timeMs) = ArgumentFrame.ReadHead(head);
                // An invalid frame ends the file: nothing marks where the next one begins.
                if (length is <= 0 or > ArgumentFrame.SealedBytesMax)
                    break;
                if (!isWanted(id))
                {
                    file.Seek(length, SeekOrigin.Current);
                    continue;
                }

                var sealedValues = new byte[length];
                if (file.ReadAtLeast(sealedValues, length, throwOnEndOfStream: false) < length)
                    break;
                take(id, timeMs, sealedValues);
            }

            return file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted since the directory was listed, or not readable by this process.
            return 0;
        }
    }
}
