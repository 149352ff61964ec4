using System.CommandLine;
using System.Runtime.InteropServices;

namespace Gateway.Server.Demo;

/// <summary><c>gateway demo</c>: an agent's calls policed before one's eyes, with nothing to install.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Once = new("--once")
    {
        Description = "End after the closing line instead of at Ctrl-C; exits with 0 where the numbers are right.",
    };

    public static Command Create()
    {
        var command = new Command("demo",
            "Start a sample server, the gateway and an agent, and show what a policy does.\n\n"
            + "Example:\n  gateway demo --once")
        {
            Once,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await new DemoRun(Console.Out, TimeProvider.System)
            .RunAsync(parsed.GetValue(Once), stop.Token).ConfigureAwait(false);

        // The signal ends the demo, not the process: the temporary folder is still to be removed.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
