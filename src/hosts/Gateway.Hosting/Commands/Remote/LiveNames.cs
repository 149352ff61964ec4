using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// The completion of names from the gateway that the command line selects. Because the shell waits, it takes a moment
/// at most, and completes nothing if the gateway is unreachable.
/// </summary>
internal static class LiveNames
{
    private const int NamesMax = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The API's list of names for each noun.</summary>
    private static readonly Dictionary<string, string> OfVerbs = new(StringComparer.Ordinal)
    {
        ["grant"] = "grants",
        ["server"] = "servers",
        ["policy"] = "policies",
        ["list"] = "lists",
        ["budget"] = "budgets",
        ["counter"] = "counters",
        ["approvals"] = "approvals",
        ["operator"] = "operators",
    };

    public static void AddTo(Command root)
    {
        var done = new HashSet<Symbol>();
        foreach (var command in root.Subcommands)
        {
            foreach (var verb in command.Subcommands.Append(command))
                AddTo(command.Name, verb, done);
        }
    }

    private static void AddTo(string noun, Command verb, HashSet<Symbol> done)
    {
        foreach (var argument in verb.Arguments.Where(argument => argument is Argument<string> && done.Add(argument)))
        {
            // Otherwise help would show the completions in place of the argument's name, and query a gateway for them.
            argument.HelpName ??= argument.Name;
            if (argument.Name is not ("name" or "key" or "id"))
                continue;
            if (noun == "context")
                argument.CompletionSources.Add(static _ => Contexts());
            else if (OfVerbs.TryGetValue(noun, out var list))
                argument.CompletionSources.Add(context => Of(context, list));
        }

        foreach (var option in verb.Options.Where(done.Add))
        {
            if (option.HelpName == "SERVER=POLICY")
                option.CompletionSources.Add(Pairs);
            else if (option.Name == "--grant")
                option.CompletionSources.Add(static context => Of(context, "grants"));
            else if (option.Name == "--operator")
                option.CompletionSources.Add(static context => Of(context, "operators"));
            else if (option.Name is "--server" or "--remove-server")
                option.CompletionSources.Add(static context => Of(context, "servers"));
            else if (option.Name == "--context")
                option.CompletionSources.Add(static _ => Contexts());
        }
    }

    private static IEnumerable<CompletionItem> Pairs(CompletionContext context) =>
        from server in Ask(context, "servers")
        from policy in Ask(context, "policies")
        select new CompletionItem($"{server}={policy}");

    private static IEnumerable<CompletionItem> Of(CompletionContext context, string list) =>
        Ask(context, list).Select(static name => new CompletionItem(name));

    private static IEnumerable<CompletionItem> Contexts()
    {
        try
        {
            return SavedContexts.Read().All.Keys.Select(static name => new CompletionItem(name));
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static List<string> Ask(CompletionContext context, string list)
    {
        try
        {
            using var client = GatewayChoice.Connect(context.ParseResult, out _);
            using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
            var page = client?.FirstPage(
                $"{list}?limit={NamesMax}", ClientJson.Default.PageViewNamedItem, patience.Token);
            return [.. (page?.Items ?? []).Select(static item => item.Name ?? item.Key ?? item.Id).OfType<string>()];
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException
            or JsonException)
        {
            return [];
        }
    }
}
