using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway top</c>: live grants and counters, fullest first.</summary>
internal static class TopCommand
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(100);

    private static readonly Option<bool> Once = new("--once") { Description = "Show it once and end." };

    public static Command Create() => RemoteVerb.CreateRows("top",
        "Watch grants and counters, fullest first, on a screen of its own; q ends it, and what stood there before is "
        + "back. As JSON, as CSV (counters only) and in a pipe it is shown once.\n\nExample:\n  gateway top",
        RunAsync, Once);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var seen = await LookAsync(client, cancellation);
        // A pipe, a file and JSON get one picture: there is no screen to draw on again.
        if (parsed.GetValue(Once) || output.IsJson || output.IsCsv || Console.IsOutputRedirected)
        {
            Print(output, client, seen);
            return ExitCode.Well;
        }

        // Ctrl-C ends a verb where it stands; this one has a screen to give back first.
        using var end = new Interrupt(cancellation);
        // The terminal's other screen: what the operator had before is there again at the end.
        await output.Writer.WriteAsync(Enter);
        try
        {
            await WatchAsync(client, output, seen, end.Token);
        }
        finally
        {
            await output.Writer.WriteAsync(Leave);
            await output.Writer.FlushAsync(CancellationToken.None);
        }

        return ExitCode.Well;
    }

    private static async Task WatchAsync(
        AdminClient client, Output output, Seen seen, CancellationToken cancellation)
    {
        string? lost = null;
        do
        {
            Draw(output, client, seen, lost);
            if (await QuitsAsync(cancellation))
                return;
            try
            {
                (seen, lost) = (await LookAsync(client, cancellation), null);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or AdminProblemException { Status: 503 })
            {
                // One that restarts is waited for; what was seen last stays, and that it is old is said.
                lost = VisibleText.Of(e.Message);
            }
        }
        while (true);
    }

    /// <summary>Waits for the next look; true where q was pressed.</summary>
    private static async Task<bool> QuitsAsync(CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Pause)
        {
            while (!Console.IsInputRedirected && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).Key is ConsoleKey.Q or ConsoleKey.Escape)
                    return true;
            }

            await Task.Delay(KeyPause, TimeProvider.System, cancellation);
        }

        return false;
    }

    private static async Task<Seen> LookAsync(AdminClient client, CancellationToken cancellation) => new(
        (await client.GetAsync("status", cancellation)).Object,
        await client.ListAsync("grants", cancellation),
        await client.ListAsync("counters", cancellation));

    private static void Draw(Output output, AdminClient client, Seen seen, string? lost)
    {
        // The last column stays free: a terminal would wrap, or clear it with the rest of the line.
        var (width, height) = (Math.Max(20, Console.WindowWidth), Math.Max(5, Console.WindowHeight));
        var state = lost is null ? State(client, seen) : $"NOT REACHED, as of the last answer: {lost}";
        var lines = new TopScreen(width - 1, height, output.Paint)
            .Draw(state, seen.Status, seen.Grants, seen.Counters);
        // Drawn over what is there, and the rest of each line and of the screen cleared: nothing flickers.
        output.Writer.Write("\e[H" + string.Join("\e[K\r\n", lines) + "\e[K\e[J");
        output.Writer.Flush();
    }

    private static void Print(Output output, AdminClient client, Seen seen)
    {
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["status"] = seen.Status,
                ["grants"] = seen.Grants,
                ["counters"] = seen.Counters,
            });
            return;
        }

        var counters = seen.Counters.OrderByDescending(TopScreen.Fill);
        if (output.IsCsv)
        {
            CounterCommand.Print(output, Take(counters, seen.Counters.Count));
            return;
        }

        const int rowsMax = 30;
        output.Line($"gateway {seen.Status["version"]}, {State(client, seen)}; "
            + $"{Spelling.Count(seen.Grants.Count, "grant")}, {Spelling.Count(seen.Counters.Count, "counter")}");
        output.Line("");
        output.Table(
            Take(seen.Grants.OrderByDescending(static grant => (string?)grant!["lastUsed"]), rowsMax), "No grants.",
            ("GRANT", static grant => (string?)grant["name"]),
            ("STATUS", static grant => (string?)grant["status"]),
            ("LAST USED", static grant => Times.Show((string?)grant["lastUsed"])));
        output.Line("");
        CounterCommand.Print(output, Take(counters, rowsMax));
    }

    private static string State(AdminClient client, Seen seen) =>
        ((bool)seen.Status["ready"]! ? "ready" : $"NOT READY: {seen.Status["problem"]}") + $", at {client.Gateway}";

    private static JsonArray Take(IEnumerable<JsonNode?> items, int most) =>
        [.. items.Take(most).Select(static item => item!.DeepClone())];

    /// <summary>What one look at the gateway found.</summary>
    private sealed record Seen(JsonObject Status, JsonArray Grants, JsonArray Counters);
}
