using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

/// <summary><c>gateway top</c>: live grants and counters, fullest first.</summary>
internal static class TopCommand
{
    private const int RowsMax = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly Option<bool> Once = new("--once") { Description = "Show it once and end." };

    public static Command Create() => RemoteVerb.Create("top",
        "Watch grants and counters, fullest first; Ctrl-C ends it.\n\nExample:\n  gateway top", RunAsync, Once);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        // A pipe, a file and JSON get one picture: there is no screen to draw on again.
        var once = parsed.GetValue(Once) || output.IsJson || Console.IsOutputRedirected;
        while (true)
        {
            var status = (await client.GetAsync("status", cancellation)).Object;
            var grants = await client.ListAsync("grants", cancellation);
            var counters = await client.ListAsync("counters", cancellation);
            if (!once)
                Console.Clear();
            Draw(output, status, grants, counters);
            if (once)
                return ExitCode.Well;
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    private static void Draw(Output output, JsonObject status, JsonArray grants, JsonArray counters)
    {
        if (output.IsJson)
        {
            output.Json(new JsonObject { ["status"] = status, ["grants"] = grants, ["counters"] = counters });
            return;
        }

        var state = (bool)status["ready"]! ? "ready" : $"not ready: {status["problem"]}";
        output.Line($"gateway {status["version"]}, {state}; {grants.Count} grants, {counters.Count} counters");
        output.Line("");
        output.Table(Take(grants.OrderByDescending(static grant => (string?)grant!["lastUsed"])), "No grants.",
            ("GRANT", static grant => (string?)grant["name"]),
            ("STATUS", static grant => (string?)grant["status"]),
            ("LAST USED", static grant => Times.Show((string?)grant["lastUsed"])));
        output.Line("");
        CounterCommand.Print(output, Take(counters.OrderByDescending(static counter => Fill(counter!))));
    }

    private static double Fill(JsonNode counter) =>
        double.TryParse((string?)counter["used"], CultureInfo.InvariantCulture, out var used)
        && double.TryParse((string?)counter["max"], CultureInfo.InvariantCulture, out var max) && max > 0
            ? used / max
            : 0;

    private static JsonArray Take(IEnumerable<JsonNode?> items) =>
        [.. items.Take(RowsMax).Select(static item => item!.DeepClone())];
}
