using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary><c>gateway grant budgets</c>: the remaining budget of a grant.</summary>
internal static class GrantBudgets
{
    public static Command Create() => RemoteVerb.CreateRows("budgets",
        "Show what a grant has left of each limit, the most used first.\n\nExample:\n"
        + "  gateway grant budgets support-bot", RunAsync, Resources.Grants.Name);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var found = await client.GetAsync(
            $"{Resources.Grants.PathOf(parsed)}/budgets", ClientJson.Default.BudgetsView, cancellation);
        if (output.IsJson)
        {
            output.Json(found.Json);
            return ExitCode.Well;
        }

        output.Table(
            found.Value.Budgets, "No policy of this grant has a limit.",
            ("SERVER", static one => one.Server),
            ("COUNTER", static one => one.Counter),
            ("LIMIT", static one => one.Limit),
            ("USED", static one => one.Used ?? one.Problem),
            ("LEFT", static one => one.Left),
            ("WINDOW", static one => one.Window),
            ("RESETS", static one => Times.Show(one.Reset)),
            ("COUNTS", static one => ResourceText.Counts(one.Each, one.EachMax)));
        return ExitCode.Well;
    }
}
