using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway clock</c>: confirms the clock of one gateway.</summary>
internal static class ClockCommand
{
    public static Command Create() => new("clock", "Confirm the clock of a gateway that no longer trusts its "
        + "machine's clock.")
    {
        RemoteVerb.Create("accept",
            "Confirm that the clock of the gateway's machine is right. Check it first: timedatectl, chronyc "
            + "tracking.\nThe confirmation is recorded. In a fleet, the confirmation applies to one gateway only: "
            + "name that gateway with --gateway.\n\nExample:\n  gateway clock accept", AcceptAsync),
    };

    private static async Task<int> AcceptAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var clock = await client.PostAsync("clock/accept", ClientJson.Default.ClockView, cancellation);
        var time = Times.Show(clock.Value.Time);
        output.Say(clock.Value.Accepted
            ? $"{client.Gateway} trusts its machine's clock again, {time}. It had stopped trusting it, because "
                + $"{clock.Value.Reason}."
            : $"{client.Gateway} already trusts its machine's clock, {time}. Nothing was changed.", clock.Json);
        return ExitCode.Well;
    }
}
