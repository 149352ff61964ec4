using System.Buffers;

namespace Gateway.Audit.Writing;

/// <summary>
/// Queued lines in order, in the contiguous form in which they are written, with the calls that wait for them.
/// </summary>
internal sealed class AuditQueue
{
    // The three queues of a log must not keep the memory that one moment of a slow disk required.
    private const int KeptBytesMax = 1024 * 1024;

    private readonly List<AuditEntry> _entries = [];
    private ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    public int Count => _entries.Count;

    /// <summary>All lines, each with its end.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>The end of each line.</summary>
    public IReadOnlyList<AuditEntry> Entries => _entries;

    /// <summary>Appends a line.</summary>
    /// <param name="line">The line with its end.</param>
    /// <param name="written">Completed once the line is written; null if nothing waits for it.</param>
    public void Add(ReadOnlySpan<byte> line, TaskCompletionSource<bool>? written)
    {
        _bytes.Write(line);
        _entries.Add(new AuditEntry(_bytes.WrittenCount, written));
    }

    public void Clear()
    {
        _entries.Clear();
        if (_bytes.Capacity > KeptBytesMax)
            _bytes = new ArrayBufferWriter<byte>(64 * 1024);
        else
            _bytes.ResetWrittenCount();
    }
}

/// <summary>
/// A queued line of the audit file, identified by its end in the queue; <see cref="Written"/> is null if nothing waits
/// for it.
/// </summary>
internal readonly record struct AuditEntry(int End, TaskCompletionSource<bool>? Written);
