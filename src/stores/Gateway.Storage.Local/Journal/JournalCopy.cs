namespace Gateway.Storage.Local.Journal;

/// <summary>
/// A new file of the journal that is written beside the one in use: the machine, the floor and, some at a time, the
/// present record of every counter. What changes meanwhile of those that it has is written into both files. So once it
/// has all of them it says what the other says, and may take its place. Used by the journal's thread.
/// </summary>
/// <remarks>
/// Because a million counters take a hundred megabytes, and calls that need the journal would wait for all of them to
/// be written and synced.
/// </remarks>
internal sealed class JournalCopy : IDisposable
{
    /// <summary>
    /// The last sync is waited for, so that nothing comes between it and the change of files; the ones before it are
    /// there to leave it little to do.
    /// </summary>
    private const int SyncsAsideMax = 4;

    private readonly JournalState _state;
    private readonly JournalBatch _batch = new();
    private readonly JournalOptions _options;
    private int _copied;
    private int _syncsAside;
    private long _syncedLength;
    private volatile bool _isSyncing;
    private volatile IOException? _failure;

    /// <summary>Begins a file.</summary>
    /// <param name="file">The new file, empty.</param>
    /// <param name="state">What is written into it; changed by the same thread alone.</param>
    /// <param name="mark">What a counter carries once this file has its key; not that of the file in use.</param>
    /// <param name="options">How much is done in one go.</param>
    public JournalCopy(IJournalFile file, JournalState state, byte mark, JournalOptions options)
    {
        (File, _state, Mark, _options) = (file, state, mark, options);
        Span<byte> head = stackalloc byte[JournalFormat.FileHeadLength];
        JournalFormat.WriteFileHead(head);
        file.Append(head);
        _batch.AddMachine(state);
        _batch.AddFloor(state.FloorMs);
    }

    /// <summary>The new file.</summary>
    public IJournalFile File { get; }

    /// <summary>What a counter carries whose key this file has.</summary>
    public byte Mark { get; }

    /// <summary>The order of the last frame.</summary>
    public uint Order { get; private set; }

    /// <summary>True while another thread syncs it: there is nothing to go on with.</summary>
    public bool IsSyncing => _isSyncing;

    private bool IsComplete => _copied >= _state.Entries.End;

    /// <summary>The counter in this row has changed.</summary>
    public void Note(int row)
    {
        if (row < _copied) Add(row, isNamed: !_state.Entries.TryMark(row, Mark));
    }

    /// <summary>The floor was raised.</summary>
    public void NoteFloor() => _batch.AddFloor(_state.FloorMs);

    /// <summary>
    /// Does some of what is left, and what was noted. True once the file is whole and durable: then it must take the
    /// other's place before anything else is written.
    /// </summary>
    /// <param name="onSynced">Called from another thread when there is something to go on with.</param>
    /// <exception cref="IOException">It cannot be written. The file in use is none the worse.</exception>
    public bool GoOn(Action onSynced)
    {
        if (_isSyncing) return false;
        var end = Math.Min(_state.Entries.End, _copied + _options.RowsAtOnce);
        for (; _copied < end; _copied++) Copy(_copied);
        WriteFrame();
        if (_failure is { } failure) throw failure;
        if (!IsComplete) return false;
        if (File.Length - _syncedLength <= _options.SyncAsideFromBytes || _syncsAside == SyncsAsideMax)
        {
            File.Sync();
            return true;
        }

        _syncsAside++;
        _isSyncing = true;
        var length = File.Length;
        ThreadPool.QueueUserWorkItem(_ => SyncAside(length, onSynced));
        return false;
    }

    /// <summary>Does all of it at once.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Complete()
    {
        for (; !IsComplete; _copied++) Copy(_copied);
        WriteFrame();
        if (_failure is { } failure) throw failure;
        File.Sync();
    }

    /// <summary>Lets go of the file, which is of no use.</summary>
    public void Dispose() => File.Dispose();

    /// <summary>With its key whatever its mark says, which may be that of an earlier file.</summary>
    private void Copy(int row)
    {
        if (_state.Entries.KeyAt(row) is null) return;
        _state.Entries.TryMark(row, Mark);
        Add(row, isNamed: true);
    }

    private void Add(int row, bool isNamed)
    {
        if (_batch.IsFull) WriteFrame();
        _batch.AddCounter(_state.Entries, row, isNamed);
    }

    private void WriteFrame()
    {
        try
        {
            if (!_batch.IsEmpty && _failure is null) File.Append(_batch.Complete(++Order));
        }
        catch (IOException failure)
        {
            _failure = failure;
        }

        _batch.Clear();
    }

    private void SyncAside(long length, Action onSynced)
    {
        try
        {
            File.Sync();
            _syncedLength = length;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            _failure = failure as IOException ?? new IOException("The copy was given up.", failure);
        }

        _isSyncing = false;
        onSynced();
    }
}
