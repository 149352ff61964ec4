namespace Gateway.Audit.Writing;

/// <summary>
/// Calls whose records are written and that one pool thread continues together: with one thread for each call, most of
/// the time was spent waking threads.
/// </summary>
internal sealed class WrittenCalls(TaskCompletionSource<bool>[] calls, bool written) : IThreadPoolWorkItem
{
    // Maximum calls that one thread continues one after another; more are spread over several threads.
    private const int Max = 8;

    /// <summary>
    /// Continues the calls that wait for <paramref name="entries"/>. In inline mode they continue on this thread, so
    /// nothing on their path may block, as with I/O: through the thread pool each woke another thread, a quarter of the
    /// process's CPU time. Otherwise pool threads continue a few calls each.
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
