namespace Gateway.Limits.Embedded;

/// <summary>
/// The journal's file: opened by reading it whole and writing it anew, appended to in frames, rewritten when it has
/// grown. Rewriting is safe at every byte: a file under another name, synced, renamed, the folder synced. Used by one
/// thread.
/// </summary>
internal sealed class JournalFile(IJournalDisk disk) : IDisposable
{
    public const string Name = "journal";
    public const string NewName = "journal.new";

    private readonly JournalBatch _batch = new();
    private IJournalFile? _file;
    private uint _order;
    private uint _numbers;

    /// <summary>Bytes in the file.</summary>
    public long Length => _file?.Length ?? 0;

    /// <summary>Bytes that it had when it was last written anew.</summary>
    public long RewrittenLength { get; private set; }

    /// <summary>What the disk holds; null if there is no journal yet.</summary>
    /// <exception cref="JournalException">It must not be used as it is.</exception>
    public JournalState? Read()
    {
        using var file = disk.Open(Name);
        if (file is null) return null;
        var scan = JournalScan.Read(file, Name);
        if (scan.IsUsable) return scan.State;
        var (offset, length) = scan.BadStretches[0];
        throw new JournalException(
            $"{Name} is corrupt: {length} bytes at offset {offset} are damaged and good records follow, so counts may "
            + "be lost. Restore it from the same moment as the rest, or run once with --repair to see what is left.");
    }

    /// <summary>
    /// Writes a new file that holds exactly this and goes on with it. False, with the old file untouched and still in
    /// use, if the new one could not be written; an exception if it is not certain which of the two the disk now has.
    /// </summary>
    public bool TryRewrite(JournalState state, out IOException? failure)
    {
        failure = null;
        IJournalFile? file = null;
        var order = 0u;
        try
        {
            file = disk.Create(NewName);
            WriteAll(file, state, ref order);
            file.Sync();
        }
        catch (IOException reason)
        {
            failure = reason;
            file?.Dispose();
            return false;
        }

        Close();
        (_file, RewrittenLength) = (file, file.Length);
        disk.Rename(NewName, Name);
        disk.SyncFolder();
        (_order, _numbers) = (order, state.Entries.Renumber());
        return true;
    }

    /// <summary>A number for a counter that has none in this file.</summary>
    public uint NextNumber() => ++_numbers;

    /// <summary>Appends one frame. After a failure nothing more may be appended to this file.</summary>
    public void Append(JournalBatch batch)
    {
        (_file ?? throw new IOException("The journal is not open.")).Append(batch.Complete(++_order));
        batch.Clear();
    }

    /// <summary>Makes everything appended survive the end of the machine.</summary>
    public void Sync() => _file!.Sync();

    /// <summary>Lets go of the file, so that nothing can be appended.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => Close();

    private void WriteAll(IJournalFile file, JournalState state, ref uint order)
    {
        Span<byte> head = stackalloc byte[JournalFormat.FileHeadLength];
        JournalFormat.WriteFileHead(head);
        file.Append(head);
        _batch.Clear();
        _batch.AddMachine(state);
        _batch.AddFloor(state.FloorMs);
        var number = 0u;
        foreach (var (key, entry) in state.Entries)
        {
            if (_batch.IsFull) WriteFrame(file, ref order);
            _batch.AddCounter(key, entry with { Number = ++number }, isNamed: true);
        }

        WriteFrame(file, ref order);
    }

    private void WriteFrame(IJournalFile file, ref uint order)
    {
        file.Append(_batch.Complete(++order));
        _batch.Clear();
    }
}
