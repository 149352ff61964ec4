namespace Gateway.Limits.CrashChild;

/// <summary>Ends this process as <c>kill -9</c> does, when it comes to a named point for the n-th time.</summary>
/// <param name="name">The point; any other name for none.</param>
/// <param name="times">Counts down; 1 for the first time.</param>
internal sealed class FailPoint(string name, int times)
{
    private int _left = times;

    /// <summary>Nothing after this call runs, if it is the one.</summary>
    public void Pass(string point)
    {
        if (IsNow(point)) End();
    }

    /// <summary>True once, at the point and time that were asked for.</summary>
    public bool IsNow(string point) => point == name && Interlocked.Decrement(ref _left) == 0;

    /// <summary>The signal that no process can handle.</summary>
    public static void End()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        using var never = new ManualResetEvent(false);
        never.WaitOne();
    }
}
