namespace Gateway.Audit.Writing;

/// <summary>
/// What one thread writes while it has the writer's role, in the order in which it came, and how each write went, so
/// that the calls which wait can be taken on once the role is free again.
/// </summary>
internal sealed class AuditTurn
{
    private readonly List<(int End, bool Written)> _ends = [];
    private List<AuditEntry> _entries = [];
    private int _added;

    /// <summary>Lines taken so far.</summary>
    public int Count => _entries.Count;

    /// <summary>Whether this thread is taking calls on right now, so that what it runs may come back here.</summary>
    public bool IsGoingOn { get; private set; }

    /// <summary>Takes all that waits, and leaves an empty list in its place.</summary>
    public void Take(ref List<AuditEntry> waiting)
    {
        if (_entries.Count == 0)
            (waiting, _entries) = (_entries, waiting);
        else
        {
            _entries.AddRange(waiting);
            waiting.Clear();
        }
    }

    /// <summary>Adds to a batch what was taken and not written yet, until the batch is full.</summary>
    /// <returns>False where all had been added before.</returns>
    public bool AddTo(AuditBatch batch)
    {
        var first = _added;
        while (_added < _entries.Count && !batch.IsFull)
            batch.Add(_entries[_added++].Line);
        return _added > first;
    }

    /// <summary>What was added since the last write is written, or could not be.</summary>
    public void Wrote(bool written) => _ends.Add((_added, written));

    /// <summary>Nothing that was taken and not written yet is.</summary>
    public void Fail()
    {
        _added = _entries.Count;
        Wrote(false);
    }

    /// <summary>
    /// Takes the calls to their next wait, after the role was given back: they, and others meanwhile, write for
    /// themselves.
    /// </summary>
    /// <param name="isInline">On this thread.</param>
    public void GoOn(bool isInline)
    {
        IsGoingOn = true;
        var start = 0;
        foreach (var (end, written) in _ends)
        {
            WrittenCalls.GoOn(_entries, start, end, written, isInline);
            start = end;
        }

        _ends.Clear();
        _entries.Clear();
        _added = 0;
        IsGoingOn = false;
    }
}
