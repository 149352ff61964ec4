using System.Runtime.InteropServices;

namespace Gateway.Limits.Model;

/// <summary>
/// Milliseconds since boot, suspended time included (Linux: <c>CLOCK_BOOTTIME</c>). It distinguishes a machine that was
/// suspended from a wall clock that jumped.
/// </summary>
public static class SuspendClock
{
    private const int BootTime = 7;

    /// <summary>Returns the system's clock of that kind; null if there is none.</summary>
    public static Func<long>? Find() => OperatingSystem.IsLinux() ? ReadMs : null;

    private static long ReadMs() =>
        GetTime(BootTime, out var time) == 0 ? (time.Seconds * 1000) + (time.Nanoseconds / 1_000_000) : 0;

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
