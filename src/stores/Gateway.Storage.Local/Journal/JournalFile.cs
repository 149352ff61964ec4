namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The journal's file. Opening reads and rewrites it; frames are appended; it is rewritten again when it has grown. A
/// rewrite is safe at every byte: write a file under another name, sync it, rename it, sync the folder. Used by one
/// thread.
/// </summary>
internal sealed class JournalFile(IJournalDisk disk, JournalWitness? comparedWith = null) : IDisposable
{
    public const string Name = "journal";
    public const string NewName = "journal.new";

    private readonly JournalWitness _witness = comparedWith ?? new JournalWitness(disk, "");
    private IJournalFile? _file;
    private uint _order;

    /// <summary>Length of the file in bytes.</summary>
    public long Length => _file?.Length ?? 0;

    /// <summary>Length of the file in bytes after its last rewrite.</summary>
    public long RewrittenLength { get; private set; }

    /// <summary>
    /// The mark of counters whose key the file has; two files that exist at the same time have different marks.
    /// </summary>
    public byte Mark { get; private set; } = 1;

    /// <summary>Reads the state from the disk; null if there is no journal yet.</summary>
    /// <exception cref="JournalException">The journal must not be used as it is.</exception>
    public JournalState? Read()
    {
        using var file = disk.Open(Name);
        if (file is null)
        {
            _witness.Check(null, 0);
            return null;
        }

        var scan = JournalScan.Read(file, Name);
        if (scan.IsUsable)
        {
            _witness.Check(file, scan.WholeLength);
            return scan.State;
        }

        if (scan.UnknownAt is { } unknown)
            throw new JournalException(
                $"{Name} is intact, but this version cannot read its record at offset {unknown}: a newer version wrote "
                + "it. Use that version, or start once with --repair, which refuses calls in open windows until they "
                + "end.");
        var (offset, length) = scan.BadStretches[0];
        var damage = length > 0 ? $"{length} bytes at offset {offset} are damaged, before the end of the file"
            : $"records are missing before offset {offset}";
        throw new JournalException(
            $"{Name} is corrupt: {damage}, so counts may be lost. Restore it from the same backup as the other "
            + "data, or start once with --repair, which keeps its intact part and refuses calls in open windows until "
            + "they end.");
    }

    /// <summary>
    /// Writes a new file with exactly this state and continues with it. Returns false if the new file could not be
    /// written; the old one is then unchanged and still in use. Throws if it is uncertain which of the two files the
    /// disk has.
    /// </summary>
    public bool TryRewrite(JournalState state, out IOException? failure)
    {
        failure = null;
        JournalCopy? copy = null;
        try
        {
            copy = BeginCopy(state, new JournalOptions());
            copy.Complete();
            Announce(copy);
        }
        catch (IOException reason)
        {
            failure = reason;
            copy?.Dispose();
            return false;
        }

        Replace(copy);
        return true;
    }

    /// <summary>Begins a file that may replace this one.</summary>
    /// <exception cref="IOException">The disk reported an error; this file stays in use.</exception>
    public JournalCopy BeginCopy(JournalState state, JournalOptions options)
    {
        var file = disk.Create(NewName);
        try
        {
            return new JournalCopy(file, state, (byte)(Mark ^ 3), options);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Announces that a complete and durable file is about to replace this one.</summary>
    /// <exception cref="IOException">The disk reported an error; this file stays in use.</exception>
    public void Announce(JournalCopy copy) => _witness.Hold(copy.File.Length);

    /// <summary>Continues with a complete and durable file that was announced.</summary>
    /// <exception cref="IOException">It is uncertain which of the two files the disk has.</exception>
    public void Replace(JournalCopy copy)
    {
        Close();
        (_file, _order, Mark, RewrittenLength) = (copy.File, copy.Order, copy.Mark, copy.File.Length);
        disk.Rename(NewName, Name);
        disk.SyncFolder();
        _witness.GoOn(copy.File);
    }

    /// <summary>Appends one frame. After a failure nothing more may be appended to this file.</summary>
    public void Append(JournalBatch batch)
    {
        (_file ?? throw new IOException("The journal is not open.")).Append(batch.Complete(++_order));
        batch.Clear();
        _witness.Wrote(_file.Length);
    }

    /// <summary>Makes all appended frames survive the end of the machine.</summary>
    public void Sync()
    {
        var length = _file!.Length;
        _file.Sync();
        _witness.Synced(length);
    }

    /// <summary>True if there is a file to append to.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>Closes the file, so that nothing can be appended.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => Close();
}
