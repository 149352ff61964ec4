namespace Gateway.Storage.Local.Journal;

/// <summary>A file that only grows. Every failure is an <see cref="IOException"/>.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Bytes in the file.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; 0 at the end.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes at the end. When it throws, any part of it may be there.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Makes everything written so far survive the end of the machine.</summary>
    void Sync();
}
