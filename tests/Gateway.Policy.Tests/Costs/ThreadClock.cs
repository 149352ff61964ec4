using System.Runtime.InteropServices;

namespace Gateway.Policy.Tests.Costs;

/// <summary>Time that this thread has computed, so that what else runs on the machine does not count.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Reading a megabyte of JSON here, 8 ms at least; what else a machine takes is in proportion.</summary>
    public static TimeSpan Megabyte { get; } = ReadingMegabyte();

    public static TimeSpan Of(Action action)
    {
        var before = Now();
        action();
        return Now() - before;
    }

    private static TimeSpan ReadingMegabyte()
    {
        var items = Enumerable.Repeat("""{"name":[1,true,"v"]}""", 45_000);
        var json = Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]");
        var least = Enumerable.Range(0, 5).Min(_ => Of(() => JsonDocument.Parse(json).Dispose()));
        return TimeSpan.FromMilliseconds(Math.Max(8, least.TotalMilliseconds));
    }

    private static TimeSpan Now() =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
