using Microsoft.Win32.SafeHandles;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// The source of an index: a file or memory. A file is read and not mapped, so that truncating an open file causes an
/// exception instead of ending the process.
/// </summary>
internal sealed class IndexBytes
{
    private readonly SafeFileHandle? _file;
    private readonly ReadOnlyMemory<byte> _memory;

    public IndexBytes(SafeFileHandle file) => (_file, Length) = (file, RandomAccess.GetLength(file));

    public IndexBytes(ReadOnlyMemory<byte> memory) => (_memory, Length) = (memory, memory.Length);

    public long Length { get; }

    /// <exception cref="IndexException">The range exceeds the index.</exception>
    public void Read(long at, Span<byte> into)
    {
        if (at < 0 || at > Length - into.Length)
            throw new IndexException("is damaged: it refers to missing data");
        if (_file is null)
        {
            _memory.Span.Slice((int)at, into.Length).CopyTo(into);
            return;
        }

        while (into.Length > 0)
        {
            var read = RandomAccess.Read(_file, into, at);
            if (read == 0)
                throw new IndexException("was cut off while it was read");
            into = into[read..];
            at += read;
        }
    }
}
