using System.CommandLine;
using Gateway.Admin.Counters;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Counters;

/// <summary><c>gateway counter</c>: shows the usage of grants, and resets it.</summary>
internal static class CounterCommand
{
    private static readonly Argument<string> Key = new("key")
    {
        Description = "The counter's key as \"counter list\" shows it.",
    };

    private static readonly Option<string?> Grant = new("--grant")
    {
        Description = "Only counters of this grant.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Only counters of this server.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Budget = new("--budget")
    {
        Description = "Only counters of this budget.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> BudgetKey = new("--budget-key")
    {
        Description = "With --budget: only the counter of this key, for a budget that has a counter for each key.",
        HelpName = "KEY",
    };

    public static Command Create() => new("counter", "Show and reset counters.")
    {
        RemoteVerb.CreateRows("list",
            "List the counters of grants and budgets, with used and remaining amounts.\n\nExamples:\n"
            + "  gateway counter list --grant support-bot\n  gateway counter list --budget sms --budget-key anna",
            ListAsync, Grant, Server, Budget, BudgetKey),
        RemoteVerb.CreateRows("show",
            "Show one counter.\n\nExample:\n  gateway counter show support-bot@crm/otp/grant/fixed/60s/0",
            ShowAsync, Key),
        RemoteVerb.Create("reset",
            "Reset a counter. The audit log keeps the amount that was counted.\n\nExamples:\n"
            + "  gateway counter reset support-bot@crm/otp/grant/fixed/60s/0\n"
            + "  gateway counter reset '~budget~mail/mail/service/fixed/86400s/0'", ResetAsync, Key),
    };

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (grant, server) = (parsed.GetValue(Grant), parsed.GetValue(Server));
        var (budget, budgetKey) = (parsed.GetValue(Budget), parsed.GetValue(BudgetKey));
        if (budgetKey is not null && budget is null)
        {
            Console.Error.WriteLine("--budget-key needs --budget.");
            return ExitCode.Usage;
        }

        var found = await ListAsync(
            client, $"?grant={Escape(grant)}&server={Escape(server)}&budget={Escape(budget)}"
            + $"&budgetKey={Escape(budgetKey)}", cancellation);
        if (found.Count == 0 && budget is not null)
        {
            var budgets = (await ListAsync(client, "", cancellation))
                .Where(static one => one.Value.Policy.Length == 0).Select(static one => one.Value.Counter);
            return NotFound.Say("budget", budget, budgets);
        }

        // If nothing is found, distinguish a name that does not exist from one without counters.
        if (found.Count == 0 && grant is not null)
            await client.GetAsync(Resources.Grants.PathOf(grant), cancellation);
        if (found.Count == 0 && server is not null)
            await client.GetAsync(Resources.Servers.PathOf(server), cancellation);
        Print(output, found);
        return ExitCode.Well;
    }

    private static Task<List<Reply<CounterView>>> ListAsync(
        AdminClient client, string query, CancellationToken cancellation) =>
        client.ListAsync(Resources.Counters.Path + query, Resources.Counters.Page, cancellation);

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var found = await ListAsync(client, $"?key={Escape(parsed.GetValue(Key))}", cancellation);
        if (found.Count == 0)
            return NotFound.Say("counter", parsed.GetValue(Key)!, await KeysAsync(client, cancellation));
        Print(output, found);
        return ExitCode.Well;
    }

    private static async Task<int> ResetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var key = parsed.GetValue(Key)!;
        var known = await KeysAsync(client, cancellation);
        // The list does not contain counters of keys of a budget, but a caller that knows the name may reset one.
        if (!known.Any(one => Identity(one) == Identity(key))
            && (await ListAsync(client, $"?key={Escape(key)}", cancellation)).Count == 0)
            return NotFound.Say("counter", key, known);
        var reset = await client.PostAsync(
            "counters/reset", new CounterReset { Key = key }, ClientJson.Default.CounterReset,
            ClientJson.Default.CounterView, cancellation);
        output.Say(
            reset.Value.Key.Length == 0 ? "The counter was reset."
                : reset.Value.Each is { } each
                    ? $"The counter of each {each} was reset. The key is now {reset.Value.Key}."
                    : $"The counter was reset. Its key is now {reset.Value.Key}.",
            reset.Json);
        return ExitCode.Well;
    }

    private static void Print(Output output, List<Reply<CounterView>> counters) =>
        output.List(counters, Resources.Counters.WhenEmpty, Resources.Counters.Columns);

    private static async Task<List<string>> KeysAsync(AdminClient client, CancellationToken cancellation) =>
        [.. (await ListAsync(client, "", cancellation)).Select(static counter => counter.Value.Key)];

    /// <summary>Returns the key without its generation, so that the key from before a reset still matches.</summary>
    private static string Identity(string key) => key[..Math.Max(0, key.LastIndexOf('/'))];

    private static string Escape(string? value) => Uri.EscapeDataString(value ?? "");
}
