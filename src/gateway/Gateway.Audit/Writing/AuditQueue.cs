using System.Buffers;

namespace Gateway.Audit.Writing;

/// <summary>Lines in the order in which they came, in one piece as they are written, and who waits for which.</summary>
internal sealed class AuditQueue
{
    // What one moment of a slow disk took must not be kept by all three queues of a log.
    private const int KeptBytesMax = 1024 * 1024;

    private readonly List<AuditEntry> _entries = [];
    private ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    /// <summary>How many lines.</summary>
    public int Count => _entries.Count;

    /// <summary>All lines, each with its end.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Where each line ends.</summary>
    public IReadOnlyList<AuditEntry> Entries => _entries;

    /// <summary>Appends a line.</summary>
    /// <param name="line">It, with its end.</param>
    /// <param name="written">Who waits for it; null for nobody.</param>
    public void Add(ReadOnlySpan<byte> line, TaskCompletionSource<bool>? written)
    {
        _bytes.Write(line);
        _entries.Add(new AuditEntry(_bytes.WrittenCount, written));
    }

    /// <summary>Takes all lines out.</summary>
    public void Clear()
    {
        _entries.Clear();
        if (_bytes.Capacity > KeptBytesMax)
            _bytes = new ArrayBufferWriter<byte>(64 * 1024);
        else
            _bytes.ResetWrittenCount();
    }
}
