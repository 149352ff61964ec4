using System.CommandLine;
using System.Runtime.InteropServices;

namespace Gateway.Hosting.Demo;

/// <summary><c>gateway demo</c>: shows live how an agent's calls are limited, with nothing to install.</summary>
public static class DemoCommand
{
    private static readonly Option<bool> Once = new("--once")
    {
        Description = "Exit after the last line instead of running until Ctrl-C. The exit code is 0 if the numbers are "
            + "right.",
    };

    /// <summary>Creates the verb of the demo on one machine.</summary>
    public static Command Create() => Create(
        "Start a sample server, the gateway and an agent, and show what a policy does.\n\n"
            + "Example:\n  gateway demo --once",
        new DemoRun(Console.Out, TimeProvider.System).RunAsync);

    /// <summary>
    /// Creates the verb of any demo; <paramref name="run"/> receives true if the demo ends by itself.
    /// </summary>
    public static Command Create(string description, Func<bool, CancellationToken, Task<int>> run)
    {
        var command = new Command("demo", description) { Once };
        command.SetAction((parsed, cancellationToken) => RunAsync(run, parsed.GetValue(Once), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Func<bool, CancellationToken, Task<int>> run, bool once, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await run(once, stop.Token).ConfigureAwait(false);

        // The signal ends the demo, not the process, because the temporary folder must still be removed.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
