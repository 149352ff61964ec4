using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway clock</c>: confirms the clock of one gateway.</summary>
internal static class ClockCommand
{
    public static Command Create() => new("clock", "Confirm the clock of a gateway that does not trust it.")
    {
        RemoteVerb.Create("accept",
            "Confirm that the clock of the gateway's machine is right. Check it first: timedatectl, chronyc tracking.\n"
            + "It is recorded. Of a fleet only the gateway that answers is meant: name that one with --gateway.\n\n"
            + "Example:\n  gateway clock accept", AcceptAsync),
    };

    private static async Task<int> AcceptAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var clock = (await client.SendAsync("POST", "clock/accept", null, null, cancellation)).Object;
        var time = Times.Show((string?)clock["time"]);
        output.Say((bool)clock["accepted"]!
            ? $"{client.Gateway} counts by its machine's clock again, {time}. It had not, because {clock["reason"]}."
            : $"{client.Gateway} trusts its clock already, {time}. Nothing was changed.", clock);
        return ExitCode.Well;
    }
}
