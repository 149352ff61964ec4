namespace Gateway.Audit.Writing;

/// <summary>
/// Calls whose records are on file, taken on to their next wait by one pool thread: one thread a call spent most of
/// its time on waking up.
/// </summary>
internal sealed class WrittenCalls(TaskCompletionSource<bool>[] calls, bool written) : IThreadPoolWorkItem
{
    // The most that follow one another; more go to several threads.
    private const int Max = 8;

    /// <summary>
    /// Takes those of <paramref name="entries"/> that somebody waits for to their next wait. Inline, on this thread:
    /// through the thread pool each woke another one, a quarter of the process's CPU time; nothing on that way may
    /// block, as with I/O. Else on pool threads, some calls each.
    /// </summary>
    public static void GoOn(IReadOnlyList<AuditEntry> entries, int start, int end, bool written, bool isInline)
    {
        if (isInline)
        {
            for (var i = start; i < end; i++)
                entries[i].Written?.SetResult(written);
            return;
        }

        for (var i = start; i < end; i += Max)
            Queue(entries, i, Math.Min(end, i + Max), written);
    }

    public void Execute()
    {
        foreach (var call in calls)
            call.SetResult(written);
    }

    private static void Queue(IReadOnlyList<AuditEntry> entries, int start, int end, bool written)
    {
        var calls = new List<TaskCompletionSource<bool>>(end - start);
        for (var i = start; i < end; i++)
        {
            if (entries[i].Written is { } waiting)
                calls.Add(waiting);
        }

        if (calls.Count > 0)
            ThreadPool.UnsafeQueueUserWorkItem(new WrittenCalls([.. calls], written), preferLocal: false);
    }
}
