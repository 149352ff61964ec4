using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Admin.Counters;
using Gateway.Admin.Grants;
using Gateway.Admin.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway top</c>: the active grants and counters, fullest first.</summary>
internal static class TopCommand
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(100);

    private static readonly Option<bool> Once = new("--once") { Description = "Print once and exit." };

    public static Command Create() => RemoteVerb.CreateRows("top",
        "Watch grants and counters, fullest first, on a full screen; q ends it and restores the previous "
        + "content. With --json, --output csv (counters only) or in a pipe, the command prints once.\n\nExample:\n  "
        + "gateway top",
        RunAsync, Once);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var seen = await LookAsync(client, cancellation);
        // A pipe, a file and JSON get one snapshot, because there is no screen to redraw.
        if (parsed.GetValue(Once) || output.IsJson || output.IsCsv || Console.IsOutputRedirected)
        {
            Print(output, client, seen);
            return ExitCode.Well;
        }

        // Ctrl-C normally ends a verb immediately, but this one must restore the screen first.
        using var end = new Interrupt(cancellation);
        // The terminal's alternate screen: the operator's previous output reappears at the end.
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
                // Wait for a gateway that restarts. The last values stay, with a note that they are old.
                lost = VisibleText.Of(e.Message);
            }
        }
        while (true);
    }

    /// <summary>Waits for the next refresh; returns true if q was pressed.</summary>
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
        await client.GetAsync("status", ClientJson.Default.StatusView, cancellation),
        await client.ListAsync(Resources.Grants.Path, Resources.Grants.Page, cancellation),
        await client.ListAsync(Resources.Counters.Path, Resources.Counters.Page, cancellation));

    private static void Draw(Output output, AdminClient client, Seen seen, string? lost)
    {
        // The last column stays free: a terminal would wrap, or clear it with the rest of the line.
        var (width, height) = (Math.Max(20, Console.WindowWidth), Math.Max(5, Console.WindowHeight));
        var state = lost is null ? State(client, seen) : $"NOT REACHED; the screen shows the last response: {lost}";
        var lines = new TopScreen(width - 1, height, output.Paint)
            .Draw(state, seen.Status.Value, seen.GrantViews, seen.CounterViews);
        // Overwrite the old content, and clear the rest of each line and of the screen, to avoid flicker.
        output.Writer.Write("\e[H" + string.Join("\e[K\r\n", lines) + "\e[K\e[J");
        output.Writer.Flush();
    }

    private static void Print(Output output, AdminClient client, Seen seen)
    {
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["status"] = seen.Status.Json,
                ["grants"] = Json(seen.Grants),
                ["counters"] = Json(seen.Counters),
            });
            return;
        }

        var counters = seen.CounterViews.OrderByDescending(TopScreen.Fill);
        var columns = Resources.Counters.Columns;
        if (output.IsCsv)
        {
            output.Table(counters, Resources.Counters.WhenEmpty, columns);
            return;
        }

        const int rowsMax = 30;
        output.Line($"gateway {seen.Status.Value.Version}, {State(client, seen)}; "
            + $"{Spelling.Count(seen.Grants.Count, "grant")}, {Spelling.Count(seen.Counters.Count, "counter")}");
        output.Line("");
        output.Table(
            seen.GrantViews.OrderByDescending(static grant => grant.LastUsed).Take(rowsMax), "No grants.",
            ("GRANT", static grant => grant.Name),
            ("STATUS", static grant => grant.Status),
            ("LAST USED", static grant => Times.Show(grant.LastUsed)));
        output.Line("");
        output.Table(counters.Take(rowsMax), Resources.Counters.WhenEmpty, columns);
    }

    private static string State(AdminClient client, Seen seen) =>
        (seen.Status.Value.Ready ? "ready" : $"NOT READY: {seen.Status.Value.Problem}") + $", at {client.Gateway}";

    private static JsonArray Json<T>(List<Reply<T>> items) => [.. items.Select(static item => item.Json.DeepClone())];

    /// <summary>The values of one refresh.</summary>
    private sealed record Seen(
        Reply<StatusView> Status, List<Reply<GrantView>> Grants, List<Reply<CounterView>> Counters)
    {
        public List<GrantView> GrantViews => Grants.ConvertAll(static one => one.Value);

        public List<CounterView> CounterViews => Counters.ConvertAll(static one => one.Value);
    }
}
