namespace Gateway.Catalogue.Importing;

/// <summary>A reader of a file, line by line, each line within a bound.</summary>
internal static class DumpLines
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Returns each non-empty line with its number; null in place of a line that is too long.</summary>
    public static IEnumerable<(int Number, byte[]? Line)> Read(Stream stream, int bytesMax)
    {
        using var line = new MemoryStream();
        var buffer = new byte[BufferBytes];
        var (number, isTooLong) = (1, false);
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            for (var at = 0; at < read;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', at, read - at);
                var length = (end < 0 ? read : end) - at;
                isTooLong |= line.Length + length > bytesMax;
                if (!isTooLong)
                    line.Write(buffer, at, length);
                at += length + 1;
                if (end < 0)
                    continue;
                if (isTooLong || !IsBlank(line))
                    yield return (number, isTooLong ? null : line.ToArray());
                line.SetLength(0);
                isTooLong = false;
                number++;
            }
        }

        if (isTooLong || !IsBlank(line))
            yield return (number, isTooLong ? null : line.ToArray());
    }

    private static bool IsBlank(MemoryStream line) =>
        !line.GetBuffer().AsSpan(0, (int)line.Length).ContainsAnyExcept(" \t\r"u8);
}
