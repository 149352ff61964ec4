using Microsoft.Win32.SafeHandles;

namespace Gateway.Catalogue.Indexing;

/// <summary>
/// Where an index is read from: a file, or memory. A file is read and not mapped: one that is cut off while it is open
/// is an error then, and not the end of the process.
/// </summary>
internal sealed class IndexBytes
{
    private readonly SafeFileHandle? _file;
    private readonly ReadOnlyMemory<byte> _memory;

    public IndexBytes(SafeFileHandle file) => (_file, Length) = (file, RandomAccess.GetLength(file));

    public IndexBytes(ReadOnlyMemory<byte> memory) => (_memory, Length) = (memory, memory.Length);

    public long Length { get; }

    /// <exception cref="IndexException">There are not so many.</exception>
    public void Read(long at, Span<byte> into)
    {
        if (at < 0 || at > Length - into.Length)
            throw new IndexException("is damaged: it names what is not in it");
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
