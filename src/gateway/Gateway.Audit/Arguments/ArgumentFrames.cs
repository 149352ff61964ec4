namespace Gateway.Audit.Arguments;

/// <summary>Reads the frames of one file of recorded values.</summary>
internal static class ArgumentFrames
{
    /// <summary>Passes on each wanted frame of a file, and returns the bytes of the file.</summary>
    /// <param name="path">The file; if it is gone or unreadable, it has no frames.</param>
    /// <param name="isWanted">
    /// Receives the id, the time in Unix milliseconds and the place of each frame; returns true to read its values.
    /// </param>
    /// <param name="take">Receives the id, the time in Unix milliseconds and the encrypted values.</param>
    public static long Read(
        string path, Func<UInt128, long, long, bool> isWanted, Action<UInt128, long, byte[]> take)
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
                if (!isWanted(id, timeMs, file.Position - head.Length))
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

    /// <summary>
    /// Returns the encrypted values of the frame at a place; null if there is none any more, or one of another call.
    /// </summary>
    public static byte[]? At(string path, long place, UInt128 id)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.Position = place;
            Span<byte> head = stackalloc byte[ArgumentFrame.HeadBytes];
            if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
                return null;
            var (length, found, _) = ArgumentFrame.ReadHead(head);
            if (found != id || length is <= 0 or > ArgumentFrame.SealedBytesMax)
                return null;
            var sealedValues = new byte[length];
            return file.ReadAtLeast(sealedValues, length, throwOnEndOfStream: false) < length ? null : sealedValues;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
