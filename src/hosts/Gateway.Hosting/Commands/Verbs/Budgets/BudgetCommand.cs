using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Budgets;

/// <summary><c>gateway budget</c>: the limits that policies, services and domains share.</summary>
internal static class BudgetCommand
{
    private static readonly Argument<string> Name = Resources.SharedBudgets.Name;

    private static readonly MemberOptions Members = new(BudgetSpec.Members);

    public static Command Create() => new("budget", "Manage the limits that policies, services and domains share.")
    {
        Resources.SharedBudgets.List("List the budgets with their use.\n\nExample:\n  gateway budget list"),
        Resources.SharedBudgets.Show("Show a budget with its users.\n\nExample:\n  gateway budget show mail"),
        RemoteVerb.Create("set",
            "Create a budget, or change the named members of one; the count of its current window stays.\n\n"
            + "Examples:\n  gateway budget set mail --window day --max 1000 --grant support --service billing\n  "
            + "gateway budget set mail --max 1500",
            SetAsync, [Name, .. Members.All]),
        Resources.SharedBudgets.Remove(
            "remove", "Remove a budget that no policy names.\n\nExample:\n  gateway budget remove mail",
            "was removed."),
    };

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new JsonObject();
        if (!Members.TryRead(parsed, body))
            return ExitCode.Usage;
        if (body.Count == 0)
        {
            var names = string.Join(", ", Members.All.Select(static one => one.Name));
            Console.Error.WriteLine($"Nothing to change; give at least one of {names}.");
            return ExitCode.Usage;
        }

        var path = Resources.SharedBudgets.PathOf(parsed);
        var version = await client.VersionAsync(path, cancellation);
        var set = version is null
            ? await client.PutAsync(
                path, Encoding.UTF8.GetBytes(body.ToJsonString()), null, ClientJson.Default.SharedBudgetView,
                cancellation)
            : await client.PatchAsync(path, body, version, ClientJson.Default.SharedBudgetView, cancellation);
        var budget = set.Value;
        output.Say($"{budget.Name} admits {budget.Max} per {budget.Window}.", set.Json);
        return ExitCode.Well;
    }
}
