namespace Gateway.Storage.Local.Journal;

/// <summary>
/// A new file of the journal that is written beside the current one: the machine, the floor and, in steps, the present
/// record of every counter. Changes to counters that it already has are written to both files, so once it has all
/// counters it is equivalent to the current file and may replace it. Used by the journal's thread.
/// </summary>
/// <remarks>
/// The copy is incremental because a million counters take a hundred megabytes, and calls that need the journal would
/// wait until all of them are written and synced.
/// </remarks>
internal sealed class JournalCopy : IDisposable
{
    /// <summary>
    /// Number of syncs on another thread. The last sync is awaited, so that nothing comes between it and the change of
    /// files; the earlier ones leave it little to do.
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
    /// <param name="file">The new, empty file.</param>
    /// <param name="state">The state to write; only the same thread changes it.</param>
    /// <param name="mark">
    /// The mark of counters whose key this file has; it differs from the mark of the current file.
    /// </param>
    /// <param name="options">Bounds on the work of one step.</param>
    public JournalCopy(IJournalFile file, JournalState state, byte mark, JournalOptions options)
    {
        (File, _state, Mark, _options) = (file, state, mark, options);
        Span<byte> head = stackalloc byte[JournalFormat.FileHeadLength];
        JournalFormat.WriteFileHead(head);
        file.Append(head);
        _batch.AddMachine(state);
        _batch.AddFloor(state.FloorMs);
    }

    public IJournalFile File { get; }

    /// <summary>The mark of counters whose key this file has.</summary>
    public byte Mark { get; }

    /// <summary>The sequence number of the last frame.</summary>
    public uint Order { get; private set; }

    /// <summary>True while another thread syncs the file, so that the next step has to wait.</summary>
    public bool IsSyncing => _isSyncing;

    private bool IsComplete => _copied >= _state.Entries.End;

    /// <summary>Notes that the counter in this row has changed.</summary>
    public void Note(int row)
    {
        if (row < _copied) Add(row, isNamed: !_state.Entries.TryMark(row, Mark));
    }

    /// <summary>Notes that the floor was raised.</summary>
    public void NoteFloor() => _batch.AddFloor(_state.FloorMs);

    /// <summary>
    /// Does one step of the remaining work, including noted changes. Returns true once the file is complete and
    /// durable; it must then replace the current file before anything else is written.
    /// </summary>
    /// <param name="onSynced">Called from another thread when the next step is possible.</param>
    /// <exception cref="IOException">The file cannot be written. The current file is not affected.</exception>
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

    /// <summary>Does all remaining work at once.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Complete()
    {
        for (; !IsComplete; _copied++) Copy(_copied);
        WriteFrame();
        if (_failure is { } failure) throw failure;
        File.Sync();
    }

    /// <summary>Closes the unused file.</summary>
    public void Dispose() => File.Dispose();

    /// <summary>Writes a counter with its key whatever its mark, which may be that of an earlier file.</summary>
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
            _failure = failure as IOException ?? new IOException("The copy was abandoned.", failure);
        }

        _isSyncing = false;
        onSynced();
    }
}
