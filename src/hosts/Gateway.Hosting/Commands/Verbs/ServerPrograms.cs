using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>The programs of a server on standard input and output, for people.</summary>
internal static class ServerPrograms
{
    /// <summary>How many run of how many that may; null where the server is at an address.</summary>
    public static string? Count(JsonNode? programs) =>
        programs is null ? null : $"{programs["children"]!.AsArray().Count} of {programs["childrenMax"]}";

    public static void Print(JsonNode? programs, Output output)
    {
        if (programs is null)
            return;
        output.Line($"{Count(programs)} programs run here; started {programs["starts"]} times, "
            + $"{programs["restarts"]} after a crash.");
        if ((string?)programs["lastError"] is { } error)
            output.Line($"Last error, {Times.Show((string?)programs["lastErrorAt"])}: {error}");
        // An older gateway does not say.
        if (programs["lastErrorLines"]?.AsArray() is { Count: > 0 } lines)
        {
            output.Line("Last on its standard error:");
            foreach (var line in lines)
                output.Line($"  {line}");
        }

        if (programs["children"]!.AsArray() is { Count: > 0 } children)
        {
            output.Table(children, "",
                ("PROCESS", static child => child["process"]!.ToString()),
                ("GRANT", static child => (string?)child["grant"]),
                ("KIND", static child => (string?)child["kind"]),
                ("STARTED", static child => Times.Show((string?)child["started"])),
                ("CALLS", static child => child["calls"]!.ToString()),
                ("IDLE", static child => $"{child["idleSeconds"]} s"));
        }

        output.Line("");
    }
}
