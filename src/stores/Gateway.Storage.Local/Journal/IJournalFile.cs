namespace Gateway.Storage.Local.Journal;

/// <summary>An append-only file. Every failure is an <see cref="IOException"/>.</summary>
internal interface IJournalFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads up to the buffer's length; returns 0 at the end.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Appends bytes. If it throws, any part of them may have been written.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Makes everything written so far survive the end of the machine.</summary>
    void Sync();
}
