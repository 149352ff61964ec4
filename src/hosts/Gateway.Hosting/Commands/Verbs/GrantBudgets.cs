using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway grant budgets</c>: what a grant may still use.</summary>
internal static class GrantBudgets
{
    private static readonly Argument<string> Name = new("name") { Description = "The grant's name." };

    public static Command Create() => RemoteVerb.CreateRows("budgets",
        "Show what a grant may still use of each limit, the most used first.\n\nExample:\n"
        + "  gateway grant budgets support-bot", RunAsync, Name);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var found = (await client.GetAsync(
            $"grants/{Uri.EscapeDataString(parsed.GetValue(Name)!)}/budgets", cancellation)).Object;
        if (output.IsJson)
            output.Json(found);
        else
            Print(output, found["budgets"]!.AsArray());
        return ExitCode.Well;
    }

    private static void Print(Output output, JsonArray budgets) => output.Table(
        budgets, "No policy of this grant has a limit.",
        ("SERVER", static one => (string?)one["server"]),
        ("COUNTER", static one => (string?)one["counter"]),
        ("LIMIT", static one => (string?)one["limit"]),
        ("USED", static one => (string?)one["used"] ?? (string?)one["problem"]),
        ("LEFT", static one => (string?)one["left"]),
        ("WINDOW", static one => (string?)one["window"]),
        ("RESETS", static one => Times.Show((string?)one["reset"])));
}
