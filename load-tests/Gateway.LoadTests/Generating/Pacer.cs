using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Gateway.LoadTests.Generating;

/// <summary>
/// A thread that schedules each call of an open loop, regardless of the earlier ones. A server that stalls makes the
/// calls behind it late, and their latency includes the delay.
/// </summary>
internal static partial class Pacer
{
    private static readonly ManualResetEvent Never = new(false);
    private static readonly TimeSpan Nap = TimeSpan.FromMicroseconds(100);

    /// <summary>Writes the number and the due time of each call, then completes the channel.</summary>
    public static Thread Start(LoadPlan plan, double ratePerSecond, ChannelWriter<DueCall> due)
    {
        var thread = new Thread(() => Run(plan, ratePerSecond, due)) { IsBackground = true, Name = "pacer" };
        thread.Start();
        return thread;
    }

    private static void Run(LoadPlan plan, double ratePerSecond, ChannelWriter<DueCall> due)
    {
        var begin = plan.Time.GetTimestamp();
        var each = plan.Time.TimestampFrequency / ratePerSecond;
        var calls = (long)(ratePerSecond * plan.Duration.TotalSeconds);
        for (long number = 0; number < calls; number++)
        {
            var dueAt = begin + (long)(number * each);
            while (plan.Time.GetTimestamp() < dueAt)
                Sleep(Nap);
            due.TryWrite(new DueCall(number, dueAt));
        }

        due.Complete();
    }

    private static void Sleep(TimeSpan time)
    {
        // The runtime's shortest sleep is a millisecond, and spinning would take a core from the measured program.
        if (OperatingSystem.IsWindows())
            Never.WaitOne(1);
        else
            _ = Usleep((uint)time.TotalMicroseconds);
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Usleep(uint microseconds);
}
