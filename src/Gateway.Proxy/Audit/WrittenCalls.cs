namespace Gateway.Proxy.Audit;

/// <summary>
/// Calls whose records are on file, taken on to their next wait by one pool thread: one thread a call spent most of
/// its time on waking up.
/// </summary>
internal sealed class WrittenCalls(TaskCompletionSource<bool>[] calls, bool written) : IThreadPoolWorkItem
{
    /// <summary>The most that follow one another; more go to several threads.</summary>
    public const int Max = 8;

    /// <summary>Hands over those of <paramref name="entries"/> that somebody waits for.</summary>
    public static void Queue(List<AuditEntry> entries, int start, int end, bool written)
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

    public void Execute()
    {
        foreach (var call in calls)
            call.SetResult(written);
    }
}
