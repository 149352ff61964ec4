using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
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

    private static readonly Option<string> NotifyAt = new("--notify-at")
    {
        HelpName = "PERCENTS",
        Description = "The percentages of the maximum at which channels are notified, such as 80,95. \"\" for none.",
    };

    private static readonly Option<string> By = new("--by")
    {
        HelpName = "AMOUNT",
        Description = "The amount to add to the maximum.",
        Required = true,
    };

    private static readonly Option<string> Until = new("--until")
    {
        HelpName = "TIME",
        Description = "The end: a length such as 2d, or an instant.",
        Required = true,
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        HelpName = "TEXT",
        Description = "The reason, for operators and the history.",
        Required = true,
    };

    private static readonly Argument<int> Number = new("number")
    {
        Description = "The top-up's number, as \"gateway budget show\" lists it.",
    };

    public static Command Create() => new("budget", "Manage the limits that policies, services and domains share.")
    {
        Resources.SharedBudgets.List("List the budgets with their use.\n\nExample:\n  gateway budget list"),
        Resources.SharedBudgets.Show("Show a budget with its users.\n\nExample:\n  gateway budget show mail"),
        RemoteVerb.Create("set",
            "Create a budget, or change the given members of an existing budget. The count of its current window "
            + "stays.\n\nExamples:\n  gateway budget set mail --window day --max 1000 --grant support --service "
            + "billing\n  gateway budget set mail --max 1500",
            SetAsync, [Name, RemoteVerb.Reason, .. Members.All, NotifyAt]),
        RemoteVerb.Create("top-up",
            "Raise a budget's maximum until a time; the count of its current window stays.\n\nExample:\n"
            + "  gateway budget top-up mail --by 500 --until 2d --reason \"quarter end\"",
            TopUpAsync, [Name, By, Until, Reason]),
        RemoteVerb.Create("end-top-up",
            "End a top-up of a budget now.\n\nExample:\n  gateway budget end-top-up mail 1",
            EndTopUpAsync, [Name, Number, RemoteVerb.Reason]),
        Resources.SharedBudgets.Remove(
            "remove", "Remove a budget that is not named by any policy.\n\nExample:\n  gateway budget remove mail",
            "was removed."),
    };

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new JsonObject();
        if (!Members.TryRead(parsed, body) || !TryReadNotifyAt(parsed, body))
            return ExitCode.Usage;
        if (body.Count == 0)
        {
            var names = string.Join(", ", Members.All.Append(NotifyAt).Select(static one => one.Name));
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
        output.Say($"{budget.Name} allows {budget.Max} per {budget.Window}.", set.Json);
        return ExitCode.Well;
    }

    private static bool TryReadNotifyAt(ParseResult parsed, JsonObject body)
    {
        if (parsed.GetValue(NotifyAt) is not { } text)
            return true;
        var percents = new JsonArray();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var percent))
            {
                Console.Error.WriteLine($"{NotifyAt.Name} {text} is not a list of percentages such as 80,95.");
                return false;
            }

            percents.Add((JsonNode)percent);
        }

        body["notifyAt"] = percents;
        return true;
    }

    private static async Task<int> TopUpAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = Resources.SharedBudgets.PathOf(parsed);
        var topUp = new TopUpSpec
        {
            By = parsed.GetValue(By),
            Until = parsed.GetValue(Until),
            Reason = parsed.GetValue(Reason),
        };
        var version = await client.VersionAsync(path, cancellation);
        var after = await client.PostAsync(
            $"{path}/top-ups", topUp, ClientJson.Default.TopUpSpec, ClientJson.Default.SharedBudgetView, cancellation,
            version ?? "*");
        var budget = after.Value;
        output.Say(
            $"{budget.Name} allows {budget.Status.Max ?? budget.Max} per {budget.Window}, "
            + $"and {budget.Max} without top-ups.", after.Json);
        return ExitCode.Well;
    }

    private static async Task<int> EndTopUpAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (path, number) = (Resources.SharedBudgets.PathOf(parsed), parsed.GetValue(Number));
        var shown = await client.GetAsync(path, ClientJson.Default.SharedBudgetView, cancellation);
        var topUps = shown.Value.TopUps ?? [];
        if (number < 1 || number > topUps.Count)
        {
            Console.Error.WriteLine($"{parsed.GetValue(Name)} has no top-up {number}; "
                + $"see: gateway budget show {parsed.GetValue(Name)}");
            return ExitCode.Usage;
        }

        topUps.RemoveAt(number - 1);
        var left = topUps.Select(static one => JsonSerializer.SerializeToNode(one, ClientJson.Default.TopUpSpec));
        var after = await client.PatchAsync(
            path, new JsonObject { ["topUps"] = new JsonArray([.. left]) }, shown.ETag ?? "*",
            ClientJson.Default.SharedBudgetView, cancellation);
        output.Say($"The top-up {number} of {after.Value.Name} has ended.", after.Json);
        return ExitCode.Well;
    }
}
