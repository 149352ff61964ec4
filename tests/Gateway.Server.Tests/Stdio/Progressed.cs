using ModelContextProtocol;

namespace Gateway.Server.Tests.Stdio;

/// <summary>Counts what a client is told of a call's progress.</summary>
internal sealed class Progressed : IProgress<ProgressNotificationValue>
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Report(ProgressNotificationValue value) => Interlocked.Increment(ref _count);
}
