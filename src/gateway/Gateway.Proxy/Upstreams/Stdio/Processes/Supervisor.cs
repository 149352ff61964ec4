using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Gateway.Proxy.Upstreams.Stdio.Native;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// The job of a second process of the gateway's executable: it tracks the process groups of all children, and ends them
/// when its pipe to the gateway closes, regardless of how the gateway ended. It does and holds nothing else.
/// </summary>
public static class Supervisor
{
    /// <summary>The first line of its output: from then on, no signal ends it before its pipe closes.</summary>
    internal const string Ready = "ready";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs until standard input ends: <c>+7</c> adds group 7, <c>-7</c> removes it.</summary>
    /// <returns>The exit code, 0.</returns>
    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        var registrations = Deafen();
        var groups = new ConcurrentDictionary<int, byte>();
        await output.WriteLineAsync(Ready);
        await output.FlushAsync();
        try
        {
            while (await input.ReadLineAsync() is { Length: > 1 } line)
            {
                if (!int.TryParse(line.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var group)
                    || group <= 1)
                    continue;
                if (line[0] == '+')
                    groups[group] = 0;
                else
                    groups.TryRemove(group, out _);
            }
        }
        catch (IOException)
        {
            // The gateway has ended with unread data on the pipe, which is also the end.
        }

        await EndAsync([.. groups.Keys]);
        foreach (var registration in registrations)
            registration.Dispose();
        return 0;
    }

    // A service manager or terminal may signal all processes at once, but the gateway still needs this one then.
    private static List<PosixSignalRegistration> Deafen() =>
    [
        .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(static signal => PosixSignalRegistration.Create(signal, static context => context.Cancel = true)),
    ];

    private static async Task EndAsync(List<int> groups)
    {
        groups.RemoveAll(static group => !Posix.SignalGroup(group, Posix.SigTerm));
        for (var waited = TimeSpan.Zero; groups.Count > 0 && waited < Grace; waited += Look)
        {
            // The groups are of other processes, which follow no other clock.
            await Task.Delay(Look, TimeProvider.System);
            groups.RemoveAll(static group => !Posix.SignalGroup(group, 0));
        }

        foreach (var group in groups)
            Posix.SignalGroup(group, Posix.SigKill);
    }
}
