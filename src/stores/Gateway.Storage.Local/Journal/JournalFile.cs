namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The journal's file: opened by reading it whole and writing it anew, appended to in frames, rewritten when it has
/// grown. Rewriting is safe at every byte: a file under another name, synced, renamed, the folder synced. Used by one
/// thread.
/// </summary>
internal sealed class JournalFile(IJournalDisk disk, JournalWitness? comparedWith = null) : IDisposable
{
    public const string Name = "journal";
    public const string NewName = "journal.new";

    private readonly JournalWitness _witness = comparedWith ?? new JournalWitness(disk, "");
    private IJournalFile? _file;
    private uint _order;

    /// <summary>Bytes in the file.</summary>
    public long Length => _file?.Length ?? 0;

    /// <summary>Bytes that it had when it was last written anew.</summary>
    public long RewrittenLength { get; private set; }

    /// <summary>What a counter carries whose key the file has; two files that exist at once have two of them.</summary>
    public byte Mark { get; private set; } = 1;

    /// <summary>What the disk holds; null if there is no journal yet.</summary>
    /// <exception cref="JournalException">It must not be used as it is.</exception>
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
                $"{Name} is whole, and what it holds at offset {unknown} this version does not know: a newer one wrote "
                + "it. Use that one, or run once with --repair, which refuses each window that has begun to its end.");
        var (offset, length) = scan.BadStretches[0];
        var damage = length > 0 ? $"{length} bytes at offset {offset} are damaged and good records follow"
            : $"records are missing before offset {offset}";
        throw new JournalException(
            $"{Name} is corrupt: {damage}, so counts may be lost. Restore it from the same moment as the rest, or run "
            + "once with --repair to see what is left.");
    }

    /// <summary>
    /// Writes a new file that holds exactly this and goes on with it. False, with the old file untouched and still in
    /// use, if the new one could not be written; an exception if it is not certain which of the two the disk now has.
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

    /// <summary>Begins a file that may take the place of this one.</summary>
    /// <exception cref="IOException">The disk refused; this file stays in use.</exception>
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

    /// <summary>Says that a file that is whole and durable is about to take the place of this one.</summary>
    /// <exception cref="IOException">The disk refused; this file stays in use.</exception>
    public void Announce(JournalCopy copy) => _witness.Hold(copy.File.Length);

    /// <summary>Goes on with a file that is whole and durable, and was announced.</summary>
    /// <exception cref="IOException">It is not certain which of the two the disk now has.</exception>
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

    /// <summary>Makes everything appended survive the end of the machine.</summary>
    public void Sync()
    {
        var length = _file!.Length;
        _file.Sync();
        _witness.Synced(length);
    }

    /// <summary>True if there is a file to append to.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>Lets go of the file, so that nothing can be appended.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => Close();
}
